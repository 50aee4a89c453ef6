# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A module around a unit that needs five pins, for devices where a unit can only be placed with pins for its ports.

Every input comes from a flip-flop of one shift register, every output goes into one of another, which can be shifted
out: so no port is constant or without effect, and nothing of the unit can be left out. The paths from and to the
ports are between registers, and count for the clock. A pin says when to shift: synthesis would share flip-flops that
always shift with registers of the unit that do nothing but take an input.
"""

from sim.syn.unit import Unit

TOP = "syn_wrapper"


def verilog(unit: Unit, ports: dict[str, dict]) -> str:
    """The wrapper's source. ports: as in Yosys's JSON, name -> direction ("input" or "output") and bits."""
    inputs, outputs, connections = 0, 0, []
    for name, port in ports.items():
        width = len(port["bits"])
        if name == unit.clock:
            connections.append(f".{name}(clock)")
        elif port["direction"] == "input":
            connections.append(f".{name}(driven[{inputs + width - 1}:{inputs}])")
            inputs += width
        else:
            connections.append(f".{name}(seen[{outputs + width - 1}:{outputs}])")
            outputs += width
    parameters = ", ".join(f".{name}({value})" for name, value in unit.parameters.items())
    return f"""module {TOP} (input wire clock, input wire shift, input wire shift_in,
    input wire capture, output wire shift_out);
    reg [{inputs - 1}:0] driven;
    reg [{outputs - 1}:0] captured;
    wire [{outputs - 1}:0] seen;
    assign shift_out = captured[{outputs - 1}];
    always @(posedge clock) begin
        if (shift)
            driven <= {{driven, shift_in}};
        captured <= capture ? seen : {{captured, 1'b0}};
    end
    {unit.top} {f"#({parameters}) " if parameters else ""}unit ({", ".join(connections)});
endmodule
"""
