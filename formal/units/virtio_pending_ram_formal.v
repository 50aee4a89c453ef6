// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_pending_ram_formal: no request is lost, none is made up, and the choice among them is fair, for tables of several rows.
//
// A plain register of request i, any, is kept beside the two tables. The row marks are hints; that none is 0 wrongly is
// the invariant that makes every request found.
//
//   REQUESTS, INDEX_WIDTH, ROW_LOG2, TAKE_WINS   as in virtio_pending_ram; at most 8 rows
`default_nettype none

module virtio_pending_ram_formal #(
    parameter REQUESTS    = 6,
    parameter INDEX_WIDTH = 3,
    parameter ROW_LOG2    = 1,
    parameter TAKE_WINS   = 0
) (
    input wire                            aclk,
    input wire                            aresetn,
    input wire                            sweep_start,
    input wire                            set,
    input wire [INDEX_WIDTH-1:0]          set_index,
    input wire                            fill,
    input wire [INDEX_WIDTH-ROW_LOG2-1:0] fill_row,
    input wire [(1<<ROW_LOG2)-1:0]        fill_bits,
    input wire                            drop,
    input wire [INDEX_WIDTH-1:0]          look_index,
    input wire                            wake,
    input wire                            hide,
    input wire [INDEX_WIDTH-1:0]          change_index,
    input wire                            grant_ready
);

    localparam RW   = INDEX_WIDTH - ROW_LOG2;
    localparam SIZE = 1 << ROW_LOG2;
    localparam ROWS = (REQUESTS + SIZE - 1) / SIZE;
    localparam FULL = ROWS * SIZE;

    localparam [SIZE-1:0] ONE  = 1;
    localparam [31:0]     LAST = REQUESTS - 1;

    wire [SIZE-1:0]        cleared_bits;
    wire                   look_pending, grant_valid, sweep;
    wire [RW-1:0]          row, next_row, sweep_row;
    wire [INDEX_WIDTH-1:0] grant;
    wire [SIZE-1:0]        enable, next_enable;

    // The user's sweep: all rows, one a cycle, after aresetn and whenever it wants.
    virtio_table_sweep #(.ROWS(ROWS), .ROWS_WIDTH(RW)) sweeper (
        .aclk(aclk), .aresetn(aresetn), .start(sweep_start), .sweeping(sweep), .row(sweep_row)
    );

    virtio_pending_ram #(.REQUESTS(REQUESTS), .INDEX_WIDTH(INDEX_WIDTH), .ROW_LOG2(ROW_LOG2), .TAKE_WINS(TAKE_WINS)) dut (
        .aclk(aclk), .aresetn(aresetn), .sweep(sweep), .sweep_row(sweep_row), .cleared_bits(cleared_bits),
        .set(set), .set_index(set_index),
        .fill(fill), .fill_row(fill_row), .fill_bits(fill_bits),
        .drop(drop), .look_index(look_index), .look_pending(look_pending),
        .row(row), .enable(enable), .next_row(next_row), .next_enable(next_enable),
        .wake(wake), .hide(hide), .change_index(change_index),
        .grant_valid(grant_valid), .grant(grant), .grant_ready(grant_ready)
    );

    (* hierconn *) wire [SIZE-1:0] \dut.set_bits[0] ;
    (* hierconn *) wire [SIZE-1:0] \dut.set_bits[1] ;
    (* hierconn *) wire [SIZE-1:0] \dut.set_bits[2] ;
    (* hierconn *) wire [SIZE-1:0] \dut.set_bits[3] ;
    (* hierconn *) wire [SIZE-1:0] \dut.set_bits[4] ;
    (* hierconn *) wire [SIZE-1:0] \dut.set_bits[5] ;
    (* hierconn *) wire [SIZE-1:0] \dut.set_bits[6] ;
    (* hierconn *) wire [SIZE-1:0] \dut.set_bits[7] ;
    (* hierconn *) wire [SIZE-1:0] \dut.taken_bits[0] ;
    (* hierconn *) wire [SIZE-1:0] \dut.taken_bits[1] ;
    (* hierconn *) wire [SIZE-1:0] \dut.taken_bits[2] ;
    (* hierconn *) wire [SIZE-1:0] \dut.taken_bits[3] ;
    (* hierconn *) wire [SIZE-1:0] \dut.taken_bits[4] ;
    (* hierconn *) wire [SIZE-1:0] \dut.taken_bits[5] ;
    (* hierconn *) wire [SIZE-1:0] \dut.taken_bits[6] ;
    (* hierconn *) wire [SIZE-1:0] \dut.taken_bits[7] ;
    (* hierconn *) wire [RW-1:0]   \dut.current ;
    (* hierconn *) wire [SIZE-1:0] \dut.rr_mask ;
    (* hierconn *) wire [ROWS-1:0] \dut.current_hit ;
    (* hierconn *) wire [ROWS-1:0] \dut.rr_row_mask ;
    (* hierconn *) wire            \dut.next_valid ;
    (* hierconn *) wire [RW-1:0]   \dut.next ;
    (* hierconn *) wire [ROWS-1:0] \dut.row_hint ;
    (* hierconn *) wire [ROWS-1:0] \dut.fresh ;
    (* hierconn *) wire [SIZE-1:0] \dut.open ;
    (* hierconn *) wire [SIZE-1:0] \dut.candidates ;

    wire [8*SIZE-1:0] two_tables = {\dut.set_bits[7] ^ \dut.taken_bits[7] , \dut.set_bits[6] ^ \dut.taken_bits[6] ,
        \dut.set_bits[5] ^ \dut.taken_bits[5] , \dut.set_bits[4] ^ \dut.taken_bits[4] ,
        \dut.set_bits[3] ^ \dut.taken_bits[3] , \dut.set_bits[2] ^ \dut.taken_bits[2] ,
        \dut.set_bits[1] ^ \dut.taken_bits[1] , \dut.set_bits[0] ^ \dut.taken_bits[0] };
    wire [FULL-1:0]   pending    = two_tables[FULL-1:0];

    reg started = 1'b0;
    always @(posedge aclk) started <= 1'b1;

    always @* if (!started) reset_first: assume (!aresetn);

    // What the user keeps to.
    `define KEPT(name, condition) always @* name: assume (!aresetn || (condition));
    `include "virtio_pending_ram_use.vh"
    `undef KEPT

    // A request becomes enabled only with a wake, and stops being enabled only with a hide.
    reg  [FULL-1:0] enabled;
    wire [FULL-1:0] changed = {{(FULL-1){1'b0}}, 1'b1} << change_index;
    wire            taken   = grant_ready && grant_valid;

    always @(posedge aclk) begin
        if (!started) enabled <= {FULL{1'b0}};
        else          enabled <= (enabled | (wake ? changed : {FULL{1'b0}})) & ~(hide ? changed : {FULL{1'b0}});
    end
    assign enable      = enabled[row*SIZE +: SIZE];
    assign next_enable = enabled[next_row*SIZE +: SIZE];

    // ------------------------------------------------------------------ one request, any
    (* anyconst *) wire [INDEX_WIDTH-1:0] i;
    always @* any_request: assume ({{(32-INDEX_WIDTH){1'b0}}, i} <= LAST);

    wire [RW-1:0]       its_row = i[INDEX_WIDTH-1:ROW_LOG2];
    wire [ROW_LOG2-1:0] its_bit = i[ROW_LOG2-1:0];
    wire                its_set  = (set && set_index == i) || (fill && fill_row == its_row && fill_bits[its_bit]);
    wire                its_take = taken && grant == i;
    wire                its_drop = drop && look_index == i;

    reg asked;                                   // the shadow: it is owed a grant
    reg clean;                                   // swept since reset
    always @(posedge aclk) begin
        if (!aresetn)                             {clean, asked} <= 2'b00;
        else if (sweep && sweep_row == its_row)   {clean, asked} <= 2'b10;
        else if (sweep)                           asked <= asked;
        else if (TAKE_WINS != 0 && its_take && !fill) asked <= 1'b0;
        else if (its_set)                         asked <= 1'b1;
        else if (its_take || its_drop)            asked <= 1'b0;
    end

    reg swept_past;                              // the sweep is behind its row
    always @(posedge aclk) begin
        if (!aresetn || sweep_start)            swept_past <= 1'b0;
        else if (sweep && sweep_row == its_row) swept_past <= 1'b1;
    end

    reg fresh_i;                                 // it was set or woken in the last cycle
    always @(posedge aclk) fresh_i <= aresetn && !sweep && (its_set || (wake && change_index == i));

    wire owns   = clean && !sweep;
    wire able   = asked && enabled[i];
    wire seen   = (its_row == \dut.current ) && \dut.open [its_bit];

    // After the first aresetn behind has any value, until there is something to choose from.
    wire unused_rr_mask = \dut.open == {SIZE{1'b0}} && (sweep || \dut.next_valid || (pending[row*SIZE +: SIZE] & enable) == {SIZE{1'b0}});

    always @* if (started) begin
        link_sweep:     assert (!sweep || {{(32-RW){1'b0}}, sweep_row} < ROWS);
        link_past:      assert (!sweep || swept_past == (sweep_row > its_row));
        link_swept:     assert (sweep || swept_past);
        link_clean:     assert (clean || !swept_past);
        r1_kept:        assert (!clean || pending[i] == asked);
        r1_swept_clean: assert (!(sweep && swept_past) || (!pending[i] && !asked));
        r2_open:        assert (!owns || !seen || able);
        r1_seen:        assert (!owns || its_row != \dut.current || !able || seen || fresh_i);
        r1_fresh:       assert (!owns || !fresh_i || \dut.fresh [its_row]);
        r1_marked:      assert (!owns || !(asked && enabled[i]) || \dut.row_hint [its_row]);
        r2_grant_asked: assert (!owns || !(grant_valid && grant == i) || (asked && enabled[i]));
        r2_look:        assert (!owns || look_index != i || look_pending == asked);
        r2_swept:       assert (!(sweep && sweep_row == its_row && clean && asked) || cleared_bits[its_bit]);
        r2_no_grant:    assert (!(sweep || drop) || !grant_valid);
        link_current:   assert (sweep || {{(32-RW){1'b0}}, \dut.current } < ROWS);
        link_hit:       assert (sweep || \dut.current_hit == ({{(ROWS-1){1'b0}}, 1'b1} << \dut.current ));
        link_rows:      assert (sweep || \dut.rr_row_mask == (({ROWS{1'b1}} << \dut.current ) & ~\dut.current_hit ));
        link_next:      assert (!\dut.next_valid || {{(32-RW){1'b0}}, \dut.next } < ROWS);
        link_candidates: assert (\dut.candidates == (\dut.open & \dut.rr_mask ));
        link_first_row: assert (!sweep || sweep_row == {RW{1'b0}} || (\dut.current == {RW{1'b0}} && pending[SIZE-1:0] == {SIZE{1'b0}}));
        link_behind:    assert (((\dut.rr_mask << 1) & ~\dut.rr_mask ) == {SIZE{1'b0}} || unused_rr_mask);
    end

    // ------------------------------------------------------------------ fair: each other goes first at most once
    // before: the requests that can still be served before i. Cyclic distance of rows from the current one.
    // What is new has its place in the round one cycle later.
    wire waits = owns && able && !fresh_i && !its_drop;

    wire [31:0] row_32   = {{(32-RW){1'b0}}, its_row};
    wire [31:0] now_32   = {{(32-RW){1'b0}}, \dut.current };
    wire        this_row = (its_row == \dut.current ) && \dut.rr_mask [its_bit];
    wire [31:0] between  = this_row ? 32'd0 : (row_32 > now_32) ? row_32 - now_32 : row_32 + ROWS - now_32;
    wire [SIZE-1:0] below_i = (ONE << its_bit) - ONE;

    reg [FULL-1:0] before;
    reg [31:0]     away;
    integer        r;
    always @* begin
        for (r = 0; r < ROWS; r = r + 1) begin
            away = (r > now_32) ? r - now_32 : r + ROWS - now_32;
            before[r*SIZE +: SIZE] =
                this_row ? ((r == now_32) ? (\dut.rr_mask & below_i) : {SIZE{1'b0}}) :
                (r == now_32) ? (\dut.rr_mask | ((r == row_32) ? below_i : {SIZE{1'b0}})) :
                (away < between) ? {SIZE{1'b1}} : (away == between) ? below_i : {SIZE{1'b0}};
        end
    end

    reg [FULL-1:0] served;                       // granted while i waits
    reg [7:0]      lost_cycles;                  // cycles in which i waits and nothing is granted
    wire [FULL-1:0] served_now = taken ? ({{(FULL-1){1'b0}}, 1'b1} << grant) : {FULL{1'b0}};
    always @(posedge aclk) begin
        if (!aresetn || !waits || its_take) begin
            served      <= {FULL{1'b0}};
            lost_cycles <= 8'd0;
        end else begin
            served <= served | served_now;
            if (!grant_valid && !drop) lost_cycles <= lost_cycles + 8'd1;
        end
    end

    // The row that comes next is not behind its row.
    wire [31:0] next_32   = {{(32-RW){1'b0}}, \dut.next };
    wire [31:0] next_away = (next_32 > now_32) ? next_32 - now_32 : next_32 + ROWS - now_32;

    always @* if (started) begin
        r5_next:    assert (!waits || this_row || (\dut.next_valid && next_away <= between));
        r5_before:  assert (!waits || (served & before) == {FULL{1'b0}});
        link_served: assert (!served[i]);
        r5_once:    assert (!aresetn || !waits || (served & served_now) == {FULL{1'b0}});
        r5_rank:    assert (!waits || lost_cycles + between[7:0] <= ROWS);
        r5_lost:    assert (lost_cycles <= ROWS);
        c_waited:   cover (its_take && lost_cycles != 8'd0 && served != {FULL{1'b0}});
        c_set_take: cover (its_take && set && set_index == i);
        c_drop:     cover (its_drop && asked && owns);
        c_fill:     cover (fill && its_set && !asked);
    end

endmodule

`default_nettype wire
