# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Proves that a mutant differs in reset alone: with aresetn high, both designs have equal outputs and next states
from any
equal states.
In reset some flip-flops may go astray, which nothing else and no valid output follows, and after RESET cycles all
are what they are in
the original, whatever the stray ones were.

The mutant's flip-flops are taken away: its logic sees those of the original, and what it would store is compared
with what the original
stores. Yosys merges what is the same in both, and decides the rest by SAT.
"""

import json
import os
from pathlib import Path

from sim.flow.paths import ROOT
from sim.mutation.miter import IN_RESET, STATE, NotProved, yosys

RESET = 4  # cycles that aresetn is low at least, for such a mutant
_FEW = 256  # bits: who differs in reset alone does so in few, but for constants that are not seen through
_SECONDS = 600  # a bound for what never ends; on a busy machine a proof may take minutes
_OUTPUT = "output "
_TEMPORARY = "$func$"  # registers that Yosys makes of a function's variables; nothing reads them


def prove(gold: Path, gate: Path, folder: Path) -> None:
    """Prove it of an original and a mutant, netlists in JSON files. Raises NotProved."""
    joined = _Joined(gold, gate, folder)
    if len(joined.differ) > _FEW:
        raise NotProved(f"differs without a reset at {min(joined.differ)}")
    joined.compare()
    joined.prove("-seq 1 -set aresetn 1")
    stray: frozenset[str] = frozenset()
    while True:
        joined = _Joined(gold, gate, folder, stray, in_reset=True)
        found = {name for name in joined.differ if not name.startswith(_OUTPUT)}
        if found != joined.differ:
            raise NotProved(f"differs in reset at {min(joined.differ - found).removeprefix(_OUTPUT)}")
        if found <= stray:
            break
        stray |= found
    joined.compare()
    joined.prove(f"-seq {RESET} -prove-skip {RESET - 1}")


class _Joined:
    """The mutant's logic in the original's module, with its inputs and state; what is the same in both is merged.

    Attributes:
        differ: what may differ: flip-flops, by what they store next, and outputs, with _OUTPUT before the name.

    Args:
        in_reset: with aresetn low; only outputs that mean something then are compared.
        stray: flip-flops which the mutant has for itself, with any value.
    """

    def __init__(
        self, gold: Path, gate: Path, folder: Path, stray: frozenset[str] = frozenset(), in_reset: bool = False
    ) -> None:
        original, mutant = (_with_x(json.loads(file.read_text())["modules"][file.stem]) for file in (gold, gate))
        names, pairs = _join(original, mutant, stray, in_reset)
        self._both, self._folder = folder / "both.json", folder
        merged = folder / "merged.json"
        _write(self._both, original, pairs)
        yosys(
            f"read_json {os.path.relpath(self._both, ROOT)}; opt_expr; opt_merge; opt_expr; opt_merge; opt_clean; "
            f"write_json {os.path.relpath(merged, ROOT)}",
            folder / "log",
        )
        self._content = json.loads(merged.read_text())["modules"]["both"]
        ports = self._content["ports"]
        left = {
            name: (gold_bit, gate_bit)
            for name, gold_bit, gate_bit in zip(names, ports["gold"]["bits"], ports["gate"]["bits"])
            if gold_bit != gate_bit
        }
        self._pairs = list(left.values())
        self.differ = set(left)

    def compare(self) -> None:
        """Make a module that says whether they do."""
        if self._pairs:
            _write(self._both, self._content, self._pairs, compare=True)

    def prove(self, how: str) -> None:
        """Prove that they do not."""
        if self._pairs:
            yosys(
                f"read_json {os.path.relpath(self._both, ROOT)}; opt_clean -purge; sat -verify "
                f"-enable_undef -set-def-inputs "
                f"-set-init-def -prove trigger 0 {how} both",
                self._folder / "log",
                _SECONDS,
            )


def _with_x(module: dict) -> dict:
    """The same with x where nothing drives a bit: what is read beyond an array."""
    driven = {bit for port in module["ports"].values() if port["direction"] == "input" for bit in port["bits"]}
    driven |= {
        bit
        for cell in module["cells"].values()
        for pin, bits in cell["connections"].items()
        if cell["port_directions"][pin] == "output"
        for bit in bits
    }
    for cell in module["cells"].values():
        cell["connections"] = {
            pin: ["x" if isinstance(bit, int) and bit not in driven else bit for bit in bits]
            for pin, bits in cell["connections"].items()
        }
    return module


def _join(original: dict, mutant: dict, stray: frozenset[str], in_reset: bool) -> tuple[list[str], list[tuple]]:
    """Put the mutant's logic into the original's module. Returns names and bits of what is to be compared."""
    offset = 1 + max(bit for net in original["netnames"].values() for bit in net["bits"] if isinstance(bit, int))
    state, next_state = _registers(original)
    mutant_state, mutant_next = _registers(mutant)
    if state.keys() != mutant_state.keys():
        raise NotProved(f"other flip-flops: {sorted(state.keys() ^ mutant_state.keys())[0]}")
    same = {bit: state[name] for name, bit in mutant_state.items() if name not in stray}
    for name, port in original["ports"].items():
        if port["direction"] == "input":
            same |= dict(zip(mutant["ports"][name]["bits"], port["bits"]))

    def joined(bit: int | str) -> int | str:
        return same.get(bit, bit + offset) if isinstance(bit, int) else bit

    for name, cell in mutant["cells"].items():
        if cell["type"] != "$dff":
            cell["connections"] = {pin: [joined(bit) for bit in bits] for pin, bits in cell["connections"].items()}
            original["cells"]["mutant:" + name] = cell
    names, pairs = list(state), [(next_state[name], joined(mutant_next[name])) for name in state]
    for name, port in original["ports"].items():
        if port["direction"] == "output" and (not in_reset or IN_RESET.search(name)):
            names += [f"{_OUTPUT}{name}[{index}]" for index in range(len(port["bits"]))]
            pairs += zip(port["bits"], map(joined, mutant["ports"][name]["bits"]))
    if stray:
        original["ports"]["stray"] = {
            "direction": "input",
            "bits": [joined(mutant_state[name]) for name in sorted(stray)],
        }
    if in_reset:
        (reset,) = original["ports"].pop("aresetn")["bits"]
        for cell in original["cells"].values():
            cell["connections"] = {
                pin: ["0" if bit == reset else bit for bit in bits] for pin, bits in cell["connections"].items()
            }
        pairs = [("0" if first == reset else first, "0" if second == reset else second) for first, second in pairs]
    return names, pairs


def _registers(content: dict) -> tuple[dict, dict]:
    """The bits of every flip-flop's output and of its input, by the name of the output."""
    names: dict[int, str] = {}
    for name, net in sorted(content["netnames"].items(), key=lambda item: (len(item[0]), item[0])):
        if not net["hide_name"]:
            for position, bit in enumerate(net["bits"]):
                names.setdefault(bit, f"{name}[{position}]")
    now, following = {}, {}
    for cell in content["cells"].values():
        if cell["type"] == "$dff":
            for d, q in zip(cell["connections"]["D"], cell["connections"]["Q"]):
                name = names.get(q, "")
                if name and _TEMPORARY not in name:
                    now[name], following[name] = q, d
        elif STATE.match(cell["type"]):
            raise NotProved(f"has a {cell['type']}")
    return now, following


def _write(file: Path, content: dict, pairs: list[tuple], compare: bool = False) -> None:
    """Write a module "both" with the inputs of content and, as outputs, the bits of pairs or the result of comparing
    them."""
    module = {
        "ports": {name: port for name, port in content["ports"].items() if port["direction"] == "input"},
        "cells": dict(content["cells"]),
        "netnames": content["netnames"],
    }
    gold, gate = ([pair[side] for pair in pairs] for side in (0, 1))
    if compare:
        size = len(pairs)
        free = 1 + max(bit for net in content["netnames"].values() for bit in net["bits"] if isinstance(bit, int))
        free = max(
            [
                free,
                *(
                    bit + 1
                    for cell in content["cells"].values()
                    for bits in cell["connections"].values()
                    for bit in bits
                    if isinstance(bit, int)
                ),
            ]
        )
        mask, left, right = (list(range(free + n * size, free + (n + 1) * size)) for n in range(3))
        trigger = free + 3 * size
        module["cells"] |= {
            "compare:mask": _cell("$bweqx", gold, ["x"] * size, mask, size),
            "compare:left": _cell("$or", gold, mask, left, size),
            "compare:right": _cell("$or", gate, mask, right, size),
            "compare:all": _cell("$nex", left, right, [trigger], size),
        }
        module["ports"]["trigger"] = {"direction": "output", "bits": [trigger]}
    else:
        module["ports"] |= {
            "gold": {"direction": "output", "bits": gold},
            "gate": {"direction": "output", "bits": gate},
        }
    file.write_text(json.dumps({"modules": {"both": module}}))


def _cell(kind: str, a: list, b: list, y: list, size: int) -> dict:
    parameters = (
        {"WIDTH": size}
        if kind == "$bweqx"
        else {"A_SIGNED": 0, "B_SIGNED": 0, "A_WIDTH": size, "B_WIDTH": size, "Y_WIDTH": len(y)}
    )
    return {
        "type": kind,
        "parameters": {name: f"{value:032b}" for name, value in parameters.items()},
        "port_directions": {"A": "input", "B": "input", "Y": "output"},
        "connections": {"A": a, "B": b, "Y": y},
    }
