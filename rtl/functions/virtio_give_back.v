// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_give_back: gives slots back to the engine as early as that is allowed, and notices writes that failed.
//
// A slot may be given back when the last byte for it was handed over; the engine publishes the buffer after memory has
// answered. A wrote_error before or after that voids the giving back, unless the slot was given with the fault. Such a
// slot comes out at retry_*, once for each error that was noticed, and its owner has to give it back again.
//
//   In one cycle                                           who wins
//   wrote_error and a slot at the front                    wrote_error: the front waits a cycle
//   a slot begins, and another one is at the front         the one that begins; the front waits a cycle
//   wrote_error in the cycle after a slot began            both: the slot's marks are cleared in the next cycle
//   wrote_error, and a failed slot goes to retry_*         wrote_error; the failed slot waits a cycle
//   reset and anything                                     reset: all is forgotten
//
//   Timing: give -> done 1 cycle when nothing waits; wrote_error -> retry 1 cycle. begin_ready depends on a register
//   alone, and is 0 in the cycle after a slot began.
//
//   SLOTS  slots of the engine, 1..64; no more than SLOTS things wait here, so give_ready is 1 for a correct owner
`default_nettype none

module virtio_give_back #(
    parameter SLOTS = 16
) (
    input  wire        aclk,
    input  wire        reset,

    input  wire        begin_valid,                      // a slot begins with a new buffer: no later than its first
    output wire        begin_ready,                      // write command, and before it is given
    input  wire [5:0]  begin_slot,

    input  wire        give_valid,
    output wire        give_ready,
    input  wire [5:0]  give_slot,
    input  wire [31:0] give_written,
    input  wire        give_fault,                       // with the slot's data cannot be written what has to be

    input  wire        wrote_valid,
    input  wire [5:0]  wrote_slot,
    input  wire        wrote_error,

    output wire        retry_valid,
    input  wire        retry_ready,
    output wire [5:0]  retry_slot,

    output wire        done_valid,                       // withdrawn for a cycle by a wrote_error or a slot that begins
    input  wire        done_ready,
    output wire [5:0]  done_slot,
    output wire [31:0] done_written,
    output wire        done_fault
);

    localparam LOG2 = (SLOTS > 2) ? $clog2(SLOTS) : 1;   // bits of a slot
    localparam MOST = 1 << LOG2;

    wire [LOG2-1:0] done_at  = done_slot[LOG2-1:0];
    wire [LOG2-1:0] wrote_at = wrote_slot[LOG2-1:0];
    wire            unused   = &{1'b0, begin_slot};

    wire        front_valid;
    wire        front_ready;
    wire [38:0] front;

    virtio_sync_fifo #(.WIDTH(39), .LOG2_DEPTH(LOG2)) gifts (
        .aclk(aclk), .aresetn(!reset),
        .in_valid(give_valid), .in_ready(give_ready), .in_data({give_fault, give_slot, give_written}),
        .out_valid(front_valid), .out_ready(front_ready), .out_data(front)
    );

    assign done_fault   = front[38];
    assign done_slot    = front[37:32];
    assign done_written = front[31:0];

    // ------------------------------------------------------------------ marks of each slot
    // One is written in a cycle: that of an error, or else of a slot that begins, or else of the front.
    reg            failed [0:MOST-1];                    // a write failed, and the slot is not given back yet
    reg            given  [0:MOST-1];                    // given back: a wrote_error voids that
    reg            fresh;                                // the marks of fresh_at are of its last buffer
    reg [LOG2-1:0] fresh_at;

    // A slot that is given with a fault goes to the engine whatever else failed.
    wire error        = wrote_valid && wrote_error;
    wire front_turn   = front_valid && !error && !fresh;
    wire front_failed = failed[done_at] && !done_fault;
    wire accepted     = done_valid && done_ready;
    wire voided       = error && given[wrote_at];
    wire returned;                                       // a failed slot at the front went to retry_*

    assign done_valid  = front_turn && !front_failed;
    assign begin_ready = !fresh;

    wire [LOG2-1:0] mark_at = error ? wrote_at : fresh ? fresh_at : done_at;

    always @(posedge aclk) begin
        if (error || fresh || accepted || returned) begin
            failed[mark_at] <= error && !voided;
            given[mark_at]  <= accepted && !done_fault;  // a fault stands: no later error calls it back
        end
    end

    always @(posedge aclk) begin
        if (reset)
            fresh <= 1'b0;
        else if (begin_ready)
            fresh <= begin_valid;
        else
            fresh <= error;
        if (begin_ready)
            fresh_at <= begin_slot[LOG2-1:0];
    end

    // ------------------------------------------------------------------ slots that have to be given back again
    wire       retry_room;
    wire       retry_push = voided || (front_turn && front_failed);
    wire [5:0] retry_pick = voided ? wrote_slot : done_slot;

    assign returned    = front_turn && front_failed && retry_room;
    assign front_ready = accepted || returned;

    // A slot is here once at most: an error while it is here is kept in `failed`, and looked at when it is given again.
    virtio_sync_fifo #(.WIDTH(6), .LOG2_DEPTH(LOG2)) retries (
        .aclk(aclk), .aresetn(!reset),
        .in_valid(retry_push), .in_ready(retry_room), .in_data(retry_pick),
        .out_valid(retry_valid), .out_ready(retry_ready), .out_data(retry_slot)
    );

endmodule

`default_nettype wire
