// msi_event_map: which vector each event goes to, and the MAP commands that change it.
//
// A look-up takes one cycle. The mapping is one flip-flop per event (mapped or not), cleared or set at reset in one
// cycle, and with MSI_SHARING a RAM with the vector; without it the vector of queue q is q + 1 and of the
// configuration change 0. Vectors that do not exist are never looked up: such an event counts as not mapped.
//
// MAP changes the mapping, and if the old vector is pending, makes the new one pending as well, with the same causes,
// so that moving a mapping loses nothing (rule 8). It takes a few cycles, in which busy holds the register bus:
//
//   1  the old mapping is known                    4  the old vector's state is looked at (peek)
//   2  the new mapping is written                  5  the new vector is made pending (move), if it must be
//   3  events that still saw the old one land      6  the move lands
//
//   NUM_QUEUES    1..1024
//   NUM_VECTORS   1..2048
//   QUEUE_WIDTH   bits of a queue number
//   VECTOR_WIDTH  bits of a vector number
//   MSI_SHARING   1: mapping at run time
`default_nettype none

module msi_event_map #(
    parameter NUM_QUEUES   = 2,
    parameter NUM_VECTORS  = 3,
    parameter QUEUE_WIDTH  = 1,
    parameter VECTOR_WIDTH = 2,
    parameter MSI_SHARING  = 0
) (
    input  wire                    aclk,
    input  wire                    aresetn,
    input  wire                    device_reset,         // wins over everything below

    input  wire                    lookup_config,        // look up the configuration event, not lookup_queue
    input  wire [QUEUE_WIDTH-1:0]  lookup_queue,
    output reg                     lookup_mapped,        // one cycle later
    output wire [VECTOR_WIDTH-1:0] lookup_vector,

    input  wire [31:0]             queue_sel,
    output reg                     selected_mapped,      // one cycle after queue_sel; only if that queue exists
    output wire [VECTOR_WIDTH-1:0] selected_vector,

    input  wire                    map_start,            // never while busy
    input  wire                    map_config,
    input  wire                    map_to_none,
    input  wire [VECTOR_WIDTH-1:0] map_vector,
    output wire                    busy,

    output wire                    peek,                 // look at peek_vector now; the state comes one cycle later
    output wire [VECTOR_WIDTH-1:0] peek_vector,
    input  wire                    peeked_used,
    input  wire                    peeked_config,

    output wire                    move,                 // one cycle: make move_vector pending
    output wire [VECTOR_WIDTH-1:0] move_vector,
    output wire                    move_used,
    output wire                    move_config
);

    localparam        MAPPED_AT_RESET = (MSI_SHARING == 0);
    localparam [31:0] QUEUES          = NUM_QUEUES;
    localparam [31:0] VECTORS         = NUM_VECTORS;

    wire                   sel_exists = (queue_sel < QUEUES);
    wire [QUEUE_WIDTH-1:0] sel_queue  = sel_exists ? queue_sel[QUEUE_WIDTH-1:0] : {QUEUE_WIDTH{1'b0}};

    reg [NUM_QUEUES-1:0] queues_mapped;
    reg                  config_mapped;

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

    assign busy = |step;

    always @(posedge aclk) begin
        if (!aresetn)
            step <= 6'd0;
        else
            step <= {step[5:1], map_start};
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
    assign move_vector = to_vector;
    assign move_used   = peeked_used;
    assign move_config = peeked_config;

    // ------------------------------------------------------------------ mapped or not
    always @(posedge aclk) begin
        if (!aresetn || device_reset) begin
            queues_mapped <= {NUM_QUEUES{MAPPED_AT_RESET}};
            config_mapped <= MAPPED_AT_RESET;
        end else if (step[2]) begin
            if (of_config)
                config_mapped <= !to_none;
            else
                queues_mapped[of_queue] <= !to_none;
        end
    end

    // ------------------------------------------------------------------ to which vector
    reg lookup_was_config;

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

            reg [VECTOR_WIDTH-1:0] config_read;

            always @(posedge aclk) begin
                config_read <= config_vector;
            end

            ram_1w1r #(.WIDTH(VECTOR_WIDTH), .DEPTH(NUM_QUEUES), .ADDR_WIDTH(QUEUE_WIDTH)) event_ram (
                .aclk(aclk),
                .write_enable(write_queue), .write_address(of_queue), .write_data(to_vector),
                .read_enable(1'b1), .read_address(lookup_queue), .read_data(queue_read)
            );
            ram_1w1r #(.WIDTH(VECTOR_WIDTH), .DEPTH(NUM_QUEUES), .ADDR_WIDTH(QUEUE_WIDTH)) selected_ram (
                .aclk(aclk),
                .write_enable(write_queue), .write_address(of_queue), .write_data(to_vector),
                .read_enable(1'b1), .read_address(sel_queue), .read_data(selected_vector)
            );

            assign lookup_vector = lookup_was_config ? config_read : queue_read;
            assign old_mapped    = of_config ? config_mapped : selected_mapped;
            assign old_vector    = of_config ? config_vector : selected_vector;

            always @(posedge aclk) begin
                lookup_mapped   <= lookup_config ? config_mapped : queues_mapped[lookup_queue];
                selected_mapped <= queues_mapped[sel_queue];
            end
        end else begin : fixed
            reg [VECTOR_WIDTH-1:0] lookup_number;
            reg [VECTOR_WIDTH-1:0] selected_number;

            // Queue q has vector q + 1, if that exists. Wide enough for both before it is cut down.
            wire [31:0] lookup_next   = {{(32 - QUEUE_WIDTH){1'b0}}, lookup_queue} + 32'd1;
            wire [31:0] selected_next = {{(32 - QUEUE_WIDTH){1'b0}}, sel_queue} + 32'd1;

            wire unused_upper = &{1'b0, lookup_next, selected_next};

            always @(posedge aclk) begin
                lookup_mapped   <= lookup_config ? config_mapped :
                                                   (queues_mapped[lookup_queue] && (lookup_next < VECTORS));
                lookup_number   <= lookup_next[VECTOR_WIDTH-1:0];
                selected_mapped <= queues_mapped[sel_queue] && (selected_next < VECTORS);
                selected_number <= selected_next[VECTOR_WIDTH-1:0];
            end

            assign lookup_vector   = lookup_was_config ? {VECTOR_WIDTH{1'b0}} : lookup_number;
            assign selected_vector = selected_number;

            // The vector can be taken away and given back, but there is never another one to move to.
            assign old_mapped      = 1'b0;
            assign old_vector      = {VECTOR_WIDTH{1'b0}};
        end
    endgenerate

    always @(posedge aclk) begin
        lookup_was_config <= lookup_config;
    end

endmodule

`default_nettype wire
