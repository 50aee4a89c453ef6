// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_offer: offers walked buffers to the function, in the order in which their chains were begun.
//
// So each queue's buffers are offered in ring order, whenever their descriptors came. A buffer whose queue was stopped
// before it was offered is dropped; one with a bad chain goes straight to completion.
//
//   In one cycle                                   who wins
//   the queue is stopped, and the buffer offered   the offer: the function has it, and it is dead
`default_nettype none

module virtio_vq_offer #(
    parameter QUEUE_WIDTH = 1,
    parameter SLOTS       = 16,
    parameter SLOT_WIDTH  = 4
) (
    input  wire                   aclk,
    input  wire                   aresetn,
    input  wire                   halt,

    input  wire                   begin_valid,           // a chain is begun
    input  wire [SLOT_WIDTH-1:0]  begin_slot,
    input  wire [QUEUE_WIDTH-1:0] begin_queue,

    input  wire [SLOTS-1:0]       walked,
    input  wire [SLOTS-1:0]       bad,
    input  wire [SLOTS-1:0]       dead,
    input  wire                   stopping,
    input  wire [QUEUE_WIDTH-1:0] stop_queue,

    output reg  [SLOT_WIDTH-1:0]  slot,                  // the next one
    input  wire [31:0]            slot_readable,         // in the same cycle
    input  wire [31:0]            slot_writable,

    output wire                   bad_valid,
    input  wire                   bad_ready,
    output wire                   drop_valid,
    output wire [QUEUE_WIDTH-1:0] drop_queue,

    output reg                    req_valid,             // stays until taken
    input  wire                   req_ready,
    output reg  [SLOT_WIDTH-1:0]  req_slot,
    output reg  [QUEUE_WIDTH-1:0] req_queue,
    output reg  [31:0]            req_readable,
    output reg  [31:0]            req_writable
);

    localparam ORDER_LOG2 = (SLOTS > 2) ? $clog2(SLOTS) : 1;

    // The next one is kept beside the store, for all that waits for it begins with its slot. It comes there two cycles
    // after its chain was begun, before that can be walked.
    wire                   stored_valid;
    wire [QUEUE_WIDTH-1:0] stored_queue;
    wire [SLOT_WIDTH-1:0]  stored_slot;
    reg                    order_valid;
    reg  [QUEUE_WIDTH-1:0] order_queue;
    wire                   order_pop;
    wire                   next = !order_valid || order_pop;
    wire                   unused_order_ready;           // never full: a slot is in it at most once

    virtio_sync_fifo #(.WIDTH(SLOT_WIDTH + QUEUE_WIDTH), .LOG2_DEPTH(ORDER_LOG2)) order (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(begin_valid), .in_ready(unused_order_ready), .in_data({begin_queue, begin_slot}),
        .out_valid(stored_valid), .out_ready(next), .out_data({stored_queue, stored_slot})
    );

    always @(posedge aclk) begin
        if (!aresetn)
            order_valid <= 1'b0;
        else if (next)
            order_valid <= stored_valid;
        if (next) begin
            order_queue <= stored_queue;
            slot        <= stored_slot;
        end
    end

    wire stop_hit = stopping && (stop_queue == order_queue);
    wire known    = order_valid && walked[slot] && !halt;
    wire good     = known && !dead[slot] && !stop_hit && !bad[slot];
    wire offer    = good && (!req_valid || req_ready);

    assign drop_valid = known && dead[slot];
    assign drop_queue = order_queue;
    assign bad_valid  = known && !dead[slot] && !stop_hit && bad[slot];
    assign order_pop  = drop_valid || offer || (bad_valid && bad_ready);

    always @(posedge aclk) begin
        if (!aresetn)
            req_valid <= 1'b0;
        else
            req_valid <= offer || (req_valid && !req_ready);
    end

    always @(posedge aclk) begin
        if (offer) begin
            req_slot     <= slot;
            req_queue    <= order_queue;
            req_readable <= slot_readable;
            req_writable <= slot_writable;
        end
    end

    wire unused = &{1'b0, unused_order_ready};

endmodule

`default_nettype wire
