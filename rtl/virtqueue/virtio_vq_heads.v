// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_heads: heads of chains that were fetched and wait for a slot, in order, of all queues.
//
// A queue that is stopped loses its heads: purge goes through the store, one entry a cycle, and marks them.
//
//   In one cycle                             who wins
//   a head is taken, and purge comes to it   the taking
//
//   HEAD_WIDTH  bits of what is kept beside the queue
`default_nettype none

module virtio_vq_heads #(
    parameter QUEUE_WIDTH = 1,
    parameter HEAD_WIDTH  = 16,
    parameter LOG2_DEPTH  = 5
) (
    input  wire                   aclk,
    input  wire                   aresetn,

    input  wire                   in_valid,              // only while room is not 0
    input  wire [QUEUE_WIDTH-1:0] in_queue,
    input  wire [HEAD_WIDTH-1:0]  in_head,
    output wire [LOG2_DEPTH:0]    room,

    output wire                   out_valid,
    input  wire                   out_pop,
    output wire [QUEUE_WIDTH-1:0] out_queue,
    output wire [HEAD_WIDTH-1:0]  out_head,

    input  wire                   purge,                 // one cycle; not again before purged
    input  wire [QUEUE_WIDTH-1:0] purge_queue,           // stays until purged
    output wire                   purging,
    output wire                   purged_valid           // a head of purge_queue was thrown away
);

    localparam DEPTH = 1 << LOG2_DEPTH;

    reg  [QUEUE_WIDTH-1:0] queues [0:DEPTH-1];
    reg  [HEAD_WIDTH-1:0]  heads  [0:DEPTH-1];
    reg  [DEPTH-1:0]       present;
    reg  [LOG2_DEPTH:0]    first;
    reg  [LOG2_DEPTH:0]    last;
    reg  [LOG2_DEPTH:0]    step;                         // of the purge; the top bit is set while it runs

    wire [LOG2_DEPTH-1:0]  first_at = first[LOG2_DEPTH-1:0];
    wire [LOG2_DEPTH-1:0]  last_at  = last[LOG2_DEPTH-1:0];
    wire [LOG2_DEPTH-1:0]  step_at  = step[LOG2_DEPTH-1:0];
    wire                   filled   = (first != last);
    wire                   skip     = filled && !present[first_at];
    wire                   pop      = out_valid && out_pop;
    wire                   hit      = purging && present[step_at] && (queues[step_at] == purge_queue) &&
                                      !(pop && (first_at == step_at));

    localparam [LOG2_DEPTH:0] SIZE = DEPTH;

    assign room         = SIZE - (last - first);
    assign out_valid    = filled && present[first_at];
    assign out_queue    = queues[first_at];
    assign out_head     = heads[first_at];
    assign purging      = step[LOG2_DEPTH];
    assign purged_valid = hit;

    always @(posedge aclk) begin
        if (in_valid) begin
            queues[last_at] <= in_queue;
            heads[last_at]  <= in_head;
        end
    end

    always @(posedge aclk) begin
        if (!aresetn) begin
            present <= {DEPTH{1'b0}};
            first   <= {(LOG2_DEPTH + 1){1'b0}};
            last    <= {(LOG2_DEPTH + 1){1'b0}};
            step    <= {(LOG2_DEPTH + 1){1'b0}};
        end else begin
            if (in_valid) begin
                present[last_at] <= 1'b1;
                last             <= last + {{LOG2_DEPTH{1'b0}}, 1'b1};
            end
            if (pop || skip) begin
                present[first_at] <= 1'b0;
                first             <= first + {{LOG2_DEPTH{1'b0}}, 1'b1};
            end
            if (hit)
                present[step_at] <= 1'b0;
            if (purge)
                step <= SIZE;
            else if (purging)
                step <= step + {{LOG2_DEPTH{1'b0}}, 1'b1};
        end
    end

endmodule

`default_nettype wire
