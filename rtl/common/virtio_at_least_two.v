// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_at_least_two: says whether a word has at least one bit that is 1, and whether it has at least two. The depth
// of the logic grows with the logarithm of the width.
//
//   LOG2_WIDTH  log2 of the number of bits
`default_nettype none

module virtio_at_least_two #(
    parameter LOG2_WIDTH = 4
) (
    input  wire [(1<<LOG2_WIDTH)-1:0] bits,
    output wire                       one,
    output wire                       two
);

    localparam WIDTH = 1 << LOG2_WIDTH;

    // Halves are put on top of each other: some(i) and pairs(i) are what is known of all bits with the number i by now.
    reg [WIDTH-1:0] some;
    reg [WIDTH-1:0] pairs;

    integer half;
    integer i;

    always @* begin
        some  = bits;
        pairs = {WIDTH{1'b0}};
        for (half = WIDTH / 2; half > 0; half = half / 2) begin
            for (i = 0; i < half; i = i + 1) begin
                pairs[i] = pairs[i] | pairs[i+half] | (some[i] & some[i+half]);
                some[i]  = some[i] | some[i+half];
            end
        end
    end

    assign one = some[0];
    assign two = pairs[0];

    wire unused = &{1'b0, some, pairs};

endmodule

`default_nettype wire
