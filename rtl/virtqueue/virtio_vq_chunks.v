// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_chunks: keeps two chunks between virtio_vq_segment_walk and a mover. A chunk of a slot whose queue is
// stopped while the chunk waits becomes a chunk with fill, which does not touch memory.
//
//   In one cycle                                  who wins
//   a slot becomes dead, and its chunk leaves     the chunk: it touches memory. From the second cycle on in which the
//                                                 slot is dead, no chunk of the slot leaves without fill
//
//   Timing: a chunk can leave in the cycle after it came; in_ready and out_* depend on registers alone.
//
//   WIDTH       bits of the rest of a chunk
//   SLOTS       slots of the engine, 1..64
//   SLOT_WIDTH  bits of a slot number
`default_nettype none

module virtio_vq_chunks #(
    parameter WIDTH      = 72,
    parameter SLOTS      = 16,
    parameter SLOT_WIDTH = 4
) (
    input  wire                  aclk,
    input  wire                  aresetn,
    input  wire [SLOTS-1:0]      dead,

    input  wire                  in_valid,
    output wire                  in_ready,
    input  wire [SLOT_WIDTH-1:0] in_slot,
    input  wire                  in_fill,                // 1 for a slot that is dead
    input  wire [WIDTH-1:0]      in_data,

    output wire                  out_valid,
    input  wire                  out_ready,
    output wire [SLOT_WIDTH-1:0] out_slot,
    output wire                  out_fill,
    output wire [WIDTH-1:0]      out_data
);

    reg                  put;                            // where the next one goes
    reg                  get;                            // where the first one is
    reg [SLOT_WIDTH-1:0] slots [0:1];
    reg [1:0]            fills;

    wire push = in_valid && in_ready;
    wire pop  = out_valid && out_ready;

    assign out_slot = slots[get];
    assign out_fill = fills[get];

    always @(posedge aclk) begin
        if (!aresetn) begin
            put <= 1'b0;
            get <= 1'b0;
        end else begin
            put <= put ^ push;
            get <= get ^ pop;
        end
    end

    always @(posedge aclk) begin
        if (push)
            slots[put] <= in_slot;
    end

    always @(posedge aclk) begin
        fills[0] <= (push && !put) ? in_fill : fills[0] || dead[slots[0]];
        fills[1] <= (push && put)  ? in_fill : fills[1] || dead[slots[1]];
    end

    virtio_sync_fifo #(.WIDTH(WIDTH), .LOG2_DEPTH(1)) rest (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(in_valid), .in_ready(in_ready), .in_data(in_data),
        .out_valid(out_valid), .out_ready(out_ready), .out_data(out_data)
    );

endmodule

`default_nettype wire
