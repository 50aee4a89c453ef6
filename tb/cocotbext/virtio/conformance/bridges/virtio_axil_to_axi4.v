// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
//
// virtio_axil_to_axi4: AXI4-Lite to an AXI4 slave with IDs (32 bits of data): bursts of one beat, one ID.
//
// Parameters: ADDR_WIDTH and ID_WIDTH of the slave, in bits; ID: the ID of every access.
// Timing: no cycle is added; the channels are wires.
`default_nettype none

module virtio_axil_to_axi4 #(
    parameter ADDR_WIDTH  = 12,
    parameter ID_WIDTH    = 4,
    parameter ID          = 0
) (
    input  wire                  aclk,
    input  wire                  aresetn,            // synchronous, active low
    input  wire [ADDR_WIDTH-1:0] s_axil_awaddr,
    input  wire                  s_axil_awvalid,
    output wire                  s_axil_awready,
    input  wire [31:0]           s_axil_wdata,
    input  wire [3:0]            s_axil_wstrb,
    input  wire                  s_axil_wvalid,
    output wire                  s_axil_wready,
    output wire [1:0]            s_axil_bresp,
    output wire                  s_axil_bvalid,
    input  wire                  s_axil_bready,
    input  wire [ADDR_WIDTH-1:0] s_axil_araddr,
    input  wire                  s_axil_arvalid,
    output wire                  s_axil_arready,
    output wire [31:0]           s_axil_rdata,
    output wire [1:0]            s_axil_rresp,
    output wire                  s_axil_rvalid,
    input  wire                  s_axil_rready,

    output wire [ID_WIDTH-1:0]   m_axi_awid,
    output wire [ADDR_WIDTH-1:0] m_axi_awaddr,
    output wire [7:0]            m_axi_awlen,
    output wire [2:0]            m_axi_awsize,
    output wire [1:0]            m_axi_awburst,
    output wire                  m_axi_awvalid,
    input  wire                  m_axi_awready,
    output wire [31:0]           m_axi_wdata,
    output wire [3:0]            m_axi_wstrb,
    output wire                  m_axi_wlast,
    output wire                  m_axi_wvalid,
    input  wire                  m_axi_wready,
    input  wire [ID_WIDTH-1:0]   m_axi_bid,
    input  wire [1:0]            m_axi_bresp,
    input  wire                  m_axi_bvalid,
    output wire                  m_axi_bready,
    output wire [ID_WIDTH-1:0]   m_axi_arid,
    output wire [ADDR_WIDTH-1:0] m_axi_araddr,
    output wire [7:0]            m_axi_arlen,
    output wire [2:0]            m_axi_arsize,
    output wire [1:0]            m_axi_arburst,
    output wire                  m_axi_arvalid,
    input  wire                  m_axi_arready,
    input  wire [ID_WIDTH-1:0]   m_axi_rid,
    input  wire [31:0]           m_axi_rdata,
    input  wire [1:0]            m_axi_rresp,
    input  wire                  m_axi_rlast,
    input  wire                  m_axi_rvalid,
    output wire                  m_axi_rready
);

    assign m_axi_awid     = ID[ID_WIDTH-1:0];
    assign m_axi_awaddr   = s_axil_awaddr;
    assign m_axi_awlen    = 8'd0;
    assign m_axi_awsize   = 3'd2;
    assign m_axi_awburst  = 2'd1;
    assign m_axi_awvalid  = s_axil_awvalid;
    assign s_axil_awready = m_axi_awready;
    assign m_axi_wdata    = s_axil_wdata;
    assign m_axi_wstrb    = s_axil_wstrb;
    assign m_axi_wlast    = 1'b1;
    assign m_axi_wvalid   = s_axil_wvalid;
    assign s_axil_wready  = m_axi_wready;
    assign s_axil_bresp   = m_axi_bresp;
    assign s_axil_bvalid  = m_axi_bvalid;
    assign m_axi_bready   = s_axil_bready;
    assign m_axi_arid     = ID[ID_WIDTH-1:0];
    assign m_axi_araddr   = s_axil_araddr;
    assign m_axi_arlen    = 8'd0;
    assign m_axi_arsize   = 3'd2;
    assign m_axi_arburst  = 2'd1;
    assign m_axi_arvalid  = s_axil_arvalid;
    assign s_axil_arready = m_axi_arready;
    assign s_axil_rdata   = m_axi_rdata;
    assign s_axil_rresp   = m_axi_rresp;
    assign s_axil_rvalid  = m_axi_rvalid;
    assign m_axi_rready   = s_axil_rready;

    // One access at a time and one ID: the IDs of answers tell nothing.
    wire unused = &{1'b0, aclk, aresetn, m_axi_bid, m_axi_rid, m_axi_rlast};
endmodule

`default_nettype wire
