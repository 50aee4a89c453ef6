// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_sync_fifo: first-in first-out store with valid/ready on both sides.
//
// in_ready is a register, so no combinational path leads from the output side to in_ready. A full store does not accept
// an item in the cycle in which it gives one away. Two entries sustain one item a cycle.
//
// In one cycle:
//   an item comes and another goes -> both; a full store takes none in this cycle
//   an item comes into the empty store -> it is at the output in the next cycle
//
//   WIDTH       bits of an item
//   LOG2_DEPTH  log2 of the number of items held, 1 or more
`default_nettype none

module virtio_sync_fifo #(
    parameter WIDTH      = 32,
    parameter LOG2_DEPTH = 1
) (
    input  wire             aclk,
    input  wire             aresetn,

    input  wire             in_valid,
    output reg              in_ready,
    input  wire [WIDTH-1:0] in_data,

    output wire             out_valid,
    input  wire             out_ready,
    output wire [WIDTH-1:0] out_data     // meaningless while out_valid is 0
);

    reg [WIDTH-1:0]    store [0:(1 << LOG2_DEPTH) - 1];
    reg [LOG2_DEPTH:0] head;
    reg [LOG2_DEPTH:0] tail;

    wire same_slot = (head[LOG2_DEPTH-1:0] == tail[LOG2_DEPTH-1:0]);
    wire same_lap  = (head[LOG2_DEPTH] == tail[LOG2_DEPTH]);

    assign out_valid = !(same_slot && same_lap);
    assign out_data  = store[head[LOG2_DEPTH-1:0]];

    // in_ready says whether there is a free slot, which push and pop change. A push needs one, so the laps do not matter.
    wire                push      = in_valid && in_ready;
    wire                pop       = out_valid && out_ready;
    wire [LOG2_DEPTH:0] tail_next = tail + {{LOG2_DEPTH{1'b0}}, 1'b1};
    wire                last_slot = (tail_next[LOG2_DEPTH-1:0] == head[LOG2_DEPTH-1:0]);

    always @(posedge aclk) begin
        if (!aresetn || pop)
            in_ready <= 1'b1;
        else if (push)
            in_ready <= !last_slot;
    end

    // The free slot behind the last item may hold anything, so no path leads from in_valid to the store.
    always @(posedge aclk) begin
        if (in_ready)
            store[tail[LOG2_DEPTH-1:0]] <= in_data;
    end

    always @(posedge aclk) begin
        if (!aresetn) begin
            head <= {(LOG2_DEPTH + 1){1'b0}};
            tail <= {(LOG2_DEPTH + 1){1'b0}};
        end else begin
            if (push)
                tail <= tail_next;
            if (pop)
                head <= head + {{LOG2_DEPTH{1'b0}}, 1'b1};
        end
    end

endmodule

`default_nettype wire
