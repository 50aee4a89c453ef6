// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_pending_flops: stores a small number of pending requests in flip-flops and chooses among them fairly.
// The grant is combinational from the flip-flops. The ports are those of virtio_pending_ram, with one row.
//
// Round robin: the search begins behind the last grant and wraps. With V requests pending, each is granted within V
// grants. A blocked request (enable 0) never delays another. With BYPASS a request can be granted in the cycle in which
// it is set, but only if no pending request may be granted; so the choice does not wait for the input set.
//
// In one cycle:
//   set and taken, of one index   with BYPASS the request is part of what is being taken; without it, it is pending
//                                 again
//   anything and sweep            sweep wins
//   drop and a grant              nothing is granted
// drop never comes together with fill, nor with a set of the same request.
//
//   REQUESTS     number of requests
//   INDEX_WIDTH  bits of an index
//   BYPASS       1: a request can be granted in the cycle in which it is set, if no other may be
`default_nettype none

module virtio_pending_flops #(
    parameter REQUESTS    = 2,
    parameter INDEX_WIDTH = 1,
    parameter BYPASS      = 0
) (
    input  wire                        aclk,
    input  wire                        aresetn,
    input  wire                        sweep,            // clear all
    output wire [(1<<INDEX_WIDTH)-1:0] cleared_bits,     // what is pending

    input  wire                        set,
    input  wire [INDEX_WIDTH-1:0]      set_index,
    input  wire                        fill,             // set all of fill_bits
    input  wire [(1<<INDEX_WIDTH)-1:0] fill_bits,
    input  wire                        drop,             // clear the one at look_index
    input  wire [INDEX_WIDTH-1:0]      look_index,
    output wire                        look_pending,

    input  wire [(1<<INDEX_WIDTH)-1:0] enable,           // requests that may be granted
    output wire                        grant_valid,
    output wire [INDEX_WIDTH-1:0]      grant,
    input  wire                        grant_ready       // if there is a grant, it is used
);

    localparam            SIZE      = 1 << INDEX_WIDTH;
    localparam            TAKE_WINS = (BYPASS != 0);
    localparam [SIZE-1:0] ONE       = 1;
    localparam [SIZE-1:0] NONE      = 0;
    localparam [SIZE-1:0] EXISTING  = {SIZE{1'b1}} >> (SIZE - REQUESTS);

    reg [SIZE-1:0] pending;
    reg [SIZE-1:0] rr_mask;                              // the positions after the last grant

    wire [SIZE-1:0] set_hit  = set ? (ONE << set_index) : NONE;
    wire [SIZE-1:0] drop_hit = drop ? (ONE << look_index) : NONE;
    wire [SIZE-1:0] add      = set_hit | (fill ? fill_bits : NONE);
    wire [SIZE-1:0] requests = pending & enable & EXISTING;
    wire            bypass   = TAKE_WINS && set && enable[set_index];

    wire [SIZE-1:0] first_behind;
    wire [SIZE-1:0] first_any;
    wire [SIZE-1:0] above_rr;
    wire [SIZE-1:0] above_any;
    wire            found_rr;
    wire            found_any;

    wire [INDEX_WIDTH-1:0] index_rr;
    wire [INDEX_WIDTH-1:0] index_any;

    virtio_first_set #(.WIDTH(SIZE), .INDEX_WIDTH(INDEX_WIDTH)) find_rr (
        .bits(requests & rr_mask),
        .found(found_rr), .first(first_behind), .index(index_rr), .above(above_rr)
    );
    virtio_first_set #(.WIDTH(SIZE), .INDEX_WIDTH(INDEX_WIDTH)) find_any (
        .bits(requests),
        .found(found_any), .first(first_any), .index(index_any), .above(above_any)
    );

    assign grant_valid = (found_any || bypass) && !sweep && !drop;
    assign grant       = found_rr ? index_rr : found_any || !TAKE_WINS ? index_any : set_index;

    wire            take      = grant_ready && !sweep && !drop;
    wire [SIZE-1:0] taken_hit = !take                   ? NONE :
                                found_rr            ? first_behind :
                                found_any || !TAKE_WINS ? first_any : (set_hit & enable);

    always @(posedge aclk) begin
        if (!aresetn)
            rr_mask <= NONE;
        else if (take && found_any)
            rr_mask <= found_rr ? above_rr : above_any;
    end

    always @(posedge aclk) begin
        if (!aresetn || sweep)
            pending <= NONE;
        else if (TAKE_WINS)
            pending <= (pending | add) & ~taken_hit & ~drop_hit;
        else
            pending <= (pending & ~taken_hit & ~drop_hit) | add;
    end

    assign cleared_bits        = pending;
    assign look_pending = pending[look_index];

endmodule

`default_nettype wire
