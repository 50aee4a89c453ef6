// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_identity: the registers that only tell what the device is: MagicValue, Version, DeviceID, VendorID,
// ConfigGeneration, and the answer of a device without shared memory regions (all ones, MMIO-59).
//
//   DEVICE_ID  virtio device type (register 0x008)
//   VENDOR_ID  register 0x00c
`default_nettype none
`include "virtio_mmio_regs.vh"

module virtio_identity #(
    parameter [31:0] DEVICE_ID = 32'd4,
    parameter [31:0] VENDOR_ID = 32'h4D53494F
) (
    input  wire [31:0] config_generation,

    input  wire [7:0]  read_offset,
    output reg  [31:0] read_data
);

    always @* begin
        case (read_offset)
            `VIRTIO_REG_MAGIC_VALUE:       read_data = `VIRTIO_MAGIC_VALUE;
            `VIRTIO_REG_VERSION:           read_data = `VIRTIO_VERSION_VALUE;
            `VIRTIO_REG_DEVICE_ID:         read_data = DEVICE_ID;
            `VIRTIO_REG_VENDOR_ID:         read_data = VENDOR_ID;
            `VIRTIO_REG_SHM_LEN_LOW,
            `VIRTIO_REG_SHM_LEN_HIGH,
            `VIRTIO_REG_SHM_BASE_LOW,
            `VIRTIO_REG_SHM_BASE_HIGH:     read_data = 32'hffffffff;
            `VIRTIO_REG_CONFIG_GENERATION: read_data = config_generation;
            default:                read_data = 32'd0;
        endcase
    end

endmodule

`default_nettype wire
