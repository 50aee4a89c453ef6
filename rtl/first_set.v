// first_set: the lowest bit that is 1.
//
//   WIDTH        number of bits
//   INDEX_WIDTH  bits of index, enough for WIDTH - 1
`default_nettype none

module first_set #(
    parameter WIDTH       = 16,
    parameter INDEX_WIDTH = 4
) (
    input  wire [WIDTH-1:0]       bits,
    output wire                   found,
    output reg  [INDEX_WIDTH-1:0] index,         // 0 if none is found
    output wire [WIDTH-1:0]       above          // the positions above index, whatever bits says there
);

    localparam [WIDTH-1:0] ONE = 1;

    wire [WIDTH-1:0] lower_or_equal = bits ^ (bits - ONE);   // ones up to the first set bit and including it
    wire [WIDTH-1:0] first          = bits & lower_or_equal;

    assign found = |bits;
    assign above = ~lower_or_equal;

    integer i;
    integer b;

    // Each bit of the index is the OR of the positions in which it is 1.
    always @* begin
        index = {INDEX_WIDTH{1'b0}};
        for (b = 0; b < INDEX_WIDTH; b = b + 1)
            for (i = 0; i < WIDTH; i = i + 1)
                if (((i >> b) & 1) == 1)
                    index[b] = index[b] | first[i];
    end

endmodule

`default_nettype wire
