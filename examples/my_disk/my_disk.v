// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// my_disk: a RAM disk of 16 MiB that a stock driver finds, with two queues. Everything of the device is in the instance:
// connect the three buses and the interrupt. The disk is the memory behind d_axi: byte b of sector s is byte 512 s + b.
`default_nettype none

module my_disk (
    input  wire        aclk,
    input  wire        aresetn,

    // From the CPU: the registers.
    input  wire [11:0] s_axil_awaddr,
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

    // To the interrupt controller: messages, or the line.
    output wire [63:0] m_axil_awaddr,
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
    output wire        irq,

    // To main memory: rings and buffers.
    output wire [63:0] m_axi_awaddr,
    output wire [7:0]  m_axi_awlen,
    output wire [2:0]  m_axi_awsize,
    output wire [1:0]  m_axi_awburst,
    output wire        m_axi_awvalid,
    input  wire        m_axi_awready,
    output wire [63:0] m_axi_wdata,
    output wire [7:0]  m_axi_wstrb,
    output wire        m_axi_wlast,
    output wire        m_axi_wvalid,
    input  wire        m_axi_wready,
    input  wire [1:0]  m_axi_bresp,
    input  wire        m_axi_bvalid,
    output wire        m_axi_bready,
    output wire [63:0] m_axi_araddr,
    output wire [7:0]  m_axi_arlen,
    output wire [2:0]  m_axi_arsize,
    output wire [1:0]  m_axi_arburst,
    output wire        m_axi_arvalid,
    input  wire        m_axi_arready,
    input  wire [63:0] m_axi_rdata,
    input  wire [1:0]  m_axi_rresp,
    input  wire        m_axi_rlast,
    input  wire        m_axi_rvalid,
    output wire        m_axi_rready,

    // To the memory that is the disk.
    output wire [31:0] d_axi_awaddr,
    output wire [7:0]  d_axi_awlen,
    output wire [2:0]  d_axi_awsize,
    output wire [1:0]  d_axi_awburst,
    output wire        d_axi_awvalid,
    input  wire        d_axi_awready,
    output wire [63:0] d_axi_wdata,
    output wire [7:0]  d_axi_wstrb,
    output wire        d_axi_wlast,
    output wire        d_axi_wvalid,
    input  wire        d_axi_wready,
    input  wire [1:0]  d_axi_bresp,
    input  wire        d_axi_bvalid,
    output wire        d_axi_bready,
    output wire [31:0] d_axi_araddr,
    output wire [7:0]  d_axi_arlen,
    output wire [2:0]  d_axi_arsize,
    output wire [1:0]  d_axi_arburst,
    output wire        d_axi_arvalid,
    input  wire        d_axi_arready,
    input  wire [63:0] d_axi_rdata,
    input  wire [1:0]  d_axi_rresp,
    input  wire        d_axi_rlast,
    input  wire        d_axi_rvalid,
    output wire        d_axi_rready
);

    // What this interconnect does not carry: IDs (always 0), cache and protection attributes.
    wire        m_axi_awid, m_axi_arid, d_axi_awid, d_axi_arid;
    wire [3:0]  m_axi_awcache, m_axi_arcache, d_axi_awcache, d_axi_arcache;
    wire [2:0]  m_axi_awprot, m_axi_arprot, d_axi_awprot, d_axi_arprot;

    virtio_mmio_blk_axi #(
        .NUM_QUEUES(2),
        .DISK_ADDR_WIDTH(32),
        .DISK_ID({"my-disk", 104'd0})
    ) disk (
        .aclk(aclk), .aresetn(aresetn),
        .capacity(64'd32768), .read_only(1'b0),
        .s_axil_awprot(3'b000), .s_axil_arprot(3'b000),
        .s_axil_awaddr(s_axil_awaddr), .s_axil_awvalid(s_axil_awvalid), .s_axil_awready(s_axil_awready),
        .s_axil_wdata(s_axil_wdata), .s_axil_wstrb(s_axil_wstrb), .s_axil_wvalid(s_axil_wvalid),
        .s_axil_wready(s_axil_wready), .s_axil_bresp(s_axil_bresp), .s_axil_bvalid(s_axil_bvalid),
        .s_axil_bready(s_axil_bready), .s_axil_araddr(s_axil_araddr), .s_axil_arvalid(s_axil_arvalid),
        .s_axil_arready(s_axil_arready), .s_axil_rdata(s_axil_rdata), .s_axil_rresp(s_axil_rresp),
        .s_axil_rvalid(s_axil_rvalid), .s_axil_rready(s_axil_rready), .m_axil_awaddr(m_axil_awaddr),
        .m_axil_awprot(m_axil_awprot), .m_axil_awvalid(m_axil_awvalid), .m_axil_awready(m_axil_awready),
        .m_axil_wdata(m_axil_wdata), .m_axil_wstrb(m_axil_wstrb), .m_axil_wvalid(m_axil_wvalid),
        .m_axil_wready(m_axil_wready), .m_axil_bresp(m_axil_bresp), .m_axil_bvalid(m_axil_bvalid),
        .m_axil_bready(m_axil_bready), .irq(irq), .m_axi_awid(m_axi_awid), .m_axi_awaddr(m_axi_awaddr),
        .m_axi_awlen(m_axi_awlen), .m_axi_awsize(m_axi_awsize), .m_axi_awburst(m_axi_awburst),
        .m_axi_awcache(m_axi_awcache), .m_axi_awprot(m_axi_awprot), .m_axi_awvalid(m_axi_awvalid),
        .m_axi_awready(m_axi_awready), .m_axi_wdata(m_axi_wdata), .m_axi_wstrb(m_axi_wstrb),
        .m_axi_wlast(m_axi_wlast), .m_axi_wvalid(m_axi_wvalid), .m_axi_wready(m_axi_wready), .m_axi_bid(1'b0),
        .m_axi_bresp(m_axi_bresp), .m_axi_bvalid(m_axi_bvalid), .m_axi_bready(m_axi_bready), .m_axi_arid(m_axi_arid),
        .m_axi_araddr(m_axi_araddr), .m_axi_arlen(m_axi_arlen), .m_axi_arsize(m_axi_arsize),
        .m_axi_arburst(m_axi_arburst), .m_axi_arcache(m_axi_arcache), .m_axi_arprot(m_axi_arprot),
        .m_axi_arvalid(m_axi_arvalid), .m_axi_arready(m_axi_arready), .m_axi_rid(1'b0), .m_axi_rdata(m_axi_rdata),
        .m_axi_rresp(m_axi_rresp), .m_axi_rlast(m_axi_rlast), .m_axi_rvalid(m_axi_rvalid),
        .m_axi_rready(m_axi_rready), .d_axi_awid(d_axi_awid), .d_axi_awaddr(d_axi_awaddr), .d_axi_awlen(d_axi_awlen),
        .d_axi_awsize(d_axi_awsize), .d_axi_awburst(d_axi_awburst), .d_axi_awcache(d_axi_awcache),
        .d_axi_awprot(d_axi_awprot), .d_axi_awvalid(d_axi_awvalid), .d_axi_awready(d_axi_awready),
        .d_axi_wdata(d_axi_wdata), .d_axi_wstrb(d_axi_wstrb), .d_axi_wlast(d_axi_wlast), .d_axi_wvalid(d_axi_wvalid),
        .d_axi_wready(d_axi_wready), .d_axi_bid(1'b0), .d_axi_bresp(d_axi_bresp), .d_axi_bvalid(d_axi_bvalid),
        .d_axi_bready(d_axi_bready), .d_axi_arid(d_axi_arid), .d_axi_araddr(d_axi_araddr), .d_axi_arlen(d_axi_arlen),
        .d_axi_arsize(d_axi_arsize), .d_axi_arburst(d_axi_arburst), .d_axi_arcache(d_axi_arcache),
        .d_axi_arprot(d_axi_arprot), .d_axi_arvalid(d_axi_arvalid), .d_axi_arready(d_axi_arready), .d_axi_rid(1'b0),
        .d_axi_rdata(d_axi_rdata), .d_axi_rresp(d_axi_rresp), .d_axi_rlast(d_axi_rlast), .d_axi_rvalid(d_axi_rvalid),
        .d_axi_rready(d_axi_rready)
    );

    wire unused = &{1'b0, m_axi_awid, m_axi_arid, d_axi_awid, d_axi_arid, m_axi_awcache, m_axi_arcache, d_axi_awcache,
                    d_axi_arcache, m_axi_awprot, m_axi_arprot, d_axi_awprot, d_axi_arprot};

endmodule

`default_nettype wire
