// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_status: the Status register, reset by the driver, and DEVICE_NEEDS_RESET (MMIO-11..22).
//
// A write of 0 to the low byte resets the device. device_reset pulses in the next cycle and clears every block;
// resetting holds the write's response until the device is idle, the message bus has drained and the tables are clear,
// so the reset is finished inside the write (MMIO-12, -13). Until then the register keeps reading its old value, and
// nothing is notified. With ANSWER_AT_ONCE the response does not wait: the register reads non-zero until the reset is
// finished.
//
// DEVICE_NEEDS_RESET is the device's own bit: writes do not change it. Raising it while DRIVER_OK is set is a
// configuration change event (MMIO-21). A level of needs_reset that is held over a reset counts again from the driver's
// next write of Status on, so a driver that waits for Status to read 0 does not wait for ever.
//
// In one cycle: reset wins over every other write; the end of a reset wins over raising DEVICE_NEEDS_RESET.
//
//   ANSWER_AT_ONCE       1: Status reads non-zero during a reset, DEVICE_NEEDS_RESET if nothing else is set
//   REQUIRE_FEATURES_OK  1: DRIVER_OK without an accepted FEATURES_OK raises DEVICE_NEEDS_RESET
`default_nettype none
`include "virtio_mmio_regs.vh"

module virtio_status #(
    parameter ANSWER_AT_ONCE      = 0,
    parameter REQUIRE_FEATURES_OK = 1
) (
    input  wire        aclk,
    input  wire        aresetn,

    input  wire        control_write,
    input  wire [7:0]  write_offset,
    input  wire [31:0] write_data,
    input  wire [7:0]  read_offset,
    output reg  [31:0] read_data,
    output reg         resetting,                // a reset is under way
    output wire        starting,                 // in the next cycle resetting or driver_ok_set rises

    input  wire        features_acceptable,
    input  wire        features_latched,         // FEATURES_OK was accepted since reset
    output wire        features_latch,           // FEATURES_OK is accepted by the present write

    input  wire        device_idle,
    input  wire        messages_idle,            // nothing on the message bus, no response outstanding
    input  wire        sweeping,                 // the tables are being cleared
    output wire        sweep_start,              // one cycle before device_reset
    output reg         device_reset,

    input  wire        needs_reset,              // level from the device
    input  wire        queue_error,              // QueueReady with an impossible QueueNum
    input  wire        message_error,            // a message was answered with an error

    output wire        driver_ok,
    output reg         driver_ok_set,            // one cycle, as driver_ok rises
    output wire        needs_reset_event,        // one cycle: owe the driver a configuration change event
    output wire [7:0]  device_status
);

    // The device may take this many cycles from the pulse of device_reset to lower device_idle.
    localparam [1:0] IDLE_GRACE = 2'd3;

    reg [7:0] status;                            // without DEVICE_NEEDS_RESET
    reg       needs_reset_bit;
    reg       level_counts;                      // needs_reset was low, or Status written, since the last reset
    reg       features_missing;                  // one cycle: DRIVER_OK was set without features
    reg [1:0] grace;

    wire status_write = control_write && (write_offset == `VIRTIO_REG_STATUS);
    wire reset_write  = status_write && (write_data[7:0] == 8'd0);
    wire reset_done   = resetting && (grace == 2'd0) && device_idle && messages_idle && !sweeping;
    wire raise        = !resetting && !needs_reset_bit &&
                         ((needs_reset && level_counts) || queue_error || message_error || features_missing);

    wire starts_driver = status_write && write_data[`VIRTIO_STATUS_DRIVER_OK_BIT] &&
                         !status[`VIRTIO_STATUS_DRIVER_OK_BIT];

    wire unused_upper = &{1'b0, write_data[31:8]};

    assign starting       = reset_write || starts_driver;
    assign sweep_start    = reset_write;
    assign features_latch = status_write && write_data[`VIRTIO_STATUS_FEATURES_OK_BIT] && features_acceptable;

    always @(posedge aclk) begin
        if (!aresetn) begin
            resetting    <= 1'b0;
            device_reset <= 1'b0;
            grace        <= 2'd0;
        end else begin
            device_reset <= reset_write;
            if (reset_write) begin
                resetting <= 1'b1;
                grace     <= IDLE_GRACE;
            end else begin
                if (reset_done)
                    resetting <= 1'b0;
                if (grace != 2'd0)
                    grace <= grace - 2'd1;
            end
        end
    end

    always @(posedge aclk) begin
        if (!aresetn || reset_done) begin
            status          <= 8'd0;
            needs_reset_bit <= 1'b0;
        end else begin
            if (status_write && !reset_write) begin
                status                                 <= write_data[7:0];
                status[`VIRTIO_STATUS_FEATURES_OK_BIT]        <= features_latch;
                status[`VIRTIO_STATUS_DEVICE_NEEDS_RESET_BIT] <= 1'b0;
            end
            if (raise)
                needs_reset_bit <= 1'b1;
        end
    end

    always @(posedge aclk) begin
        if (!aresetn)
            level_counts <= 1'b1;
        else if (!needs_reset || (status_write && !reset_write))
            level_counts <= 1'b1;
        else if (reset_write)
            level_counts <= 1'b0;
    end

    always @(posedge aclk) begin
        if (!aresetn)
            features_missing <= 1'b0;
        else
            features_missing <= (REQUIRE_FEATURES_OK != 0) && starts_driver && !features_latched && !features_latch;
    end

    always @(posedge aclk) begin
        if (!aresetn)
            driver_ok_set <= 1'b0;
        else
            driver_ok_set <= starts_driver;
    end

    assign driver_ok         = status[`VIRTIO_STATUS_DRIVER_OK_BIT] && !resetting;
    assign needs_reset_event = raise && driver_ok;

    wire       resetting_from_0 = (ANSWER_AT_ONCE != 0) && resetting && (status == 8'd0);
    wire       shown_bit        = needs_reset_bit || resetting_from_0;
    wire [7:0] shown            = status | ({7'd0, shown_bit} << `VIRTIO_STATUS_DEVICE_NEEDS_RESET_BIT);

    assign device_status = resetting ? 8'd0 : shown;

    always @* read_data = (read_offset == `VIRTIO_REG_STATUS) ? {24'd0, shown} : 32'd0;

endmodule

`default_nettype wire
