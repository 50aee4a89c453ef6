// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_area_check: does one of a queue's three areas reach beyond the last address of ADDR_WIDTH bits?
`default_nettype none

module virtio_vq_area_check #(
    parameter ADDR_WIDTH = 64
) (
    input  wire        packed_ring,
    input  wire [15:0] num,
    input  wire [63:0] desc,
    input  wire [63:0] driver,
    input  wire [63:0] device,
    output wire        too_high
);

    // Bytes behind the first one.
    wire [19:0] desc_more   = {num, 4'd0} - 20'd1;
    wire [19:0] driver_more = packed_ring ? 20'd3 : {3'd0, num, 1'b0} + 20'd5;
    wire [19:0] device_more = packed_ring ? 20'd3 : {1'b0, num, 3'd0} + 20'd5;

    wire [ADDR_WIDTH:0] desc_last   = {1'b0, desc[ADDR_WIDTH-1:0]} + {{(ADDR_WIDTH - 19){1'b0}}, desc_more};
    wire [ADDR_WIDTH:0] driver_last = {1'b0, driver[ADDR_WIDTH-1:0]} + {{(ADDR_WIDTH - 19){1'b0}}, driver_more};
    wire [ADDR_WIDTH:0] device_last = {1'b0, device[ADDR_WIDTH-1:0]} + {{(ADDR_WIDTH - 19){1'b0}}, device_more};

    wire carries = desc_last[ADDR_WIDTH] || driver_last[ADDR_WIDTH] || device_last[ADDR_WIDTH];

    generate
        if (ADDR_WIDTH < 64) begin : high_bits
            assign too_high = carries || (|desc[63:ADDR_WIDTH]) || (|driver[63:ADDR_WIDTH]) || (|device[63:ADDR_WIDTH]);
        end else begin : no_high_bits
            assign too_high = carries;
        end
    endgenerate

    wire unused = &{1'b0, desc_last, driver_last, device_last};

endmodule

`default_nettype wire
