// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_area_check: does one of a queue's three areas reach beyond the last address of ADDR_WIDTH bits?
//
// The areas are aligned as virtio asks; what is said of others has no meaning. Areas of packed rings for events are 4
// bytes, so they end before any boundary.
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

    // An area is shorter than 2^20 bytes: only one that begins among the last 2^20 can reach beyond the end. It does if
    // what carries leaves more than nothing. num is at most 32768.
    wire [16:0] desc_end   = {1'b0, desc[19:4]} + {1'b0, num};                      // in 16 bytes
    wire [19:0] driver_end = {1'b0, driver[19:1]} + {4'd0, num};                    // in 2 bytes, without the last 6
    wire [18:0] device_end = {1'b0, device[19:2]} + {2'd0, num, 1'b1};              // in 4 bytes, without the last 2

    wire carries = ((&desc[ADDR_WIDTH-1:20]) && desc_end[16] && (desc_end[15:0] != 16'd0)) ||
                   ((&driver[ADDR_WIDTH-1:20]) && !packed_ring && (driver_end[19] || (&driver_end[18:1]))) ||
                   ((&device[ADDR_WIDTH-1:20]) && !packed_ring && device_end[18]);

    generate
        if (ADDR_WIDTH < 64) begin : high_bits
            assign too_high = carries || (|desc[63:ADDR_WIDTH]) || (|driver[63:ADDR_WIDTH]) || (|device[63:ADDR_WIDTH]);
        end else begin : no_high_bits
            assign too_high = carries;
        end
    endgenerate

    wire unused = &{1'b0, desc[3:0], driver[0], device[1:0], driver_end[0], device_end};

endmodule

`default_nettype wire
