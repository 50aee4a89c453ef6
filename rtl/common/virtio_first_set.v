// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_first_set: finds the lowest bit that is 1. The depth of the logic grows with the logarithm of WIDTH.
//
//   WIDTH        number of bits
//   INDEX_WIDTH  bits of index, enough for WIDTH - 1
`default_nettype none

module virtio_first_set #(
    parameter WIDTH       = 16,
    parameter INDEX_WIDTH = 4
) (
    input  wire [WIDTH-1:0]       bits,
    output wire                   found,
    output wire [WIDTH-1:0]       first,         // the lowest set bit alone; none if there is none
    output wire [INDEX_WIDTH-1:0] index,         // its position, 0 if there is none
    output wire [WIDTH-1:0]       above          // the positions above it, whatever bits says there
);

    reg [WIDTH-1:0] reached;                     // a set bit here or below

    integer step;

    always @* begin
        reached = bits;
        for (step = 1; step < WIDTH; step = step * 2)
            reached = reached | (reached << step);
    end

    assign above = reached << 1;
    assign first = reached & ~above;

    // The index is found in a tree of its own: of two neighbouring groups of positions, the lower one's number, or if
    // it is empty the upper one's. So it does not wait for first.
    localparam ALL = 1 << INDEX_WIDTH;

    reg [ALL-1:0]             any;               // any(i): a set bit in the group that begins at i
    reg [ALL*INDEX_WIDTH-1:0] number;            // and the position of its lowest, 0 if there is none

    integer half;
    integer i;

    always @* begin
        any              = {ALL{1'b0}};
        any[WIDTH-1:0]   = bits;
        number           = {(ALL * INDEX_WIDTH){1'b0}};
        for (half = 1; half < ALL; half = half * 2) begin
            for (i = 0; i < ALL; i = i + 2 * half) begin
                if (!any[i] && any[i+half])
                    number[i*INDEX_WIDTH +: INDEX_WIDTH] =
                        number[(i+half)*INDEX_WIDTH +: INDEX_WIDTH] | half[INDEX_WIDTH-1:0];
                any[i] = any[i] || any[i+half];
            end
        end
    end

    assign found = any[0];
    assign index = number[INDEX_WIDTH-1:0];

    wire unused = &{1'b0, any, number};

endmodule

`default_nettype wire
