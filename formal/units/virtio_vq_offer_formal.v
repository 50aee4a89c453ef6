// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_vq_offer_formal: each chain that is begun leaves once: offered to the function, or as a bad one, or dropped; chains leave
// in the order in which they were begun, and not before they are walked. One chain, any, is followed.
//
//   SLOTS   as in virtio_vq_offer
`default_nettype none

module virtio_vq_offer_formal #(
    parameter SLOTS      = 4,
    parameter SLOT_WIDTH = 2
) (
    input wire                  aclk,
    input wire                  aresetn,
    input wire                  halt,
    input wire                  begin_valid,
    input wire [SLOT_WIDTH-1:0] begin_slot,
    input wire                  begin_queue,
    input wire [SLOTS-1:0]      walked,
    input wire [SLOTS-1:0]      bad,
    input wire [SLOTS-1:0]      dead,
    input wire                  stopping,
    input wire                  stop_queue,
    input wire [31:0]           slot_readable,
    input wire [31:0]           slot_writable,
    input wire                  bad_ready,
    input wire                  req_ready,
    input wire                  mark              // the chain that is begun now is the one that is followed
);

    wire                  bad_valid, drop_valid, drop_queue, req_valid, req_queue;
    wire [SLOT_WIDTH-1:0] slot, req_slot;
    wire [31:0]           req_readable, req_writable;

    virtio_vq_offer #(.QUEUE_WIDTH(1), .SLOTS(SLOTS), .SLOT_WIDTH(SLOT_WIDTH)) dut (
        .aclk(aclk), .aresetn(aresetn), .halt(halt),
        .begin_valid(begin_valid), .begin_slot(begin_slot), .begin_queue(begin_queue),
        .walked(walked), .bad(bad), .dead(dead), .stopping(stopping), .stop_queue(stop_queue),
        .slot(slot), .slot_readable(slot_readable), .slot_writable(slot_writable),
        .bad_valid(bad_valid), .bad_ready(bad_ready), .drop_valid(drop_valid), .drop_queue(drop_queue),
        .req_valid(req_valid), .req_ready(req_ready), .req_slot(req_slot), .req_queue(req_queue),
        .req_readable(req_readable), .req_writable(req_writable)
    );

    reg started = 1'b0;
    always @(posedge aclk) started <= 1'b1;
    always @* if (!started) reset_first: assume (!aresetn);

    // ------------------------------------------------------------------ how the followed chain, and those before it, leave
    wire past_bad  = bad_valid && bad_ready;
    reg  held;                                    // req_* was on offer in the last cycle, and was not taken
    reg  held_aresetn;
    wire offered   = req_valid && !held;          // for the first time, one cycle after the chain has left the store
    reg  [2:0] inside;                            // chains begun, and not seen to leave
    reg        followed, gone, shown, its_queue, hit_dead, hit_stop;
    reg  [2:0] before;                            // how many leave before it
    reg  [SLOT_WIDTH-1:0] its_slot;
    reg        may_left, may_bad, may_good;       // what its flags allowed in the last cycle
    wire       now     = begin_valid && mark && !followed;
    wire [1:0] leaving = {1'b0, past_bad} + {1'b0, drop_valid} + {1'b0, offered};
    wire       turn    = followed && !gone && before == {2'd0, offered};

    // A slot is begun only while it is free, so there are never more chains than slots.
    always @* a_room: assume (!begin_valid || inside < SLOTS[2:0]);

    always @(posedge aclk) begin
        if (!aresetn) begin
            held     <= 1'b0;
            inside   <= 3'd0;
            followed <= 1'b0;
            gone     <= 1'b0;
            shown    <= 1'b0;
        end else begin
            held     <= req_valid && !req_ready;
            inside   <= inside + {2'd0, begin_valid} - {1'b0, leaving};
            followed <= followed || now;
            if (now)
                gone <= 1'b0;
            else if (followed && !gone && before < {1'b0, leaving})
                gone <= 1'b1;
            shown    <= shown || (followed && !gone && offered && before == 3'd0);
        end
        if (now) begin
            its_slot  <= begin_slot;
            its_queue <= begin_queue;
            before    <= inside - {1'b0, leaving};
        end else
            before    <= before - {1'b0, leaving};
        may_good <= aresetn && walked[its_slot] && !bad[its_slot] && !dead[its_slot] && !halt && !(stopping && stop_queue == its_queue);
    end

    wire its_offer = followed && !gone && offered && before == 3'd0;
    wire its_bad   = turn && past_bad;
    wire its_drop  = turn && drop_valid;

    reg [SLOT_WIDTH-1:0] held_slot;
    reg                  held_queue;
    always @(posedge aclk) begin
        held_slot  <= req_slot;
        held_queue <= req_queue;
    end

    always @* if (started) begin
        p3_offered:  assert (!its_offer || (req_slot == its_slot && req_queue == its_queue && may_good));
        p3_bad:      assert (!its_bad || (slot == its_slot && walked[its_slot] && bad[its_slot] && !dead[its_slot]));
        p3_dropped:  assert (!its_drop || (slot == its_slot && drop_queue == its_queue && walked[its_slot] && dead[its_slot]));
        p3_one:      assert (!(bad_valid && drop_valid));
        p3_none:     assert (inside >= {1'b0, leaving});
        p3_held:     assert (!held || (req_valid && req_slot == held_slot && req_queue == held_queue));
        c_waits:     cover (its_offer && inside == 3'd4);
    end

endmodule

`default_nettype wire
