// first_set: the lowest bit that is 1, in logic whose depth grows with the logarithm of WIDTH.
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

    assign found = |bits;
    assign above = reached << 1;
    assign first = reached & ~above;

    // Each bit of the index is the OR of the positions whose number has that bit.
    function [WIDTH-1:0] positions_with;
        input integer bit_number;
        integer i;
        begin
            for (i = 0; i < WIDTH; i = i + 1)
                positions_with[i] = ((i >> bit_number) & 1) == 1;
        end
    endfunction

    genvar b;
    generate
        for (b = 0; b < INDEX_WIDTH; b = b + 1) begin : index_bit
            localparam [WIDTH-1:0] POSITIONS = positions_with(b);

            assign index[b] = |(first & POSITIONS);
        end
    endgenerate

endmodule

`default_nettype wire
