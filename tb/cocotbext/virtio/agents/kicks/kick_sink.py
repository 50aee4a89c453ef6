"""Driver of notify_ready."""

from cocotbext.virtio.agents.handshake import ReadyDriver


class KickSink(ReadyDriver):
    """A device that takes kicks: always (probability 1), at random, or never (:meth:`hold`)."""

    def __init__(self, dut, clocking, probability: float = 1.0, **kwargs):
        super().__init__(clocking, dut.notify_valid, dut.notify_ready, probability, **kwargs)
