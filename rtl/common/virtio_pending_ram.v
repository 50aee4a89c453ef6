// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_pending_ram: stores any number of pending requests in rows of RAM and chooses among them fairly.
//
// A request has one bit in each of two tables, and is pending while the two bits differ. Setting a request writes the
// first table so that they differ; taking it writes the second so that they are equal. So one request can be set and
// another taken in every cycle, with one write port for each table.
//
// Round robin over rows and within a row: with V requests pending, each is granted within V grants, one a cycle. One
// register holds the number of the row that is served, another that of the next row. A row is read in one cycle, and a
// request of it is chosen in the next. A request that is set or woken can be chosen two cycles later, which is later
// than in virtio_pending_flops. A request that is hidden or taken is left out at once.
//
// row_hint[r] = 1: row r may hold a grantable request. It may be stale at 1, never stale at 0: set, fill and wake set
// it, and only a look at the row clears it.
//
// In one cycle:
//   set and taken, of one request   with TAKE_WINS it is part of what is taken; without, it is pending again
//   set and nothing left in a row   row_hint of the row stays 1
//   anything and sweep              sweep wins
// drop never comes together with fill or hide, nor with a set of the same request; nothing is granted in its cycle.
//
//   REQUESTS     number of requests, at least two rows
//   INDEX_WIDTH  bits of an index
//   ROW_LOG2     log2 of the bits of a row
//   TAKE_WINS    1: what is set while it is taken is taken
`default_nettype none

module virtio_pending_ram #(
    parameter REQUESTS    = 64,
    parameter INDEX_WIDTH = 6,
    parameter ROW_LOG2    = 3,
    parameter TAKE_WINS   = 0
) (
    input  wire                            aclk,
    input  wire                            aresetn,
    input  wire                            sweep,        // clear sweep_row; the user goes through all of them
    input  wire [INDEX_WIDTH-ROW_LOG2-1:0] sweep_row,
    // What is pending there; without sweep, in the row of set_index.
    output wire [(1<<ROW_LOG2)-1:0]        cleared_bits,

    input  wire                            set,
    input  wire [INDEX_WIDTH-1:0]          set_index,
    input  wire                            fill,         // set all of fill_bits in fill_row; not together with set
    input  wire [INDEX_WIDTH-ROW_LOG2-1:0] fill_row,
    input  wire [(1<<ROW_LOG2)-1:0]        fill_bits,
    input  wire                            drop,         // clear the one at look_index
    input  wire [INDEX_WIDTH-1:0]          look_index,
    output wire                            look_pending,

    output wire [INDEX_WIDTH-ROW_LOG2-1:0] row,          // the row being served
    input  wire [(1<<ROW_LOG2)-1:0]        enable,       // requests of it that may be granted
    output wire [INDEX_WIDTH-ROW_LOG2-1:0] next_row,     // the row that may come next
    input  wire [(1<<ROW_LOG2)-1:0]        next_enable,
    input  wire                            wake,         // with the next edge change_index may become enabled
    input  wire                            hide,         // with the next edge it may become disabled; wins over wake
    input  wire [INDEX_WIDTH-1:0]          change_index,
    output wire                            grant_valid,
    output wire [INDEX_WIDTH-1:0]          grant,
    input  wire                            grant_ready      // if there is a grant, it is used
);

    localparam ROWS_WIDTH = INDEX_WIDTH - ROW_LOG2;
    localparam SIZE       = 1 << ROW_LOG2;
    localparam ROWS       = (REQUESTS + SIZE - 1) / SIZE;

    localparam [SIZE-1:0] ONE     = 1;
    localparam [SIZE-1:0] NONE    = 0;
    localparam [ROWS-1:0] ONE_ROW = 1;
    localparam [ROWS-1:0] NO_ROW  = 0;

    reg [SIZE-1:0] set_bits [0:ROWS-1];
    reg [SIZE-1:0] taken_bits [0:ROWS-1];

    reg [ROWS_WIDTH-1:0] current;
    reg [SIZE-1:0]       open;                           // what may be granted in the current row, but for what was set
                                                         // or woken in the last cycle
    reg [SIZE-1:0]       rr_mask;                         // positions behind the last grant in the current row
    reg [SIZE-1:0]       candidates;                     // open and behind
    reg [ROWS-1:0]       current_hit;                    // current, one-hot
    reg [ROWS-1:0]       rr_row_mask;                    // the rows behind it
    reg                  next_valid;                     // next comes after the current row
    reg [ROWS_WIDTH-1:0] next;
    reg [ROWS-1:0]       row_hint;                         // rows in which there may be something
    reg [ROWS-1:0]       fresh;                          // rows in which something was set or woken in the last cycle

    // ------------------------------------------------------------------ choose within the current row
    wire [SIZE-1:0]     first;
    wire [SIZE-1:0]     above;
    wire [ROW_LOG2-1:0] position;
    wire                unused_found;
    wire                found;
    wire                more;
    wire                any_open;
    wire                more_open;

    virtio_first_set #(.WIDTH(SIZE), .INDEX_WIDTH(ROW_LOG2)) find_position (
        .bits(candidates), .found(unused_found), .first(first), .index(position), .above(above)
    );
    virtio_at_least_two #(.LOG2_WIDTH(ROW_LOG2)) count_candidates (.bits(candidates), .one(found), .two(more));
    virtio_at_least_two #(.LOG2_WIDTH(ROW_LOG2)) count_open (.bits(open), .one(any_open), .two(more_open));

    assign row         = current;
    assign grant_valid = found && !sweep && !drop;
    assign grant       = {current, position};

    wire            take      = grant_ready && !sweep && !drop;
    wire            taken     = take && found;
    wire [SIZE-1:0] taken_hit = take ? first : NONE;

    wire done = !more && (take || !found);               // nothing will be left behind the last grant
    wire left = more_open || (any_open && !taken);       // something will be left in the row

    // ------------------------------------------------------------------ set, fill, sweep: the table of who sets
    wire [ROWS_WIDTH-1:0] change_row = change_index[INDEX_WIDTH-1:ROW_LOG2];
    wire [ROWS_WIDTH-1:0] add_row   = fill ? fill_row : set_index[INDEX_WIDTH-1:ROW_LOG2];
    wire [ROWS_WIDTH-1:0] set_row   = sweep ? sweep_row : add_row;
    wire [SIZE-1:0]       row_set   = set_bits[set_row];
    wire [SIZE-1:0]       row_taken = taken_bits[set_row];
    wire [SIZE-1:0]       set_hit   = ONE << set_index[ROW_LOG2-1:0];

    // Whether it is taken and to be pending again, found without waiting for the choice.
    wire set_candidate = |(candidates & set_hit) && !(|(candidates & (set_hit - ONE)));
    wire set_taken     = (TAKE_WINS == 0) && take && set_candidate && (set_index[INDEX_WIDTH-1:ROW_LOG2] == current);

    // To set is to make the two bits differ, whatever they were, so that nothing waits for what was pending.
    wire [SIZE-1:0] fill_taken = row_taken ^ ((fill_row == current) ? taken_hit : NONE);
    wire [SIZE-1:0] made       = fill ? (row_set & ~fill_bits) | (~fill_taken & fill_bits) :
                                        (row_set & ~set_hit) | (({SIZE{set_taken}} ^ ~row_taken) & set_hit);

    assign cleared_bits     = row_set ^ row_taken;

    always @(posedge aclk) begin
        if (sweep || set || fill)
            set_bits[set_row] <= sweep ? NONE : made;
    end

    // ------------------------------------------------------------------ take, drop, sweep: the table of who takes
    wire [SIZE-1:0]       current_taken = taken_bits[current];
    wire [ROWS_WIDTH-1:0] look_row   = look_index[INDEX_WIDTH-1:ROW_LOG2];
    wire [SIZE-1:0]       look_set   = set_bits[look_row];
    wire [SIZE-1:0]       look_taken = taken_bits[look_row];
    wire [SIZE-1:0]       look_bits  = look_set ^ look_taken;
    wire [SIZE-1:0]       drop_hit   = look_bits & (ONE << look_index[ROW_LOG2-1:0]);
    wire [ROWS_WIDTH-1:0] taken_row  = sweep ? sweep_row : drop ? look_row : current;

    assign look_pending = look_bits[look_index[ROW_LOG2-1:0]];

    always @(posedge aclk) begin
        if (sweep || drop || take)
            taken_bits[taken_row] <= sweep ? NONE : drop ? (look_taken ^ drop_hit) : (current_taken ^ taken_hit);
    end

    // ------------------------------------------------------------------ which row next: the next marked one, this one
    // last Chosen one cycle before it is read: behind the row that will be the current one then. If no row is marked,
    // the one that is being marked is next.
    wire [ROWS-1:0] mark_set  = (set || fill) ? (ONE_ROW << add_row) : NO_ROW;
    wire [ROWS-1:0] mark_wake = wake ? (ONE_ROW << change_row) : NO_ROW;

    wire [ROWS-1:0]       next_hit    = ONE_ROW << next;
    wire [ROWS-1:0]       rr_row_mask_next = (~NO_ROW << next) << 1;
    wire                  found_current;
    wire                  found_next;
    wire                  found_any;
    wire [ROWS_WIDTH-1:0] index_current;
    wire [ROWS_WIDTH-1:0] index_next;
    wire [ROWS_WIDTH-1:0] index_any;
    wire [ROWS*3-1:0]     unused_first;
    wire [ROWS*3-1:0]     unused_above;

    virtio_first_set #(.WIDTH(ROWS), .INDEX_WIDTH(ROWS_WIDTH)) find_after_current (
        .bits(row_hint & rr_row_mask), .found(found_current),
        .first(unused_first[0*ROWS +: ROWS]), .index(index_current), .above(unused_above[0*ROWS +: ROWS])
    );
    virtio_first_set #(.WIDTH(ROWS), .INDEX_WIDTH(ROWS_WIDTH)) find_after_next (
        .bits(row_hint & rr_row_mask_next), .found(found_next),
        .first(unused_first[1*ROWS +: ROWS]), .index(index_next), .above(unused_above[1*ROWS +: ROWS])
    );
    virtio_first_set #(.WIDTH(ROWS), .INDEX_WIDTH(ROWS_WIDTH)) find_row_any (
        .bits(row_hint), .found(found_any),
        .first(unused_first[2*ROWS +: ROWS]), .index(index_any), .above(unused_above[2*ROWS +: ROWS])
    );

    wire [ROWS_WIDTH-1:0] other = found_any ? index_any : (set || fill) ? add_row : change_row;

    wire advance = done && next_valid;
    wire again   = (next == current);

    assign next_row = next;

    always @(posedge aclk) begin
        if (!aresetn || sweep) begin
            current     <= {ROWS_WIDTH{1'b0}};
            current_hit <= ONE_ROW;
            rr_row_mask <= ~ONE_ROW;
        end else if (advance) begin
            current     <= next;
            current_hit <= next_hit;
            rr_row_mask <= rr_row_mask_next;
        end
    end

    // Before there is anything to choose from there was an advance.
    always @(posedge aclk) begin
        if (advance)
            rr_mask <= {SIZE{1'b1}};
        else if (taken)
            rr_mask <= above;
    end

    // A sweep of two rows or more leaves nothing marked in its first cycle, so nothing is next when it ends.
    always @(posedge aclk) begin
        if (!aresetn) begin
            next_valid <= 1'b0;
            next       <= {ROWS_WIDTH{1'b0}};
        end else begin
            next_valid <= found_any || set || fill || wake;
            next       <= advance ? (found_next ? index_next : other) : (found_current ? index_current : other);
        end
    end

    // ------------------------------------------------------------------ what may be granted in the next cycle
    wire [INDEX_WIDTH-1:0] hidden       = drop ? look_index : change_index;
    wire [ROWS_WIDTH-1:0]  hidden_row   = hidden[INDEX_WIDTH-1:ROW_LOG2];
    wire [SIZE-1:0]        hidden_hit   = ONE << hidden[ROW_LOG2-1:0];
    wire [SIZE-1:0]        current_hide = ((hidden_row == current) ? hidden_hit : NONE) & {SIZE{hide || drop}};
    wire [SIZE-1:0]        next_hide    = ((hidden_row == next_row) ? hidden_hit : NONE) & {SIZE{hide || drop}};
    wire [SIZE-1:0]        current_bits = (set_bits[current] ^ current_taken) & enable & ~current_hide;
    wire [SIZE-1:0]        next_bits    = (set_bits[next_row] ^ taken_bits[next_row]) & next_enable & ~next_hide;

    // Not written as a multiplexer: synthesis would make the two reads one, and its address wait for advance.
    wire [SIZE-1:0] open_next    = next_bits & ~(again ? taken_hit : NONE) & {SIZE{advance}};
    wire [SIZE-1:0] open_current = current_bits & ~taken_hit & {SIZE{!advance}};

    always @(posedge aclk) begin
        if (!aresetn || sweep) begin
            open       <= NONE;
            candidates <= NONE;
        end else begin
            open       <= open_next | open_current;
            candidates <= open_next | (open_current & (taken ? above : rr_mask));
        end
    end

    // ------------------------------------------------------------------ rows in which there may be something
    always @(posedge aclk) begin
        if (!aresetn || sweep) begin
            row_hint <= NO_ROW;
            fresh  <= NO_ROW;
        end else begin
            row_hint <= (row_hint & ~(left ? NO_ROW : current_hit & ~fresh)) | mark_set | mark_wake;
            fresh  <= mark_set | mark_wake;
        end
    end

endmodule

`default_nettype wire
