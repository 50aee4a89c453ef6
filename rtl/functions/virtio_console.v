// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_console: the console with one port (virtio 1.2, 5.3) between a virtqueue engine and two byte streams. Wiring
// only.
//
// Queue 0 receives and is a pull queue, queue 1 transmits. Buffers of any other queue are impossible.
//
//   In one cycle                       who wins
//   device_reset and anything          device_reset; see the halves for bytes on their way
//   both halves command or give back   in turns
//
//   Timing: see virtio_console_receive and virtio_console_transmit; commands and slots leave one cycle later.
//
//   DATA_WIDTH  bits of a beat: 64, 128 or 256
//   SLOTS       slots of the engine, 1..64
`default_nettype none

module virtio_console #(
    parameter DATA_WIDTH = 64,
    parameter SLOTS      = 16
) (
    input  wire                    aclk,
    input  wire                    aresetn,
    input  wire                    device_reset,

    // The engine.
    output wire                    ask_valid,            // for queue 0
    input  wire                    ask_ready,
    input  wire                    req_valid,
    output wire                    req_ready,
    input  wire [5:0]              req_slot,
    input  wire [15:0]             req_queue,
    input  wire [31:0]             req_readable,
    input  wire [31:0]             req_writable,
    output wire                    cmd_valid,
    input  wire                    cmd_ready,
    output wire                    cmd_write,
    output wire [5:0]              cmd_slot,
    output wire [31:0]             cmd_offset,
    output wire [31:0]             cmd_length,
    input  wire                    rd_valid,
    output wire                    rd_ready,
    input  wire [DATA_WIDTH-1:0]   rd_data,
    input  wire [DATA_WIDTH/8-1:0] rd_keep,
    input  wire                    rd_last,
    input  wire                    rd_error,
    output wire                    wr_valid,
    input  wire                    wr_ready,
    output wire [DATA_WIDTH-1:0]   wr_data,
    output wire [DATA_WIDTH/8-1:0] wr_keep,
    output wire                    wr_last,
    input  wire                    wrote_valid,
    input  wire                    wrote_error,
    output wire                    done_valid,
    input  wire                    done_ready,
    output wire [5:0]              done_slot,
    output wire [31:0]             done_written,

    input  wire                    emergency_valid,
    input  wire [7:0]              emergency_data,

    // The terminal.
    output wire                    tx_valid,
    input  wire                    tx_ready,
    output wire [7:0]              tx_data,
    input  wire                    rx_valid,
    output wire                    rx_ready,
    input  wire [7:0]              rx_data
);

    wire reset    = !aresetn || device_reset;
    wire transmit = (req_queue != 16'd0);

    wire        receive_room;
    wire        transmit_room;
    wire        write_valid;
    wire        write_ready;
    wire [5:0]  write_slot;
    wire [31:0] write_length;
    wire        read_valid;
    wire        read_ready;
    wire [5:0]  read_slot;
    wire [31:0] read_offset;
    wire [31:0] read_length;
    wire        received_valid;
    wire        received_ready;
    wire [5:0]  received_slot;
    wire [31:0] received_written;
    wire        sent_valid;
    wire        sent_ready;
    wire [5:0]  sent_slot;

    assign req_ready = transmit ? transmit_room : receive_room;

    virtio_console_receive #(.DATA_WIDTH(DATA_WIDTH)) receive_half (
        .aclk(aclk), .aresetn(aresetn), .device_reset(device_reset),
        .byte_valid(rx_valid), .byte_ready(rx_ready), .byte_data(rx_data),
        .ask_valid(ask_valid), .ask_ready(ask_ready),
        .req_valid(req_valid && !transmit), .req_ready(receive_room), .req_slot(req_slot), .req_writable(req_writable),
        .write_valid(write_valid), .write_ready(write_ready), .write_slot(write_slot), .write_length(write_length),
        .wr_valid(wr_valid), .wr_ready(wr_ready), .wr_data(wr_data), .wr_keep(wr_keep), .wr_last(wr_last),
        .wrote_valid(wrote_valid), .wrote_error(wrote_error),
        .give_valid(received_valid), .give_ready(received_ready), .give_slot(received_slot),
        .give_written(received_written)
    );

    virtio_console_transmit #(.DATA_WIDTH(DATA_WIDTH), .SLOTS(SLOTS)) transmit_half (
        .aclk(aclk), .aresetn(aresetn), .device_reset(device_reset),
        .req_valid(req_valid && transmit), .req_ready(transmit_room), .req_slot(req_slot), .req_readable(req_readable),
        .read_valid(read_valid), .read_ready(read_ready), .read_slot(read_slot),
        .read_offset(read_offset), .read_length(read_length),
        .rd_valid(rd_valid), .rd_ready(rd_ready), .rd_data(rd_data), .rd_keep(rd_keep), .rd_last(rd_last),
        .rd_error(rd_error),
        .give_valid(sent_valid), .give_ready(sent_ready), .give_slot(sent_slot),
        .emergency_valid(emergency_valid), .emergency_data(emergency_data),
        .byte_valid(tx_valid), .byte_ready(tx_ready), .byte_data(tx_data)
    );

    virtio_stream_mux #(.WIDTH(71)) commands (
        .aclk(aclk), .reset(reset),
        .first_valid(write_valid), .first_ready(write_ready),
        .first_data({1'b1, write_slot, 32'd0, write_length}),
        .second_valid(read_valid), .second_ready(read_ready),
        .second_data({1'b0, read_slot, read_offset, read_length}),
        .out_valid(cmd_valid), .out_ready(cmd_ready), .out_data({cmd_write, cmd_slot, cmd_offset, cmd_length})
    );

    virtio_stream_mux #(.WIDTH(38)) gifts (
        .aclk(aclk), .reset(reset),
        .first_valid(received_valid), .first_ready(received_ready), .first_data({received_slot, received_written}),
        .second_valid(sent_valid), .second_ready(sent_ready), .second_data({sent_slot, 32'd0}),
        .out_valid(done_valid), .out_ready(done_ready), .out_data({done_slot, done_written})
    );

endmodule

`default_nettype wire
