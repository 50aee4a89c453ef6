// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_counts: one wrapping counter for each queue, in a RAM. Only one event adds to it, so several of these side
// by side, subtracted from one another, count what has several writers.
//
// In one cycle:
//   reset and an addition -> reset
//   an addition and a look at the same queue -> the look shows the old count
//
//   COUNT_WIDTH  bits of a counter
`default_nettype none

module virtio_vq_counts #(
    parameter NUM_QUEUES  = 2,
    parameter QUEUE_WIDTH = 1,
    parameter COUNT_WIDTH = 8
) (
    input  wire                   aclk,
    input  wire                   aresetn,               // all counters to 0

    input  wire                   add_valid,
    input  wire [QUEUE_WIDTH-1:0] add_queue,
    input  wire [COUNT_WIDTH-1:0] add_count,

    input  wire [QUEUE_WIDTH-1:0] of_queue,
    output wire [COUNT_WIDTH-1:0] count                  // in the same cycle, without what is added in it
);

    reg [COUNT_WIDTH-1:0] counts [0:NUM_QUEUES-1];
    reg [NUM_QUEUES-1:0]  written;                       // since reset

    wire [COUNT_WIDTH-1:0] old = written[add_queue] ? counts[add_queue] : {COUNT_WIDTH{1'b0}};

    assign count = written[of_queue] ? counts[of_queue] : {COUNT_WIDTH{1'b0}};

    always @(posedge aclk) begin
        if (add_valid)
            counts[add_queue] <= old + add_count;
    end

    always @(posedge aclk) begin
        if (!aresetn)
            written <= {NUM_QUEUES{1'b0}};
        else if (add_valid)
            written[add_queue] <= 1'b1;
    end

endmodule

`default_nettype wire
