# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A device with its memories beside it: BUS=bursts, for simulations of millions of cycles.

The top is a wrapper that is written from the device's own header. It has the device's ports but the AXI4 masters; at
each of these is a burst_memory (harness/burst_memory.v), whose other side are ports with the master's prefix.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from sim.flow import artifact
from sim.flow.design import TopDesign
from sim.flow.errors import FlowError
from sim.flow.paths import BUILD

_MEMORY = Path(__file__).parent / "harness" / "burst_memory.v"
_HEADER = r"^module\s+{top}\s*#\(\n(?P<parameters>.*?)\n\)\s*\(\n(?P<ports>.*?)\n\);"
_PORT = re.compile(r"^\s*(?P<way>input|output)\s+wire\s*(?P<range>\[.*\])?\s+(?P<name>\w+)\s*,?\s*(?://.*)?$")
_IDS = "((ID_WIDTH>0)?ID_WIDTH:1)"
# Prefix of a master -> parameters of the device for the width of its addresses and its longest burst.
_MASTERS = {"m_axi": ("MEM_ADDR_WIDTH", "MAX_BURST"), "d_axi": ("DISK_ADDR_WIDTH", "DISK_BURST")}
_HANDED_OVER = 2048  # bits of a value that Verilator gives and takes as text
# Of burst_memory: the signals of the bus that it has, and its ports towards Python with their widths.
_BUS = (
    "awid awaddr awlen awvalid awready wdata wstrb wlast wvalid wready bid bresp bvalid bready "
    "arid araddr arlen arvalid arready rid rdata rresp rlast rvalid rready"
).split()
_PYTHON = (
    ("output", "now", "32"),
    ("output", "read_count", "32"),
    ("output", "read_address", "{address}"),
    ("output", "read_length", "8"),
    ("output", "read_issued", "32"),
    ("input", "read_data", "{beats}*DATA_WIDTH"),
    ("input", "read_response", "2"),
    ("input", "read_delay", "8"),
    ("input", "read_answer", "1"),
    ("output", "write_count", "32"),
    ("output", "write_address", "{address}"),
    ("output", "write_length", "8"),
    ("output", "write_issued", "32"),
    ("output", "write_data", "{beats}*DATA_WIDTH"),
    ("output", "write_strobes", "{beats}*DATA_WIDTH/8"),
    ("output", "write_wrong", "1"),
    ("input", "write_response", "2"),
    ("input", "write_delay", "8"),
    ("input", "write_answer", "1"),
    ("output", "write_done", "32"),
    ("output", "waiting", "1"),
)


@dataclass(frozen=True)
class BurstDesign(TopDesign):
    """A TopDesign whose AXI4 masters end in burst memories; *top* is the wrapper."""

    @classmethod
    def around(cls, design: TopDesign) -> "BurstDesign":
        """The wrapper around a device, whose bursts are no longer than a simulator hands over at once."""
        values = dict(design.values)
        longest = _HANDED_OVER // values.get("DATA_WIDTH", 64)
        values.setdefault("MAX_BURST", min(16, longest))
        if design.top.endswith("_axi"):
            values.setdefault("DISK_BURST", longest)
        return cls(f"bursts_{design.top}", design.files, tuple(values.items()), design.rtl)

    @property
    def parts(self) -> dict[str, str]:
        """What is looked at in waves; the wrapper's only instance is the device."""
        return {name: path.replace(".device.", ".device.device.", 1) for name, path in super().parts.items()}

    def sources(self) -> list[Path]:
        """The Verilog files, the wrapper, which is written, among them.

        Raises:
            FlowError: the device's header cannot be read.
        """
        device = super().sources()
        place = BUILD / "bursts" / f"{self.top}.v"
        text = wrapper(self.top, self.top.removeprefix("bursts_"), device)
        if not place.is_file() or place.read_text() != text:
            place.parent.mkdir(parents=True, exist_ok=True)
            artifact.write_text(place, text)
        return [*device, _MEMORY, place]


def wrapper(name: str, device: str, sources: list[Path]) -> str:
    """The wrapper in Verilog.

    Raises:
        FlowError: none of the sources has the device, or its header is not as in rtl/devices.
    """
    pattern = re.compile(_HEADER.format(top=device), re.MULTILINE | re.DOTALL)
    header = next((found for file in sources if (found := pattern.search(file.read_text()))), None)
    if header is None:
        raise FlowError(f"no file has a module {device} with parameters and ports")
    lines = (line for line in header["ports"].splitlines() if line.strip() and not line.strip().startswith("//"))
    ports = []
    for line in lines:
        found = _PORT.match(line)
        if not found:
            raise FlowError(f"{device}: not the declaration of a port: {line.strip()}")
        ports.append((found["way"], found["range"] or "", found["name"]))
    masters = [prefix for prefix in _MASTERS if any(port.startswith(f"{prefix}_") for _, _, port in ports)]
    inner = [port for port in ports if port[2].startswith(tuple(f"{prefix}_" for prefix in masters))]
    outer = [f"    {way} wire {wide} {port}" for way, wide, port in ports if (way, wide, port) not in inner]
    memories = []
    for prefix in masters:
        address, beats = _MASTERS[prefix]
        for way, port, width in _PYTHON:
            wide = width.format(address=address, beats=beats)
            outer.append(f"    {way} wire [{wide}-1:0] {prefix}_{port}")
        wires = ", ".join(f".{port}({prefix}_{port})" for port in (*_BUS, *(port for _, port, _ in _PYTHON)))
        memories.append(
            f"    burst_memory #(.ADDR_WIDTH({address}), .DATA_WIDTH(DATA_WIDTH), .ID_WIDTH({_IDS}), .BEATS({beats}))\n"
            f"    {prefix}_memory (.aclk(aclk), .aresetn(aresetn), {wires});"
        )
    names = re.findall(r"^\s*parameter\b.*?(\w+)\s*=", header["parameters"], re.MULTILINE)
    parameters = ", ".join(f".{each}({each})" for each in names)
    connections = ", ".join(f".{port}({port})" for _, _, port in ports)
    nets = "\n".join(f"    wire {wide} {port};" for _, wide, port in inner)
    body = "\n".join(memories)
    return (
        "// Written from the header of the device; see sim/flow/burst_design.py.\n`default_nettype none\n"
        f"module {name} #(\n{header['parameters']}\n) (\n" + ",\n".join(outer) + f"\n);\n{nets}\n"
        f"    {device} #({parameters}) device ({connections});\n{body}\nendmodule\n`default_nettype wire\n"
    )
