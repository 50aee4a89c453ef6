// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_fault: keeps the first fault since reset and stops the engine.
//
//   In one cycle         who wins
//   two faults           the one of the lower number
`default_nettype none

module virtio_vq_fault #(
    parameter SOURCES     = 4,
    parameter QUEUE_WIDTH = 1
) (
    input  wire                           aclk,
    input  wire                           aresetn,

    input  wire [SOURCES-1:0]             in_valid,
    input  wire [SOURCES*8-1:0]           in_code,
    input  wire [SOURCES*QUEUE_WIDTH-1:0] in_queue,
    input  wire [SOURCES*16-1:0]          in_head,

    output reg                            fault_valid,   // from the cycle after the fault on
    output reg  [7:0]                     fault_code,
    output reg  [QUEUE_WIDTH-1:0]         fault_queue,
    output reg  [15:0]                    fault_head
);

    reg [7:0]             code;
    reg [QUEUE_WIDTH-1:0] from_queue;
    reg [15:0]            head;

    integer i;
    always @* begin
        code       = 8'd0;
        from_queue = {QUEUE_WIDTH{1'b0}};
        head       = 16'd0;
        for (i = SOURCES - 1; i >= 0; i = i - 1) begin
            if (in_valid[i]) begin
                code       = in_code[i*8 +: 8];
                from_queue = in_queue[i*QUEUE_WIDTH +: QUEUE_WIDTH];
                head       = in_head[i*16 +: 16];
            end
        end
    end

    always @(posedge aclk) begin
        if (!aresetn) begin
            fault_valid <= 1'b0;
            fault_code  <= 8'd0;
            fault_queue <= {QUEUE_WIDTH{1'b0}};
            fault_head  <= 16'd0;
        end else if (!fault_valid && (|in_valid)) begin
            fault_valid <= 1'b1;
            fault_code  <= code;
            fault_queue <= from_queue;
            fault_head  <= head;
        end
    end

endmodule

`default_nettype wire
