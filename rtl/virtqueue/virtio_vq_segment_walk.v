// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_segment_walk: turns a command (bytes [offset, offset + length) of a slot's readable or writable parts) into
// chunks that lie in one part and in one WINDOW of memory each.
//
// What lies beyond the end of the parts, or is left when the slot's queue is stopped, becomes chunks with fill, which
// must not touch memory. The bytes of the chunks of a command are always `length` together.
//
// In one cycle:
//   dead and a chunk on offer -> dead: the chunk is withdrawn, and what is left of the command becomes fill
//   dead and the next part is due -> dead: it is not asked for
//
//   WINDOW      bytes, a power of two; no chunk reaches over a multiple of it
//   SLOT_WIDTH  bits of a slot number
//   PART_WIDTH  bits of the number of a part, wide enough for MAX_CHAIN
`default_nettype none

module virtio_vq_segment_walk #(
    parameter ADDR_WIDTH = 64,
    parameter WINDOW     = 128,
    parameter SLOT_WIDTH = 4,
    parameter PART_WIDTH = 7
) (
    input  wire                  aclk,
    input  wire                  aresetn,

    input  wire                  cmd_valid,
    output wire                  cmd_ready,
    input  wire [SLOT_WIDTH-1:0] cmd_slot,
    input  wire [31:0]           cmd_offset,
    input  wire [31:0]           cmd_length,

    output wire [SLOT_WIDTH-1:0] slot,                // of the command at work
    input  wire [PART_WIDTH-1:0] part_begin,          // of `slot`, in the same cycle
    input  wire [PART_WIDTH-1:0] part_end,
    input  wire                  dead,                // the queue of `slot` was stopped

    output wire                  part_request,
    input  wire                  part_grant,          // part_address and part_length are there in the next cycle
    output wire [PART_WIDTH-1:0] part_index,
    input  wire [ADDR_WIDTH-1:0] part_address,
    input  wire [31:0]           part_length,

    output wire                  chunk_valid,
    input  wire                  chunk_ready,
    output wire [ADDR_WIDTH-1:0] chunk_address,
    output wire [12:0]           chunk_bytes,
    output wire                  chunk_last,          // of the command
    output wire                  chunk_fill
);

    localparam WINDOW_BITS = $clog2(WINDOW);

    localparam [2:0] IDLE  = 3'd0;
    localparam [2:0] ASK   = 3'd2;                    // the next part is asked for
    localparam [2:0] TAKE  = 3'd3;                    // it is there
    localparam [2:0] SKIP  = 3'd4;                    // is the offset in it?
    localparam [2:0] MOVE  = 3'd5;                    // chunks of it
    localparam [2:0] FILL  = 3'd6;                    // chunks of nothing

    reg  [2:0]            state;
    reg  [SLOT_WIDTH-1:0] current;
    reg  [31:0]           offset;
    reg  [31:0]           remaining;                  // of the command, without what `left` counts
    reg  [31:0]           left;                       // of the part
    reg  [PART_WIDTH-1:0] index;
    reg  [PART_WIDTH-1:0] stop;
    reg  [ADDR_WIDTH-1:0] address;
    reg  [31:0]           length;

    wire                  none        = (index == stop);
    wire [ADDR_WIDTH+31:0] offset_wide = {{ADDR_WIDTH{1'b0}}, offset};
    wire [31:0]           beyond      = length - offset;
    wire                  in_part     = (offset < length);
    wire                  enough      = (beyond >= remaining);

    wire [12:0]           from_window = {{(13 - WINDOW_BITS){1'b0}}, address[WINDOW_BITS-1:0]};
    wire [12:0]           in_window   = (state == FILL) ? 13'd0 : from_window;
    wire [12:0]           window_left = WINDOW[12:0] - in_window;
    wire                  fits        = (left <= {19'd0, window_left});

    assign slot          = (state == IDLE) ? cmd_slot : current;
    assign cmd_ready     = (state == IDLE);
    assign part_request  = (state == ASK) && !none && !dead;
    assign part_index    = index;
    assign chunk_valid   = ((state == MOVE) && !dead) || (state == FILL);
    assign chunk_address = address;
    assign chunk_bytes   = fits ? left[12:0] : window_left;
    assign chunk_last    = fits && (remaining == 32'd0);
    assign chunk_fill    = (state == FILL);

    always @(posedge aclk) begin
        if (!aresetn)
            state <= IDLE;
        else case (state)
            IDLE: if (cmd_valid)
                state <= ASK;
            ASK: if (none || dead)
                state <= FILL;
            else if (part_grant)
                state <= TAKE;
            TAKE:
                state <= SKIP;
            SKIP:
                state <= in_part ? MOVE : ASK;
            MOVE: if (dead)
                state <= FILL;
            else if (chunk_ready && fits)
                state <= (remaining == 32'd0) ? IDLE : ASK;
            FILL: if (chunk_ready && chunk_last)
                state <= IDLE;
            default:
                state <= IDLE;
        endcase
    end

    always @(posedge aclk) begin
        case (state)
            IDLE: begin
                current   <= cmd_slot;
                offset    <= cmd_offset;
                remaining <= cmd_length;
                index     <= part_begin;
                stop      <= part_end;
            end
            ASK: if (none || dead) begin
                left      <= remaining;
                remaining <= 32'd0;
            end
            TAKE: begin
                address   <= part_address;
                length    <= part_length;
                index     <= index + {{(PART_WIDTH - 1){1'b0}}, 1'b1};
            end
            SKIP: if (in_part) begin
                address   <= address + offset_wide[ADDR_WIDTH-1:0];
                left      <= enough ? remaining : beyond;
                remaining <= enough ? 32'd0 : remaining - beyond;
                offset    <= 32'd0;
            end else begin
                offset    <= offset - length;
            end
            MOVE: if (dead) begin
                left      <= left + remaining;
                remaining <= 32'd0;
            end else if (chunk_ready) begin
                address   <= address + {{(ADDR_WIDTH - 13){1'b0}}, chunk_bytes};
                left      <= left - {19'd0, chunk_bytes};
            end
            FILL: if (chunk_ready)
                left      <= left - {19'd0, chunk_bytes};
            default:
                length    <= length;
        endcase
    end

    wire unused = &{1'b0, offset_wide};

endmodule

`default_nettype wire
