// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_kicks: remembers available-buffer notifications until the device takes them.
//
// The module stores one pending bit and the last written word for each queue. So kicks of one queue merge, none is
// lost, and a device that does not take kicks never holds up the register bus. Queues are served in turn.
// DRIVER_OK kicks every ready queue once, with the queue index as the data (MMIO-19). That takes one cycle for each row
// of queues, in which busy holds the register bus. A kick of a queue that is not ready is ignored. A queue that stops
// loses its kick, pending or presented: no kick is presented while its queue is not ready.
//
// In one cycle:
//   a kick and its queue's stop       the stop
//   a presented kick and its stop     it is taken if notify_ready is 1, else withdrawn
//   a kick and the one before taken   it is owed again
//   device_reset and anything         device_reset
//
//   NUM_QUEUES   1..1024
//   QUEUE_WIDTH  bits of a queue number
//   ROW_LOG2     log2 of the queues of a row; QUEUE_WIDTH for one row
//   ROWS_WIDTH   bits of a row number, 1 for one row
`default_nettype none

module virtio_kicks #(
    parameter NUM_QUEUES  = 2,
    parameter QUEUE_WIDTH = 1,
    parameter ROW_LOG2    = 1,
    parameter ROWS_WIDTH  = 1
) (
    input  wire                     aclk,
    input  wire                     aresetn,
    input  wire                     device_reset,        // withdraws everything, the presented kick included
    input  wire                     sweep,
    input  wire [ROWS_WIDTH-1:0]    sweep_row,

    input  wire                     driver_ok,           // nothing is presented while it is 0
    input  wire                     driver_ok_set,
    output wire                     busy,
    output wire [ROWS_WIDTH-1:0]    scan_row,
    input  wire [(1<<ROW_LOG2)-1:0] scan_ready,

    input  wire                     kick_valid,          // wins over being taken in the same cycle: it is owed again
    input  wire [QUEUE_WIDTH-1:0]   kick_queue,
    input  wire [31:0]              kick_data,
    input  wire                     kick_queue_ready,

    input  wire                     stop,                // with the next edge stop_queue is not ready any more
    input  wire [QUEUE_WIDTH-1:0]   stop_queue,

    output reg                      notify_valid,
    input  wire                     notify_ready,
    output wire [15:0]              notify_queue,
    output wire [31:0]              notify_data
);

    localparam SIZE = 1 << ROW_LOG2;

    localparam [31:0]           LAST_WIDE = (NUM_QUEUES - 1) >> ROW_LOG2;
    localparam [ROWS_WIDTH-1:0] LAST_ROW  = LAST_WIDE[ROWS_WIDTH-1:0];
    localparam [ROWS_WIDTH-1:0] ONE       = 1;

    // ------------------------------------------------------------------ DRIVER_OK goes through the rows
    reg                  scanning;
    reg [ROWS_WIDTH-1:0] scanned_row;

    assign busy     = driver_ok_set || scanning;
    assign scan_row = scanned_row;

    always @(posedge aclk) begin
        if (!aresetn) begin
            scanning    <= 1'b0;
            scanned_row <= {ROWS_WIDTH{1'b0}};
        end else if (driver_ok_set) begin
            scanning    <= 1'b1;
            scanned_row <= {ROWS_WIDTH{1'b0}};
        end else if (scanning) begin
            scanning    <= (scanned_row != LAST_ROW);
            scanned_row <= scanned_row + ONE;
        end
    end

    // ------------------------------------------------------------------ pending
    // Whether the queue was ready is known a cycle before the kick is owed; a stop in between counts.
    reg                    owed;
    reg [QUEUE_WIDTH-1:0]  owed_queue;
    reg [31:0]             owed_data;
    wire                   kick = owed && !(stop && (stop_queue == owed_queue));

    always @(posedge aclk) begin
        owed       <= aresetn && kick_valid && kick_queue_ready;
        owed_queue <= kick_queue;
        owed_data  <= kick_data;
    end

    wire                   slot_free = !notify_valid || notify_ready;
    wire                   grant_valid;
    wire [QUEUE_WIDTH-1:0] grant;
    wire                   grant_ready = slot_free && driver_ok;
    wire                   take = grant_valid && grant_ready;

    wire                   unused_look;
    wire [ROWS_WIDTH-1:0]  unused_row;
    wire [ROWS_WIDTH-1:0]  unused_next_row;
    wire [SIZE-1:0]        unused_cleared_bits;

    virtio_pending_arbiter #(
        .REQUESTS(NUM_QUEUES), .INDEX_WIDTH(QUEUE_WIDTH), .ROW_LOG2(ROW_LOG2), .ROWS_WIDTH(ROWS_WIDTH), .BYPASS(0)
    ) pending (
        .aclk(aclk), .aresetn(aresetn), .sweep(sweep), .sweep_row(sweep_row), .cleared_bits(unused_cleared_bits),
        .set(kick), .set_index(owed_queue),
        .fill(scanning), .fill_row(scanned_row), .fill_bits(scan_ready),
        .drop(stop), .look_index(stop_queue), .look_pending(unused_look),
        .row(unused_row), .enable({SIZE{1'b1}}), .next_row(unused_next_row), .next_enable({SIZE{1'b1}}),
        .wake(1'b0), .hide(1'b0), .change_index({QUEUE_WIDTH{1'b0}}),
        .grant_valid(grant_valid), .grant(grant), .grant_ready(grant_ready)
    );

    // The queue's word in data_ram was written since reset.
    wire            grant_has_data;
    wire [SIZE-1:0] unused_data_row;

    virtio_bit_table #(
        .BITS(NUM_QUEUES), .INDEX_WIDTH(QUEUE_WIDTH), .ROW_LOG2(ROW_LOG2), .ROWS_WIDTH(ROWS_WIDTH), .READS(1)
    ) has_data (
        .aclk(aclk), .sweep(sweep), .sweep_row(sweep_row),
        .write_enable(kick), .write_index(owed_queue), .write_value(1'b1),
        .read_index(grant), .read_value(grant_has_data), .row(scanned_row), .row_value(unused_data_row)
    );

    // ------------------------------------------------------------------ present one
    wire [31:0]            data_read;
    reg  [QUEUE_WIDTH-1:0] queue;
    reg                    from_data;

    virtio_ram_1w1r #(.WIDTH(32), .DEPTH(NUM_QUEUES), .ADDR_WIDTH(QUEUE_WIDTH)) data_ram (
        .aclk(aclk),
        .write_enable(kick), .write_address(owed_queue), .write_data(owed_data),
        .read_enable(grant_ready), .read_address(grant), .read_data(data_read)
    );

    always @(posedge aclk) begin
        if (!aresetn || device_reset || (stop && (stop_queue == queue)))
            notify_valid <= 1'b0;
        else if (slot_free)
            notify_valid <= take;
    end

    always @(posedge aclk) begin
        if (grant_ready) begin                           // of no importance if nothing is granted
            queue     <= grant;
            from_data <= grant_has_data;
        end
    end

    wire [15:0] queue_wide = {{(16 - QUEUE_WIDTH){1'b0}}, queue};

    assign notify_queue = notify_valid ? queue_wide : 16'd0;
    assign notify_data  = !notify_valid ? 32'd0 : from_data ? data_read : {16'd0, queue_wide};

endmodule

`default_nettype wire
