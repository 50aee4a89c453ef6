// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_blk_axi_bursts: cuts sector commands into AXI bursts, for AR and for AW alike.
//
// Every burst is full: BURST beats, aligned to its own size, within a sector.
//
//   In one cycle                    who wins
//   stop and a burst to be begun    stop: only an address that is presented already is kept, until it is taken
//   stop and a command              stop: the command is not taken
//
//   Timing: command -> address 1 cycle; then a burst a cycle while `allowed`. cmd_ready is a register.
//
//   ADDR_WIDTH  bits of an address, 32..64
//   BURST       beats of a burst: a power of two
//   PER_SECTOR  bursts of a sector: a power of two; BURST * PER_SECTOR beats are 512 bytes
`default_nettype none

module virtio_blk_axi_bursts #(
    parameter ADDR_WIDTH = 64,
    parameter BURST      = 16,
    parameter PER_SECTOR = 4
) (
    input  wire                  aclk,
    input  wire                  aresetn,
    input  wire                  stop,                   // forget the command and those that wait

    input  wire                  cmd_valid,
    output wire                  cmd_ready,
    input  wire [63:0]           cmd_sector,
    input  wire [31:0]           cmd_count,

    input  wire                  allowed,                // one more burst may be outstanding
    output wire                  begun,                  // one cycle: a burst is presented from the next cycle on

    output reg  [ADDR_WIDTH-1:0] addr,
    output wire [7:0]            len,
    output reg                   valid,
    input  wire                  ready
);

    localparam [31:0] STEP = 512 / PER_SECTOR;           // bytes of a burst
    localparam [63:0] WIDE = {32'd0, STEP};
    localparam        LOG2 = $clog2(PER_SECTOR);
    localparam [31:0] LEN  = BURST - 1;

    wire        next_valid;
    wire        next_take;
    wire [63:0] next_sector;
    wire [31:0] next_count;

    reg                  active;
    reg [ADDR_WIDTH-1:0] at;
    reg [34:0]           left;                           // bursts

    virtio_sync_fifo #(.WIDTH(96), .LOG2_DEPTH(2)) commands (
        .aclk(aclk), .aresetn(aresetn && !stop),
        .in_valid(cmd_valid), .in_ready(cmd_ready), .in_data({cmd_sector, cmd_count}),
        .out_valid(next_valid), .out_ready(next_take), .out_data({next_sector, next_count})
    );

    wire [127:0] byte_address = {55'd0, next_sector, 9'd0};
    wire         unused = &{1'b0, byte_address[127:ADDR_WIDTH]};

    wire free = !valid || ready;
    wire last = (left == 35'd1);

    assign len       = LEN[7:0];
    assign begun     = active && free && allowed && !stop;
    assign next_take = !active || (begun && last);

    always @(posedge aclk) begin
        if (!aresetn || stop)
            active <= 1'b0;
        else if (next_take)
            active <= next_valid;
    end

    always @(posedge aclk) begin
        if (!aresetn)
            valid <= 1'b0;
        else if (free)
            valid <= begun;
    end

    always @(posedge aclk) begin
        if (next_take) begin
            at   <= byte_address[ADDR_WIDTH-1:0];
            left <= {3'd0, next_count} << LOG2;
        end else if (begun) begin
            at   <= at + WIDE[ADDR_WIDTH-1:0];
            left <= left - 35'd1;
        end
        if (free)
            addr <= at;
    end

endmodule

`default_nettype wire
