// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_interrupt_status: InterruptStatus, InterruptACK and the interrupt line (MMIO-50..53, MSI-11..14).
//
// These registers are used while MSI is off. ENABLE hands the bits that are set to the router, which turns them into
// pending vectors. DISABLE sets the bits of the vectors that were pending (rule 9). Before DRIVER_OK a bit is stored,
// but it is neither read nor acknowledged, and it does not raise the line: nothing may be notified yet (MMIO-18).
//
// In one cycle:
//   an event and an acknowledge of its bit   the event: the bit stays set
//   an event and ENABLE's conversion         the event: the bit stays set
//   device_reset and anything                device_reset
`default_nettype none
`include "virtio_mmio_regs.vh"

module virtio_interrupt_status (
    input  wire        aclk,
    input  wire        aresetn,
    input  wire        device_reset,

    input  wire        control_write,
    input  wire [7:0]  write_offset,
    input  wire [31:0] write_data,
    input  wire [7:0]  read_offset,
    output wire [31:0] read_data,

    input  wire        driver_ok,
    input  wire        msi_enabled,

    input  wire        set_used,             // events while MSI is off
    input  wire        set_config,

    output wire        convert_used,         // MSI is on, and this bit is still set
    output wire        convert_config,
    input  wire        convert_used_taken,
    input  wire        convert_config_taken,

    input  wire        disabling,            // DISABLE takes back ...
    input  wire        walking,              // ... the conversion that is under way
    input  wire        disabled_used,        // ... and what was pending on any vector
    input  wire        disabled_config,

    output reg         irq                   // a flip-flop, one cycle after what it shows
);

    reg used;
    reg config_change;

    wire       show   = driver_ok && !msi_enabled;
    wire       ack    = control_write && (write_offset == `VIRTIO_REG_INTERRUPT_ACK) && show;
    wire       unused = &{1'b0, write_data};

    always @(posedge aclk) begin
        if (!aresetn || device_reset) begin
            used          <= 1'b0;
            config_change <= 1'b0;
        end else begin
            if (set_used || disabled_used || (disabling && walking))
                used <= 1'b1;
            else if (convert_used_taken || (ack && write_data[`VIRTIO_INTERRUPT_USED_BUFFER_BIT]))
                used <= 1'b0;
            if (set_config || disabled_config)
                config_change <= 1'b1;
            else if (convert_config_taken || (ack && write_data[`VIRTIO_INTERRUPT_CONFIG_CHANGE_BIT]))
                config_change <= 1'b0;
        end
    end

    always @(posedge aclk) begin
        if (!aresetn)
            irq <= 1'b0;
        else
            irq <= (used || config_change) && show;
    end

    assign convert_used   = used && msi_enabled;
    assign convert_config = config_change && msi_enabled;
    assign read_data      = ((read_offset == `VIRTIO_REG_INTERRUPT_STATUS) && show) ?
                            (({31'd0, used} << `VIRTIO_INTERRUPT_USED_BUFFER_BIT) |
                             ({31'd0, config_change} << `VIRTIO_INTERRUPT_CONFIG_CHANGE_BIT)) : 32'd0;

endmodule

`default_nettype wire
