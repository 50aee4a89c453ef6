// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
//
// reordering_dut: an entropy device that uses buffers in another order than they came, and that lets memory answer in
// any order: its transactions have eight IDs.
`default_nettype none

module reordering_dut (
    input  wire            aclk,
    input  wire            aresetn,
    input  wire [11:0]     s_axil_awaddr,
    input  wire [2:0]      s_axil_awprot,
    input  wire            s_axil_awvalid,
    output wire            s_axil_awready,
    input  wire [31:0]     s_axil_wdata,
    input  wire [3:0]      s_axil_wstrb,
    input  wire            s_axil_wvalid,
    output wire            s_axil_wready,
    output wire [1:0]      s_axil_bresp,
    output wire            s_axil_bvalid,
    input  wire            s_axil_bready,
    input  wire [11:0]     s_axil_araddr,
    input  wire [2:0]      s_axil_arprot,
    input  wire            s_axil_arvalid,
    output wire            s_axil_arready,
    output wire [31:0]     s_axil_rdata,
    output wire [1:0]      s_axil_rresp,
    output wire            s_axil_rvalid,
    input  wire            s_axil_rready,
    output wire [63:0]     m_axil_awaddr,
    output wire [2:0]      m_axil_awprot,
    output wire            m_axil_awvalid,
    input  wire            m_axil_awready,
    output wire [31:0]     m_axil_wdata,
    output wire [3:0]      m_axil_wstrb,
    output wire            m_axil_wvalid,
    input  wire            m_axil_wready,
    input  wire [1:0]      m_axil_bresp,
    input  wire            m_axil_bvalid,
    output wire            m_axil_bready,
    output wire            irq,
    output wire [2:0]      m_axi_awid,
    output wire [63:0]     m_axi_awaddr,
    output wire [7:0]      m_axi_awlen,
    output wire [2:0]      m_axi_awsize,
    output wire [1:0]      m_axi_awburst,
    output wire [3:0]      m_axi_awcache,
    output wire [2:0]      m_axi_awprot,
    output wire            m_axi_awvalid,
    input  wire            m_axi_awready,
    output wire [63:0]     m_axi_wdata,
    output wire [7:0]      m_axi_wstrb,
    output wire            m_axi_wlast,
    output wire            m_axi_wvalid,
    input  wire            m_axi_wready,
    input  wire [2:0]      m_axi_bid,
    input  wire [1:0]      m_axi_bresp,
    input  wire            m_axi_bvalid,
    output wire            m_axi_bready,
    output wire [2:0]      m_axi_arid,
    output wire [63:0]     m_axi_araddr,
    output wire [7:0]      m_axi_arlen,
    output wire [2:0]      m_axi_arsize,
    output wire [1:0]      m_axi_arburst,
    output wire [3:0]      m_axi_arcache,
    output wire [2:0]      m_axi_arprot,
    output wire            m_axi_arvalid,
    input  wire            m_axi_arready,
    input  wire [2:0]      m_axi_rid,
    input  wire [63:0]     m_axi_rdata,
    input  wire [1:0]      m_axi_rresp,
    input  wire            m_axi_rlast,
    input  wire            m_axi_rvalid,
    output wire            m_axi_rready
);

    // ------------------------------------------------------------------ memory
    wire        awvalid;
    wire        awready;
    wire [1:0]  bresp;
    wire        bvalid;
    wire        bready;
    wire        arvalid;
    wire        arready;
    wire [63:0] rdata;
    wire [1:0]  rresp;
    wire        rlast;
    wire        rvalid;
    wire        rready;
    wire [0:0]  awid;
    wire [0:0]  arid;

    several_ids ids (
        .aclk(aclk), .aresetn(aresetn), .d_awvalid(awvalid), .d_awready(awready), .d_bresp(bresp), .d_bvalid(bvalid),
        .d_bready(bready), .d_arvalid(arvalid), .d_arready(arready), .d_rdata(rdata), .d_rresp(rresp),
        .d_rlast(rlast), .d_rvalid(rvalid), .d_rready(rready), .m_awid(m_axi_awid), .m_awvalid(m_axi_awvalid),
        .m_awready(m_axi_awready), .m_bid(m_axi_bid), .m_bresp(m_axi_bresp), .m_bvalid(m_axi_bvalid),
        .m_bready(m_axi_bready), .m_arid(m_axi_arid), .m_arvalid(m_axi_arvalid), .m_arready(m_axi_arready),
        .m_rid(m_axi_rid), .m_rdata(m_axi_rdata), .m_rresp(m_axi_rresp), .m_rlast(m_axi_rlast),
        .m_rvalid(m_axi_rvalid), .m_rready(m_axi_rready)
    );

    // ------------------------------------------------------------------ the function, and its order
    wire        device_reset;
    wire        req_valid;
    wire        req_ready;
    wire [5:0]  req_slot;
    wire [15:0] req_queue;
    wire [31:0] req_readable;
    wire [31:0] req_writable;
    wire        ask_ready;
    wire        cmd_valid;
    wire        cmd_ready;
    wire        cmd_write;
    wire [5:0]  cmd_slot;
    wire [31:0] cmd_offset;
    wire [31:0] cmd_length;
    wire        rd_valid;
    wire [63:0] rd_data;
    wire [7:0]  rd_keep;
    wire        rd_last;
    wire        rd_error;
    wire        wr_valid;
    wire        wr_ready;
    wire [63:0] wr_data;
    wire [7:0]  wr_keep;
    wire        wr_last;
    wire        wrote_valid;
    wire [5:0]  wrote_slot;
    wire        wrote_error;
    wire        finished_valid;
    wire        finished_ready;
    wire [5:0]  finished_slot;
    wire [31:0] finished_written;
    wire        done_valid;
    wire        done_ready;
    wire [5:0]  done_slot;
    wire [31:0] done_written;
    wire        config_en;
    wire [3:0]  config_we;
    wire [11:0] config_addr;
    wire [31:0] config_wdata;
    wire        config_event_ready;
    wire        queue_stopping;
    wire [7:0]  device_status;
    wire        random_valid;
    wire        random_ready;
    wire [31:0] random_data;

    virtio_lfsr source (
        .aclk(aclk), .aresetn(aresetn), .random_valid(random_valid), .random_ready(random_ready),
        .random_data(random_data)
    );

    virtio_rng #(.DATA_WIDTH(64), .SLOT_WIDTH(6)) rng (
        .aclk(aclk), .aresetn(aresetn), .device_reset(device_reset), .abandon(queue_stopping), .req_valid(req_valid),
        .req_ready(req_ready),
        .req_slot(req_slot), .req_writable(req_writable), .cmd_valid(cmd_valid), .cmd_ready(cmd_ready),
        .cmd_write(cmd_write), .cmd_slot(cmd_slot), .cmd_offset(cmd_offset), .cmd_length(cmd_length),
        .wr_valid(wr_valid), .wr_ready(wr_ready), .wr_data(wr_data), .wr_keep(wr_keep), .wr_last(wr_last),
        .wrote_valid(wrote_valid), .wrote_error(wrote_error), .done_valid(finished_valid),
        .done_ready(finished_ready), .done_slot(finished_slot), .done_written(finished_written),
        .random_valid(random_valid), .random_ready(random_ready), .random_data(random_data)
    );

    shuffle order (
        .aclk(aclk), .aresetn(aresetn), .device_reset(device_reset), .in_valid(finished_valid),
        .in_ready(finished_ready), .in_slot(finished_slot), .in_written(finished_written), .out_valid(done_valid),
        .out_ready(done_ready), .out_slot(done_slot), .out_written(done_written)
    );

    virtio_mmio_device #(
        .NUM_QUEUES(1), .DEVICE_ID(32'd4), .CONFIG_BYTES(0), .MSI_SUPPORT(1), .RING_PACKED(1), .NOTIFICATION_DATA(1)
    ) device (
        .aclk(aclk), .aresetn(aresetn), .s_axil_awaddr(s_axil_awaddr), .s_axil_awprot(s_axil_awprot),
        .s_axil_awvalid(s_axil_awvalid), .s_axil_awready(s_axil_awready), .s_axil_wdata(s_axil_wdata),
        .s_axil_wstrb(s_axil_wstrb), .s_axil_wvalid(s_axil_wvalid), .s_axil_wready(s_axil_wready),
        .s_axil_bresp(s_axil_bresp), .s_axil_bvalid(s_axil_bvalid), .s_axil_bready(s_axil_bready),
        .s_axil_araddr(s_axil_araddr), .s_axil_arprot(s_axil_arprot), .s_axil_arvalid(s_axil_arvalid),
        .s_axil_arready(s_axil_arready), .s_axil_rdata(s_axil_rdata), .s_axil_rresp(s_axil_rresp),
        .s_axil_rvalid(s_axil_rvalid), .s_axil_rready(s_axil_rready), .m_axil_awaddr(m_axil_awaddr),
        .m_axil_awprot(m_axil_awprot), .m_axil_awvalid(m_axil_awvalid), .m_axil_awready(m_axil_awready),
        .m_axil_wdata(m_axil_wdata), .m_axil_wstrb(m_axil_wstrb), .m_axil_wvalid(m_axil_wvalid),
        .m_axil_wready(m_axil_wready), .m_axil_bresp(m_axil_bresp), .m_axil_bvalid(m_axil_bvalid),
        .m_axil_bready(m_axil_bready), .irq(irq), .m_axi_awid(awid), .m_axi_awaddr(m_axi_awaddr),
        .m_axi_awlen(m_axi_awlen), .m_axi_awsize(m_axi_awsize), .m_axi_awburst(m_axi_awburst),
        .m_axi_awcache(m_axi_awcache), .m_axi_awprot(m_axi_awprot), .m_axi_awvalid(awvalid),
        .m_axi_awready(awready), .m_axi_wdata(m_axi_wdata), .m_axi_wstrb(m_axi_wstrb), .m_axi_wlast(m_axi_wlast),
        .m_axi_wvalid(m_axi_wvalid), .m_axi_wready(m_axi_wready), .m_axi_bid(1'b0), .m_axi_bresp(bresp),
        .m_axi_bvalid(bvalid), .m_axi_bready(bready), .m_axi_arid(arid), .m_axi_araddr(m_axi_araddr),
        .m_axi_arlen(m_axi_arlen), .m_axi_arsize(m_axi_arsize), .m_axi_arburst(m_axi_arburst),
        .m_axi_arcache(m_axi_arcache), .m_axi_arprot(m_axi_arprot), .m_axi_arvalid(arvalid),
        .m_axi_arready(arready), .m_axi_rid(1'b0), .m_axi_rdata(rdata), .m_axi_rresp(rresp), .m_axi_rlast(rlast),
        .m_axi_rvalid(rvalid), .m_axi_rready(rready), .req_valid(req_valid), .req_ready(req_ready),
        .req_slot(req_slot), .req_queue(req_queue), .req_readable(req_readable), .req_writable(req_writable),
        .ask_valid(1'b0), .ask_ready(ask_ready), .ask_queue(16'd0), .cmd_valid(cmd_valid), .cmd_ready(cmd_ready),
        .cmd_write(cmd_write), .cmd_slot(cmd_slot), .cmd_offset(cmd_offset), .cmd_length(cmd_length),
        .rd_valid(rd_valid), .rd_ready(1'b1), .rd_data(rd_data), .rd_keep(rd_keep), .rd_last(rd_last),
        .rd_error(rd_error), .wr_valid(wr_valid), .wr_ready(wr_ready), .wr_data(wr_data), .wr_keep(wr_keep),
        .wr_last(wr_last), .wrote_valid(wrote_valid), .wrote_slot(wrote_slot), .wrote_error(wrote_error),
        .done_valid(done_valid), .done_ready(done_ready), .done_slot(done_slot), .done_written(done_written),
        .done_fault(1'b0), .config_en(config_en), .config_we(config_we), .config_addr(config_addr),
        .config_wdata(config_wdata), .config_rdata(32'd0), .config_generation(32'd0), .config_event_valid(1'b0),
        .config_event_ready(config_event_ready), .optional_features(64'd0), .function_idle(1'b1),
        .function_fault(1'b0), .device_reset(device_reset), .queue_stopping(queue_stopping),
        .device_status(device_status)
    );

    wire unused = &{1'b0, awid, arid, req_queue, req_readable, ask_ready, rd_valid, rd_data, rd_keep, rd_last, rd_error,
                    wrote_slot, config_en, config_we, config_addr, config_wdata, config_event_ready, queue_stopping,
                    device_status};
endmodule

`default_nettype wire
