// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_console_transmit: the output half of the console: bytes of the driver's buffers to the outside.
//
// Buffers are read in pieces, and a piece only when the store has room for it: a terminal that takes nothing holds up
// its own buffers, never the engine's read channel. A buffer is used, with length 0 (DEV-21), when its last byte is in
// the store. Bytes in the store outlive a reset of the device: they were sent.
//
//   In one cycle                            who wins
//   device_reset and a beat                 device_reset: the beat is not there any more
//   an emergency byte and a byte            the emergency byte
//   an emergency byte and a full store of them   the byte is lost
//
//   Timing: req -> cmd 2 cycles; beat -> first byte at the output 4 cycles; a byte a cycle.
//
//   DATA_WIDTH  bits of a beat: 64, 128 or 256
//   SLOTS       slots of the engine, 1..64
`default_nettype none

module virtio_console_transmit #(
    parameter DATA_WIDTH = 64,
    parameter SLOTS      = 16
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
    input  wire                    rd_error,             // such a beat has no bytes
    output wire                    give_valid,
    input  wire                    give_ready,
    output wire [5:0]              give_slot,

    input  wire                    emergency_valid,      // a byte from the emergency register, at any time (DEV-23)
    input  wire [7:0]              emergency_data,

    output wire                    byte_valid,
    input  wire                    byte_ready,
    output wire [7:0]              byte_data
);

    localparam        BYTES      = DATA_WIDTH / 8;
    localparam        LOG2_BYTES = $clog2(BYTES);
    localparam [31:0] PIECE      = 32'd64;               // bytes, at most
    localparam        LOG2_STORE = 8 - LOG2_BYTES;       // 256 bytes
    localparam        LOG2_SLOTS = (SLOTS > 2) ? $clog2(SLOTS) : 1;
    localparam [8:0]  STORE      = 9'd1 << LOG2_STORE;   // beats
    localparam [8:0]  NEEDED     = 9'd64 >> LOG2_BYTES;  // beats of a piece

    localparam [1:0] IDLE = 2'd0, COMMAND = 2'd1, DATA = 2'd2, GIVE = 2'd3;

    wire reset = !aresetn || device_reset;

    // ------------------------------------------------------------------ buffers wait
    wire        next_valid;
    wire        next_take;
    wire [5:0]  next_slot;
    wire [31:0] next_readable;

    virtio_sync_fifo #(.WIDTH(38), .LOG2_DEPTH(LOG2_SLOTS)) buffers (
        .aclk(aclk), .aresetn(!reset),
        .in_valid(req_valid), .in_ready(req_ready), .in_data({req_slot, req_readable}),
        .out_valid(next_valid), .out_ready(next_take), .out_data({next_slot, next_readable})
    );

    // ------------------------------------------------------------------ piece by piece
    reg  [1:0]  state;
    reg  [5:0]  slot;
    reg  [31:0] offset;
    reg  [31:0] left;                                    // bytes not asked for
    reg  [8:0]  level;                                   // beats in the store

    wire        room   = (level + NEEDED <= STORE);
    wire        whole  = (left <= PIECE);
    wire [31:0] amount = whole ? left : PIECE;
    wire        beat   = rd_valid && rd_ready;

    assign next_take   = (state == IDLE);
    assign read_valid  = (state == COMMAND) && room;
    assign read_slot   = slot;
    assign read_offset = offset;
    assign read_length = amount;
    assign give_valid  = (state == GIVE);
    assign give_slot   = slot;

    always @(posedge aclk) begin
        if (reset) begin
            state <= IDLE;
        end else begin
            case (state)
                IDLE:
                    if (next_valid)
                        state <= (next_readable == 32'd0) ? GIVE : COMMAND;
                COMMAND:
                    if (read_valid && read_ready)
                        state <= DATA;
                DATA:
                    if (beat && rd_last)
                        state <= (left == 32'd0) ? GIVE : COMMAND;
                default:
                    if (give_ready)
                        state <= IDLE;
            endcase
        end
    end

    always @(posedge aclk) begin
        if (state == IDLE) begin
            slot   <= next_slot;
            offset <= 32'd0;
            left   <= next_readable;
        end else if (read_valid && read_ready) begin
            offset <= offset + amount;
            left   <= left - amount;
        end
    end

    // ------------------------------------------------------------------ beats to bytes
    wire                  stored_valid;
    wire                  stored_take;
    wire [DATA_WIDTH-1:0] stored_data;
    wire [BYTES-1:0]      stored_keep;
    wire                  text_valid;
    wire                  text_ready;
    wire [7:0]            text;

    virtio_sync_fifo #(.WIDTH(DATA_WIDTH + BYTES), .LOG2_DEPTH(LOG2_STORE)) waiting_beats (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(rd_valid && !device_reset), .in_ready(rd_ready),
        .in_data({rd_error ? {BYTES{1'b0}} : rd_keep, rd_data}),
        .out_valid(stored_valid), .out_ready(stored_take), .out_data({stored_keep, stored_data})
    );

    always @(posedge aclk) begin
        if (!aresetn)
            level <= 9'd0;
        else
            level <= level + {8'd0, beat && !device_reset} - {8'd0, stored_valid && stored_take};
    end

    virtio_byte_unpack #(.DATA_WIDTH(DATA_WIDTH)) unpack (
        .aclk(aclk), .reset(!aresetn),
        .in_valid(stored_valid), .in_ready(stored_take), .in_data(stored_data), .in_keep(stored_keep),
        .out_valid(text_valid), .out_ready(text_ready), .out_data(text)
    );

    // ------------------------------------------------------------------ emergency bytes first
    wire       urgent_valid;
    wire       urgent_take;
    wire [7:0] urgent;
    wire       urgent_room;                              // a byte without room is lost: the register cannot wait
    wire       out_free;
    reg        out_valid;
    reg  [7:0] out_data;

    wire unused = &{1'b0, urgent_room};

    virtio_sync_fifo #(.WIDTH(8), .LOG2_DEPTH(4)) emergency (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(emergency_valid), .in_ready(urgent_room), .in_data(emergency_data),
        .out_valid(urgent_valid), .out_ready(urgent_take), .out_data(urgent)
    );

    assign out_free    = !out_valid || byte_ready;
    assign urgent_take = out_free;
    assign text_ready  = out_free && !urgent_valid;
    assign byte_valid  = out_valid;
    assign byte_data   = out_data;

    always @(posedge aclk) begin
        if (!aresetn)
            out_valid <= 1'b0;
        else if (out_free)
            out_valid <= urgent_valid || text_valid;
    end

    always @(posedge aclk) begin
        if (out_free)
            out_data <= urgent_valid ? urgent : text;
    end

endmodule

`default_nettype wire
