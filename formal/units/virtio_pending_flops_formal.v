// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_pending_flops_formal: no request is lost, none is made up, and the choice among them is fair, for requests in
// flip-flops, with and without the bypass. The register of request i, any, is kept beside the design's.
//
//   REQUESTS, INDEX_WIDTH, BYPASS   as in virtio_pending_flops
`default_nettype none

module virtio_pending_flops_formal #(
    parameter REQUESTS    = 6,
    parameter INDEX_WIDTH = 3,
    parameter BYPASS      = 0
) (
    input wire                        aclk,
    input wire                        aresetn,
    input wire                        sweep,
    input wire                        set,
    input wire [INDEX_WIDTH-1:0]      set_index,
    input wire                        fill,
    input wire [(1<<INDEX_WIDTH)-1:0] fill_bits,
    input wire                        drop,
    input wire [INDEX_WIDTH-1:0]      look_index,
    input wire [(1<<INDEX_WIDTH)-1:0] enable,
    input wire                        grant_ready
);

    localparam SIZE = 1 << INDEX_WIDTH;

    localparam [SIZE-1:0] ONE  = 1;
    localparam [SIZE-1:0] NONE = 0;
    localparam [31:0]     LAST = REQUESTS - 1;

    wire [SIZE-1:0]        cleared_bits;
    wire                   look_pending, grant_valid;
    wire [INDEX_WIDTH-1:0] grant;

    virtio_pending_flops #(.REQUESTS(REQUESTS), .INDEX_WIDTH(INDEX_WIDTH), .BYPASS(BYPASS)) dut (
        .aclk(aclk), .aresetn(aresetn), .sweep(sweep), .cleared_bits(cleared_bits),
        .set(set), .set_index(set_index), .fill(fill), .fill_bits(fill_bits),
        .drop(drop), .look_index(look_index), .look_pending(look_pending),
        .enable(enable), .grant_valid(grant_valid), .grant(grant), .grant_ready(grant_ready)
    );

    (* hierconn *) wire [SIZE-1:0] \dut.rr_mask ;

    reg started = 1'b0;
    always @(posedge aclk) started <= 1'b1;

    wire [SIZE-1:0] exist = {SIZE{1'b1}} >> (SIZE - REQUESTS);

    always @* if (!started) reset_first: assume (!aresetn);

    // What the user keeps to.
    `define KEPT(name, condition) always @* name: assume (!aresetn || (condition));
    `include "virtio_pending_flops_use.vh"
    `undef KEPT

    (* anyconst *) wire [INDEX_WIDTH-1:0] i;
    always @* any_request: assume ({{(32-INDEX_WIDTH){1'b0}}, i} <= LAST);

    wire its_set  = (set && set_index == i) || (fill && fill_bits[i]);
    wire taken    = grant_ready && grant_valid;
    wire its_take = taken && grant == i;
    wire its_drop = drop && look_index == i;

    reg asked;
    always @(posedge aclk) begin
        if (!aresetn || sweep)         asked <= 1'b0;
        else if (BYPASS != 0)          asked <= (asked || its_set) && !its_take && !its_drop;
        else if (its_set)              asked <= 1'b1;
        else if (its_take || its_drop) asked <= 1'b0;
    end

    // What can still be served before i, what was while it waits, and whether one of them was twice.
    wire            waits      = asked && enable[i] && !sweep;
    wire [SIZE-1:0] below_i    = (ONE << i) - ONE;
    wire [SIZE-1:0] before     = \dut.rr_mask [i] ? (\dut.rr_mask & below_i) : ((\dut.rr_mask & exist) | below_i);
    wire [SIZE-1:0] served_now = taken ? (ONE << grant) : NONE;
    reg  [SIZE-1:0] served;
    always @(posedge aclk) begin
        if (!aresetn || !waits || its_take) served <= NONE;
        else                                served <= served | served_now;
    end

    always @* if (started) begin
        r1_kept:        assert (cleared_bits[i] == asked);
        r2_grant_asked: assert (!(grant_valid && grant == i) || (enable[i] && (asked || (BYPASS != 0 && set && set_index == i))));
        r2_in_range:    assert (!aresetn || !grant_valid || {{(32-INDEX_WIDTH){1'b0}}, grant} <= LAST);
        r2_look:        assert (look_index != i || look_pending == asked);
        r5_progress:    assert (!waits || grant_valid || drop);
        r3_drop:        assert (!drop || !grant_valid);
        r5_before:      assert (!waits || (served & before) == NONE);
        r5_once:        assert (!waits || (served & served_now) == NONE);
        link_served:    assert (!served[i]);
        link_behind:    assert (((\dut.rr_mask << 1) & ~\dut.rr_mask ) == NONE && !\dut.rr_mask [0]);
        c_all_before:   cover (its_take && (served | (ONE << i)) == exist);
        c_set_take:     cover (its_take && set && set_index == i && asked);
        c_drop:         cover (its_drop && asked && !sweep);
    end

endmodule

`default_nettype wire
