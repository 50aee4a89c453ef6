# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Simulations on more than one machine: on a Dask cluster, however that was started.

The machines share the project's folder, at the same path. Dask gives the simulations of a worker that is lost to
others.
"""

import logging
import re
import socket
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from distributed import Client, KilledWorker
from distributed.security import Security

from sim.flow import sources
from sim.flow.errors import FlowError
from sim.flow.jobs import Pool
from sim.flow.paths import ROOT
from sim.flow.results import Failure
from sim.flow.run import Result, Simulation, simulate

SCHEDULER = ".venv/bin/python -m sim cluster scheduler"
WORKER = ".venv/bin/python -m sim cluster worker ADDRESS"
_ADDRESS = re.compile(r"(?P<protocol>(?:tcp|tls|ws|wss)://)?(?:[\w.-]+|\[[0-9a-fA-F:.]+\]):(?P<port>\d{1,5})")
_CONNECT = 5  # seconds until somebody has to listen
_ANSWER = 60  # seconds for the answer of one who listens: on a busy machine a scheduler takes its time
_PATIENCE = 20  # seconds without a worker
_AHEAD = 2  # simulations for each thread of the workers, one of them waiting
_AT_FIRST = 16  # simulations that wait for the first worker: a cluster that grows with its work has none before


@contextmanager
def cluster(address: str) -> Iterator[Pool]:
    """The pool of the workers at a scheduler, those that come later too; their simulations end with their time limits.

    Raises:
        FlowError: there is no scheduler, it is lost, or a worker has other sources.
    """
    address = checked(address)
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what goes wrong is said here, in one line
    try:
        client = Client(address, timeout=_ANSWER if _listens(address) else _CONNECT, set_as_default=False)
    except Exception as error:  # each protocol has its own
        raise FlowError(f"no Dask scheduler at '{address}' ({_line(error)}); start one with: {SCHEDULER}") from None
    try:
        _check_imports(client, address)
    except BaseException:
        client.close()
        raise
    executor = client.get_executor(pure=False)
    ended = threading.Event()
    threading.Thread(target=_tell_of_waiting, args=(client, address, ended), daemon=True).start()

    def submit(simulation: Simulation) -> Future:
        here = executor.submit(_simulate, simulation, sources.fingerprint(simulation.rtl))
        found: Future = Future()
        here.add_done_callback(partial(_pass_on, simulation, found))
        return found

    try:
        with client:
            try:
                yield Pool(submit, lambda: max(_AHEAD * sum(client.nthreads().values()), _AT_FIRST))
            finally:
                ended.set()
    except (CancelledError, OSError) as error:
        raise FlowError(
            f"lost the Dask scheduler at '{address}' ({_line(error)}); the same command continues"
        ) from None


def checked(address: str) -> str:
    """The address of a scheduler, with its protocol.

    Raises:
        FlowError: it is no address.
    """
    found = _ADDRESS.fullmatch(address)
    if not found or not 0 < int(found["port"]) < 65536:
        raise FlowError(f"'{address}' is no address of a Dask scheduler; it is like tcp://host:8786")
    if found["protocol"] in ("tls://", "wss://") and not Security().get_connection_args("client").get("ssl_context"):
        raise FlowError(
            f"no Dask scheduler at '{address}' can be asked: set Dask's TLS options, DASK_DISTRIBUTED__COMM__TLS__..."
        )
    return address if found["protocol"] else f"tcp://{address}"


def _listens(address: str) -> bool:
    """Whether somebody accepts connections there."""
    host, _, port = address.rpartition("//")[2].rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), _CONNECT).close()
    except OSError:
        return False
    return True


def _check_imports(client: Client, address: str) -> None:
    """Scheduler and workers must find this project, or the first simulation would end them one after another."""
    root = str(ROOT)

    def finds_project(dask_worker: object = None, root: str = root) -> bool:  # goes there by value
        import importlib.util

        spec = importlib.util.find_spec("sim")
        return spec is not None and (spec.origin or "").startswith(root)

    if not client.run_on_scheduler(finds_project):
        raise FlowError(f"the Dask scheduler at '{address}' does not find {ROOT}/sim; start it with: {SCHEDULER}")
    bad = [worker for worker, found in client.run(finds_project).items() if not found]
    if bad:
        raise FlowError(f"the worker {bad[0]} does not find {ROOT}/sim; start it with: {WORKER}")


def _tell_of_waiting(client: Client, address: str, ended: threading.Event) -> None:
    """Say so when nobody does the work."""
    while not ended.wait(_PATIENCE):
        try:
            if not client.nthreads():
                print(f"sim: no worker at '{address}'; start one with: {WORKER}", file=sys.stderr, flush=True)
        except Exception:  # the scheduler is lost, which the main thread says
            return


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


def _pass_on(simulation: Simulation, found: Future, here: Future) -> None:
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
