// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_give_back: gives slots back to the engine as early as that is allowed, and notices writes that failed.
//
// A slot may be given back when the last byte for it was handed over; the engine publishes the buffer after memory has
// answered. A wrote_error before or after that voids the giving back, unless the slot was given with the fault. Such a
// slot comes out at retry_*, once for each error that was noticed, and its owner has to give it back again.
//
//   In one cycle                                                who wins
//   done accepted and wrote_error for the same slot             both count: the done is void, the slot comes at retry_*
//   done accepted with its fault, and the same                  the fault: it stands, nothing comes at retry_*
//   wrote_error of a given slot, and a failed slot at the front the first one; the front waits a cycle
//   new_valid and wrote_error for the same slot                 impossible: a new buffer has no write outstanding
//   reset and anything                                          reset: all is forgotten
//
//   Timing: give -> done 1 cycle when nothing waits; wrote_error -> retry 1 cycle.
//
//   SLOTS  slots of the engine, 1..64; no more than SLOTS things wait here, so give_ready is 1 for a correct owner
`default_nettype none

module virtio_give_back #(
    parameter SLOTS = 16
) (
    input  wire        aclk,
    input  wire        reset,

    input  wire        new_valid,                        // the owner takes a buffer: its slot begins a new life
    input  wire [5:0]  new_slot,

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

    output wire        done_valid,                       // withdrawn only when a wrote_error overtakes it
    input  wire        done_ready,
    output wire [5:0]  done_slot,
    output wire [31:0] done_written,
    output wire        done_fault
);

    localparam LOG2 = (SLOTS > 2) ? $clog2(SLOTS) : 1;   // bits of a slot
    localparam MOST = 1 << LOG2;

    reg [MOST-1:0] failed;                               // a write failed, and the slot is not given back yet
    reg [MOST-1:0] given;                                // given back: a wrote_error voids that

    wire [LOG2-1:0] done_at  = done_slot[LOG2-1:0];
    wire [LOG2-1:0] wrote_at = wrote_slot[LOG2-1:0];
    wire [LOG2-1:0] new_at   = new_slot[LOG2-1:0];
    wire            unused   = &{1'b0, new_slot};

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

    // A slot that is given with a fault goes to the engine whatever else failed.
    wire front_failed = failed[done_at] && !done_fault;
    wire accepted     = done_valid && done_ready;
    wire error        = wrote_valid && wrote_error;
    wire voided       = error && (given[wrote_at] || (accepted && !done_fault && (done_slot == wrote_slot)));
    wire returned;                                       // a failed slot at the front went to retry_*

    assign done_valid = front_valid && !front_failed;

    wire       retry_room;
    wire       retry_push = voided || (front_valid && front_failed);
    wire [5:0] retry_pick = voided ? wrote_slot : done_slot;

    assign returned    = front_valid && front_failed && !voided && retry_room;
    assign front_ready = accepted || returned;

    virtio_sync_fifo #(.WIDTH(6), .LOG2_DEPTH(LOG2 + 1)) retries (
        .aclk(aclk), .aresetn(!reset),
        .in_valid(retry_push), .in_ready(retry_room), .in_data(retry_pick),
        .out_valid(retry_valid), .out_ready(retry_ready), .out_data(retry_slot)
    );

    always @(posedge aclk) begin
        if (reset) begin
            failed <= {MOST{1'b0}};
            given  <= {MOST{1'b0}};
        end else begin
            if (accepted)
                given[done_at] <= !done_fault;           // a fault stands: no later error calls it back
            if (returned)
                failed[done_at] <= 1'b0;
            if (voided)
                given[wrote_at] <= 1'b0;
            else if (error)
                failed[wrote_at] <= 1'b1;
            if (new_valid) begin
                failed[new_at] <= 1'b0;
                given[new_at]  <= 1'b0;
            end
        end
    end

endmodule

`default_nettype wire
