// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_segment_walk: turns commands (bytes [offset, offset + length) of a slot's readable or writable parts) into
// chunks that lie in one part and in one WINDOW of memory each.
//
// Way 0 walks the commands that read, way 1 those that write. Both share all sums: in each cycle one way is at work,
// and what is kept of the two is in RAMs of two words. A way that has no command or no room for a chunk lets the other
// one work. A chunk takes two cycles: its length is found, then it is handed on.
//
// What lies beyond the end of the parts, or is left when the slot's queue is stopped, becomes chunks with fill, which
// must not touch memory. The bytes of the chunks of a command are always `length` together.
//
// For a command of a slot without parts a part is asked for that there is not; nobody looks at what comes.
//
// In one cycle:
//   dead and a chunk or the next part is due -> the chunk, the part; from the next cycle of the way on no part is asked
//   for, and what is left of the command becomes fill
//   both ways could work -> the one that did not work last
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
    input  wire                    aclk,
    input  wire                    aresetn,

    output reg                     way,                 // at work
    input  wire [1:0]              cmd_coming,          // of each way: there may be a command in the next cycle
    input  wire [1:0]              cmd_valid,           // of each way
    output wire                    cmd_take,            // the command of `way` is taken
    input  wire [SLOT_WIDTH-1:0]   cmd_slot,            // these three: the command of `way`, in the same cycle
    input  wire [31:0]             cmd_offset,
    input  wire [31:0]             cmd_length,

    output wire [SLOT_WIDTH-1:0]   slot,                // of the command at work; means nothing while there is none
    input  wire [PART_WIDTH-1:0]   part_begin,          // of `cmd_slot` and `way`, in the same cycle
    input  wire [PART_WIDTH-1:0]   part_end,
    input  wire                    dead,                // the queue of `slot` was stopped

    output wire                    part_request,        // part_address and part_length are there in the next cycle
    output wire [SLOT_WIDTH-1:0]   part_slot,
    output wire [PART_WIDTH-1:0]   part_index,
    input  wire [ADDR_WIDTH-1:0]   part_address,
    input  wire [31:0]             part_length,

    input  wire [1:0]              chunk_room,          // of each way: one more chunk is taken
    output wire                    chunk_valid,         // of `way` and `slot`
    output wire [ADDR_WIDTH-1:0]   chunk_address,
    output wire [$clog2(WINDOW):0] chunk_bytes,
    output wire                    chunk_last,          // of the command
    output wire                    chunk_fill
);

    localparam WINDOW_BITS = $clog2(WINDOW);

    localparam [2:0] IDLE  = 3'd0;
    localparam [2:0] ASK   = 3'd2;                      // the next part is asked for
    localparam [2:0] TAKE  = 3'd3;                      // it is there
    localparam [2:0] SKIP  = 3'd4;                      // is the offset in it?
    localparam [2:0] MOVE  = 3'd5;                      // chunks of it
    localparam [2:0] FILL  = 3'd6;                      // chunks of nothing

    // ------------------------------------------------------------------ what is kept of each way
    reg  [2:0]            read_state;
    reg  [2:0]            write_state;
    reg  [SLOT_WIDTH-1:0] currents   [0:1];
    reg  [32:0]           unskippeds [0:1];
    reg  [31:0]           remainings [0:1];
    reg  [31:0]           mores      [0:1];
    reg  [PART_WIDTH-1:0] indexes    [0:1];
    reg  [PART_WIDTH-1:0] stops      [0:1];
    reg  [ADDR_WIDTH-1:0] addresses  [0:1];
    reg  [WINDOW_BITS:0]  lefts      [0:1];             // bytes from the address to the end of its WINDOW

    // In {u, c}, bytes to pass over in the parts to come: -(u + c). So c is 1 while u is the complement of the offset.
    wire [2:0]            state      = way ? write_state : read_state;
    wire [32:0]           unskipped  = unskippeds[way];
    wire [31:0]           remaining  = remainings[way]; // of the command
    wire [31:0]           more       = mores[way];      // bytes of the part from `address` on
    wire [ADDR_WIDTH-1:0] address    = addresses[way];

    // `dead`, as it was in the last cycle in which the way was at work. That of a new command is there two cycles after it
    // is taken, when its first chunk is measured at the earliest.
    reg  [1:0]            deads;
    wire                  gone       = deads[way];

    always @(posedge aclk)
        deads[way] <= dead;

    wire                  idle       = (state == IDLE);
    wire                  skipping   = (state == SKIP);
    wire                  filling    = (state == FILL);
    wire                  moving     = (state == MOVE);

    // ------------------------------------------------------------------ first cycle of a chunk: how long it is
    // A chunk ends with the part, the command or the WINDOW, whichever comes first. What is longer than a WINDOW needs
    // no exact comparison.
    wire [WINDOW_BITS:0]  window_left = filling ? WINDOW[WINDOW_BITS:0] : lefts[way];
    wire [WINDOW_BITS:0]  few         = remaining[WINDOW_BITS:0];
    wire                  few_left    = ((remaining >> (WINDOW_BITS + 1)) == 32'd0);
    wire [WINDOW_BITS:0]  in_part     = more[WINDOW_BITS:0];
    wire                  short_part  = ((more >> (WINDOW_BITS + 1)) == 32'd0) && !filling;
    wire                  part_fits   = short_part && (in_part <= window_left);
    wire                  command_fits = few_left && (few <= window_left) && (!short_part || (few <= in_part));

    reg                   measured;                     // the second cycle
    reg  [WINDOW_BITS:0]  chunk;                        // 0: the part ended with the offset
    reg                   by_command;
    reg                   by_part;

    wire                  measure = (moving || filling) && !measured && chunk_room[way];

    always @(posedge aclk) begin
        measured   <= aresetn && measure && !(moving && gone);
        chunk      <= command_fits ? few : part_fits ? in_part : window_left;
        by_command <= command_fits;
        by_part    <= part_fits;
    end

    // ------------------------------------------------------------------ second cycle: what it leaves
    // In SKIP: the bytes of the part less those to pass over; the carry says that not all of the part is passed over. In
    // MOVE nothing is left to pass over, so `unskipped` is all ones and the chunk alone is taken away.
    wire [WINDOW_BITS:0]  passed      = unskipped[WINDOW_BITS+1:1] & (skipping ? {(WINDOW_BITS + 1){1'b1}} : ~chunk);
    wire [31:0]           less        = {unskipped[32:WINDOW_BITS+2], passed};
    wire [33:0]           rest_wide   = {1'b0, more, 1'b1} + {1'b0, less, unskipped[0]};
    wire [31:0]           rest        = rest_wide[32:1];
    wire                  in_it       = rest_wide[33];

    // To the offset in SKIP, behind the chunk in MOVE: what `rest` is less than `more`.
    wire [ADDR_WIDTH+32:0] less_wide  = {{ADDR_WIDTH{1'b1}}, less, unskipped[0]};
    wire [ADDR_WIDTH:0]   ahead       = {address, 1'b0} - {less_wide[ADDR_WIDTH:1], unskipped[0]};

    // Where in its WINDOW the next chunk begins: behind another chunk at the beginning.
    wire [WINDOW_BITS-1:0] then       = (state == TAKE) ? part_address[WINDOW_BITS-1:0] : ahead[WINDOW_BITS:1];
    wire [WINDOW_BITS-1:0] then_place = measured ? {WINDOW_BITS{1'b0}} : then;

    // ------------------------------------------------------------------ parts
    wire [PART_WIDTH-1:0] index       = idle ? part_begin : indexes[way];
    wire                  goes_on     = (indexes[way] != stops[way]) && !gone;
    wire                  due         = cmd_take || (state == ASK);
    reg                   nothing;                      // the command that was just taken has no part

    always @(posedge aclk)
        nothing <= cmd_take && (part_begin == part_end);

    assign cmd_take      = idle && cmd_valid[way];
    assign slot          = currents[way];
    assign part_request  = cmd_take || ((state == ASK) && goes_on);
    assign part_slot     = idle ? cmd_slot : currents[way];
    assign part_index    = index;
    assign chunk_valid   = measured && (chunk != {(WINDOW_BITS + 1){1'b0}}) && !(moving && gone);
    assign chunk_address = address;
    assign chunk_bytes   = chunk;
    assign chunk_last    = by_command;
    assign chunk_fill    = filling;

    // ------------------------------------------------------------------ the way at work
    // A part that was asked for, and a chunk that was measured, are taken up in the next cycle. A part that is due is
    // taken for one that was asked for: when there is none, the way begins to fill.
    wire                  read_can    = (read_state == IDLE) ? cmd_valid[0] || cmd_coming[0] :
                                        !((read_state == MOVE) || (read_state == FILL)) || chunk_room[0];
    wire                  write_can   = (write_state == IDLE) ? cmd_valid[1] || cmd_coming[1] :
                                        !((write_state == MOVE) || (write_state == FILL)) || chunk_room[1];
    wire                  stays       = due || measure;

    always @(posedge aclk) begin
        if (!aresetn)
            way <= 1'b0;
        else if (!stays)
            way <= way ? !(read_can || !write_can) : write_can;
    end

    reg  [2:0]            next_state;

    always @* begin
        next_state = state;
        case (state)
            IDLE: if (cmd_take)
                next_state = TAKE;
            ASK:
                next_state = goes_on ? TAKE : FILL;
            TAKE:
                next_state = nothing ? FILL : (&unskipped) ? MOVE : SKIP;
            SKIP:
                next_state = in_it ? MOVE : ASK;
            MOVE: if (gone)
                next_state = FILL;
            else if (measured && (by_command || by_part))
                next_state = by_command ? IDLE : ASK;
            FILL: if (measured && by_command)
                next_state = IDLE;
            default:
                next_state = IDLE;
        endcase
    end

    always @(posedge aclk) begin
        if (!aresetn) begin
            read_state  <= IDLE;
            write_state <= IDLE;
        end else if (way)
            write_state <= next_state;
        else
            read_state  <= next_state;
    end

    always @(posedge aclk) begin
        if (idle) begin
            currents[way]   <= cmd_slot;
            stops[way]      <= part_end;
        end
        if (idle || (state == ASK))
            indexes[way]    <= index + {{(PART_WIDTH - 1){1'b0}}, 1'b1};
        if (idle || skipping)
            unskippeds[way] <= idle ? {~cmd_offset, 1'b1} : in_it ? {33{1'b1}} : {rest, 1'b0};
        if (idle || chunk_valid)
            remainings[way] <= idle ? cmd_length : remaining - {{(31 - WINDOW_BITS){1'b0}}, chunk};
        if ((state == TAKE) || skipping || measured) begin
            mores[way]      <= (state == TAKE) ? part_length : rest;
            addresses[way]  <= (state == TAKE) ? part_address : ahead[ADDR_WIDTH:1];
            lefts[way]      <= WINDOW[WINDOW_BITS:0] - {1'b0, then_place};
        end
    end

    wire unused = &{1'b0, less_wide, ahead[0], rest_wide[0]};

endmodule

`default_nettype wire
