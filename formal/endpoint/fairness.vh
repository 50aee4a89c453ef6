// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
    // Property 5, fairness and progress. Work-conserving: while a vector may send and the bus can take a message, one is
    // taken in every cycle. Fair: between becoming able to send and being served, v is overtaken less than V times. Both
    // together: with a fair bus, v's message is taken within NUM_VECTORS messages.
    wire             waits   = pending[v] && v_may_send && !disable_1 && !disable_2 && !sweeping && !resetting &&
                               !unseen;
    wire             bus_can = (!m_axil_awvalid || m_axil_awready) && (!m_axil_wvalid || m_axil_wready) && owed_answers != 5'd16;

    reg [3:0] overtaken;

    always @(posedge aclk) begin
        if (!aresetn || !waits || v_sent) overtaken <= 4'd0;
        else if (send)                    overtaken <= overtaken + 4'd1;
    end

    // By whom v can still be overtaken: by those between the last one served and v.
    wire [VSIZE-1:0] below_v = (ONE_VECTOR << v) - ONE_VECTOR;
    reg  [VSIZE-1:0] before;

    // Several rows: those that are served before v's; and between, how many rows there are until v's.
    localparam [31:0] EMPTY = VFLAT ? 0 : VROWS;

    wire [31:0] row_of_v  = v >> VLOG2;
    wire [31:0] row_now   = VFLAT ? 32'd0 : {{(32-VRW){1'b0}}, current};
    wire        in_row    = row_of_v == row_now && rr_mask[v[VLOG2-1:0]];
    wire [31:0] between   = in_row ? 32'd0 : (row_of_v > row_now) ? row_of_v - row_now : row_of_v + VROWS - row_now;
    reg  [31:0] away;
    integer     r;

    always @* begin
        before = {VSIZE{1'b0}};
        away   = 32'd0;
        for (r = 0; r < VROWS; r = r + 1) begin
            away = (r > row_now) ? r - row_now : r + VROWS - row_now;
            before[r*VROW +: VROW] =
                in_row ? ((r == row_now) ? (rr_mask & below_v[r*VROW +: VROW]) : {VROW{1'b0}}) :
                (r == row_now) ? (rr_mask | ((r == row_of_v) ? below_v[r*VROW +: VROW] : {VROW{1'b0}})) :
                (away < between) ? {VROW{1'b1}} : (away == between) ? below_v[r*VROW +: VROW] : {VROW{1'b0}};
        end
        before = before & exist;
    end

    // Cycles in which v waits and the scheduler has nothing to offer.
    reg [3:0] empty;

    // The row that comes next is not behind v's.
    wire [31:0] row_next  = VFLAT ? 32'd0 : {{(32-VRW){1'b0}}, next_one};
    wire [31:0] next_away = (row_next > row_now) ? row_next - row_now : row_next + VROWS - row_now;

    always @(posedge aclk) begin
        if (!aresetn || !waits || v_sent) empty <= 4'd0;
        else if (!\dut.grant_valid )     empty <= empty + 4'd1;
    end

    function [3:0] count;
        input [VSIZE-1:0] bits;
        integer i;
        begin
            count = 4'd0;
            for (i = 0; i < VSIZE; i = i + 1) count = count + {3'd0, bits[i]};
        end
    endfunction

    // Who was served while v waits, and so cannot be served again before v: V vectors, V messages (rule 5).
    reg [VSIZE-1:0] served;

    always @(posedge aclk) begin
        if (!aresetn || !waits || v_sent) served <= {VSIZE{1'b0}};
        else                              served <= served | used_up;
    end

    // After the first aresetn behind has any value in the scheduler of several rows, until there is something to choose from.
    wire unused_rr_mask = !VFLAT && open == {VROW{1'b0}} && (sweeping || disable_2 || next_valid ||
        (pending[row_now*VROW +: VROW] & configured[row_now*VROW +: VROW] & ~masked[row_now*VROW +: VROW]) == {VROW{1'b0}});

    always @* if (started) begin
        p5_once:       assert (!waits || (served & used_up) == {VSIZE{1'b0}});
        p5_before:     assert (!waits || (served & before) == {VSIZE{1'b0}});
        p5_not_served: assert (!served[v]);
        p5_behind:     assert ((((rr_mask << 1) & ~rr_mask) == {VROW{1'b0}} && !(VFLAT && rr_mask[0])) || unused_rr_mask);
        p5_next:       assert (VFLAT || !waits || in_row || (next_valid && next_away <= between));
        p5_progress:   assert (!waits || !bus_can || send || !\dut.grant_valid );
        p5_empty_rank: assert (!waits || {28'd0, empty} + (VFLAT ? 32'd0 : between) <= EMPTY);
        p5_empty:      assert ({28'd0, empty} <= EMPTY);
        p5_rank:       assert (overtaken == 4'd0 || {28'd0, overtaken} + {28'd0, count(before)} < VECTORS);
        p5_fair:       assert ({28'd0, overtaken} < VECTORS);
    end

    generate if (NUM_VECTORS > 1) begin : most
        always @* if (started) c5_overtaken_most: cover ({28'd0, overtaken} == VECTORS - 32'd1 && v_sent);
    end endgenerate
