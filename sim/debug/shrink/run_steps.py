# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The steps of a whole run, from its run log."""

from dataclasses import replace

from cocotbext.virtio.trace.steps import (
    Event,
    Fault,
    Generation,
    HardReset,
    HoldAddress,
    HoldAnswers,
    HoldData,
    NeedsReset,
    Read,
    Step,
    Write,
)

_LONG = 200  # cycles
_ERROR = 2  # BRESP: SLVERR; DECERR is above it


def steps_of_run(records: list[dict]) -> list[Step]:
    """Everything that was done to the endpoint's ports up to the failure, in the cycles in which it was done.

    What the run log does not have is left out: when the device took kicks, and when device_idle was low.

    Args:
        records: lines of a run_log (tb/cocotbext/virtio/scoreboard/run_log.py) that begin with a "Run".
    """
    end = next((record["cycle"] for record in records if record["kind"] == "Failed"), None)
    timed: list[tuple[int, Step]] = []
    data_free = 0  # the first cycle in which the data of the next message can be on the bus
    started: list[int] = []  # messages that are on the bus
    taken: list[int] = []  # those that are not answered
    for record in records:
        match record["kind"]:
            case "RegisterWrite":
                timed.append((record["accepted"], Write(record["address"], record["data"], record["strobe"])))
            case "RegisterRead":
                timed.append((record["accepted"], Read(record["address"])))
            case "EventAccepted":
                timed.append((record["cycle"], Event(record["index"])))
            case "MessageStarted":
                started.append(record["cycle"])
            case "MessagePresented":
                presented = record["presented"]
                started = [cycle for cycle in started if cycle != presented]
                if record["taken"] > presented:
                    timed.append((presented, HoldAddress(record["taken"] - presented)))
                data_presented = max(presented, data_free)
                if record["w_taken"] > data_presented:
                    timed.append((data_presented, HoldData(record["w_taken"] - data_presented)))
                data_free = record["w_taken"] + 1
                taken.append(max(record["taken"], record["w_taken"]))
            case "MessageAnswered" if taken:
                cycle = taken.pop(0)
                if record["cycle"] > cycle + 1:
                    timed.append((cycle, HoldAnswers(record["cycle"] - cycle)))
                if record["response"] >= _ERROR:
                    timed.append((cycle, Fault(record["response"])))
            case "NeedsResetInput":
                timed.append((record["cycle"], NeedsReset(record["level"])))
            case "GenerationInput" if record["value"]:
                timed.append((record["cycle"], Generation(record["value"])))
            case "HardReset" if timed:
                timed.append((record["cycle"], HardReset()))
                started.clear()
                taken.clear()
    # What the bus held back when the run ended it goes on holding back.
    last = max((cycle for cycle, _ in timed), default=0) + _LONG
    timed += [(cycle, hold(last - cycle)) for cycle in started[:1] for hold in (HoldAddress, HoldData)]
    timed += [(cycle, HoldAnswers(last - cycle)) for cycle in taken[:1]]
    timed = [entry for entry in timed if end is None or entry[0] <= end]
    timed.sort(key=lambda entry: entry[0])
    return [
        replace(step, after=cycle - before)
        for (cycle, step), before in zip(timed, [timed[0][0] if timed else 0, *(cycle for cycle, _ in timed)])
    ]
