// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_heads: heads of chains that were fetched and wait for a slot, in order, of all queues.
//
// A queue that is stopped loses its heads: purge goes through the store, one entry a cycle, and marks them.
//
//   In one cycle                             who wins
//   a head is taken, and purge comes to it   the taking
//   a head comes in, and purge goes on       the head: purge waits a cycle. The fetcher pauses after 16 heads at most.
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

    reg  [QUEUE_WIDTH:0]   marks [0:DEPTH-1];            // present, queue; means nothing outside of first..last
    reg  [HEAD_WIDTH-1:0]  heads [0:DEPTH-1];
    reg  [LOG2_DEPTH:0]    first;
    reg  [LOG2_DEPTH:0]    last;
    reg  [LOG2_DEPTH:0]    step;                         // of the purge; the top bit is set while it runs

    wire [LOG2_DEPTH-1:0]  first_at = first[LOG2_DEPTH-1:0];
    wire [LOG2_DEPTH-1:0]  last_at  = last[LOG2_DEPTH-1:0];
    wire [LOG2_DEPTH-1:0]  step_at  = step[LOG2_DEPTH-1:0];
    wire                   filled   = (first != last);
    wire                   first_present;
    wire                   step_present;
    wire [QUEUE_WIDTH-1:0] step_queue;
    wire                   skip     = filled && !first_present;
    wire                   pop      = out_valid && out_pop;
    wire [LOG2_DEPTH:0]    count    = last - first;
    wire [LOG2_DEPTH:0]    left     = first - last;      // room, less all places
    wire [LOG2_DEPTH-1:0]  behind   = step_at - first_at;
    wire                   stepping = purging && !in_valid;
    wire                   found    = purging && ({1'b0, behind} < count) && step_present &&
                                      (step_queue == purge_queue) && !(pop && (first_at == step_at));

    localparam [LOG2_DEPTH:0] SIZE = DEPTH;

    assign {first_present, out_queue}  = marks[first_at];
    assign {step_present, step_queue} = marks[step_at];

    assign room         = {!left[LOG2_DEPTH], left[LOG2_DEPTH-1:0]};
    assign out_valid    = filled && first_present;
    assign out_head     = heads[first_at];
    assign purging      = step[LOG2_DEPTH];
    assign purged_valid = found && !in_valid;

    always @(posedge aclk) begin
        if (in_valid)
            heads[last_at] <= in_head;
        if (in_valid || found)
            marks[in_valid ? last_at : step_at] <= {in_valid, in_queue};
    end

    always @(posedge aclk) begin
        if (!aresetn) begin
            first <= {(LOG2_DEPTH + 1){1'b0}};
            last  <= {(LOG2_DEPTH + 1){1'b0}};
            step  <= {(LOG2_DEPTH + 1){1'b0}};
        end else begin
            if (in_valid)
                last  <= last + {{LOG2_DEPTH{1'b0}}, 1'b1};
            if (pop || skip)
                first <= first + {{LOG2_DEPTH{1'b0}}, 1'b1};
            if (purge)
                step <= SIZE;
            else if (stepping)
                step <= step + {{LOG2_DEPTH{1'b0}}, 1'b1};
        end
    end

endmodule

`default_nettype wire
