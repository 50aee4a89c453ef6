// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_rng: the entropy device (virtio 1.2, 5.4) between a virtqueue engine and a source of random words.
//
// Each buffer is filled from its first writable byte on, up to MAX_BYTES; a buffer without a writable byte is used with
// length 0 (DEV-1, DEV-2). One buffer at a time: the source is what limits the rate. A word is used once and never kept
// over a reset.
//
// A buffer whose queue is stopped must not wait for the source. From `abandon` on, the buffer at hand, which nobody
// gets, is filled with zeros, and its length is 0.
//
//   In one cycle                                     who wins
//   device_reset and anything                        reset: the buffer and the words taken for it are forgotten
//   abandon and a word of the source                 abandon: the word is not taken
//   wrote_error and the end of the buffer            the error: the buffer is used with length 0
//
//   Timing: req -> cmd 1 cycle; a beat takes DATA_WIDTH / 32 words and one cycle more; wrote -> done 1 cycle.
//
//   DATA_WIDTH  bits of a beat, 64, 128 or 256
//   SLOT_WIDTH  bits of a slot number
//   MAX_BYTES   most that one buffer gets, 1 or more
`default_nettype none

module virtio_rng #(
    parameter        DATA_WIDTH = 64,
    parameter        SLOT_WIDTH = 4,
    parameter [31:0] MAX_BYTES  = 32'd65536
) (
    input  wire                    aclk,
    input  wire                    aresetn,
    input  wire                    device_reset,
    input  wire                    abandon,              // the queue is being stopped; 0 before its next buffer comes

    // Buffers from the engine.
    input  wire                    req_valid,
    output wire                    req_ready,
    input  wire [SLOT_WIDTH-1:0]   req_slot,
    input  wire [31:0]             req_writable,

    // Commands, data and results.
    output wire                    cmd_valid,
    input  wire                    cmd_ready,
    output wire                    cmd_write,
    output wire [SLOT_WIDTH-1:0]   cmd_slot,
    output wire [31:0]             cmd_offset,
    output wire [31:0]             cmd_length,
    output wire                    wr_valid,
    input  wire                    wr_ready,
    output wire [DATA_WIDTH-1:0]   wr_data,
    output reg  [DATA_WIDTH/8-1:0] wr_keep,
    output wire                    wr_last,
    input  wire                    wrote_valid,
    input  wire                    wrote_error,
    output wire                    done_valid,
    input  wire                    done_ready,
    output wire [SLOT_WIDTH-1:0]   done_slot,
    output reg  [31:0]             done_written,

    // The source: a word is taken at valid && ready.
    input  wire                    random_valid,
    output wire                    random_ready,
    input  wire [31:0]             random_data
);

    localparam BYTES = DATA_WIDTH / 8;
    localparam WORDS = DATA_WIDTH / 32;

    localparam [2:0] IDLE = 3'd0, COMMAND = 3'd1, FILL = 3'd2, WAIT = 3'd3, GIVE = 3'd4;

    reg [2:0]            state;
    reg [SLOT_WIDTH-1:0] slot;
    reg [31:0]           left;                           // bytes not yet streamed, those of the beat at hand among them
    reg [DATA_WIDTH-1:0] beat;
    reg [WORDS-1:0]      gathered;                       // bit w: word w of the beat is there; filled from 0 upwards
    reg                  full;                           // the beat is complete, or all that is left is in it
    reg                  given_up;                       // the buffer's queue was stopped

    wire reset = !aresetn || device_reset;
    wire word  = random_valid && random_ready;
    wire sent  = wr_valid && wr_ready;
    wire zeros = abandon || given_up;

    // Words that the beat needs: all, or those that hold the last `left` bytes.
    reg [WORDS-1:0] wanted;
    integer w;
    always @* begin
        for (w = 0; w < WORDS; w = w + 1)
            wanted[w] = left > (w[31:0] << 2);
    end

    integer b;
    always @* begin
        for (b = 0; b < BYTES; b = b + 1)
            wr_keep[b] = left > b[31:0];
    end

    wire [WORDS-1:0] gathered_next = {gathered[WORDS-2:0], 1'b1};

    assign req_ready    = (state == IDLE);
    assign cmd_valid    = (state == COMMAND);
    assign cmd_write    = 1'b1;
    assign cmd_slot     = slot;
    assign cmd_offset   = 32'd0;
    assign cmd_length   = left;
    assign random_ready = (state == FILL) && !full && !zeros;
    assign wr_valid     = (state == FILL) && (full || zeros);
    assign wr_data      = full ? beat : {DATA_WIDTH{1'b0}};
    assign wr_last      = (left <= BYTES);
    assign done_valid   = (state == GIVE);
    assign done_slot    = slot;

    always @(posedge aclk) begin
        if (reset) begin
            state <= IDLE;
        end else begin
            case (state)
                IDLE:
                    if (req_valid)
                        state <= (req_writable == 32'd0) ? GIVE : COMMAND;
                COMMAND:
                    if (cmd_ready)
                        state <= FILL;
                FILL:
                    if (sent && wr_last)
                        state <= WAIT;
                WAIT:
                    if (wrote_valid)
                        state <= GIVE;
                default:
                    if (done_ready)
                        state <= IDLE;
            endcase
        end
    end

    always @(posedge aclk) begin
        if (reset || (state == IDLE))
            given_up <= 1'b0;
        else if (abandon)
            given_up <= 1'b1;
    end

    always @(posedge aclk) begin
        if (state == IDLE) begin
            slot         <= req_slot;
            left         <= (req_writable > MAX_BYTES) ? MAX_BYTES : req_writable;
            done_written <= (req_writable > MAX_BYTES) ? MAX_BYTES : req_writable;
        end else begin
            if (sent)
                left <= left - BYTES;
            if ((wrote_valid && wrote_error) || (sent && !full))
                done_written <= 32'd0;
        end
    end

    always @(posedge aclk) begin
        if ((state == IDLE) || sent) begin
            gathered <= {WORDS{1'b0}};
            full     <= 1'b0;
        end else if (word) begin
            gathered <= gathered_next;
            full     <= ((wanted & ~gathered_next) == {WORDS{1'b0}});
        end
    end

    integer k;
    always @(posedge aclk) begin
        for (k = 0; k < WORDS; k = k + 1) begin
            if (word && !gathered[k])                    // later words overwrite what is above them
                beat[32*k +: 32] <= random_data;
        end
    end

endmodule

`default_nettype wire
