// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_net_transmit: the sending half of the network device: frames of the driver's buffers to the outside.
//
// The 12 bytes in front of a frame are not read: no offload is offered, so nothing in them concerns the device
// (DEV-33). A frame is read only when the store has room for all of it, so a slow network never holds the engine's read
// channel. A frame leaves only when all of it was read: one with a read error, without bytes or longer than the store
// is dropped. In each case the buffer is used with length 0. Frames in the store outlive a reset of the device: they
// were sent.
//
//   In one cycle                             who wins
//   device_reset and a beat                  device_reset: the frame under way is dropped
//   room given back by sending and taken     both are counted
//
//   Timing: req -> cmd 2 cycles; last beat of a frame -> done 1 cycle, -> first beat outside 3 cycles; a beat a cycle.
//
//   DATA_WIDTH  bits of a beat: 64, 128 or 256
//   SLOTS       slots of the engine, 1..64
//   LOG2_STORE  log2 of the store's beats
`default_nettype none

module virtio_net_transmit #(
    parameter DATA_WIDTH = 64,
    parameter SLOTS      = 16,
    parameter LOG2_STORE = 11
) (
    input  wire                    aclk,
    input  wire                    aresetn,
    input  wire                    device_reset,

    input  wire                    req_valid,
    output wire                    req_ready,
    input  wire [5:0]              req_slot,
    input  wire [31:0]             req_readable,
    output wire                    read_valid,
    input  wire                    read_ready,
    output wire [5:0]              read_slot,
    output wire [31:0]             read_offset,
    output wire [31:0]             read_length,
    input  wire                    rd_valid,
    output wire                    rd_ready,
    input  wire [DATA_WIDTH-1:0]   rd_data,
    input  wire [DATA_WIDTH/8-1:0] rd_keep,
    input  wire                    rd_last,
    input  wire                    rd_error,
    output wire                    give_valid,
    input  wire                    give_ready,
    output wire [5:0]              give_slot,

    output wire                    frame_valid,
    input  wire                    frame_ready,
    output wire [DATA_WIDTH-1:0]   frame_data,
    output wire [DATA_WIDTH/8-1:0] frame_keep,
    output wire                    frame_last
);

    localparam        BYTES      = DATA_WIDTH / 8;
    localparam        LOG2_BYTES = $clog2(BYTES);
    localparam        LOG2_SLOTS = (SLOTS > 2) ? $clog2(SLOTS) : 1;
    localparam [31:0] HEADER     = 32'd12;               // bytes
    localparam [31:0] BEATS      = 32'd1 << LOG2_STORE;

    wire reset = !aresetn || device_reset;

    // ------------------------------------------------------------------ buffers to read commands
    wire        next_valid;
    wire        next_take;
    wire [5:0]  next_slot;
    wire [31:0] next_readable;

    virtio_sync_fifo #(.WIDTH(38), .LOG2_DEPTH(LOG2_SLOTS)) buffers (
        .aclk(aclk), .aresetn(!reset),
        .in_valid(req_valid), .in_ready(req_ready), .in_data({req_slot, req_readable}),
        .out_valid(next_valid), .out_ready(next_take), .out_data({next_slot, next_readable})
    );

    // Room in beats that nobody was promised. A frame's beats: its bytes, rounded up.
    reg  [31:0] room;
    wire [31:0] bytes   = next_readable - HEADER;
    wire [31:0] beats   = (bytes >> LOG2_BYTES) + {31'd0, bytes[LOG2_BYTES-1:0] != {LOG2_BYTES{1'b0}}};
    wire        no_good = (next_readable <= HEADER) || (beats > BEATS);
    wire        fits    = (beats <= room);
    wire        order_room;
    wire        command = read_valid && read_ready;

    assign read_valid  = next_valid && !no_good && fits && order_room;
    assign read_slot   = next_slot;
    assign read_offset = HEADER;
    assign read_length = bytes;
    assign next_take   = no_good ? order_room : command;

    // ------------------------------------------------------------------ frames under way, in order
    wire        front_valid;
    wire        front_silent;
    wire        front_take;
    wire [5:0]  front_slot;

    virtio_sync_fifo #(.WIDTH(7), .LOG2_DEPTH(LOG2_SLOTS)) order (
        .aclk(aclk), .aresetn(!reset),
        .in_valid(next_valid && next_take), .in_ready(order_room), .in_data({no_good, next_slot}),
        .out_valid(front_valid), .out_ready(front_take), .out_data({front_silent, front_slot})
    );

    // The store has room for every beat that was asked for, the list below for every slot.
    reg         bad;                                     // an earlier beat of this frame had an error
    wire        drop = (bad || rd_error || device_reset);
    wire        store_room;
    wire        beat = rd_valid && rd_ready;

    wire        list_room;

    assign rd_ready   = 1'b1;
    assign front_take = front_valid && (front_silent || (beat && rd_last));

    virtio_sync_fifo #(.WIDTH(6), .LOG2_DEPTH(LOG2_SLOTS)) finished (
        .aclk(aclk), .aresetn(!reset),
        .in_valid(front_take), .in_ready(list_room), .in_data(front_slot),
        .out_valid(give_valid), .out_ready(give_ready), .out_data(give_slot)
    );

    always @(posedge aclk) begin
        if (reset || (beat && rd_last))
            bad <= 1'b0;
        else if (beat)
            bad <= bad || rd_error;
    end

    reg [31:0] under_way;                                // beats of this frame in the store

    always @(posedge aclk) begin
        if (reset || (beat && rd_last))
            under_way <= 32'd0;
        else if (beat)
            under_way <= under_way + 32'd1;
    end

    // ------------------------------------------------------------------ the store
    reg  [LOG2_STORE+2:0] in_store;                      // beats of complete frames, not yet sent
    wire                  leave = frame_valid && frame_ready;
    wire [31:0]           frame_beats = under_way + 32'd1;
    wire                  never_blocked;
    wire                  unused = &{1'b0, store_room, list_room, never_blocked, frame_beats[31:LOG2_STORE+3]};

    virtio_ram_fifo #(.WIDTH(DATA_WIDTH + BYTES + 1), .LOG2_DEPTH(LOG2_STORE)) store (
        .aclk(aclk), .reset(!aresetn),
        .in_valid(beat), .in_ready(store_room), .in_data({rd_last, rd_keep, rd_data}),
        .in_commit(rd_last), .in_drop(device_reset || (beat && rd_last && drop)), .blocked(never_blocked),
        .out_valid(frame_valid), .out_ready(frame_ready), .out_data({frame_last, frame_keep, frame_data})
    );

    always @(posedge aclk) begin
        if (!aresetn)
            in_store <= {(LOG2_STORE+3){1'b0}};
        else
            in_store <= in_store - {{(LOG2_STORE+2){1'b0}}, leave} +
                        ((beat && rd_last && !drop) ? frame_beats[LOG2_STORE+2:0] : {(LOG2_STORE+3){1'b0}});
    end

    // A reset forgets what was promised; what is complete keeps its room.
    wire [31:0] kept = {{(29-LOG2_STORE){1'b0}}, in_store};

    always @(posedge aclk) begin
        if (!aresetn)
            room <= BEATS;
        else if (device_reset)
            room <= BEATS - kept + {31'd0, leave};
        else
            room <= room - (command ? beats : 32'd0) + {31'd0, leave} +
                    ((beat && rd_last && drop) ? frame_beats : 32'd0);
    end

endmodule

`default_nettype wire
