"""Simulations on more than one machine: on a Dask cluster, however that was started.

The machines share the project's folder, at the same path. Dask gives the simulations of a worker that is lost to
others.
"""

import socket
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from distributed import Client, KilledWorker

from sim.flow import sources
from sim.flow.errors import FlowError
from sim.flow.jobs import Pool
from sim.flow.results import Failure
from sim.flow.run import Result, Simulation, simulate

_CONNECT = 5  # seconds
_AHEAD = 2  # simulations for each thread of the workers, one of them waiting
_AT_FIRST = 16  # simulations that wait for the first worker: a cluster that grows with its work has none before


@contextmanager
def cluster(address: str) -> Iterator[Pool]:
    """The pool of the workers at a scheduler, those that come later too; their simulations end with their time limits.

    Raises:
        FlowError: there is no scheduler, it is lost, or a worker has other sources.
    """
    try:
        client = Client(address, timeout=_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise FlowError(
            f"no Dask scheduler at '{address}' ({_line(error)}); start one with: .venv/bin/dask scheduler"
        ) from None
    executor = client.get_executor(pure=False)

    def submit(simulation: Simulation) -> Future:
        here = executor.submit(_simulate, simulation, sources.fingerprint(simulation.rtl))
        found = Future()
        here.add_done_callback(partial(_pass_on, simulation, found))
        return found

    try:
        with client:
            yield Pool(submit, lambda: max(_AHEAD * sum(client.nthreads().values()), _AT_FIRST))
    except (CancelledError, OSError) as error:
        raise FlowError(
            f"lost the Dask scheduler at '{address}' ({_line(error)}); the same command continues"
        ) from None


def _simulate(simulation: Simulation, fingerprint: str) -> Result:
    """Runs on a worker."""
    if not Path(simulation.place.parent).is_dir():
        raise FlowError(
            f"worker on {socket.gethostname()} has no {simulation.place.parent}; "
            "all machines need the project's folder at the same path"
        )
    if sources.fingerprint(simulation.rtl) != fingerprint:
        raise FlowError(f"worker on {socket.gethostname()} sees other sources; all machines need the same folder")
    return simulate(simulation)


def _pass_on(simulation: Simulation, found: Future, here: Future):
    """Pass the outcome on; a simulation that takes its worker down again and again has failed."""
    if here.cancelled():
        found.set_exception(CancelledError("its future was cancelled"))
    elif isinstance(here.exception(), KilledWorker):
        found.set_result(Result(simulation, failures=[Failure(None, "every worker that ran it was lost")]))
    elif here.exception():
        found.set_exception(here.exception())
    else:
        found.set_result(here.result())


def _line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
