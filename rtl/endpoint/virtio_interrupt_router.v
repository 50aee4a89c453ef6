// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_interrupt_router: sends each event to InterruptStatus while MSI is off, to its vector while MSI is on, or
// drops it. The decision is made one cycle after the event was accepted.
//
// One event is accepted in each cycle. When several sources have one, the first in this list wins:
//   move          MAP made another vector pending as well (rule 8)
//   conversion    ENABLE turns InterruptStatus into pending vectors (rule 9): the configuration change, then a walk
//                 over all queues, one a cycle, for the used-buffer bit, which does not tell which queue it was
//   needs reset   DEVICE_NEEDS_RESET was raised (MMIO-21)
//   the device    event_valid/event_ready/event_index
// event_ready does not depend on event_valid, nor on the message bus.
//
// An event of a queue that was not ready, or that does not exist, is dropped (rule 12). With MSI on, an event without a
// vector is dropped, too (rule 3). Both count as they were in the cycle in which the event was accepted.
//
// In one cycle:
//   an event and move, conversion, walk or needs reset -> these; the event waits (event_ready is 0)
//   an event and DISABLE -> the event is accepted, and decided in the next cycle, when MSI is off
//   DISABLE and a walk -> DISABLE ends the walk; its used-buffer event goes back to InterruptStatus
//   a reset and an event -> the event is accepted and dropped
//
//   NUM_QUEUES    1..1024
//   QUEUE_WIDTH   bits of a queue number
//   VECTOR_WIDTH  bits of a vector number
`default_nettype none

module virtio_interrupt_router #(
    parameter NUM_QUEUES   = 2,
    parameter QUEUE_WIDTH  = 1,
    parameter VECTOR_WIDTH = 2
) (
    input  wire                    aclk,
    input  wire                    aresetn,
    input  wire                    resetting,            // events are accepted and dropped
    input  wire                    sweeping,             // after aresetn: events wait until the tables are clear

    input  wire                    event_valid,
    output wire                    event_ready,
    input  wire [15:0]             event_index,

    input  wire                    msi_enabled,
    input  wire                    disabling,
    input  wire                    needs_reset_event,

    input  wire                    convert_used,         // InterruptStatus holds a used-buffer event; MSI is on
    input  wire                    convert_config,
    output wire                    convert_used_taken,   // the bit is now this module's
    output wire                    convert_config_taken,
    output wire                    walking,              // a used-buffer event is on its way to the vectors

    input  wire                    move,
    input  wire                    move_used,
    input  wire                    move_config,

    output wire                    lookup_config,
    output wire [QUEUE_WIDTH-1:0]  lookup_queue,
    input  wire                    lookup_ready,         // the queue is ready; combinational
    input  wire                    lookup_mapped,        // the event has a vector; combinational
    input  wire [VECTOR_WIDTH-1:0] lookup_vector,        // one cycle later; of a move, too

    output wire                    status_used,          // set InterruptStatus
    output wire                    status_config,
    output wire                    pend,                 // make pend_vector pending
    output wire [VECTOR_WIDTH-1:0] pend_vector,
    output wire                    pend_used,
    output wire                    pend_config
);

    localparam [31:0]            QUEUES     = NUM_QUEUES;
    localparam [31:0]            LAST       = QUEUES - 32'd1;
    localparam [QUEUE_WIDTH-1:0] LAST_QUEUE = LAST[QUEUE_WIDTH-1:0];
    localparam [QUEUE_WIDTH-1:0] ONE_QUEUE  = 1;

    // ------------------------------------------------------------------ choose
    reg                   walk;
    reg [QUEUE_WIDTH-1:0] walk_queue;
    reg                   needs_reset_owed;

    wire step_config      = convert_config && !move && !disabling;
    wire step_walk        = walk && !move && !step_config;
    wire step_needs_reset = needs_reset_owed && !move && !convert_config && !walk;

    assign event_ready = !(move || convert_config || convert_used || walk || needs_reset_owed ||
                           (sweeping && !resetting));

    wire        accept       = event_valid && event_ready;
    wire        index_exists = ({16'd0, event_index} <= QUEUES);
    wire        index_config = (event_index == 16'd0);
    wire [15:0] index_queue  = event_index - 16'd1;

    wire unused_upper = &{1'b0, index_queue};

    assign convert_config_taken = step_config;
    assign convert_used_taken   = convert_used && !disabling;
    assign walking              = walk;

    assign lookup_config = step_config || step_needs_reset || (accept && index_config);
    assign lookup_queue  = walk ? walk_queue : index_queue[QUEUE_WIDTH-1:0];

    always @(posedge aclk) begin
        if (!aresetn || resetting) begin
            walk             <= 1'b0;
            needs_reset_owed <= 1'b0;
        end else begin
            if (disabling)
                walk <= 1'b0;
            else if (convert_used_taken)
                walk <= 1'b1;
            else if (step_walk && (walk_queue == LAST_QUEUE))
                walk <= 1'b0;
            needs_reset_owed <= needs_reset_event || (needs_reset_owed && !step_needs_reset);
        end
    end

    always @(posedge aclk) begin
        if (!walk)
            walk_queue <= {QUEUE_WIDTH{1'b0}};
        else if (step_walk)
            walk_queue <= walk_queue + ONE_QUEUE;
    end

    // ------------------------------------------------------------------ decide
    wire queue_event = (step_walk || (accept && index_exists && !index_config)) && lookup_ready;

    reg                    moved;
    reg                    of_config;
    reg                    of_queue;                     // which is ready
    reg                    routed;                       // to a vector, if MSI is on
    reg                    moved_used;
    reg                    moved_config;

    always @(posedge aclk) begin
        if (!aresetn || resetting) begin
            moved     <= 1'b0;
            of_config <= 1'b0;
            of_queue  <= 1'b0;
            routed    <= 1'b0;
        end else begin
            moved     <= move;
            of_config <= lookup_config;
            of_queue  <= queue_event;
            routed    <= move || ((lookup_config || queue_event) && lookup_mapped);
        end
    end

    always @(posedge aclk) begin
        moved_used   <= move_used;
        moved_config <= move_config;
    end

    assign status_used   = of_queue && !msi_enabled;
    assign status_config = of_config && !msi_enabled;
    assign pend          = routed && msi_enabled;
    assign pend_vector   = lookup_vector;
    assign pend_used     = moved ? moved_used : of_queue;
    assign pend_config   = moved ? moved_config : of_config;

endmodule

`default_nettype wire
