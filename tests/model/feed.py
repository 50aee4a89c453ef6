"""Feeds the model with a stream of observations."""

from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.model import Account, EndpointModel, Timing


def feed(config: EndpointConfig, stream: list, timing: Timing | None = None) -> Account:
    """Observations as (cycle, method, arguments), in order. Returns the account; raises Mismatch."""
    model = EndpointModel(config, timing)
    for _, name, arguments in stream:
        getattr(model, name)(*arguments)
    return model.finish(stream[-1][0] + 100)
