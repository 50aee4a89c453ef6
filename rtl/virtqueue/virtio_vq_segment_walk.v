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
    reg  [31:0]           unskipped;                  // bytes to pass over in the parts to come, complemented
    reg  [31:0]           remaining;                  // of the command
    reg  [31:0]           more;                       // in SKIP: bytes of the part; in MOVE: those behind its next byte
    reg  [PART_WIDTH-1:0] index;
    reg  [PART_WIDTH-1:0] stop;
    reg  [ADDR_WIDTH-1:0] address;

    wire                  none        = (index == stop);
    wire                  skipping    = (state == SKIP);
    wire                  filling     = (state == FILL);

    // A chunk ends with the part, the command or the WINDOW, whichever comes first. What is longer than a WINDOW needs no
    // exact comparison.
    wire [WINDOW_BITS:0]  in_window   = filling ? {(WINDOW_BITS + 1){1'b0}} : {1'b0, address[WINDOW_BITS-1:0]};
    wire [WINDOW_BITS:0]  window_left = WINDOW[WINDOW_BITS:0] - in_window;
    wire [WINDOW_BITS:0]  few         = remaining[WINDOW_BITS:0];
    wire                  few_left    = ((remaining >> (WINDOW_BITS + 1)) == 32'd0);
    wire [WINDOW_BITS:0]  in_part     = {1'b0, more[WINDOW_BITS-1:0]} + {{WINDOW_BITS{1'b0}}, 1'b1};
    wire                  short_part  = ((more >> WINDOW_BITS) == 32'd0) && !filling;
    wire                  part_fits   = short_part && (in_part <= window_left);
    wire                  command_fits = few_left && (few <= window_left) && (!short_part || (few <= in_part));
    wire [WINDOW_BITS:0]  chunk       = command_fits ? few : part_fits ? in_part : window_left;

    // length - offset - 1 in SKIP: the carry says that the offset is in the part. In MOVE, what the chunk leaves.
    wire [31:0]           less        = skipping ? unskipped : ~{{(31 - WINDOW_BITS){1'b0}}, chunk};
    wire [33:0]           rest_wide   = {1'b0, more, 1'b1} + {1'b0, less, !skipping};
    wire [31:0]           rest        = rest_wide[32:1];
    wire                  in_it       = rest_wide[33];

    // To the offset in SKIP. In MOVE to the next WINDOW: if the part or the command ends before, nobody looks at it.
    wire [31:0]           step        = skipping ? ~unskipped : {{(31 - WINDOW_BITS){1'b0}}, window_left};
    wire [ADDR_WIDTH+31:0] step_wide  = {{ADDR_WIDTH{1'b0}}, step};
    wire [ADDR_WIDTH-1:0] ahead       = address + step_wide[ADDR_WIDTH-1:0];

    assign slot          = (state == IDLE) ? cmd_slot : current;
    assign cmd_ready     = (state == IDLE);
    assign part_request  = (state == ASK) && !none && !dead;
    assign part_index    = index;
    assign chunk_valid   = ((state == MOVE) && !dead) || filling;
    assign chunk_address = address;
    assign chunk_last    = command_fits;
    assign chunk_fill    = filling;

    generate
        if (WINDOW_BITS < 12) begin : narrow_chunk
            assign chunk_bytes = {{(12 - WINDOW_BITS){1'b0}}, chunk};
        end else begin : wide_chunk
            assign chunk_bytes = chunk;
        end
    endgenerate

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
                state <= in_it ? MOVE : ASK;
            MOVE: if (dead)
                state <= FILL;
            else if (chunk_ready && (command_fits || part_fits))
                state <= command_fits ? IDLE : ASK;
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
                unskipped <= ~cmd_offset;
                index     <= part_begin;
                stop      <= part_end;
            end
            TAKE: begin
                address   <= part_address;
                more      <= part_length;
                index     <= index + {{(PART_WIDTH - 1){1'b0}}, 1'b1};
            end
            SKIP: begin
                unskipped <= in_it ? 32'hFFFF_FFFF : rest;
                more      <= rest;
                address   <= ahead;
            end
            MOVE: if (chunk_ready) begin
                more      <= rest;
                address   <= ahead;
            end
            default:
                current   <= current;
        endcase
    end

    always @(posedge aclk) begin
        if (state == IDLE)
            remaining <= cmd_length;
        else if (chunk_valid && chunk_ready)
            remaining <= remaining - {{(31 - WINDOW_BITS){1'b0}}, chunk};
    end

    wire unused = &{1'b0, step_wide, rest_wide[0]};

endmodule

`default_nettype wire
