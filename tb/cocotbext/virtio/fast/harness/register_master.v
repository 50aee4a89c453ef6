// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// AXI4-Lite master of the register bus: plays lists of writes and of reads, each direction in order, the two side by side.
//
// A write has 96 bits: data 32, address 31, wake 1, strobe 4, delay of AW 14, delay of W 14. A read has 64: address 31,
// wake 1, delay 14, 18 unused. The first bit named is the lowest. See send_channel for how they are given.
`default_nettype none

module register_master #(
    parameter ADDR_WIDTH = 12,
    parameter LIST       = 64
) (
    input  wire                  clk,
    input  wire                  resetn,

    input  wire [LIST * 96-1:0]  write_list,
    input  wire [95:0]           write_one,
    input  wire [7:0]            write_count,
    input  wire [7:0]            write_total,
    input  wire [LIST * 64-1:0]  read_list,
    input  wire [63:0]           read_one,
    input  wire [7:0]            read_count,
    input  wire [7:0]            read_total,
    input  wire                  write_late,
    input  wire                  read_late,
    output wire [7:0]            writes_done,  // answered, modulo 256
    output wire [7:0]            reads_done,
    output reg                   woken,        // changes when an access whose wake bit is set has been answered, or cut off

    // While an access is under way: cycles in which the two readys below may change. See ready_pattern.
    output wire                  write_pending,
    output wire                  read_pending,

    output wire [ADDR_WIDTH-1:0] awaddr,
    output wire                  awvalid,
    input  wire                  awready,
    output wire [31:0]           wdata,
    output wire [3:0]            wstrb,
    output wire                  wvalid,
    input  wire                  wready,
    input  wire                  bvalid,
    input  wire                  bready,
    output wire [ADDR_WIDTH-1:0] araddr,
    output wire                  arvalid,
    input  wire                  arready,
    input  wire                  rvalid,
    input  wire                  rready
);

    reg  [7:0]  written, got;                  // answered
    reg         flushed;
    wire [95:0] write_answered;
    wire [63:0] read_answered;
    wire [30:0] write_address, read_address;

    initial begin
        written = 0;
        got     = 0;
        woken   = 0;
        flushed = 0;
    end

    send_channel #(.ENTRY(96), .PAYLOAD(31), .PAYLOAD_LSB(32), .DELAY(14), .DELAY_LSB(68), .LIST(LIST)) aw (
        .clk(clk), .resetn(resetn),
        .list(write_list), .one(write_one), .count(write_count), .total(write_total), .late(write_late),
        .valid(awvalid), .ready(awready), .payload(write_address),
        .taken(), .look(8'd0), .seen()
    );

    // From the data to the strobe, with the address, which nobody looks at here, in between.
    wire [67:0] data;
    send_channel #(.ENTRY(96), .PAYLOAD(68), .PAYLOAD_LSB(0), .DELAY(14), .DELAY_LSB(82), .LIST(LIST)) w (
        .clk(clk), .resetn(resetn),
        .list(write_list), .one(write_one), .count(write_count), .total(write_total), .late(write_late),
        .valid(wvalid), .ready(wready), .payload(data),
        .taken(), .look(written), .seen(write_answered)
    );

    send_channel #(.ENTRY(64), .PAYLOAD(31), .PAYLOAD_LSB(0), .DELAY(14), .DELAY_LSB(32), .LIST(LIST)) ar (
        .clk(clk), .resetn(resetn),
        .list(read_list), .one(read_one), .count(read_count), .total(read_total), .late(read_late),
        .valid(arvalid), .ready(arready), .payload(read_address),
        .taken(), .look(got), .seen(read_answered)
    );

    assign awaddr        = write_address[ADDR_WIDTH-1:0];
    assign araddr        = read_address[ADDR_WIDTH-1:0];
    assign wdata         = data[31:0];
    assign wstrb         = data[67:64];
    assign writes_done   = written;
    assign reads_done    = got;
    assign write_pending = written != write_total;
    assign read_pending  = got != read_total;

    wire write_done = bvalid && bready && write_pending;
    wire read_done  = rvalid && rready && read_pending;

    always @(posedge clk or negedge resetn)
        if (!resetn) begin
            if (!flushed) begin
                written <= write_total;
                got     <= read_total;
                if (write_pending || read_pending) woken <= !woken;
            end
            flushed <= 1;
        end else begin
            flushed <= 0;
            if (write_done) written <= written + 8'd1;
            if (read_done)  got     <= got + 8'd1;
            if (write_done && write_answered[63] || read_done && read_answered[31]) woken <= !woken;
        end

endmodule

`default_nettype wire
