// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
//
// slow_dut: a device of examples/conformance/devices behind channels that let everything wait, on every port: each
// address, each beat and each answer of the register bus, of messages and of memory.
//
//   FUNCTION                    of conformance_dut
//   REGISTER_WAIT, MEMORY_WAIT  least wait of a channel, in cycles; the longest is 16 and 32 more
`default_nettype none

module slow_dut #(
    parameter [8*8-1:0] FUNCTION      = "rng",
    parameter           DATA_WIDTH    = 64,
    parameter           REGISTER_WAIT = 8,
    parameter           MEMORY_WAIT   = 16
) (
    input  wire                      aclk,
    input  wire                      aresetn,
    input  wire [11:0]               s_axil_awaddr,
    input  wire [2:0]                s_axil_awprot,
    input  wire                      s_axil_awvalid,
    output wire                      s_axil_awready,
    input  wire [31:0]               s_axil_wdata,
    input  wire [3:0]                s_axil_wstrb,
    input  wire                      s_axil_wvalid,
    output wire                      s_axil_wready,
    output wire [1:0]                s_axil_bresp,
    output wire                      s_axil_bvalid,
    input  wire                      s_axil_bready,
    input  wire [11:0]               s_axil_araddr,
    input  wire [2:0]                s_axil_arprot,
    input  wire                      s_axil_arvalid,
    output wire                      s_axil_arready,
    output wire [31:0]               s_axil_rdata,
    output wire [1:0]                s_axil_rresp,
    output wire                      s_axil_rvalid,
    input  wire                      s_axil_rready,
    output wire [63:0]               m_axil_awaddr,
    output wire [2:0]                m_axil_awprot,
    output wire                      m_axil_awvalid,
    input  wire                      m_axil_awready,
    output wire [31:0]               m_axil_wdata,
    output wire [3:0]                m_axil_wstrb,
    output wire                      m_axil_wvalid,
    input  wire                      m_axil_wready,
    input  wire [1:0]                m_axil_bresp,
    input  wire                      m_axil_bvalid,
    output wire                      m_axil_bready,
    output wire                      irq,
    output wire [0:0]                m_axi_awid,
    output wire [63:0]               m_axi_awaddr,
    output wire [7:0]                m_axi_awlen,
    output wire [2:0]                m_axi_awsize,
    output wire [1:0]                m_axi_awburst,
    output wire [3:0]                m_axi_awcache,
    output wire [2:0]                m_axi_awprot,
    output wire                      m_axi_awvalid,
    input  wire                      m_axi_awready,
    output wire [DATA_WIDTH-1:0]     m_axi_wdata,
    output wire [DATA_WIDTH/8-1:0]   m_axi_wstrb,
    output wire                      m_axi_wlast,
    output wire                      m_axi_wvalid,
    input  wire                      m_axi_wready,
    input  wire [0:0]                m_axi_bid,
    input  wire [1:0]                m_axi_bresp,
    input  wire                      m_axi_bvalid,
    output wire                      m_axi_bready,
    output wire [0:0]                m_axi_arid,
    output wire [63:0]               m_axi_araddr,
    output wire [7:0]                m_axi_arlen,
    output wire [2:0]                m_axi_arsize,
    output wire [1:0]                m_axi_arburst,
    output wire [3:0]                m_axi_arcache,
    output wire [2:0]                m_axi_arprot,
    output wire                      m_axi_arvalid,
    input  wire                      m_axi_arready,
    input  wire [0:0]                m_axi_rid,
    input  wire [DATA_WIDTH-1:0]     m_axi_rdata,
    input  wire [1:0]                m_axi_rresp,
    input  wire                      m_axi_rlast,
    input  wire                      m_axi_rvalid,
    output wire                      m_axi_rready
);

    wire [11:0]                  d_s_axil_awaddr;
    wire [2:0]                   d_s_axil_awprot;
    wire                         d_s_axil_awvalid;
    wire                         d_s_axil_awready;
    wire [31:0]                  d_s_axil_wdata;
    wire [3:0]                   d_s_axil_wstrb;
    wire                         d_s_axil_wvalid;
    wire                         d_s_axil_wready;
    wire [1:0]                   d_s_axil_bresp;
    wire                         d_s_axil_bvalid;
    wire                         d_s_axil_bready;
    wire [11:0]                  d_s_axil_araddr;
    wire [2:0]                   d_s_axil_arprot;
    wire                         d_s_axil_arvalid;
    wire                         d_s_axil_arready;
    wire [31:0]                  d_s_axil_rdata;
    wire [1:0]                   d_s_axil_rresp;
    wire                         d_s_axil_rvalid;
    wire                         d_s_axil_rready;
    wire [63:0]                  d_m_axil_awaddr;
    wire [2:0]                   d_m_axil_awprot;
    wire                         d_m_axil_awvalid;
    wire                         d_m_axil_awready;
    wire [31:0]                  d_m_axil_wdata;
    wire [3:0]                   d_m_axil_wstrb;
    wire                         d_m_axil_wvalid;
    wire                         d_m_axil_wready;
    wire [1:0]                   d_m_axil_bresp;
    wire                         d_m_axil_bvalid;
    wire                         d_m_axil_bready;
    wire [0:0]                   d_m_axi_awid;
    wire [63:0]                  d_m_axi_awaddr;
    wire [7:0]                   d_m_axi_awlen;
    wire [2:0]                   d_m_axi_awsize;
    wire [1:0]                   d_m_axi_awburst;
    wire [3:0]                   d_m_axi_awcache;
    wire [2:0]                   d_m_axi_awprot;
    wire                         d_m_axi_awvalid;
    wire                         d_m_axi_awready;
    wire [DATA_WIDTH-1:0]        d_m_axi_wdata;
    wire [DATA_WIDTH/8-1:0]      d_m_axi_wstrb;
    wire                         d_m_axi_wlast;
    wire                         d_m_axi_wvalid;
    wire                         d_m_axi_wready;
    wire [0:0]                   d_m_axi_bid;
    wire [1:0]                   d_m_axi_bresp;
    wire                         d_m_axi_bvalid;
    wire                         d_m_axi_bready;
    wire [0:0]                   d_m_axi_arid;
    wire [63:0]                  d_m_axi_araddr;
    wire [7:0]                   d_m_axi_arlen;
    wire [2:0]                   d_m_axi_arsize;
    wire [1:0]                   d_m_axi_arburst;
    wire [3:0]                   d_m_axi_arcache;
    wire [2:0]                   d_m_axi_arprot;
    wire                         d_m_axi_arvalid;
    wire                         d_m_axi_arready;
    wire [0:0]                   d_m_axi_rid;
    wire [DATA_WIDTH-1:0]        d_m_axi_rdata;
    wire [1:0]                   d_m_axi_rresp;
    wire                         d_m_axi_rlast;
    wire                         d_m_axi_rvalid;
    wire                         d_m_axi_rready;

    slow_channel #(.WIDTH(15), .SEED(16'h995D), .LEAST(REGISTER_WAIT), .SPREAD_LOG2(4)) s_axil_aw (
        .aclk(aclk), .aresetn(aresetn), .in_valid(s_axil_awvalid), .in_ready(s_axil_awready),
        .in_data({s_axil_awaddr, s_axil_awprot}),
        .out_valid(d_s_axil_awvalid), .out_ready(d_s_axil_awready),
        .out_data({d_s_axil_awaddr, d_s_axil_awprot})
    );

    slow_channel #(.WIDTH(36), .SEED(16'h1228), .LEAST(REGISTER_WAIT), .SPREAD_LOG2(4)) s_axil_w (
        .aclk(aclk), .aresetn(aresetn), .in_valid(s_axil_wvalid), .in_ready(s_axil_wready),
        .in_data({s_axil_wdata, s_axil_wstrb}),
        .out_valid(d_s_axil_wvalid), .out_ready(d_s_axil_wready),
        .out_data({d_s_axil_wdata, d_s_axil_wstrb})
    );

    slow_channel #(.WIDTH(2), .SEED(16'h6E1F), .LEAST(REGISTER_WAIT), .SPREAD_LOG2(4)) s_axil_b (
        .aclk(aclk), .aresetn(aresetn), .in_valid(d_s_axil_bvalid), .in_ready(d_s_axil_bready),
        .in_data(d_s_axil_bresp),
        .out_valid(s_axil_bvalid), .out_ready(s_axil_bready),
        .out_data(s_axil_bresp)
    );

    slow_channel #(.WIDTH(15), .SEED(16'h39F2), .LEAST(REGISTER_WAIT), .SPREAD_LOG2(4)) s_axil_ar (
        .aclk(aclk), .aresetn(aresetn), .in_valid(s_axil_arvalid), .in_ready(s_axil_arready),
        .in_data({s_axil_araddr, s_axil_arprot}),
        .out_valid(d_s_axil_arvalid), .out_ready(d_s_axil_arready),
        .out_data({d_s_axil_araddr, d_s_axil_arprot})
    );

    slow_channel #(.WIDTH(34), .SEED(16'h3511), .LEAST(REGISTER_WAIT), .SPREAD_LOG2(4)) s_axil_r (
        .aclk(aclk), .aresetn(aresetn), .in_valid(d_s_axil_rvalid), .in_ready(d_s_axil_rready),
        .in_data({d_s_axil_rdata, d_s_axil_rresp}),
        .out_valid(s_axil_rvalid), .out_ready(s_axil_rready),
        .out_data({s_axil_rdata, s_axil_rresp})
    );

    slow_channel #(.WIDTH(67), .SEED(16'h1CAC), .LEAST(REGISTER_WAIT), .SPREAD_LOG2(4)) m_axil_aw (
        .aclk(aclk), .aresetn(aresetn), .in_valid(d_m_axil_awvalid), .in_ready(d_m_axil_awready),
        .in_data({d_m_axil_awaddr, d_m_axil_awprot}),
        .out_valid(m_axil_awvalid), .out_ready(m_axil_awready),
        .out_data({m_axil_awaddr, m_axil_awprot})
    );

    slow_channel #(.WIDTH(36), .SEED(16'hA2B3), .LEAST(REGISTER_WAIT), .SPREAD_LOG2(4)) m_axil_w (
        .aclk(aclk), .aresetn(aresetn), .in_valid(d_m_axil_wvalid), .in_ready(d_m_axil_wready),
        .in_data({d_m_axil_wdata, d_m_axil_wstrb}),
        .out_valid(m_axil_wvalid), .out_ready(m_axil_wready),
        .out_data({m_axil_wdata, m_axil_wstrb})
    );

    slow_channel #(.WIDTH(2), .SEED(16'h40D6), .LEAST(REGISTER_WAIT), .SPREAD_LOG2(4)) m_axil_b (
        .aclk(aclk), .aresetn(aresetn), .in_valid(m_axil_bvalid), .in_ready(m_axil_bready),
        .in_data(m_axil_bresp),
        .out_valid(d_m_axil_bvalid), .out_ready(d_m_axil_bready),
        .out_data(d_m_axil_bresp)
    );

    slow_channel #(.WIDTH(85), .SEED(16'h5785), .LEAST(MEMORY_WAIT), .SPREAD_LOG2(5)) m_axi_aw (
        .aclk(aclk), .aresetn(aresetn), .in_valid(d_m_axi_awvalid), .in_ready(d_m_axi_awready),
        .in_data({d_m_axi_awid, d_m_axi_awaddr, d_m_axi_awlen, d_m_axi_awsize, d_m_axi_awburst,
            d_m_axi_awcache, d_m_axi_awprot}),
        .out_valid(m_axi_awvalid), .out_ready(m_axi_awready),
        .out_data({m_axi_awid, m_axi_awaddr, m_axi_awlen, m_axi_awsize, m_axi_awburst, m_axi_awcache, m_axi_awprot})
    );

    slow_channel #(.WIDTH(DATA_WIDTH + DATA_WIDTH / 8 + 1), .SEED(16'hC8F0), .LEAST(1), .SPREAD_LOG2(2)) m_axi_w (
        .aclk(aclk), .aresetn(aresetn), .in_valid(d_m_axi_wvalid), .in_ready(d_m_axi_wready),
        .in_data({d_m_axi_wdata, d_m_axi_wstrb, d_m_axi_wlast}),
        .out_valid(m_axi_wvalid), .out_ready(m_axi_wready),
        .out_data({m_axi_wdata, m_axi_wstrb, m_axi_wlast})
    );

    slow_channel #(.WIDTH(3), .SEED(16'h0007), .LEAST(MEMORY_WAIT), .SPREAD_LOG2(5)) m_axi_b (
        .aclk(aclk), .aresetn(aresetn), .in_valid(m_axi_bvalid), .in_ready(m_axi_bready),
        .in_data({m_axi_bid, m_axi_bresp}),
        .out_valid(d_m_axi_bvalid), .out_ready(d_m_axi_bready),
        .out_data({d_m_axi_bid, d_m_axi_bresp})
    );

    slow_channel #(.WIDTH(85), .SEED(16'h137A), .LEAST(MEMORY_WAIT), .SPREAD_LOG2(5)) m_axi_ar (
        .aclk(aclk), .aresetn(aresetn), .in_valid(d_m_axi_arvalid), .in_ready(d_m_axi_arready),
        .in_data({d_m_axi_arid, d_m_axi_araddr, d_m_axi_arlen, d_m_axi_arsize, d_m_axi_arburst,
            d_m_axi_arcache, d_m_axi_arprot}),
        .out_valid(m_axi_arvalid), .out_ready(m_axi_arready),
        .out_data({m_axi_arid, m_axi_araddr, m_axi_arlen, m_axi_arsize, m_axi_arburst, m_axi_arcache, m_axi_arprot})
    );

    slow_channel #(.WIDTH(1 + DATA_WIDTH + 2 + 1), .SEED(16'h74B9), .LEAST(1), .SPREAD_LOG2(2)) m_axi_r (
        .aclk(aclk), .aresetn(aresetn), .in_valid(m_axi_rvalid), .in_ready(m_axi_rready),
        .in_data({m_axi_rid, m_axi_rdata, m_axi_rresp, m_axi_rlast}),
        .out_valid(d_m_axi_rvalid), .out_ready(d_m_axi_rready),
        .out_data({d_m_axi_rid, d_m_axi_rdata, d_m_axi_rresp, d_m_axi_rlast})
    );

    conformance_dut #(
        .FUNCTION(FUNCTION), .DATA_WIDTH(DATA_WIDTH), .MSI(1), .SHARING(0), .PACKED(1), .DATA_OF_KICKS(1)
    ) device (
        .aclk(aclk), .aresetn(aresetn), .irq(irq), .s_axil_awaddr(d_s_axil_awaddr), .s_axil_awprot(d_s_axil_awprot),
        .s_axil_awvalid(d_s_axil_awvalid), .s_axil_awready(d_s_axil_awready), .s_axil_wdata(d_s_axil_wdata),
        .s_axil_wstrb(d_s_axil_wstrb), .s_axil_wvalid(d_s_axil_wvalid), .s_axil_wready(d_s_axil_wready),
        .s_axil_bresp(d_s_axil_bresp), .s_axil_bvalid(d_s_axil_bvalid), .s_axil_bready(d_s_axil_bready),
        .s_axil_araddr(d_s_axil_araddr), .s_axil_arprot(d_s_axil_arprot), .s_axil_arvalid(d_s_axil_arvalid),
        .s_axil_arready(d_s_axil_arready), .s_axil_rdata(d_s_axil_rdata), .s_axil_rresp(d_s_axil_rresp),
        .s_axil_rvalid(d_s_axil_rvalid), .s_axil_rready(d_s_axil_rready), .m_axil_awaddr(d_m_axil_awaddr),
        .m_axil_awprot(d_m_axil_awprot), .m_axil_awvalid(d_m_axil_awvalid), .m_axil_awready(d_m_axil_awready),
        .m_axil_wdata(d_m_axil_wdata), .m_axil_wstrb(d_m_axil_wstrb), .m_axil_wvalid(d_m_axil_wvalid),
        .m_axil_wready(d_m_axil_wready), .m_axil_bresp(d_m_axil_bresp), .m_axil_bvalid(d_m_axil_bvalid),
        .m_axil_bready(d_m_axil_bready), .m_axi_awid(d_m_axi_awid), .m_axi_awaddr(d_m_axi_awaddr),
        .m_axi_awlen(d_m_axi_awlen), .m_axi_awsize(d_m_axi_awsize), .m_axi_awburst(d_m_axi_awburst),
        .m_axi_awcache(d_m_axi_awcache), .m_axi_awprot(d_m_axi_awprot), .m_axi_awvalid(d_m_axi_awvalid),
        .m_axi_awready(d_m_axi_awready), .m_axi_wdata(d_m_axi_wdata), .m_axi_wstrb(d_m_axi_wstrb),
        .m_axi_wlast(d_m_axi_wlast), .m_axi_wvalid(d_m_axi_wvalid), .m_axi_wready(d_m_axi_wready),
        .m_axi_bid(d_m_axi_bid), .m_axi_bresp(d_m_axi_bresp), .m_axi_bvalid(d_m_axi_bvalid),
        .m_axi_bready(d_m_axi_bready), .m_axi_arid(d_m_axi_arid), .m_axi_araddr(d_m_axi_araddr),
        .m_axi_arlen(d_m_axi_arlen), .m_axi_arsize(d_m_axi_arsize), .m_axi_arburst(d_m_axi_arburst),
        .m_axi_arcache(d_m_axi_arcache), .m_axi_arprot(d_m_axi_arprot), .m_axi_arvalid(d_m_axi_arvalid),
        .m_axi_arready(d_m_axi_arready), .m_axi_rid(d_m_axi_rid), .m_axi_rdata(d_m_axi_rdata),
        .m_axi_rresp(d_m_axi_rresp), .m_axi_rlast(d_m_axi_rlast), .m_axi_rvalid(d_m_axi_rvalid),
        .m_axi_rready(d_m_axi_rready)
    );
endmodule

`default_nettype wire
