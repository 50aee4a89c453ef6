// virtio_kicks: remembers available-buffer notifications until the device takes them.
//
// One pending bit and the last written word per queue: kicks of one queue merge, none is lost, and a device that
// does not take them never holds up the register bus. Queues are served in turn. DRIVER_OK kicks every ready queue
// once, with the queue index as the data (MMIO-19). A kick of a queue that is not ready is ignored; a queue that stops
// being ready loses its pending kick, but one already presented stays presented until it is taken.
//
//   NUM_QUEUES  1..1024
`default_nettype none

module virtio_kicks #(
    parameter NUM_QUEUES = 2
) (
    input  wire                  aclk,
    input  wire                  aresetn,
    input  wire                  device_reset,   // withdraws everything, the presented kick included

    input  wire                  driver_ok,
    input  wire                  driver_ok_set,
    input  wire [NUM_QUEUES-1:0] ready,

    input  wire                  kick_valid,     // wins over being taken in the same cycle: the kick is owed again
    input  wire [15:0]           kick_queue,     // less than NUM_QUEUES
    input  wire [31:0]           kick_data,

    output reg                   notify_valid,
    input  wire                  notify_ready,
    output wire [15:0]           notify_queue,
    output wire [31:0]           notify_data
);

    localparam QUEUE_WIDTH = (NUM_QUEUES > 1) ? $clog2(NUM_QUEUES) : 1;
    localparam [NUM_QUEUES-1:0] ONE = 1;

    reg [NUM_QUEUES-1:0] pending;
    reg [NUM_QUEUES-1:0] has_data;               // the queue's word in data_ram was written since reset

    wire                   slot_free = !notify_valid || notify_ready;
    wire                   grant_valid;
    wire [QUEUE_WIDTH-1:0] grant;
    wire                   take = grant_valid && slot_free;

    wire [QUEUE_WIDTH-1:0] kicked     = kick_queue[QUEUE_WIDTH-1:0];
    wire [NUM_QUEUES-1:0]  kick_hit   = kick_valid ? (ONE << kicked) : {NUM_QUEUES{1'b0}};
    wire [NUM_QUEUES-1:0]  take_hit   = take ? (ONE << grant) : {NUM_QUEUES{1'b0}};
    wire [NUM_QUEUES-1:0]  scan_hit   = {NUM_QUEUES{driver_ok_set}};

    wire unused_upper = &{1'b0, kick_queue};

    always @(posedge aclk) begin
        if (!aresetn || device_reset) begin
            pending  <= {NUM_QUEUES{1'b0}};
            has_data <= {NUM_QUEUES{1'b0}};
        end else begin
            pending  <= ((pending & ~take_hit) | kick_hit | scan_hit) & ready & {NUM_QUEUES{driver_ok}};
            has_data <= has_data | kick_hit;
        end
    end

    fair_scheduler #(.REQUESTS(NUM_QUEUES), .INDEX_WIDTH(QUEUE_WIDTH)) scheduler (
        .aclk(aclk), .aresetn(aresetn),
        .request(pending & ready),
        .grant_valid(grant_valid), .grant(grant), .advance(take)
    );

    wire [31:0]            data_read;
    reg  [QUEUE_WIDTH-1:0] queue;
    reg                    from_data;

    ram_1w1r #(.WIDTH(32), .DEPTH(NUM_QUEUES), .ADDR_WIDTH(QUEUE_WIDTH)) data_ram (
        .aclk(aclk),
        .write_enable(kick_valid), .write_address(kicked), .write_data(kick_data),
        .read_enable(take), .read_address(grant), .read_data(data_read)
    );

    always @(posedge aclk) begin
        if (!aresetn || device_reset)
            notify_valid <= 1'b0;
        else if (slot_free)
            notify_valid <= grant_valid;
    end

    always @(posedge aclk) begin
        if (take) begin
            queue     <= grant;
            from_data <= has_data[grant];
        end
    end

    wire [15:0] queue_wide = {{(16 - QUEUE_WIDTH){1'b0}}, queue};

    assign notify_queue = notify_valid ? queue_wide : 16'd0;
    assign notify_data  = !notify_valid ? 32'd0 : from_data ? data_read : {16'd0, queue_wide};

endmodule

`default_nettype wire
