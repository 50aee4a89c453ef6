// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_event_gate: lets the events that the driver wants wait for company.
//
// An event of a queue goes on when EVENT_COUNT events of the queue have come, or EVENT_CYCLES cycles after the first.
// With EVENT_COUNT = 1 there is nothing here but wires.
//
//   In one cycle                                   who wins
//   an event comes, and the queue's event is due   the one that comes; it goes on with it later
`default_nettype none

module virtio_vq_event_gate #(
    parameter NUM_QUEUES   = 2,
    parameter QUEUE_WIDTH  = 1,
    parameter EVENT_COUNT  = 1,
    parameter EVENT_CYCLES = 0
) (
    input  wire                   aclk,
    input  wire                   aresetn,
    input  wire                   forget_valid,          // the queue was stopped: nothing is told of it any more
    input  wire [QUEUE_WIDTH-1:0] forget_queue,

    input  wire                   in_valid,
    output wire                   in_ready,
    input  wire [QUEUE_WIDTH-1:0] in_queue,

    output wire                   out_valid,             // stays until taken
    input  wire                   out_ready,
    output wire [QUEUE_WIDTH-1:0] out_queue
);

    generate
        if (EVENT_COUNT > 1) begin : gate
            localparam [31:0]            LAST_WIDE = NUM_QUEUES - 1;
            localparam [QUEUE_WIDTH-1:0] LAST      = LAST_WIDE[QUEUE_WIDTH-1:0];
            localparam [31:0]            COUNT     = EVENT_COUNT;
            localparam [31:0]            CYCLES    = EVENT_CYCLES;

            reg  [NUM_QUEUES-1:0]  owed;
            reg  [NUM_QUEUES-1:0]  due;
            reg  [31:0]            first  [0:NUM_QUEUES-1];    // when the first of those that wait came
            reg  [15:0]            counts [0:NUM_QUEUES-1];
            reg  [31:0]            now;
            reg  [QUEUE_WIDTH-1:0] turn;
            reg                    valid;
            reg  [QUEUE_WIDTH-1:0] chosen;

            wire [31:0]            waited = now - first[turn];
            wire [15:0]            count  = owed[in_queue] ? counts[in_queue] + 16'd1 : 16'd1;
            wire                   go     = owed[turn] && (due[turn] || (waited >= CYCLES)) && (!valid || out_ready) &&
                                            !(in_valid && (in_queue == turn));

            assign in_ready  = 1'b1;
            assign out_valid = valid;
            assign out_queue = chosen;

            always @(posedge aclk) begin
                if (in_valid) begin
                    counts[in_queue] <= count;
                    if (!owed[in_queue])
                        first[in_queue] <= now;
                end
                if (go)
                    chosen <= turn;
            end

            always @(posedge aclk) begin
                if (!aresetn) begin
                    owed  <= {NUM_QUEUES{1'b0}};
                    due   <= {NUM_QUEUES{1'b0}};
                    now   <= 32'd0;
                    turn  <= {QUEUE_WIDTH{1'b0}};
                    valid <= 1'b0;
                end else begin
                    now   <= now + 32'd1;
                    turn  <= (turn == LAST) ? {QUEUE_WIDTH{1'b0}} : turn + {{(QUEUE_WIDTH - 1){1'b0}}, 1'b1};
                    valid <= go || (valid && !out_ready);
                    if (go)
                        owed[turn] <= 1'b0;
                    if (in_valid) begin
                        owed[in_queue] <= 1'b1;
                        due[in_queue]  <= ({16'd0, count} >= COUNT);
                    end
                    if (forget_valid)
                        owed[forget_queue] <= 1'b0;
                end
            end
        end else begin : no_gate
            assign out_valid = in_valid;
            assign in_ready  = out_ready;
            assign out_queue = in_queue;

            wire unused = &{1'b0, aclk, aresetn, forget_valid, forget_queue};
        end
    endgenerate

endmodule

`default_nettype wire
