// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_table_sweep: counts through the rows of the bit tables after aresetn and at each reset by the driver.
// The tables are RAM, so one row is cleared in a cycle. A table with fewer rows is cleared several times, which does no
// harm.
//
// In one cycle:
//   start and the last row of a sweep -> start: the sweep begins again at row 0
//
//   ROWS        rows of the largest table; the sweep takes as many cycles
//   ROWS_WIDTH  bits of a row number
`default_nettype none

module virtio_table_sweep #(
    parameter ROWS       = 1,
    parameter ROWS_WIDTH = 1
) (
    input  wire                  aclk,
    input  wire                  aresetn,
    input  wire                  start,
    output reg                   sweeping,               // from the cycle after start
    output reg  [ROWS_WIDTH-1:0] row
);

    localparam [ROWS_WIDTH-1:0] ONE  = 1;
    localparam [31:0]           LAST_WIDE = ROWS - 1;
    localparam [ROWS_WIDTH-1:0] LAST      = LAST_WIDE[ROWS_WIDTH-1:0];

    always @(posedge aclk) begin
        if (!aresetn || start) begin
            sweeping <= 1'b1;
            row      <= {ROWS_WIDTH{1'b0}};
        end else if (sweeping) begin
            sweeping <= (row != LAST);
            row      <= row + ONE;
        end
    end

endmodule

`default_nettype wire
