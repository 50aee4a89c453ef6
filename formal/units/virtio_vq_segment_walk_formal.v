// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_vq_segment_walk_formal: the chunks of a command are exactly its bytes, in order. Way w, any, is followed; the other way
// has any commands beside it. Each chunk lies in the part that has the command's next byte, at that byte's place, and in one
// WINDOW. A chunk with fill stands for bytes behind the last part, or for a queue that was stopped. No part but those of the
// command is asked for, but for one that nobody looks at if it has none. A way with room for a chunk moves on in every sixth cycle at least, so a command ends.
//
//   ADDR_WIDTH, WINDOW, PART_WIDTH   as in virtio_vq_segment_walk
//   LARGEST                          most bytes of a command, of its offset and of a part
//   PROGRESS                         1: that a way moves on, and nothing else; 0: all else
`default_nettype none

module virtio_vq_segment_walk_formal #(
    parameter ADDR_WIDTH = 36,
    parameter WINDOW     = 16,
    parameter PART_WIDTH = 2,
    parameter LARGEST    = 255,
    parameter PROGRESS   = 0
) (
    input wire                  aclk,
    input wire                  aresetn,
    input wire [1:0]            cmd_coming,
    input wire [1:0]            cmd_valid,
    input wire                  cmd_slot,
    input wire [31:0]           cmd_offset,
    input wire [31:0]           cmd_length,
    input wire [PART_WIDTH-1:0] part_begin,
    input wire [PART_WIDTH-1:0] part_end,
    input wire                  dead,
    input wire [ADDR_WIDTH-1:0] part_address,
    input wire [31:0]           part_length,
    input wire [1:0]            chunk_room
);

    localparam WINDOW_BITS = $clog2(WINDOW);
    localparam [31:0] MOST = LARGEST;

    wire                  way, cmd_take, slot, part_request, part_slot, chunk_valid, chunk_last, chunk_fill;
    wire [PART_WIDTH-1:0] part_index;
    wire [ADDR_WIDTH-1:0] chunk_address;
    wire [WINDOW_BITS:0]  chunk_bytes;

    virtio_vq_segment_walk #(.ADDR_WIDTH(ADDR_WIDTH), .WINDOW(WINDOW), .SLOT_WIDTH(1), .PART_WIDTH(PART_WIDTH)) dut (
        .aclk(aclk), .aresetn(aresetn), .way(way), .cmd_coming(cmd_coming), .cmd_valid(cmd_valid), .cmd_take(cmd_take),
        .cmd_slot(cmd_slot), .cmd_offset(cmd_offset), .cmd_length(cmd_length),
        .slot(slot), .part_begin(part_begin), .part_end(part_end), .dead(dead),
        .part_request(part_request), .part_slot(part_slot), .part_index(part_index), .part_address(part_address), .part_length(part_length),
        .chunk_room(chunk_room), .chunk_valid(chunk_valid), .chunk_address(chunk_address), .chunk_bytes(chunk_bytes),
        .chunk_last(chunk_last), .chunk_fill(chunk_fill)
    );

    (* hierconn *) wire [2:0]            \dut.read_state ;
    (* hierconn *) wire [2:0]            \dut.write_state ;
    (* hierconn *) wire                  \dut.measured ;
    (* hierconn *) wire                  \dut.nothing ;
    (* hierconn *) wire [1:0]            \dut.deads ;
    (* hierconn *) wire [WINDOW_BITS:0]  \dut.chunk ;
    (* hierconn *) wire                  \dut.by_command ;
    (* hierconn *) wire                  \dut.by_part ;
    (* hierconn *) wire                  \dut.currents[0] ;
    (* hierconn *) wire                  \dut.currents[1] ;
    (* hierconn *) wire [32:0]           \dut.unskippeds[0] ;
    (* hierconn *) wire [32:0]           \dut.unskippeds[1] ;
    (* hierconn *) wire [31:0]           \dut.remainings[0] ;
    (* hierconn *) wire [31:0]           \dut.remainings[1] ;
    (* hierconn *) wire [31:0]           \dut.mores[0] ;
    (* hierconn *) wire [31:0]           \dut.mores[1] ;
    (* hierconn *) wire [PART_WIDTH-1:0] \dut.indexes[0] ;
    (* hierconn *) wire [PART_WIDTH-1:0] \dut.indexes[1] ;
    (* hierconn *) wire [PART_WIDTH-1:0] \dut.stops[0] ;
    (* hierconn *) wire [PART_WIDTH-1:0] \dut.stops[1] ;
    (* hierconn *) wire [ADDR_WIDTH-1:0] \dut.addresses[0] ;
    (* hierconn *) wire [ADDR_WIDTH-1:0] \dut.addresses[1] ;
    (* hierconn *) wire [WINDOW_BITS:0]  \dut.lefts[0] ;
    (* hierconn *) wire [WINDOW_BITS:0]  \dut.lefts[1] ;

    localparam [2:0] IDLE = 3'd0, ASK = 3'd2, TAKE = 3'd3, SKIP = 3'd4, MOVE = 3'd5, FILL = 3'd6;

    reg started = 1'b0;
    always @(posedge aclk) started <= 1'b1;
    always @* if (!started) reset_first: assume (!aresetn);

    (* anyconst *) wire w;
    wire at_work = (way == w);

    // A command has bytes, and parts in the store's order. A store that says that it has room takes a chunk in the next cycle.
    reg  past_room;
    wire its_take = cmd_take && at_work;
    always @* begin
        a_bytes: assume (!its_take || (cmd_length != 32'd0 && cmd_length <= MOST && cmd_offset <= MOST));
        a_size:  assume (!waits || part_length <= MOST);
        a_parts: assume (!its_take || part_begin <= part_end);
        a_room:  assume (!past_room || chunk_room[w]);
    end

    // ------------------------------------------------------------------ the command, and how far it is
    // place: number of the next byte in all parts together. base: bytes of the parts before the one at hand, which has `length`.
    // Nothing of a part is known between the request and the next cycle.
    reg                  busy, waits, gone, owner, later;        // later: a chunk has come before
    reg                  ended;                                  // dead in the way's last cycle at work
    reg [31:0]           left;
    reg [33:0]           place, base, total;     // total: behind the last byte
    reg [31:0]           length;
    reg [ADDR_WIDTH-1:0] address;
    reg [PART_WIDTH-1:0] index, stop;
    wire                 its_request = part_request && at_work && !(its_take && part_begin == part_end);
    wire                 its_chunk   = chunk_valid && at_work;
    wire [33:0]          bytes       = {{(33 - WINDOW_BITS){1'b0}}, chunk_bytes};
    wire [33:0]          part_over   = base + {2'd0, length};
    wire [PART_WIDTH-1:0] next       = its_take ? part_begin : index;
    always @(posedge aclk) begin
        past_room <= aresetn && chunk_room[w] && !its_chunk;
        if (!aresetn) begin
            busy  <= 1'b0;
            waits <= 1'b0;
        end else begin
            busy  <= its_take || (busy && !(its_chunk && chunk_last));
            waits <= its_request;
        end
        if (its_take) begin
            owner  <= cmd_slot;
            left   <= cmd_length;
            place  <= {2'd0, cmd_offset};
            total  <= {2'd0, cmd_offset} + {2'd0, cmd_length};
            base   <= 34'd0;
            length <= 32'd0;
            stop   <= part_end;
            gone   <= 1'b0;
            ended  <= 1'b0;
            later  <= 1'b0;
        end else begin
            later  <= later || its_chunk;
            gone   <= gone || (at_work && dead);
            if (at_work) ended <= dead;
            if (its_chunk) begin
                left  <= left - bytes[31:0];
                place <= place + bytes;
            end
            if (its_request) begin
                base   <= part_over;
                length <= 32'd0;
            end
        end
        if (its_take || its_request)
            index <= next + {{(PART_WIDTH - 1){1'b0}}, its_request};
        if (waits) begin
            address <= part_address;
            length  <= part_length;
        end
    end

    // ------------------------------------------------------------------ moving on
    reg [2:0] still;                             // cycles with room in which nothing was done for the command
    reg [2:0] past_state;
    wire [2:0] state = w ? \dut.write_state : \dut.read_state ;
    always @(posedge aclk) begin
        past_state <= state;
        if (!aresetn || !busy || !chunk_room[w] || its_chunk || its_request || (state != past_state))
            still <= 3'd0;
        else if (still != 3'd7)
            still <= still + 3'd1;
    end

    // ------------------------------------------------------------------ what the design keeps
    wire [32:0]           unskipped = w ? \dut.unskippeds[1] : \dut.unskippeds[0] ;
    wire [31:0]           remaining = w ? \dut.remainings[1] : \dut.remainings[0] ;
    wire [31:0]           more      = w ? \dut.mores[1] : \dut.mores[0] ;
    wire [ADDR_WIDTH-1:0] at        = w ? \dut.addresses[1] : \dut.addresses[0] ;
    wire [31:0]           to_skip   = ~unskipped[32:1] + {31'd0, !unskipped[0]};
    wire                  none_to_skip = &unskipped;
    wire [33:0]           ahead     = place - base;              // of the next byte, in the part at hand
    wire [31:0]           in_part   = length - ahead[31:0];      // bytes from there to the part's end
    wire [WINDOW_BITS:0]  to_window = WINDOW[WINDOW_BITS:0] - (state == FILL ? {(WINDOW_BITS + 1){1'b0}} : {1'b0, at[WINDOW_BITS-1:0]});
    wire [31:0]           window    = {{(31 - WINDOW_BITS){1'b0}}, to_window};
    wire                  of_command = (left <= window) && (state == FILL || left <= in_part);
    wire                  of_part   = (in_part <= window) && state != FILL;
    wire                  its_measure = at_work && \dut.measured ;

    always @* if (started && PROGRESS == 1)
        p9_moves:    assert (still <= 3'd5);

    always @* if (started && PROGRESS == 0) begin
        p2_part:     assert (!(its_chunk && !chunk_fill) || (base <= place && place + bytes <= part_over && !waits &&
                                                             chunk_address == address + {{(ADDR_WIDTH - 34){1'b0}}, ahead}));
        p2_window:   assert (!its_chunk || chunk_fill || {1'b0, chunk_address[WINDOW_BITS-1:0]} + chunk_bytes <= WINDOW[WINDOW_BITS:0]);
        p2_bytes:    assert (!its_chunk || (chunk_bytes != 0 && chunk_bytes <= WINDOW[WINDOW_BITS:0]));
        p2_fill:     assert (!(its_chunk && chunk_fill) || gone || (index == stop && part_over <= place));
        p2_request:  assert (!its_request || (part_index == next && part_slot == (its_take ? cmd_slot : owner) && (its_take || index < stop)));
        p13_last:    assert (!its_chunk || (busy && bytes[31:0] <= left && chunk_last == (bytes[31:0] == left)));
        p13_one:     assert (!its_take || !busy);
        p13_idle:    assert (busy == (state != IDLE));
        p13_slot:    assert (!(at_work && busy) || slot == owner);
        p13_room:    assert (!its_chunk || chunk_room[w]);
        p8_dead:     assert (!(busy && ended) || !(its_request || (its_chunk && !chunk_fill)));
        link_ended:  assert (!busy || ((state == TAKE || \dut.deads [w] == ended) && (!ended || gone)));
        link_nothing: assert (!(busy && state == TAKE && \dut.nothing ) || (index == stop && part_over <= place));
        c_whole:     cover (its_chunk && chunk_last && !chunk_fill && index == 2'd3 && later && place - base > bytes);
        c_fill:      cover (its_chunk && chunk_last && chunk_fill && !gone && index != 2'd0);
    end

    always @* if (started && PROGRESS == 0) begin
        link_state:  assert (state == IDLE || (state >= ASK && state <= FILL));
        link_waits:  assert (waits == (state == TAKE && !\dut.nothing ) && (state != TAKE || at_work));
        link_slot:   assert (!busy || (w ? \dut.currents[1] : \dut.currents[0] ) == owner);
        link_left:   assert (!busy || (remaining == left && left != 32'd0));
        link_index:  assert (!busy || state == FILL || (state == TAKE && \dut.nothing ) || index == (w ? \dut.indexes[1] : \dut.indexes[0] ));
        link_stop:   assert (!busy || ((w ? \dut.stops[1] : \dut.stops[0] ) == stop && index <= stop));
        link_room:   assert (!(its_measure) || past_room);
        link_range:  assert (!busy || (place + {2'd0, left} == total && total <= {1'b0, MOST, 1'b0} && place < total && left <= MOST && length <= MOST && base <= place && (state != TAKE || length == 32'd0)));
        link_past:   assert (!(busy && state == ASK) || part_over <= place);
        link_skip:   assert (!(busy && state != FILL && state != MOVE) || (none_to_skip ? place == (state == ASK ? part_over : base) :
                             (to_skip != 32'd0 && {2'd0, to_skip} == place - (state == ASK ? part_over : base))));
        link_move:   assert (!(busy && state == MOVE) || (none_to_skip && ahead <= {2'd0, length} && more == in_part &&
                                                          at == address + {{(ADDR_WIDTH - 34){1'b0}}, ahead}));
        link_lefts:  assert (!(busy && (state == MOVE || state == SKIP)) || (w ? \dut.lefts[1] : \dut.lefts[0] ) == WINDOW[WINDOW_BITS:0] - {1'b0, at[WINDOW_BITS-1:0]});
        link_take:   assert (!(busy && state == SKIP) || (!none_to_skip && more == length && at == address));
        link_fill:   assert (!(busy && state == FILL) || gone || (index == stop && part_over <= place));
        link_chunk:  assert (!its_measure || ((state == MOVE || state == FILL) && \dut.by_command == of_command &&
                             \dut.by_part == of_part && {{(31 - WINDOW_BITS){1'b0}}, \dut.chunk } == (of_command ? left : of_part ? in_part : window)));
    end

endmodule

`default_nettype wire
