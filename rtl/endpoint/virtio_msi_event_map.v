// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_msi_event_map: which vector each event goes to, and the MAP commands that change it.
//
// A look-up of the vector takes one cycle. With MSI_SHARING a RAM holds the vector of each event; without it the vector
// of queue q is q + 1, and that of the configuration change is 0. One bit for each event says whether its mapping has
// changed since reset. After reset an event is mapped without MSI_SHARING, and not mapped with it. An event whose
// vector does not exist counts as not mapped.
//
// MAP changes the mapping. If the old vector is pending, MAP makes the new vector pending as well, with the same
// causes: moving a mapping loses no event (rule 8). MAP takes six cycles, in which busy holds the register bus:
//
//   1  the old mapping is known                    4  the old vector's state is looked at (peek)
//   2  the new mapping is written                  5  the new vector is made pending (move), if it must be
//   3  events that still saw the old one land      6  the move lands
//
// In one cycle:
//   sweep and a step of MAP -> sweep
//   step 2 of MAP and a look-up -> the look-up has the old mapping; step 3 waits until it has landed
//   move and a look-up -> move: the router looks nothing else up in this cycle
//
//   NUM_QUEUES    1..1024
//   NUM_VECTORS   1..2048
//   QUEUE_WIDTH   bits of a queue number
//   ROW_LOG2      log2 of the queues of a row; QUEUE_WIDTH for one row
//   ROWS_WIDTH    bits of a row number, 1 for one row
//   VECTOR_WIDTH  bits of a vector number
//   MSI_SHARING   1: mapping at run time
`default_nettype none

module virtio_msi_event_map #(
    parameter NUM_QUEUES   = 2,
    parameter NUM_VECTORS  = 3,
    parameter QUEUE_WIDTH  = 1,
    parameter ROW_LOG2     = 1,
    parameter ROWS_WIDTH   = 1,
    parameter VECTOR_WIDTH = 2,
    parameter MSI_SHARING  = 0
) (
    input  wire                    aclk,
    input  wire                    aresetn,
    input  wire                    sweep,                // reset: clear sweep_row; wins over everything below
    input  wire [ROWS_WIDTH-1:0]   sweep_row,

    input  wire                    lookup_config,        // look up the configuration event, not lookup_queue
    input  wire [QUEUE_WIDTH-1:0]  lookup_queue,
    output wire                    lookup_mapped,        // it has a vector; combinational
    output wire [VECTOR_WIDTH-1:0] lookup_vector,        // one cycle later; after move, its vector

    input  wire [QUEUE_WIDTH-1:0]  sel_queue,
    output reg                     selected_mapped,      // one cycle after sel_queue
    output wire [VECTOR_WIDTH-1:0] selected_vector,

    input  wire                    map_requested,        // there may be a map_start in this cycle
    input  wire                    map_start,            // never while busy
    input  wire                    map_config,
    input  wire                    map_to_none,
    input  wire [VECTOR_WIDTH-1:0] map_vector,
    output wire                    busy,

    output wire                    peek,                 // look at peek_vector now; the state comes one cycle later
    output wire [VECTOR_WIDTH-1:0] peek_vector,
    input  wire                    peeked_used,
    input  wire                    peeked_config,

    output wire                    move,                // one cycle: make the vector that lookup_vector then is pending
    output wire                    move_used,
    output wire                    move_config
);

    localparam        MAPPED_AT_RESET = (MSI_SHARING == 0);
    localparam [31:0] VECTORS         = NUM_VECTORS;

    // ------------------------------------------------------------------ MAP, step by step
    reg [6:1]              step;
    reg                    of_config;
    reg [QUEUE_WIDTH-1:0]  of_queue;
    reg                    to_none;
    reg [VECTOR_WIDTH-1:0] to_vector;
    reg                    moving;                       // old and new are vectors, and differ
    reg [VECTOR_WIDTH-1:0] from_vector;

    wire                    old_mapped;
    wire [VECTOR_WIDTH-1:0] old_vector;


    always @(posedge aclk) begin
        if (!aresetn)
            step <= 6'd0;
        else
            step <= {step[5:1], map_start};
    end

    reg stepping;                                        // any step

    assign busy = map_requested || stepping;

    always @(posedge aclk) begin
        if (!aresetn)
            stepping <= 1'b0;
        else
            stepping <= map_start || (stepping && !step[6]);
    end

    always @(posedge aclk) begin
        if (map_start) begin
            of_config <= map_config;
            of_queue  <= sel_queue;
            to_none   <= map_to_none;
            to_vector <= map_vector;
        end
        if (step[1]) begin
            moving      <= old_mapped && !to_none && (old_vector != to_vector);
            from_vector <= old_vector;
        end
    end

    assign peek        = step[4];
    assign peek_vector = from_vector;
    assign move        = step[5] && moving && (peeked_used || peeked_config);
    assign move_used   = peeked_used;
    assign move_config = peeked_config;

    // ------------------------------------------------------------------ mapped or not
    reg  config_mapped;
    wire lookup_changed;
    wire selected_changed;
    wire lookup_queue_mapped   = lookup_changed ^ MAPPED_AT_RESET;
    wire selected_queue_mapped = selected_changed ^ MAPPED_AT_RESET;

    wire [(1<<ROW_LOG2)-1:0] unused_changed_row;

    virtio_bit_table #(
        .BITS(NUM_QUEUES), .INDEX_WIDTH(QUEUE_WIDTH), .ROW_LOG2(ROW_LOG2), .ROWS_WIDTH(ROWS_WIDTH), .READS(2)
    ) changed (
        .aclk(aclk), .sweep(sweep), .sweep_row(sweep_row),
        .write_enable(step[2] && !of_config), .write_index(of_queue), .write_value(to_none == MAPPED_AT_RESET),
        .read_index({sel_queue, lookup_queue}), .read_value({selected_changed, lookup_changed}),
        .row(sweep_row), .row_value(unused_changed_row)
    );

    always @(posedge aclk) begin
        if (sweep)                                       // which follows aresetn
            config_mapped <= MAPPED_AT_RESET;
        else if (step[2] && of_config)
            config_mapped <= !to_none;
    end

    // ------------------------------------------------------------------ to which vector
    generate
        if (MSI_SHARING != 0) begin : sharing
            reg  [VECTOR_WIDTH-1:0] config_vector;
            wire [VECTOR_WIDTH-1:0] queue_read;
            wire                    write_queue = step[2] && !of_config && !to_none;

            always @(posedge aclk) begin
                if (!aresetn)
                    config_vector <= {VECTOR_WIDTH{1'b0}};
                else if (step[2] && of_config && !to_none)
                    config_vector <= to_vector;
            end

            reg [VECTOR_WIDTH-1:0] other_read;           // what is not of a queue, else 0
            reg                    lookup_was_queue;

            always @(posedge aclk) begin
                other_read       <= move ? to_vector : lookup_config ? config_vector : {VECTOR_WIDTH{1'b0}};
                lookup_was_queue <= !(move || lookup_config);
            end

            virtio_ram_1w1r #(.WIDTH(VECTOR_WIDTH), .DEPTH(NUM_QUEUES), .ADDR_WIDTH(QUEUE_WIDTH)) event_ram (
                .aclk(aclk),
                .write_enable(write_queue), .write_address(of_queue), .write_data(to_vector),
                .read_enable(1'b1), .read_address(lookup_queue), .read_data(queue_read)
            );
            virtio_ram_1w1r #(.WIDTH(VECTOR_WIDTH), .DEPTH(NUM_QUEUES), .ADDR_WIDTH(QUEUE_WIDTH)) selected_ram (
                .aclk(aclk),
                .write_enable(write_queue), .write_address(of_queue), .write_data(to_vector),
                .read_enable(1'b1), .read_address(sel_queue), .read_data(selected_vector)
            );

            assign lookup_mapped = lookup_config ? config_mapped : lookup_queue_mapped;
            assign lookup_vector = other_read | (queue_read & {VECTOR_WIDTH{lookup_was_queue}});
            assign old_mapped    = of_config ? config_mapped : selected_mapped;
            assign old_vector    = of_config ? config_vector : selected_vector;

            always @(posedge aclk) begin
                selected_mapped <= selected_queue_mapped;
            end
        end else begin : fixed
            reg [VECTOR_WIDTH-1:0] lookup_number;
            reg [VECTOR_WIDTH-1:0] selected_number;

            // Queue q has vector q + 1, if that exists. Wide enough for both before it is cut down.
            wire [31:0] lookup_next   = {{(32 - QUEUE_WIDTH){1'b0}}, lookup_queue} + 32'd1;
            wire [31:0] selected_next = {{(32 - QUEUE_WIDTH){1'b0}}, sel_queue} + 32'd1;

            wire unused_upper = &{1'b0, lookup_next, selected_next};

            always @(posedge aclk) begin
                lookup_number   <= lookup_config ? {VECTOR_WIDTH{1'b0}} : lookup_next[VECTOR_WIDTH-1:0];
                selected_mapped <= selected_queue_mapped && (selected_next < VECTORS);
                selected_number <= selected_next[VECTOR_WIDTH-1:0];
            end

            assign lookup_mapped   = lookup_config ? config_mapped : (lookup_queue_mapped && (lookup_next < VECTORS));
            assign lookup_vector   = lookup_number;
            assign selected_vector = selected_number;

            // The vector can be taken away and given back, but there is never another one to move to.
            assign old_mapped      = 1'b0;
            assign old_vector      = {VECTOR_WIDTH{1'b0}};
        end
    endgenerate

endmodule

`default_nettype wire
