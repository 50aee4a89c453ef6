// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_console_receive: the input half of the console: bytes from outside into the driver's buffers.
//
// A buffer is asked for when there is a byte, and gets what has come until then: up to the store's size. Bytes wait in
// the store while there is no buffer, and input stops when the store is full; output does not care (DEV-22). Bytes in
// the store outlive a reset of the device, those on their way into a buffer do not.
//
//   In one cycle                                who wins
//   device_reset and anything                   device_reset; a byte offered from outside is taken all the same
//   wrote_error and the end of the buffer       the error: the buffer is used with length 0, its bytes are lost
//
//   Timing: byte -> ask 3 cycles; req -> cmd 1 cycle; a byte a cycle into beats; wrote -> done 1 cycle.
//
//   DATA_WIDTH  bits of a beat: 64, 128 or 256
`default_nettype none

module virtio_console_receive #(
    parameter DATA_WIDTH = 64
) (
    input  wire                    aclk,
    input  wire                    aresetn,
    input  wire                    device_reset,

    input  wire                    byte_valid,
    output wire                    byte_ready,
    input  wire [7:0]              byte_data,

    output wire                    ask_valid,
    input  wire                    ask_ready,
    input  wire                    req_valid,
    output wire                    req_ready,
    input  wire [5:0]              req_slot,
    input  wire [31:0]             req_writable,
    output wire                    write_valid,
    input  wire                    write_ready,
    output wire [5:0]              write_slot,
    output wire [31:0]             write_length,
    output wire                    wr_valid,
    input  wire                    wr_ready,
    output wire [DATA_WIDTH-1:0]   wr_data,
    output wire [DATA_WIDTH/8-1:0] wr_keep,
    output wire                    wr_last,
    input  wire                    wrote_valid,
    input  wire                    wrote_error,
    output wire                    give_valid,
    input  wire                    give_ready,
    output wire [5:0]              give_slot,
    output wire [31:0]             give_written
);

    localparam BYTES = DATA_WIDTH / 8;
    localparam LOG2_STORE = 6;

    localparam [2:0] IDLE = 3'd0, ASK = 3'd1, COMMAND = 3'd2, FILL = 3'd3, WAIT = 3'd4, GIVE = 3'd5;

    wire reset = !aresetn || device_reset;

    // ------------------------------------------------------------------ bytes wait
    wire       have;
    wire       take;
    wire [7:0] value;
    reg  [6:0] level;

    virtio_sync_fifo #(.WIDTH(8), .LOG2_DEPTH(LOG2_STORE)) waiting_bytes (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(byte_valid), .in_ready(byte_ready), .in_data(byte_data),
        .out_valid(have), .out_ready(take), .out_data(value)
    );

    wire come = byte_valid && byte_ready;

    always @(posedge aclk) begin
        if (!aresetn)
            level <= 7'd0;
        else
            level <= level + {6'd0, come} - {6'd0, take && have};
    end

    // ------------------------------------------------------------------ one buffer at a time
    reg [2:0]            state;
    reg                  asked;                          // and not answered
    reg [5:0]            slot;
    reg [6:0]            left;                           // bytes still to be put into beats
    reg [31:0]           written;
    reg [DATA_WIDTH-1:0] beat;
    reg [BYTES-1:0]      keep;
    reg                  full;
    reg                  last;

    wire gather = (state == FILL) && !full && have;
    wire sent   = wr_valid && wr_ready;

    assign take         = (state == FILL) && !full;
    assign ask_valid    = (state == ASK) && !asked;
    assign req_ready    = (state == ASK) && asked;
    assign write_valid  = (state == COMMAND);
    assign write_slot   = slot;
    assign write_length = {25'd0, left};
    assign wr_valid     = (state == FILL) && full;
    assign wr_data      = beat;
    assign wr_keep      = keep;
    assign wr_last      = last;
    assign give_valid   = (state == GIVE);
    assign give_slot    = slot;
    assign give_written = written;

    wire [31:0] waiting = {25'd0, level};
    wire [31:0] amount  = (req_writable < waiting) ? req_writable : waiting;

    always @(posedge aclk) begin
        if (reset) begin
            state <= IDLE;
            asked <= 1'b0;
        end else begin
            case (state)
                IDLE:
                    if (have)
                        state <= ASK;
                ASK: begin
                    if (ask_valid && ask_ready)
                        asked <= 1'b1;
                    if (req_valid && req_ready) begin
                        asked <= 1'b0;
                        state <= (req_writable == 32'd0) ? GIVE : COMMAND;
                    end
                end
                COMMAND:
                    if (write_ready)
                        state <= FILL;
                FILL:
                    if (sent && last)
                        state <= WAIT;
                WAIT:
                    if (wrote_valid)
                        state <= GIVE;
                default:
                    if (give_ready)
                        state <= IDLE;
            endcase
        end
    end

    always @(posedge aclk) begin
        if (state == ASK) begin
            slot    <= req_slot;
            left    <= amount[6:0];
            written <= amount;
        end else begin
            if (gather)
                left <= left - 7'd1;
            if (wrote_valid && wrote_error)
                written <= 32'd0;
        end
    end

    wire [BYTES-1:0] keep_next = {keep[BYTES-2:0], 1'b1};

    always @(posedge aclk) begin
        if ((state == COMMAND) || sent) begin
            keep <= {BYTES{1'b0}};
            full <= 1'b0;
        end else if (gather) begin
            keep <= keep_next;
            full <= keep_next[BYTES-1] || (left == 7'd1);
            last <= (left == 7'd1);
        end
    end

    integer b;
    always @(posedge aclk) begin
        for (b = 0; b < BYTES; b = b + 1) begin
            if (gather && !keep[b])                      // later bytes overwrite what is above them
                beat[8*b +: 8] <= value;
        end
    end

    wire unused = &{1'b0, amount[31:7]};

endmodule

`default_nettype wire
