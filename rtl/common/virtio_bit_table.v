// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_bit_table: stores one bit for each queue or vector, in rows, so that a large table lies in RAM.
//
// One bit is written in a cycle. READS bits and ROW_READS whole rows are read, in the cycle of their addresses. There
// is no reset: sweep clears one row a cycle. A row that was never swept reads as unknown.
//
// In one cycle:
//   sweep and a write -> sweep: the write is lost
//   a write and a read of its bit -> the read shows the old bit
//
//   BITS          number of bits
//   INDEX_WIDTH   bits of an index, enough for BITS - 1
//   ROW_LOG2      log2 of the bits of a row, at most INDEX_WIDTH; with INDEX_WIDTH all bits are one row
//   ROWS_WIDTH    bits of a row number
//   READS         number of bits that can be read at once
//   ROW_READS     number of rows that can be read at once
`default_nettype none

module virtio_bit_table #(
    parameter BITS        = 2,
    parameter INDEX_WIDTH = 1,
    parameter ROW_LOG2    = 1,
    parameter ROWS_WIDTH  = 1,
    parameter READS       = 1,
    parameter ROW_READS   = 1
) (
    input  wire                         aclk,

    input  wire                         sweep,           // clear sweep_row; wins over a write
    input  wire [ROWS_WIDTH-1:0]        sweep_row,

    input  wire                         write_enable,
    input  wire [INDEX_WIDTH-1:0]       write_index,
    input  wire                         write_value,

    input  wire [READS*INDEX_WIDTH-1:0] read_index,
    output wire [READS-1:0]             read_value,

    input  wire [ROW_READS*ROWS_WIDTH-1:0]    row,
    output wire [ROW_READS*(1<<ROW_LOG2)-1:0] row_value
);

    localparam SIZE = 1 << ROW_LOG2;
    localparam ROWS = (BITS + SIZE - 1) / SIZE;

    localparam [SIZE-1:0] ONE = 1;

    wire [SIZE-1:0] old;
    wire [SIZE-1:0] hit     = ONE << write_index[ROW_LOG2-1:0];
    wire [SIZE-1:0] updated = write_value ? (old | hit) : (old & ~hit);

    genvar r;

    generate
        if (ROWS == 1) begin : one_row
            reg [SIZE-1:0] bits;

            wire unused = &{1'b0, sweep_row, row, write_index, read_index};

            always @(posedge aclk) begin
                if (sweep)
                    bits <= {SIZE{1'b0}};
                else if (write_enable)
                    bits <= updated;
            end

            assign old       = bits;
            assign row_value = {ROW_READS{bits}};

            for (r = 0; r < READS; r = r + 1) begin : reads
                assign read_value[r] = bits[read_index[r*INDEX_WIDTH +: ROW_LOG2]];
            end
        end else begin : rows
            reg [SIZE-1:0] bits [0:ROWS-1];

            wire [ROWS_WIDTH-1:0] write_row = sweep ? sweep_row : write_index[INDEX_WIDTH-1:ROW_LOG2];

            always @(posedge aclk) begin
                if (sweep || write_enable)
                    bits[write_row] <= sweep ? {SIZE{1'b0}} : updated;
            end

            assign old       = bits[write_index[INDEX_WIDTH-1:ROW_LOG2]];

            for (r = 0; r < READS; r = r + 1) begin : reads
                wire [SIZE-1:0] read_row = bits[read_index[r*INDEX_WIDTH + ROW_LOG2 +: ROWS_WIDTH]];

                assign read_value[r] = read_row[read_index[r*INDEX_WIDTH +: ROW_LOG2]];
            end
            for (r = 0; r < ROW_READS; r = r + 1) begin : row_reads
                assign row_value[r*SIZE +: SIZE] = bits[row[r*ROWS_WIDTH +: ROWS_WIDTH]];
            end
        end
    endgenerate

endmodule

`default_nettype wire
