// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// A receiver's ready: constant, or a level drawn for every cycle in which `draw` is 1. The draws come as a table of 256
// bits, so that they are those that a driver in Python would have made.
`default_nettype none

module ready_pattern (
    input  wire         clk,
    input  wire         draw,
    input  wire [255:0] levels,                // taken from bit 0 on
    // load changes when `levels` or the others have: drawing begins with bit 0. Until the first draw ready is `level`, and
    // from then on, if `constant`, `last`; draws are counted in any case.
    input  wire [7:0]   load,
    input  wire         constant,
    input  wire         level,
    input  wire         last,
    output wire         ready,
    output wire [31:0]  drawn,                 // since load changed
    output reg          empty                  // changes with the last bit of levels
);

    reg [7:0]  seen;
    reg        now;
    reg [31:0] count;

    initial begin
        seen  = 0;
        now   = 1;
        count = 0;
        empty = 0;
    end

    assign ready = seen != load ? level : constant ? last : now;
    assign drawn = seen == load ? count : 0;

    always @(posedge clk)
        if (draw) begin
            seen  <= load;
            now   <= levels[drawn[7:0]];
            count <= drawn + 1;
            if (!constant && drawn == 255) empty <= !empty;
        end

endmodule

`default_nettype wire
