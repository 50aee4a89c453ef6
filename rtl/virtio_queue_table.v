// virtio_queue_table: what the driver configured for each queue (QueueSel, QueueNum, QueueReady, the ring addresses).
//
// The selector holds 32 bits; a queue that does not exist reads 0 and ignores writes (MMIO-34). QueueNum and the
// addresses are frozen while QueueReady is 1 (MMIO-39). QueueReady 1 with an impossible QueueNum leaves the queue off
// and reports queue_error (MMIO-40). The device reads the table through queue_index, one cycle later.
//
// The words lie in RAM, which cannot be cleared in one cycle. So a queue also has a flip-flop that says whether it
// was written since reset: the first write to a queue clears its other words, and an unwritten queue shows zeros.
//
//   NUM_QUEUES     1..1024
//   QUEUE_NUM_MAX  what QueueNumMax reads; a power of two up to 32768
`default_nettype none
`include "virtio_mmio_regs.vh"

module virtio_queue_table #(
    parameter NUM_QUEUES    = 2,
    parameter QUEUE_NUM_MAX = 256
) (
    input  wire                  aclk,
    input  wire                  aresetn,
    input  wire                  device_reset,   // wins over everything below

    input  wire                  control_write,
    input  wire [7:0]            write_offset,
    input  wire [31:0]           write_data,
    input  wire [7:0]            read_offset,
    output reg  [31:0]           read_data,

    input  wire                  ring_packed,    // QueueNum need not be a power of two
    output reg                   queue_error,    // one cycle

    output wire [31:0]           queue_sel,
    output reg  [NUM_QUEUES-1:0] ready,

    input  wire [15:0]           queue_index,
    output reg                   queue_ready,
    output wire [15:0]           queue_num,
    output wire [63:0]           queue_desc,
    output wire [63:0]           queue_driver,
    output wire [63:0]           queue_device
);

    localparam        QUEUE_WIDTH = (NUM_QUEUES > 1) ? $clog2(NUM_QUEUES) : 1;
    localparam [31:0] QUEUES      = NUM_QUEUES;
    localparam [31:0] NUM_MAX     = QUEUE_NUM_MAX;
    localparam        WORDS       = 6;           // 32-bit address words of a queue

    // ------------------------------------------------------------------ what is selected
    reg [31:0] sel;

    assign queue_sel = sel;

    wire                   sel_exists = (sel < QUEUES);
    wire [QUEUE_WIDTH-1:0] sel_queue  = sel_exists ? sel[QUEUE_WIDTH-1:0] : {QUEUE_WIDTH{1'b0}};

    reg [NUM_QUEUES-1:0] written;                // some word since reset
    reg [NUM_QUEUES-1:0] num_in_range;           // QueueNum is 1..QUEUE_NUM_MAX
    reg [NUM_QUEUES-1:0] num_power_of_two;

    wire sel_ready   = ready[sel_queue];
    wire sel_written = written[sel_queue];
    wire sel_num_ok  = num_in_range[sel_queue] && (num_power_of_two[sel_queue] || ring_packed);

    // ------------------------------------------------------------------ writes
    wire write_num   = (write_offset == `REG_QUEUE_NUM);
    wire write_ready = (write_offset == `REG_QUEUE_READY);

    wire [WORDS-1:0] write_word = {write_offset == `REG_QUEUE_DEVICE_HIGH, write_offset == `REG_QUEUE_DEVICE_LOW,
                                   write_offset == `REG_QUEUE_DRIVER_HIGH, write_offset == `REG_QUEUE_DRIVER_LOW,
                                   write_offset == `REG_QUEUE_DESC_HIGH, write_offset == `REG_QUEUE_DESC_LOW};

    wire store     = control_write && sel_exists && !sel_ready && (write_num || (write_word != {WORDS{1'b0}}));
    wire set_ready = control_write && sel_exists && write_ready && (write_data != 32'd0);
    wire end_ready = control_write && sel_exists && write_ready && (write_data == 32'd0);

    wire data_in_range     = (write_data != 32'd0) && (write_data <= NUM_MAX);
    wire data_power_of_two = ((write_data[15:0] & (write_data[15:0] - 16'd1)) == 16'd0);

    always @(posedge aclk) begin
        if (!aresetn || device_reset) begin
            sel              <= 32'd0;
            ready            <= {NUM_QUEUES{1'b0}};
            written          <= {NUM_QUEUES{1'b0}};
            num_in_range     <= {NUM_QUEUES{1'b0}};
            num_power_of_two <= {NUM_QUEUES{1'b0}};
            queue_error      <= 1'b0;
        end else begin
            if (control_write && (write_offset == `REG_QUEUE_SEL))
                sel <= write_data;
            if (store)
                written[sel_queue] <= 1'b1;
            if (store && write_num) begin
                num_in_range[sel_queue]     <= data_in_range;
                num_power_of_two[sel_queue] <= data_power_of_two;
            end
            if (set_ready && sel_num_ok)
                ready[sel_queue] <= 1'b1;
            if (end_ready)
                ready[sel_queue] <= 1'b0;
            queue_error <= set_ready && !sel_num_ok;
        end
    end

    // ------------------------------------------------------------------ the device's look-up
    wire                   index_exists = ({16'd0, queue_index} < QUEUES);
    wire [QUEUE_WIDTH-1:0] index_queue  = index_exists ? queue_index[QUEUE_WIDTH-1:0] : {QUEUE_WIDTH{1'b0}};
    reg                    index_written;
    wire [15:0]            num_read;
    wire [32*WORDS-1:0]    words_read;

    always @(posedge aclk) begin
        if (!aresetn) begin
            queue_ready   <= 1'b0;
            index_written <= 1'b0;
        end else begin
            queue_ready   <= index_exists && ready[index_queue];
            index_written <= index_exists && written[index_queue];
        end
    end

    ram_1w1r #(.WIDTH(16), .DEPTH(NUM_QUEUES), .ADDR_WIDTH(QUEUE_WIDTH)) num_ram (
        .aclk(aclk),
        .write_enable(store && (write_num || !sel_written)),
        .write_address(sel_queue),
        .write_data(write_num ? write_data[15:0] : 16'd0),
        .read_enable(1'b1),
        .read_address(index_queue),
        .read_data(num_read)
    );

    genvar w;
    generate
        for (w = 0; w < WORDS; w = w + 1) begin : word
            ram_1w1r #(.WIDTH(32), .DEPTH(NUM_QUEUES), .ADDR_WIDTH(QUEUE_WIDTH)) ram (
                .aclk(aclk),
                .write_enable(store && (write_word[w] || !sel_written)),
                .write_address(sel_queue),
                .write_data(write_word[w] ? write_data : 32'd0),
                .read_enable(1'b1),
                .read_address(index_queue),
                .read_data(words_read[32*w +: 32])
            );
        end
    endgenerate

    assign queue_num    = index_written ? num_read : 16'd0;
    assign queue_desc   = index_written ? words_read[63:0] : 64'd0;
    assign queue_driver = index_written ? words_read[127:64] : 64'd0;
    assign queue_device = index_written ? words_read[191:128] : 64'd0;

    // ------------------------------------------------------------------ the driver's reads
    always @* begin
        case (read_offset)
            `REG_QUEUE_NUM_MAX: read_data = sel_exists ? NUM_MAX : 32'd0;
            `REG_QUEUE_READY:   read_data = {31'd0, sel_exists && sel_ready};
            default:            read_data = 32'd0;
        endcase
    end

endmodule

`default_nettype wire
