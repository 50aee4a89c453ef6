// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_net: the network device (virtio 1.2, 5.1) between a virtqueue engine and two streams of frames. Wiring only.
//
// Queue 0 receives and is a pull queue, queue 1 transmits. Frames have neither preamble nor checksum.
//
//   In one cycle                       who wins
//   device_reset and anything          device_reset; see the halves for frames on their way
//   both halves command or give back   in turns
//   a retry and a received frame       the retry
//
//   Timing: see virtio_net_receive and virtio_net_transmit; commands leave one cycle after they were made.
//
//   DATA_WIDTH   bits of a beat: 64, 128 or 256
//   SLOTS        slots of the engine, 1..64
//   FRAME_BYTES  size of the store of each direction and longest frame: a power of two, at least 2 DATA_WIDTH / 8
`default_nettype none

module virtio_net #(
    parameter DATA_WIDTH  = 64,
    parameter SLOTS       = 16,
    parameter FRAME_BYTES = 16384
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
    input  wire [5:0]              wrote_slot,
    input  wire                    wrote_error,
    output wire                    done_valid,
    input  wire                    done_ready,
    output wire [5:0]              done_slot,
    output wire [31:0]             done_written,

    // The network.
    output wire                    tx_valid,
    input  wire                    tx_ready,
    output wire [DATA_WIDTH-1:0]   tx_data,
    output wire [DATA_WIDTH/8-1:0] tx_keep,
    output wire                    tx_last,
    input  wire                    rx_valid,
    output wire                    rx_ready,
    input  wire [DATA_WIDTH-1:0]   rx_data,
    input  wire [DATA_WIDTH/8-1:0] rx_keep,
    input  wire                    rx_last
);

    localparam LOG2_STORE = $clog2(FRAME_BYTES / (DATA_WIDTH / 8));

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
    wire        begin_valid;
    wire        begin_ready;
    wire        received_valid;
    wire        received_ready;
    wire [5:0]  received_slot;
    wire [31:0] received_written;
    wire        sent_valid;
    wire        sent_ready;
    wire [5:0]  sent_slot;

    assign req_ready = transmit ? transmit_room : receive_room;

    virtio_net_receive #(.DATA_WIDTH(DATA_WIDTH), .SLOTS(SLOTS), .LOG2_STORE(LOG2_STORE)) receive_half (
        .aclk(aclk), .aresetn(aresetn), .device_reset(device_reset),
        .frame_valid(rx_valid), .frame_ready(rx_ready), .frame_data(rx_data), .frame_keep(rx_keep),
        .frame_last(rx_last),
        .ask_valid(ask_valid), .ask_ready(ask_ready),
        .req_valid(req_valid && !transmit), .req_ready(receive_room), .req_slot(req_slot), .req_writable(req_writable),
        .write_valid(write_valid), .write_ready(write_ready), .write_slot(write_slot), .write_length(write_length),
        .wr_valid(wr_valid), .wr_ready(wr_ready), .wr_data(wr_data), .wr_keep(wr_keep), .wr_last(wr_last),
        .begin_valid(begin_valid), .begin_ready(begin_ready),
        .give_valid(received_valid), .give_ready(received_ready), .give_slot(received_slot),
        .give_written(received_written)
    );

    virtio_net_transmit #(.DATA_WIDTH(DATA_WIDTH), .SLOTS(SLOTS), .LOG2_STORE(LOG2_STORE)) transmit_half (
        .aclk(aclk), .aresetn(aresetn), .device_reset(device_reset),
        .req_valid(req_valid && transmit), .req_ready(transmit_room), .req_slot(req_slot), .req_readable(req_readable),
        .read_valid(read_valid), .read_ready(read_ready), .read_slot(read_slot),
        .read_offset(read_offset), .read_length(read_length),
        .rd_valid(rd_valid), .rd_ready(rd_ready), .rd_data(rd_data), .rd_keep(rd_keep), .rd_last(rd_last),
        .rd_error(rd_error),
        .give_valid(sent_valid), .give_ready(sent_ready), .give_slot(sent_slot),
        .frame_valid(tx_valid), .frame_ready(tx_ready), .frame_data(tx_data), .frame_keep(tx_keep), .frame_last(tx_last)
    );

    virtio_stream_mux #(.WIDTH(71)) commands (
        .aclk(aclk), .reset(reset),
        .first_valid(write_valid), .first_ready(write_ready),
        .first_data({1'b1, write_slot, 32'd0, write_length}),
        .second_valid(read_valid), .second_ready(read_ready),
        .second_data({1'b0, read_slot, read_offset, read_length}),
        .out_valid(cmd_valid), .out_ready(cmd_ready), .out_data({cmd_write, cmd_slot, cmd_offset, cmd_length})
    );

    // A buffer that could not be written is given back once more, with length 0: its frame is lost.
    wire        retry_valid;
    wire        retry_ready;
    wire [5:0]  retry_slot;
    wire        received_free;
    wire        given_valid;
    wire        given_ready;
    wire [5:0]  given_slot;
    wire [31:0] given_written;
    wire        never_fault;
    wire        unused = &{1'b0, never_fault};

    assign retry_ready    = received_free;
    assign received_ready = received_free && !retry_valid;

    virtio_give_back #(.SLOTS(SLOTS)) give_back (
        .aclk(aclk), .reset(reset),
        .begin_valid(begin_valid), .begin_ready(begin_ready), .begin_slot(write_slot),
        .give_valid(retry_valid || received_valid), .give_ready(received_free),
        .give_slot(retry_valid ? retry_slot : received_slot), .give_written(retry_valid ? 32'd0 : received_written),
        .give_fault(1'b0),
        .wrote_valid(wrote_valid), .wrote_slot(wrote_slot), .wrote_error(wrote_error),
        .retry_valid(retry_valid), .retry_ready(retry_ready), .retry_slot(retry_slot),
        .done_valid(given_valid), .done_ready(given_ready), .done_slot(given_slot), .done_written(given_written),
        .done_fault(never_fault)
    );

    assign given_ready  = done_ready;
    assign sent_ready   = done_ready && !given_valid;
    assign done_valid   = given_valid || sent_valid;
    assign done_slot    = given_valid ? given_slot : sent_slot;
    assign done_written = given_valid ? given_written : 32'd0;

endmodule

`default_nettype wire
