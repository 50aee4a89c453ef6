// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
//
// ram_disk: a disk of block RAM behind the streams of virtio_blk. One command at a time; a response follows its data.
//
//   In one cycle               who wins
//   clear and anything else    clear: the command is forgotten; what a write has done stays
//
//   Timing: a beat of data every cycle.
//
//   DATA_WIDTH  bits of a beat; SECTORS: of 512 bytes, a power of two
`default_nettype none

module ram_disk #(
    parameter DATA_WIDTH = 64,
    parameter SECTORS    = 128
) (
    input  wire                  aclk,
    input  wire                  aresetn,
    input  wire                  clear,

    input  wire                  cmd_valid,
    output wire                  cmd_ready,
    input  wire [1:0]            cmd_op,           // 0 read, 1 write, 2 flush
    input  wire [63:0]           cmd_sector,
    input  wire [31:0]           cmd_count,
    input  wire                  wr_valid,
    output wire                  wr_ready,
    input  wire [DATA_WIDTH-1:0] wr_data,
    input  wire                  wr_error,
    output wire                  rd_valid,
    input  wire                  rd_ready,
    output wire [DATA_WIDTH-1:0] rd_data,
    output wire                  resp_valid,
    input  wire                  resp_ready
);

    localparam BEATS = 4096 / DATA_WIDTH;          // of a sector
    localparam WIDTH = $clog2(SECTORS * BEATS);    // bits of a beat's number

    localparam [1:0] IDLE = 2'd0, READ = 2'd1, WRITE = 2'd2, RESPOND = 2'd3;

    reg [DATA_WIDTH-1:0] memory [0:SECTORS*BEATS-1];
    reg [1:0]            state;
    reg [WIDTH-1:0]      place;
    reg [WIDTH:0]        left;

    integer i;
    initial
        for (i = 0; i < SECTORS * BEATS; i = i + 1)
            memory[i] = {DATA_WIDTH{1'b0}};

    wire [63:0] first = cmd_sector * BEATS;
    wire [31:0] beats = cmd_count * BEATS;

    assign cmd_ready  = state == IDLE && !clear;
    assign wr_ready   = state == WRITE;
    assign rd_valid   = state == READ;
    assign rd_data    = memory[place];
    assign resp_valid = state == RESPOND;

    always @(posedge aclk) begin
        if (wr_valid && wr_ready && !wr_error)
            memory[place] <= wr_data;
        if (!aresetn || clear)
            state <= IDLE;
        else case (state)
            IDLE:
                if (cmd_valid) begin
                    place <= first[WIDTH-1:0];
                    left  <= beats[WIDTH:0];
                    state <= (cmd_op == 2'd0) ? READ : (cmd_op == 2'd1) ? WRITE : RESPOND;
                end
            READ, WRITE:
                if ((state == READ) ? rd_ready : wr_valid) begin
                    place <= place + 1'b1;
                    left  <= left - 1'b1;
                    if (left == 1)
                        state <= RESPOND;
                end
            default:
                if (resp_ready)
                    state <= IDLE;
        endcase
    end

    wire unused = &{1'b0, first[63:WIDTH], beats[31:WIDTH+1]};
endmodule

`default_nettype wire
