// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_features: feature negotiation (MMIO-23..33).
//
// The driver's set is latched once, at the first FEATURES_OK that is acceptable, and stays until reset. Acceptable
// means: nothing accepted that is not offered, and VERSION_1 accepted. A non-zero write to a word of DriverFeatures
// that does not exist is remembered until reset, as an acceptance of something that is not offered (MMIO-25).
//
// In one cycle:
//   device_reset and a write -> device_reset
//   FEATURES_OK is latched and DriverFeatures is written -> cannot be: there is one write a cycle
//   optional_features change and FEATURES_OK is written -> the set that is offered in this cycle decides
//
//   DEVICE_FEATURES   offered bits without the two below
//   MSI_SUPPORT       1: offer VIRTIO_F_MMIO_MSI
//   MSI_FEATURE_BIT   its bit number
//   NOTIFY_DOORBELLS  1: offer VIRTIO_F_MMIO_NOTIFICATION
`default_nettype none
`include "virtio_mmio_regs.vh"

module virtio_features #(
    parameter [63:0] DEVICE_FEATURES  = 64'h1_0000_0000,
    parameter        MSI_SUPPORT      = 1,
    parameter        MSI_FEATURE_BIT  = 40,
    parameter        NOTIFY_DOORBELLS = 0
) (
    input  wire        aclk,
    input  wire        aresetn,
    input  wire        device_reset,             // wins over everything below

    input  wire        control_write,
    input  wire [7:0]  write_offset,
    input  wire [31:0] write_data,
    input  wire [7:0]  read_offset,
    output reg  [31:0] read_data,

    input  wire [63:0] optional_features,        // offered beside DEVICE_FEATURES

    output wire        acceptable,               // FEATURES_OK may be set now
    output reg         latched,                  // FEATURES_OK was accepted since reset
    input  wire        latch,                    // FEATURES_OK is being set

    output wire [63:0] driver_features,          // 0 until latched
    output wire        msi_negotiated,
    output wire        doorbells_negotiated,
    output wire        notification_data,
    output wire        ring_packed
);

    localparam [63:0] ONE     = 64'd1;
    localparam [63:0] ALWAYS  = DEVICE_FEATURES |
                                ((MSI_SUPPORT != 0) ? (ONE << MSI_FEATURE_BIT) : 64'd0) |
                                ((NOTIFY_DOORBELLS != 0) ? (ONE << `VIRTIO_FEATURE_MMIO_NOTIFICATION_BIT) : 64'd0);

    wire [63:0] offered = ALWAYS | optional_features;

    reg [31:0] device_sel;
    reg [31:0] driver_sel;
    reg [63:0] accepted;
    reg        accepted_beyond;                  // something in word 2 or above

    always @(posedge aclk) begin
        if (!aresetn || device_reset) begin
            device_sel      <= 32'd0;
            driver_sel      <= 32'd0;
            accepted        <= 64'd0;
            accepted_beyond <= 1'b0;
            latched         <= 1'b0;
        end else begin
            if (control_write && (write_offset == `VIRTIO_REG_DEVICE_FEATURES_SEL))
                device_sel <= write_data;
            if (control_write && (write_offset == `VIRTIO_REG_DRIVER_FEATURES_SEL))
                driver_sel <= write_data;
            if (control_write && (write_offset == `VIRTIO_REG_DRIVER_FEATURES) && !latched) begin
                case (driver_sel)
                    32'd0:   accepted[31:0]  <= write_data;
                    32'd1:   accepted[63:32] <= write_data;
                    default: accepted_beyond <= accepted_beyond || (write_data != 32'd0);
                endcase
            end
            if (latch)
                latched <= 1'b1;
        end
    end

    assign acceptable = latched || (((accepted & ~offered) == 64'd0) && !accepted_beyond &&
                                    accepted[`VIRTIO_FEATURE_VERSION_1_BIT]);

    assign driver_features      = latched ? accepted : 64'd0;
    assign msi_negotiated       = (MSI_SUPPORT != 0) && driver_features[MSI_FEATURE_BIT];
    assign doorbells_negotiated = (NOTIFY_DOORBELLS != 0) && driver_features[`VIRTIO_FEATURE_MMIO_NOTIFICATION_BIT];
    assign notification_data    = driver_features[`VIRTIO_FEATURE_NOTIFICATION_DATA_BIT];
    assign ring_packed          = driver_features[`VIRTIO_FEATURE_RING_PACKED_BIT];

    always @* begin
        read_data = 32'd0;
        if (read_offset == `VIRTIO_REG_DEVICE_FEATURES) begin
            case (device_sel)
                32'd0:   read_data = offered[31:0];
                32'd1:   read_data = offered[63:32];
                default: read_data = 32'd0;
            endcase
        end
    end

endmodule

`default_nettype wire
