// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_queue_table: what the driver configured for each queue (QueueSel, QueueNum, QueueReady, the ring addresses).
//
// All 32 bits of the selector count; a queue that does not exist reads 0 and ignores writes (MMIO-34). QueueNum and the
// addresses are frozen while QueueReady is 1 (MMIO-39). QueueReady 1 with an impossible QueueNum leaves the queue off
// and reports queue_error (MMIO-40). The device reads the table through queue_index, one cycle later.
//
// queue_start_valid and queue_stop_valid announce each change of QueueReady, in the first cycle of the new value. A
// stop waits for the device's queue_stop_done before the write is answered (MMIO-38), or before QueueReady reads 0.
//
// In one cycle: a stop and a kick of the same queue -> the stop (virtio_kicks); a reset and anything -> the reset.
//
// The tables cannot be cleared in one cycle. After a reset the flags are swept, one row a cycle. The other words of a
// queue are cleared by the first write to that queue; until then the queue reads as zeros.
//
//   NUM_QUEUES     1..1024
//   QUEUE_NUM_MAX  what QueueNumMax reads; a power of two up to 32768
//   ANSWER_AT_ONCE 1: the write that stops a queue is answered at once, and QueueReady reads 1 until queue_stop_done
//   QUEUE_WIDTH    bits of a queue number
//   ROW_LOG2       log2 of the queues of a row; QUEUE_WIDTH for one row
//   ROWS_WIDTH     bits of a row number, 1 for one row
`default_nettype none
`include "virtio_mmio_regs.vh"

module virtio_queue_table #(
    parameter NUM_QUEUES     = 2,
    parameter QUEUE_NUM_MAX  = 256,
    parameter ANSWER_AT_ONCE = 0,
    parameter QUEUE_WIDTH    = 1,
    parameter ROW_LOG2       = 1,
    parameter ROWS_WIDTH     = 1
) (
    input  wire                     aclk,
    input  wire                     aresetn,
    input  wire                     sweep,               // reset: clear sweep_row; wins over everything below
    input  wire [ROWS_WIDTH-1:0]    sweep_row,

    input  wire                     control_write,
    input  wire [7:0]               write_offset,
    input  wire [31:0]              write_data,
    input  wire                     write_small,         // write_data is below 8
    input  wire [7:0]               read_offset,
    output reg  [31:0]              read_data,
    output wire                     starting,            // in the next cycle busy may rise
    output wire                     busy,                // holds the response of the write that stops a queue

    input  wire                     ring_packed,         // QueueNum need not be a power of two
    output reg                      queue_error,         // one cycle

    output reg                      sel_exists,
    output reg  [QUEUE_WIDTH-1:0]   sel_queue,           // 0 if it does not exist

    output wire                     stop,                // with the next edge sel_queue is not ready any more

    output reg                      queue_start_valid,   // one cycle, the first one in which the queue is ready
    output wire [15:0]              queue_start_index,
    output reg                      queue_stop_valid,    // one cycle, the first one in which it is not
    output wire [15:0]              queue_stop_index,
    input  wire                     queue_stop_done,     // the device has nothing outstanding on any queue that stopped

    input  wire [QUEUE_WIDTH-1:0]   event_queue,         // who wants to know whether a queue is ready
    output wire                     event_queue_ready,
    input  wire [QUEUE_WIDTH-1:0]   kick_queue,
    output wire                     kick_queue_ready,
    input  wire [ROWS_WIDTH-1:0]    scan_row,
    output wire [(1<<ROW_LOG2)-1:0] scan_ready,

    input  wire [15:0]              queue_index,
    output reg                      queue_ready,
    output wire [15:0]              queue_num,
    output wire [63:0]              queue_desc,
    output wire [63:0]              queue_driver,
    output wire [63:0]              queue_device
);

    localparam [31:0] QUEUES  = NUM_QUEUES;
    localparam [31:0] NUM_MAX = QUEUE_NUM_MAX;
    localparam        WORDS   = 6;                       // 32-bit address words of a queue

    // ------------------------------------------------------------------ writes are executed one cycle later
    reg             write_sel;
    reg             write_num;
    reg             write_ready;
    reg [WORDS-1:0] write_word;
    reg [31:0]      data;

    always @(posedge aclk) begin
        if (!aresetn || sweep) begin
            write_sel   <= 1'b0;
            write_num   <= 1'b0;
            write_ready <= 1'b0;
            write_word  <= {WORDS{1'b0}};
        end else begin
            write_sel   <= control_write && (write_offset == `VIRTIO_REG_QUEUE_SEL);
            write_num   <= control_write && (write_offset == `VIRTIO_REG_QUEUE_NUM);
            write_ready <= control_write && (write_offset == `VIRTIO_REG_QUEUE_READY);
            write_word  <= {WORDS{control_write}} &
                           {write_offset == `VIRTIO_REG_QUEUE_DEVICE_HIGH, write_offset == `VIRTIO_REG_QUEUE_DEVICE_LOW,
                            write_offset == `VIRTIO_REG_QUEUE_DRIVER_HIGH, write_offset == `VIRTIO_REG_QUEUE_DRIVER_LOW,
                            write_offset == `VIRTIO_REG_QUEUE_DESC_HIGH, write_offset == `VIRTIO_REG_QUEUE_DESC_LOW};
        end
    end

    // What data is, as it is known from the cycle before.
    reg data_zero;
    reg data_exists;                                     // a queue has this number
    reg data_in_range;                                   // a QueueNum up to QUEUE_NUM_MAX
    reg data_power_of_two;                               // or 0

    always @(posedge aclk) begin
        data              <= write_data;
        data_zero         <= (write_data == 32'd0);
        data_exists       <= (write_data < QUEUES);
        data_in_range     <= (write_data != 32'd0) && (write_data <= NUM_MAX);
        data_power_of_two <= ((write_data[15:0] & (write_data[15:0] - 16'd1)) == 16'd0);
    end

    // ------------------------------------------------------------------ what is selected
    // A selector that is out of range is remembered as just that, so it never aliases to a queue.
    always @(posedge aclk) begin
        if (sweep) begin                                 // which follows aresetn
            sel_queue  <= {QUEUE_WIDTH{1'b0}};
            sel_exists <= 1'b1;
        end else if (write_sel) begin
            sel_queue  <= data_exists ? data[QUEUE_WIDTH-1:0] : {QUEUE_WIDTH{1'b0}};
            sel_exists <= data_exists;
        end
    end

    // ------------------------------------------------------------------ the driver's writes
    reg  stopping;                                       // a stop was announced and is not done
    wire sel_ready;
    wire sel_written;
    wire sel_num_in_range;
    wire sel_num_power_of_two;
    wire sel_num_ok = ring_packed ? sel_num_in_range : sel_num_power_of_two;

    wire store     = (write_num || (write_word != {WORDS{1'b0}})) && sel_exists && !sel_ready;
    wire set_ready = write_ready && sel_exists && !data_zero && !(stopping && (ANSWER_AT_ONCE != 0));
    wire end_ready = write_ready && sel_exists && data_zero;

    assign stop = end_ready;

    always @(posedge aclk) begin
        if (!aresetn || sweep)
            queue_error <= 1'b0;
        else
            queue_error <= set_ready && !sel_num_ok;
    end

    // ------------------------------------------------------------------ starts and stops, announced
    // The device may take this many cycles from queue_stop_valid to lower queue_stop_done.
    localparam [1:0] STOP_GRACE = 2'd3;

    reg [1:0]             grace;
    reg [QUEUE_WIDTH-1:0] changed_queue;

    wire [15:0] changed_wide = {{(16 - QUEUE_WIDTH){1'b0}}, changed_queue};
    wire        stops        = end_ready && sel_ready;
    wire        stop_over    = stopping && (grace == 2'd0) && queue_stop_done;

    assign queue_start_index = queue_start_valid ? changed_wide : 16'd0;
    assign queue_stop_index  = queue_stop_valid ? changed_wide : 16'd0;

    always @(posedge aclk) begin
        if (!aresetn || sweep) begin
            queue_start_valid <= 1'b0;
            queue_stop_valid  <= 1'b0;
            stopping          <= 1'b0;
            grace             <= 2'd0;
        end else begin
            queue_start_valid <= set_ready && sel_num_ok && !sel_ready;
            queue_stop_valid  <= stops;
            if (stops) begin
                stopping <= 1'b1;
                grace    <= STOP_GRACE;
            end else begin
                if (stop_over)
                    stopping <= 1'b0;
                if (grace != 2'd0)
                    grace <= grace - 2'd1;
            end
        end
    end

    always @(posedge aclk) begin
        changed_queue <= sel_queue;
    end

    // Whether the queue was ready is looked up while the write is executed, so for that cycle each such write is held.
    assign starting = (ANSWER_AT_ONCE == 0) && control_write && (write_offset == `VIRTIO_REG_QUEUE_READY) &&
                      write_small && (write_data[2:0] == 3'd0);
    assign busy     = (ANSWER_AT_ONCE == 0) && ((write_ready && data_zero) || stopping);

    // Whether a word is stored is decided in one cycle, and it is stored in the next, for there are many tables.
    reg                   storing;
    reg                   store_num;
    reg [WORDS-1:0]       store_word;
    reg                   store_first;                   // of this queue since reset
    reg [QUEUE_WIDTH-1:0] store_queue;
    reg [31:0]            store_data;

    always @(posedge aclk) begin
        if (!aresetn || sweep)
            storing <= 1'b0;
        else
            storing <= store;
    end

    always @(posedge aclk) begin
        store_num   <= write_num;
        store_word  <= write_word;
        store_first <= !sel_written && !(storing && (store_queue == sel_queue));
        store_queue <= sel_queue;
        store_data  <= data;
    end

    // ------------------------------------------------------------------ flags
    wire                   index_exists = ({16'd0, queue_index} < QUEUES);
    wire [QUEUE_WIDTH-1:0] index_queue  = index_exists ? queue_index[QUEUE_WIDTH-1:0] : {QUEUE_WIDTH{1'b0}};
    wire                   index_ready;
    wire                   index_written;

    wire [(1<<ROW_LOG2)-1:0] unused_written_row;
    wire [(1<<ROW_LOG2)-1:0] unused_range_row;
    wire [(1<<ROW_LOG2)-1:0] unused_power_row;

    virtio_bit_table #(
        .BITS(NUM_QUEUES), .INDEX_WIDTH(QUEUE_WIDTH), .ROW_LOG2(ROW_LOG2), .ROWS_WIDTH(ROWS_WIDTH), .READS(4)
    ) ready (
        .aclk(aclk), .sweep(sweep), .sweep_row(sweep_row),
        .write_enable((set_ready && sel_num_ok) || end_ready), .write_index(sel_queue), .write_value(set_ready),
        .read_index({kick_queue, event_queue, index_queue, sel_queue}),
        .read_value({kick_queue_ready, event_queue_ready, index_ready, sel_ready}),
        .row(scan_row), .row_value(scan_ready)
    );

    // Some word was written since reset.
    virtio_bit_table #(
        .BITS(NUM_QUEUES), .INDEX_WIDTH(QUEUE_WIDTH), .ROW_LOG2(ROW_LOG2), .ROWS_WIDTH(ROWS_WIDTH), .READS(2)
    ) written (
        .aclk(aclk), .sweep(sweep), .sweep_row(sweep_row),
        .write_enable(storing), .write_index(store_queue), .write_value(1'b1),
        .read_index({index_queue, sel_queue}), .read_value({index_written, sel_written}),
        .row(scan_row), .row_value(unused_written_row)
    );

    // QueueNum is 1..QUEUE_NUM_MAX.
    virtio_bit_table #(
        .BITS(NUM_QUEUES), .INDEX_WIDTH(QUEUE_WIDTH), .ROW_LOG2(ROW_LOG2), .ROWS_WIDTH(ROWS_WIDTH), .READS(1)
    ) num_in_range (
        .aclk(aclk), .sweep(sweep), .sweep_row(sweep_row),
        .write_enable(store && write_num), .write_index(sel_queue), .write_value(data_in_range),
        .read_index(sel_queue), .read_value(sel_num_in_range),
        .row(scan_row), .row_value(unused_range_row)
    );

    // And a power of two, as split rings have to be.
    virtio_bit_table #(
        .BITS(NUM_QUEUES), .INDEX_WIDTH(QUEUE_WIDTH), .ROW_LOG2(ROW_LOG2), .ROWS_WIDTH(ROWS_WIDTH), .READS(1)
    ) num_power_of_two (
        .aclk(aclk), .sweep(sweep), .sweep_row(sweep_row),
        .write_enable(store && write_num), .write_index(sel_queue), .write_value(data_in_range && data_power_of_two),
        .read_index(sel_queue), .read_value(sel_num_power_of_two),
        .row(scan_row), .row_value(unused_power_row)
    );

    // ------------------------------------------------------------------ the device's look-up
    reg                 shown;
    wire [15:0]         num_read;
    wire [32*WORDS-1:0] words_read;

    always @(posedge aclk) begin
        if (!aresetn || sweep) begin
            queue_ready <= 1'b0;
            shown       <= 1'b0;
        end else begin
            queue_ready <= index_exists && index_ready;
            shown       <= index_exists && index_written;
        end
    end

    virtio_ram_1w1r #(.WIDTH(16), .DEPTH(NUM_QUEUES), .ADDR_WIDTH(QUEUE_WIDTH)) num_ram (
        .aclk(aclk),
        .write_enable(storing && (store_num || store_first)),
        .write_address(store_queue),
        .write_data(store_num ? store_data[15:0] : 16'd0),
        .read_enable(1'b1),
        .read_address(index_queue),
        .read_data(num_read)
    );

    genvar w;
    generate
        for (w = 0; w < WORDS; w = w + 1) begin : word
            virtio_ram_1w1r #(.WIDTH(32), .DEPTH(NUM_QUEUES), .ADDR_WIDTH(QUEUE_WIDTH)) ram (
                .aclk(aclk),
                .write_enable(storing && (store_word[w] || store_first)),
                .write_address(store_queue),
                .write_data(store_word[w] ? store_data : 32'd0),
                .read_enable(1'b1),
                .read_address(index_queue),
                .read_data(words_read[32*w +: 32])
            );
        end
    endgenerate

    assign queue_num    = shown ? num_read : 16'd0;
    assign queue_desc   = shown ? words_read[63:0] : 64'd0;
    assign queue_driver = shown ? words_read[127:64] : 64'd0;
    assign queue_device = shown ? words_read[191:128] : 64'd0;

    // ------------------------------------------------------------------ the driver's reads
    wire shown_stopping = (ANSWER_AT_ONCE != 0) && stopping;

    always @* begin
        case (read_offset)
            `VIRTIO_REG_QUEUE_NUM_MAX: read_data = sel_exists ? NUM_MAX : 32'd0;
            `VIRTIO_REG_QUEUE_READY:   read_data = {31'd0, sel_exists && (sel_ready || shown_stopping) && !sweep};
            default:            read_data = 32'd0;
        endcase
    end

endmodule

`default_nettype wire
