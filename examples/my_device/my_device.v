// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// A virtio-mmio device with one queue that uses every buffer the moment it is told of it. Put the device's own work
// between notify_* (the driver has made buffers available) and event_* (the device has used some).
`default_nettype none

module my_device (
    input  wire        aclk,
    input  wire        aresetn,

    input  wire [11:0] s_axil_awaddr,       // from the CPU
    input  wire        s_axil_awvalid,
    output wire        s_axil_awready,
    input  wire [31:0] s_axil_wdata,
    input  wire [3:0]  s_axil_wstrb,
    input  wire        s_axil_wvalid,
    output wire        s_axil_wready,
    output wire [1:0]  s_axil_bresp,
    output wire        s_axil_bvalid,
    input  wire        s_axil_bready,
    input  wire [11:0] s_axil_araddr,
    input  wire        s_axil_arvalid,
    output wire        s_axil_arready,
    output wire [31:0] s_axil_rdata,
    output wire [1:0]  s_axil_rresp,
    output wire        s_axil_rvalid,
    input  wire        s_axil_rready,

    output wire [63:0] m_axil_awaddr,       // to the interrupt controller
    output wire [2:0]  m_axil_awprot,
    output wire        m_axil_awvalid,
    input  wire        m_axil_awready,
    output wire [31:0] m_axil_wdata,
    output wire [3:0]  m_axil_wstrb,
    output wire        m_axil_wvalid,
    input  wire        m_axil_wready,
    input  wire [1:0]  m_axil_bresp,
    input  wire        m_axil_bvalid,
    output wire        m_axil_bready,
    output wire        irq
);

    wire        notify_valid;
    wire        notify_ready;
    wire [15:0] notify_queue;
    wire [31:0] notify_data;
    wire        queue_ready;
    wire [15:0] queue_num;
    wire [63:0] queue_desc, queue_driver, queue_device;
    wire        queue_start_valid, queue_stop_valid;
    wire [15:0] queue_start_index, queue_stop_index;
    wire        config_en;
    wire [3:0]  config_we;
    wire [11:0] config_addr;
    wire [31:0] config_wdata;
    wire [63:0] driver_features;
    wire [7:0]  device_status;
    wire        device_reset;
    wire        msi_error_valid;
    wire [15:0] msi_error_vector;

    virtio_mmio_endpoint #(
        .NUM_QUEUES(1),                     // NUM_VECTORS follows: 2
        .DEVICE_ID(4),                      // entropy source
        .CONFIG_BYTES(0)                    // it has no configuration
    ) endpoint (
        .aclk(aclk), .aresetn(aresetn),

        .s_axil_awaddr(s_axil_awaddr), .s_axil_awprot(3'b000),
        .s_axil_awvalid(s_axil_awvalid), .s_axil_awready(s_axil_awready),
        .s_axil_wdata(s_axil_wdata), .s_axil_wstrb(s_axil_wstrb),
        .s_axil_wvalid(s_axil_wvalid), .s_axil_wready(s_axil_wready),
        .s_axil_bresp(s_axil_bresp), .s_axil_bvalid(s_axil_bvalid), .s_axil_bready(s_axil_bready),
        .s_axil_araddr(s_axil_araddr), .s_axil_arprot(3'b000),
        .s_axil_arvalid(s_axil_arvalid), .s_axil_arready(s_axil_arready),
        .s_axil_rdata(s_axil_rdata), .s_axil_rresp(s_axil_rresp),
        .s_axil_rvalid(s_axil_rvalid), .s_axil_rready(s_axil_rready),

        .m_axil_awaddr(m_axil_awaddr), .m_axil_awprot(m_axil_awprot),
        .m_axil_awvalid(m_axil_awvalid), .m_axil_awready(m_axil_awready),
        .m_axil_wdata(m_axil_wdata), .m_axil_wstrb(m_axil_wstrb),
        .m_axil_wvalid(m_axil_wvalid), .m_axil_wready(m_axil_wready),
        .m_axil_bresp(m_axil_bresp), .m_axil_bvalid(m_axil_bvalid), .m_axil_bready(m_axil_bready),
        .irq(irq),

        .notify_valid(notify_valid), .notify_ready(notify_ready),
        .notify_queue(notify_queue), .notify_data(notify_data),
        .event_valid(notify_valid), .event_ready(notify_ready),
        .event_index(notify_queue + 16'd1), // used buffer on that queue

        .queue_index(16'd0),                // where the rings of queue 0 are
        .queue_ready(queue_ready), .queue_num(queue_num),
        .queue_desc(queue_desc), .queue_driver(queue_driver), .queue_device(queue_device),
        .queue_start_valid(queue_start_valid), .queue_start_index(queue_start_index),
        .queue_stop_valid(queue_stop_valid), .queue_stop_index(queue_stop_index),
        .queue_stop_done(1'b1),             // nothing of it works on after a stop

        .config_en(config_en), .config_we(config_we), .config_addr(config_addr), .config_wdata(config_wdata),
        .config_rdata(32'd0), .config_generation(32'd0),

        .driver_features(driver_features), .device_status(device_status), .device_reset(device_reset),
        .device_idle(1'b1), .needs_reset(1'b0),
        .msi_error_valid(msi_error_valid), .msi_error_vector(msi_error_vector)
    );

    wire unused = &{1'b0, notify_data, queue_ready, queue_num, queue_desc, queue_driver, queue_device,
                    queue_start_valid, queue_start_index, queue_stop_valid, queue_stop_index, config_en,
                    config_we, config_addr, config_wdata, driver_features, device_status, device_reset,
                    msi_error_valid, msi_error_vector};

endmodule

`default_nettype wire
