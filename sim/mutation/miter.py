# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The original and a mutant as one circuit that says whether they differ at the ports, and the proof that it never
does.

Both get the same inputs, from the first cycle on, in which aresetn is low. A flip-flop comes up with any value;
those of one name in both
with the same. What the original leaves undefined (an index beyond an array, say) is any value, too, the same at the
same place of
the text; at any other place the mutant's has one of its own. So whatever these are for a mutant, there is an
original with the same.

What does the same in both is there only once: flip-flops of one name that are fed by the same function of what is
there once, and so on.
ABC, a part of Yosys, does the rest: it finds signals that agree in simulation, and proves by induction over the
cycles from reset that
they always do, and that the output is 0 (&scorr). Where that does not decide, it looks for an invariant or a
counterexample (pdr).
"""

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.flow import yowasp
from sim.flow.paths import ROOT
from sim.flow.yosys import PROGRAM
from sim.mutation.replay import PAYLOAD

_SECONDS = 600
PDR_SECONDS = 60  # for an invariant or a counterexample
IN_RESET = re.compile("valid$|irq$|config_en$|device_reset$")  # outputs that mean something while aresetn is low
STATE = re.compile(r"\$(a?l?dff|sdff|dlatch|ff$|mem)")
_UNDEFINED = ("x", "z")


class NotProved(Exception):
    """The text says why."""


def yosys(script: str, log: Path, seconds: float = _SECONDS) -> str:
    """Run a script; Yosys sees the files below the project's folder. Returns its output. Raises NotProved if it
    fails."""
    command = [str(yowasp.BIN / PROGRAM), "-T", "-p", script]
    yowasp.prepare(PROGRAM)
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            text=True,
            timeout=seconds,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except subprocess.TimeoutExpired:
        raise NotProved(f"not decided within {seconds} s") from None
    log.write_text(done.stdout)
    if done.returncode:
        errors = re.findall(r"^ERROR: .*", done.stdout, re.MULTILINE)
        raise NotProved((errors or done.stdout.strip().splitlines())[-1])
    return done.stdout


class Miter:
    """The circuit.

    Attributes:
        differ: names of the outputs and flip-flops that the mutant has for itself, for they may differ.

    Args:
        gold, gate: the original and the mutant, modules of Yosys' JSON, without memories.
    """

    def __init__(self, gold: dict, gate: dict) -> None:
        self._bit = 1
        self._cells: dict[str, dict] = {}
        self._free: dict[tuple, int] = {}  # what may have any value, by what it is
        self._started = self._new()
        self._register(self._started, "1")
        self._reset = self._cell("$and", A=self._any("port", "aresetn", 0), B=self._started)
        original, mutant = _Side(gold, "gold"), _Side(gate, "gate")
        self._known: dict[tuple, list[int]] = {}  # outputs of cells, by what they do
        self._place(original, {}, own=set(original.state))
        shared = dict(original.at)
        stray = mutant.state.keys() - original.state.keys()
        known, cells, free = dict(self._known), dict(self._cells), dict(self._free)
        while True:  # what may differ, as long as more of it is found
            self._known, self._cells, self._free = dict(known), dict(cells), dict(free)
            self._place(
                mutant,
                {
                    mutant.state[name]: shared[bit]
                    for name, bit in original.state.items()
                    if name in mutant.state and name not in stray
                },
                own=stray,
            )
            found = {name for name in mutant.state.keys() - stray if mutant.next_of(name) != original.next_of(name)}
            if not found:
                break
            stray |= found
        differ = self._differences(original, mutant)
        self._outputs = {name for name, _ in differ}
        self.differ = self._outputs | stray
        self._output = self._compare(original, differ) if differ else None

    def prove(self, folder: Path) -> None:
        """Prove that the output is always 0; folder, below the project's, is for files. Raises NotProved."""
        if self._output is None:
            return
        ports = {
            "free": {"direction": "input", "bits": list(self._free.values())},
            "differ": {"direction": "output", "bits": [self._output]},
        }
        both, circuit, rest, status, log = (
            folder / name for name in ("both.json", "both.aig", "rest.aig", "status", "log")
        )
        _write(both, ports, self._cells)
        rest.unlink(missing_ok=True)
        status.unlink(missing_ok=True)
        yosys(
            f"read_json {_path(both)}; opt_expr; opt_clean; simplemap; techmap; opt_expr; aigmap; "
            f"setundef -init -zero; "
            f"write_aiger -zinit {_path(circuit)}",
            log,
        )
        # ABC is only to be had with a circuit of Yosys', which is not what is proved: it fails, for nothing is given
        # back.
        script = (
            f"&read {_path(circuit)}; &scorr; &write {_path(rest)}; &put; pdr -T {PDR_SECONDS}; "
            f"write_status {_path(status)}"
        ).replace(" ", ",")
        try:
            yosys(f"read_json {_path(_nothing(folder))}; simplemap; abc -script +{script}", log)
        except NotProved as reason:
            if not rest.exists():
                raise NotProved(f"ABC: {reason}") from None
        if _always_zero(rest):
            return
        verdict = status.read_text().split() if status.exists() else ["unknown"]
        if verdict[0] != "snl_UNSAT":
            names = sorted(
                (name for name in self.differ if "$" not in name), key=lambda name: (name not in self._outputs, name)
            )
            how = f"differs in cycle {verdict[1]}" if verdict[0] == "snl_SAT" else "may differ"
            raise NotProved(f"{how}: {', '.join(names[:4])}")

    def _new(self) -> int:
        self._bit += 1
        return self._bit

    def _any(self, *what: object) -> int:
        """A bit that may have any value in every cycle, the same for the same text."""
        if what not in self._free:
            self._free[what] = self._new()
        return self._free[what]

    def _cell(self, kind: str, **inputs: Any) -> int:
        """A cell with one output; returns that."""
        output = self._new()
        connections = {pin: bits if isinstance(bits, list) else [bits] for pin, bits in inputs.items()} | {
            "Y": [output]
        }
        parameters = (
            {"WIDTH": 1}
            if kind == "$mux"
            else {
                name: 0 if "SIGNED" in name else len(connections[name[0]])
                for pin in connections
                for name in (f"{pin}_WIDTH", *([f"{pin}_SIGNED"] if pin != "Y" else []))
            }
        )
        self._cells[f"cell{len(self._cells)}"] = {
            "type": kind,
            "parameters": {name: f"{value:032b}" for name, value in parameters.items()},
            "port_directions": {pin: "output" if pin == "Y" else "input" for pin in connections},
            "connections": connections,
        }
        return output

    def _register(self, output: int, following: int | str) -> None:
        """A flip-flop that comes up as 0."""
        self._cells[f"cell{len(self._cells)}"] = {
            "type": "$dff",
            "parameters": {"CLK_POLARITY": "1", "WIDTH": f"{1:032b}"},
            "port_directions": {"CLK": "input", "D": "input", "Q": "output"},
            "connections": {"CLK": [self._any("port", "aclk", 0)], "D": [following], "Q": [output]},
        }

    def _place(self, side: "_Side", at: dict[int, int], own: set[str]) -> None:
        """Put a design's cells into the circuit, where they are not there yet.

        at: where some of its bits are; own: names of the flip-flops that it has for itself.
        """
        side.at = at
        for name, port in side.module["ports"].items():
            if port["direction"] == "input":
                at |= {bit: self._any("port", name, position) for position, bit in enumerate(port["bits"])}
        at[side.module["ports"]["aresetn"]["bits"][0]] = self._reset
        raw = {}
        for name in sorted(own):
            raw[name] = self._new()
            at[side.state[name]] = self._cell("$mux", A=self._any("comes up", name), B=raw[name], S=self._started)
        for name, bit in side.undriven.items():
            at.setdefault(bit, self._any("undriven", name))
        for cell in side.cells:
            self._place_cell(side, cell)
        for name, bit in raw.items():
            self._register(bit, side.next_of(name, self._any))

    def _place_cell(self, side: "_Side", cell: dict) -> None:
        inputs = {
            pin: [side.at.get(bit, bit) for bit in bits]
            for pin, bits in cell["connections"].items()
            if cell["port_directions"][pin] == "input"
        }
        (output,) = (pin for pin, direction in cell["port_directions"].items() if direction == "output")
        place = _place_of(cell) if any(bit in _UNDEFINED for bits in inputs.values() for bit in bits) else ""
        key = (
            cell["type"],
            place,
            *sorted(cell["parameters"].items()),
            *sorted((pin, *bits) for pin, bits in inputs.items()),
        )
        if key not in self._known:
            self._known[key] = [self._new() for _ in cell["connections"][output]]
            connections = {output: self._known[key]}
            for pin, bits in inputs.items():
                connections[pin] = [
                    self._any("undefined", *key, pin, position) if bit in _UNDEFINED else bit
                    for position, bit in enumerate(bits)
                ]
            self._cells[f"cell{len(self._cells)}"] = {
                "type": cell["type"],
                "parameters": cell["parameters"],
                "port_directions": cell["port_directions"],
                "connections": connections,
            }
        side.at |= zip(cell["connections"][output], self._known[key])

    def _differences(self, original: "_Side", mutant: "_Side") -> list[tuple[str, tuple]]:
        """Name, and both bits, of the outputs that are not the same signal in both."""
        found = []
        for name, port in original.module["ports"].items():
            if port["direction"] == "output":
                for gold, gate in zip(port["bits"], mutant.module["ports"][name]["bits"]):
                    pair = original.at.get(gold, gold), mutant.at.get(gate, gate)
                    if pair[0] != pair[1]:
                        found.append((name, pair))
        return found

    def _compare(self, original: "_Side", differ: list[tuple[str, tuple]]) -> int:
        bits = []
        for name, (gold, gate) in differ:
            different = self._cell("$xor", A=gold, B=gate)
            if PAYLOAD.get(name) in original.module["ports"]:
                (valid,) = original.module["ports"][PAYLOAD[name]]["bits"]
                different = self._cell("$and", A=different, B=original.at.get(valid, valid))
            bits.append(different if IN_RESET.search(name) else self._cell("$and", A=different, B=self._reset))
        return self._cell("$and", A=self._cell("$reduce_or", A=bits), B=self._started)


class _Side:
    """One of the two designs.

    Attributes:
        module: of Yosys' JSON.
        state: the output bit of each flip-flop's bit, by name. Flip-flops without a name are of the design alone.
        cells: those without a state, each behind what it needs.
        undriven: bits that nothing drives, by name.
        at: where its bits are in the circuit.
    """

    def __init__(self, module: dict, design: str) -> None:
        self.module = module
        self.at: dict = {}
        names: dict[int, str] = {}
        # Names that Yosys makes have the folder and a number in them that counts whatever it made before.
        order = sorted(module["netnames"].items(), key=lambda item: (item[1]["hide_name"], len(item[0]), item[0]))
        taken = Counter[str]()
        for name, net in order:
            text = re.sub(r"[^$|]*/|\$\d+", "", name) if net["hide_name"] else name
            if any(bit not in names for bit in net["bits"]):
                taken[text] += 1
                text = text if taken[text] == 1 else f"{text} of {design}, {taken[text]}"
                for position, bit in enumerate(net["bits"]):
                    names.setdefault(bit, f"{text}[{position}]")
        self.state, self._next = {}, {}
        combinational = []
        driven = {bit for port in module["ports"].values() if port["direction"] == "input" for bit in port["bits"]}
        for cell in module["cells"].values():
            if cell["type"] == "$dff":
                for d, q in zip(cell["connections"]["D"], cell["connections"]["Q"]):
                    name = names.get(q) or f"{design} {q}"
                    self.state[name] = q
                    self._next[name] = (d, _place_of(cell))
                driven |= set(cell["connections"]["Q"])
            elif STATE.match(cell["type"]):
                raise NotProved(f"has a {cell['type']}")
            elif "output" in cell["port_directions"].values():
                combinational.append(cell)
        self.cells = _in_order(combinational)
        made = {
            bit
            for cell in combinational
            for pin, bits in cell["connections"].items()
            if cell["port_directions"][pin] == "output"
            for bit in bits
        }
        used = {
            bit
            for cell in module["cells"].values()
            for bits in cell["connections"].values()
            for bit in bits
            if isinstance(bit, int)
        }
        self.undriven = {names.get(bit) or f"{design} {bit}": bit for bit in sorted(used - driven - made)}

    def next_of(self, name: str, undefined: Callable | None = None) -> Any:
        """The bit of the circuit that a flip-flop stores next; undefined makes one for a place of the text."""
        bit, place = self._next[name]
        if bit in _UNDEFINED:
            return undefined("stored", name, place) if undefined else (name, place)
        return self.at.get(bit, bit)


def _place_of(cell: dict) -> str:
    """Where in the text a cell comes from, whatever the folder."""
    return re.sub(r"[^|]*/", "", cell["attributes"].get("src", ""))


def _in_order(cells: list[dict]) -> list[dict]:
    """Cells behind those that they need. Raises NotProved for a loop."""
    source = {
        bit: index
        for index, cell in enumerate(cells)
        for pin, bits in cell["connections"].items()
        if cell["port_directions"][pin] == "output"
        for bit in bits
    }
    needs = [
        {
            source[bit]
            for pin, bits in cell["connections"].items()
            if cell["port_directions"][pin] == "input"
            for bit in bits
            if bit in source
        }
        for cell in cells
    ]
    users: dict[int, list[int]] = {}
    for index, needed in enumerate(needs):
        for other in needed:
            users.setdefault(other, []).append(index)
    missing = [len(needed) for needed in needs]
    ready = [index for index, count in enumerate(missing) if not count]
    for index in ready:
        for user in users.get(index, ()):
            missing[user] -= 1
            if not missing[user]:
                ready.append(user)
    if len(ready) < len(cells):
        raise NotProved("has a loop without a flip-flop")
    return [cells[index] for index in ready]


def _always_zero(circuit: Path) -> bool:
    """Is an AIGER file's only output constant, and 0?"""
    header, _, rest = circuit.read_bytes().partition(b"\n")
    _, _, _, latches, outputs, *_ = header.split()
    return outputs == b"1" and rest.split(b"\n")[int(latches)] == b"0"


def _nothing(folder: Path) -> Path:
    """A circuit of one gate."""
    file = folder / "nothing.json"
    pins = {"A": ("input", 2), "B": ("input", 3), "Y": ("output", 4)}
    ports = {pin.lower(): {"direction": direction, "bits": [bit]} for pin, (direction, bit) in pins.items()}
    _write(
        file,
        ports,
        {
            "gate": {
                "type": "$_AND_",
                "parameters": {},
                "port_directions": {pin: pins[pin][0] for pin in pins},
                "connections": {pin: [pins[pin][1]] for pin in pins},
            }
        },
    )
    return file


def _write(file: Path, ports: dict, cells: dict) -> None:
    """A module "both" in Yosys' JSON."""
    file.write_text(
        json.dumps({"modules": {"both": {"attributes": {"top": "1"}, "ports": ports, "cells": cells, "netnames": {}}}})
    )


def _path(file: Path) -> str:
    return os.path.relpath(file, ROOT)
