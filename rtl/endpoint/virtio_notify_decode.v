// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_notify_decode: turns writes of QueueNotify (0x050) and of the doorbells into kicks.
//
// QueueNotify carries the queue index in the whole word, or in bits [15:0] when NOTIFICATION_DATA is negotiated
// (MMIO-47..49). With VIRTIO_F_MMIO_NOTIFICATION negotiated, a write to NOTIFY_BASE + q * NOTIFY_MULTIPLIER kicks
// queue q whatever the value is (NTF-5); with a multiplier of 0 all queues share one address and the value tells the
// queue (NTF-3). 0x050 keeps working beside the doorbells (NTF-9), and reads where they are (NTF-1).
//
// In one cycle:
//   a write of QueueNotify and one of a doorbell -> cannot be: there is one write a cycle; where both have one
//     address, the doorbell counts
//   a write and DRIVER_OK falls -> driver_ok of the cycle of the write decides
//
//   ADDR_WIDTH         bits of a byte address
//   NUM_QUEUES         1..1024
//   QUEUE_WIDTH        bits of a queue number
//   NOTIFY_DOORBELLS   1: there are doorbells
//   NOTIFY_BASE        byte address of queue 0's doorbell
//   NOTIFY_MULTIPLIER  bytes from one doorbell to the next, 0 or a multiple of 4
`default_nettype none
`include "virtio_mmio_regs.vh"

module virtio_notify_decode #(
    parameter ADDR_WIDTH        = 12,
    parameter NUM_QUEUES        = 2,
    parameter QUEUE_WIDTH       = 1,
    parameter NOTIFY_DOORBELLS  = 0,
    parameter NOTIFY_BASE       = 32'h1000,
    parameter NOTIFY_MULTIPLIER = 4
) (
    input  wire                  aclk,
    input  wire                  aresetn,

    input  wire                  write_enable,           // any write, for the doorbells
    input  wire [ADDR_WIDTH-1:0] write_address,
    input  wire [31:0]           write_data,
    input  wire                  write_whole,            // all four bytes are written
    input  wire                  control_write,          // the same write, if it is one of a control register
    input  wire [7:0]            read_offset,
    output wire [31:0]           read_data,

    input  wire                  driver_ok,
    input  wire                  doorbells_negotiated,
    input  wire                  notification_data,

    output reg                   kick_valid,             // one cycle after the write; the queue exists
    output reg  [QUEUE_WIDTH-1:0] kick_queue,
    output reg  [31:0]           kick_data
);

    localparam [31:0] QUEUES = NUM_QUEUES;

    wire [31:0] value_queue = notification_data ? {16'd0, write_data[15:0]} : write_data;

    wire        doorbell_write;
    wire [31:0] doorbell_queue;

    generate
        if (NOTIFY_DOORBELLS == 0) begin : without_doorbells
            wire unused = &{1'b0, write_enable, write_address[ADDR_WIDTH-1:8], write_whole, read_offset,
                             doorbells_negotiated};
            assign doorbell_write = 1'b0;
            assign doorbell_queue = 32'd0;
            assign read_data      = 32'd0;
        end else begin : with_doorbells
            localparam [31:0] BASE   = NOTIFY_BASE;
            localparam [31:0] STRIDE = NOTIFY_MULTIPLIER;

            wire [64:0] address = {{(65 - ADDR_WIDTH){1'b0}}, write_address};
            wire [31:0] offset  = address[31:0] - BASE;
            wire        near    = (address[64:32] == 33'd0);
            wire        on_doorbell;

            if (NOTIFY_MULTIPLIER == 0) begin : shared_doorbell
                assign on_doorbell    = near && (offset == 32'd0);
                assign doorbell_queue = value_queue;
            end else begin : doorbell_per_queue
                localparam [31:0] SPAN = QUEUES * STRIDE;
                assign on_doorbell    = near && (address[31:0] >= BASE) && (offset < SPAN) &&
                                        ((offset % STRIDE) == 32'd0);
                assign doorbell_queue = offset / STRIDE;
            end

            assign doorbell_write = write_enable && write_whole && doorbells_negotiated && on_doorbell;
            assign read_data      = (doorbells_negotiated && (read_offset == `VIRTIO_REG_QUEUE_NOTIFY)) ?
                                    ((STRIDE << `VIRTIO_QUEUE_NOTIFY_MULTIPLIER_LSB) |
                                     (BASE << `VIRTIO_QUEUE_NOTIFY_BASE_LSB)) :
                                    32'd0;
        end
    endgenerate

    wire        register_write = control_write && (write_address[7:0] == `VIRTIO_REG_QUEUE_NOTIFY);
    wire [31:0] queue          = doorbell_write ? doorbell_queue : value_queue;

    always @(posedge aclk) begin
        if (!aresetn)
            kick_valid <= 1'b0;
        else
            kick_valid <= (register_write || doorbell_write) && driver_ok && (queue < QUEUES);
    end

    always @(posedge aclk) begin
        kick_queue <= queue[QUEUE_WIDTH-1:0];
        kick_data  <= write_data;
    end

endmodule

`default_nettype wire
