// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_slot_table: what is known of the buffers in flight.
//
//   busy      the slot has a buffer
//   walked    its chain is known to the end
//   bad       its chain cannot be used (ON_CHAIN_ERROR = 1)
//   dead      its queue was stopped
//   given     the function has given it back
//   failed    one of its writes was answered with an error since it was last given back
//   settled   no command and no used element of it is in flight
//
//   In one cycle                                    who wins
//   a slot is allocated, and the same slot freed    cannot be: only a slot that is not busy is allocated
//   a write fails, and the slot is given back       the failure: the slot has to be given back again
`default_nettype none

module virtio_vq_slot_table #(
    parameter SLOTS       = 16,
    parameter SLOT_WIDTH  = 4,
    parameter QUEUE_WIDTH = 1
) (
    input  wire                   aclk,
    input  wire                   aresetn,

    output reg                    free_valid,
    output reg  [SLOT_WIDTH-1:0]  free_slot,
    input  wire                   allocate,              // free_slot; not in two cycles in a row
    input  wire [QUEUE_WIDTH-1:0] allocate_queue,

    input  wire                   walked_valid,
    input  wire [SLOT_WIDTH-1:0]  walked_slot,
    input  wire                   walked_bad,

    input  wire                   command_valid,         // a command was accepted
    input  wire                   command_write,
    input  wire [SLOT_WIDTH-1:0]  command_slot,
    output wire                   command_room,          // command_slot can have one more
    input  wire                   read_done_valid,
    input  wire [SLOT_WIDTH-1:0]  read_done_slot,
    input  wire                   write_done_valid,
    input  wire [SLOT_WIDTH-1:0]  write_done_slot,
    input  wire                   write_done_error,
    input  wire                   element_valid,         // a used element is on its way
    input  wire [SLOT_WIDTH-1:0]  element_slot,
    input  wire                   element_done_valid,
    input  wire [SLOT_WIDTH-1:0]  element_done_slot,

    input  wire                   given_valid,
    input  wire [SLOT_WIDTH-1:0]  given_slot,
    input  wire                   renewed_valid,         // given back again after a failure
    input  wire [SLOT_WIDTH-1:0]  renewed_slot,
    input  wire                   accepted_valid,        // given_slot's earlier failures are the function's business
    input  wire                   release_valid,         // freed after it was given back
    input  wire [SLOT_WIDTH-1:0]  release_slot,
    input  wire                   drop_valid,            // freed without having been offered
    input  wire [SLOT_WIDTH-1:0]  drop_slot,

    input  wire                   stopping,
    input  wire [QUEUE_WIDTH-1:0] stop_queue,
    input  wire [SLOT_WIDTH-1:0]  scan_slot,             // marked dead if it belongs to stop_queue
    output wire                   scan_active,           // it belongs to stop_queue, and its chain or its used element
                                                         // is in flight

    output reg  [SLOTS-1:0]       busy,
    output reg  [SLOTS-1:0]       walked,
    output reg  [SLOTS-1:0]       bad,
    output reg  [SLOTS-1:0]       dead,
    output reg  [SLOTS-1:0]       given,
    output reg  [SLOTS-1:0]       failed,
    output wire [SLOTS-1:0]       settled,
    output wire [SLOTS-1:0]       settles                // is settled in the next cycle, with nothing that fails now
);

    localparam [SLOTS-1:0] ONE = 1;

    // A command is counted a cycle after it was accepted: whether it is accepted depends on the room of its slot, which is
    // found among all slots. Until then it is in `command_hit`.
    reg                  counting;
    reg                  counted_write;
    reg [SLOT_WIDTH-1:0] counted_slot;

    always @(posedge aclk) begin
        counting      <= aresetn && command_valid;
        counted_write <= command_write;
        counted_slot  <= command_slot;
    end

    wire [SLOTS-1:0] allocate_hit = allocate           ? ONE << free_slot         : {SLOTS{1'b0}};
    wire [SLOTS-1:0] walked_hit   = walked_valid       ? ONE << walked_slot       : {SLOTS{1'b0}};
    wire [SLOTS-1:0] command_hit  = counting           ? ONE << counted_slot      : {SLOTS{1'b0}};
    wire [SLOTS-1:0] read_hit     = read_done_valid    ? ONE << read_done_slot    : {SLOTS{1'b0}};
    wire [SLOTS-1:0] write_hit    = write_done_valid   ? ONE << write_done_slot   : {SLOTS{1'b0}};
    wire [SLOTS-1:0] element_hit  = element_valid      ? ONE << element_slot      : {SLOTS{1'b0}};
    wire [SLOTS-1:0] answer_hit   = element_done_valid ? ONE << element_done_slot : {SLOTS{1'b0}};
    wire [SLOTS-1:0] given_hit    = given_valid        ? ONE << given_slot        : {SLOTS{1'b0}};
    wire [SLOTS-1:0] renewed_hit  = renewed_valid      ? ONE << renewed_slot      : {SLOTS{1'b0}};
    wire [SLOTS-1:0] accepted_hit = accepted_valid     ? ONE << given_slot        : {SLOTS{1'b0}};
    wire [SLOTS-1:0] release_hit  = release_valid      ? ONE << release_slot      : {SLOTS{1'b0}};
    wire [SLOTS-1:0] drop_hit     = drop_valid         ? ONE << drop_slot         : {SLOTS{1'b0}};
    wire [SLOTS-1:0] fail_hit     = write_done_error   ? write_hit                : {SLOTS{1'b0}};
    wire [SLOTS-1:0] scan_hit     = ONE << scan_slot;

    // ------------------------------------------------------------------ which slot is free
    reg                  found;
    reg [SLOT_WIDTH-1:0] lowest;

    integer i;
    always @* begin
        found  = 1'b0;
        lowest = {SLOT_WIDTH{1'b0}};
        for (i = SLOTS - 1; i >= 0; i = i - 1) begin
            if (!busy[i]) begin
                found  = 1'b1;
                lowest = i[SLOT_WIDTH-1:0];
            end
        end
    end

    always @(posedge aclk) begin
        free_valid <= aresetn && found && !allocate;
        free_slot  <= lowest;
    end

    // ------------------------------------------------------------------ queues of slots
    reg  [QUEUE_WIDTH-1:0] queues [0:SLOTS-1];
    wire [SLOTS-1:0]       elements;                     // a used element of it is in flight
    wire                   mine = stopping && busy[scan_slot] && (queues[scan_slot] == stop_queue);

    always @(posedge aclk) begin
        if (allocate)
            queues[free_slot] <= allocate_queue;
    end

    assign scan_active = mine && (!walked[scan_slot] || elements[scan_slot]);

    // ------------------------------------------------------------------ flags
    // Of a slot that is not busy they are cleared: before it is allocated again, for it is found free a cycle later.
    always @(posedge aclk) begin
        if (!aresetn) begin
            busy   <= {SLOTS{1'b0}};
            walked <= {SLOTS{1'b0}};
            bad    <= {SLOTS{1'b0}};
            dead   <= {SLOTS{1'b0}};
            given  <= {SLOTS{1'b0}};
            failed <= {SLOTS{1'b0}};
        end else begin
            busy   <= (busy & ~release_hit & ~drop_hit) | allocate_hit;
            walked <= (walked & busy) | walked_hit;
            bad    <= (bad & busy) | (walked_bad ? walked_hit : {SLOTS{1'b0}});
            dead   <= (dead & busy) | (mine ? scan_hit : {SLOTS{1'b0}});
            given  <= (given & busy) | given_hit;
            failed <= (failed & busy & ~accepted_hit & ~renewed_hit) | fail_hit;
        end
    end

    // ------------------------------------------------------------------ what is in flight
    wire [SLOTS-1:0] read_room;
    wire [SLOTS-1:0] write_room;

    assign command_room = command_write ? write_room[command_slot] : read_room[command_slot];

    genvar s;
    generate
        for (s = 0; s < SLOTS; s = s + 1) begin : flight
            reg [2:0] reads;
            reg [2:0] writes;
            reg       element;

            // What is asked of the counters, found as they change. A slot is full with six: a command that is not counted
            // may be the seventh.
            reg       no_read;
            reg       no_write;
            reg       reads_full;
            reg       writes_full;

            wire read_more  = command_hit[s] && !counted_write;
            wire write_more = command_hit[s] && counted_write;

            always @(posedge aclk) begin
                if (!aresetn) begin
                    reads       <= 3'd0;
                    writes      <= 3'd0;
                    no_read     <= 1'b1;
                    no_write    <= 1'b1;
                    reads_full  <= 1'b0;
                    writes_full <= 1'b0;
                    element     <= 1'b0;
                end else begin
                    if (read_more != read_hit[s]) begin
                        reads       <= reads + {{2{read_hit[s]}}, 1'b1};
                        no_read     <= read_hit[s] && (reads == 3'd1);
                        reads_full  <= read_hit[s] ? (reads == 3'd7) : (reads >= 3'd5);
                    end
                    if (write_more != write_hit[s]) begin
                        writes      <= writes + {{2{write_hit[s]}}, 1'b1};
                        no_write    <= write_hit[s] && (writes == 3'd1);
                        writes_full <= write_hit[s] ? (writes == 3'd7) : (writes >= 3'd5);
                    end
                    element <= element_hit[s] || (element && !answer_hit[s]);
                end
            end

            assign read_room[s]  = !reads_full;
            assign write_room[s] = !writes_full;
            assign elements[s]   = element;
            assign settled[s]    = no_read && no_write && !element && !command_hit[s];
            assign settles[s]    = no_read && (write_hit[s] ? (writes == 3'd1) : no_write) && !element &&
                                   !command_hit[s] && !fail_hit[s];
        end
    endgenerate

endmodule

`default_nettype wire
