// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
//
// axi_pins: the ports of axi_copier and nothing behind them; the test drives both sides of the bus.
`default_nettype none

module axi_pins #(
    parameter DATA_WIDTH = 64
) (
    input wire                          aclk,
    input wire                          aresetn,
    input wire                          start,
    input wire [31:0]                   source,
    input wire [31:0]                   target,
    input wire [15:0]                   bursts,
    input wire [7:0]                    beats,
    input wire [2:0]                    size,
    input wire [1:0]                    m_axi_awid,
    input wire [31:0]                   m_axi_awaddr,
    input wire [7:0]                    m_axi_awlen,
    input wire [2:0]                    m_axi_awsize,
    input wire [1:0]                    m_axi_awburst,
    input wire                          m_axi_awvalid,
    input wire                          m_axi_awready,
    input wire [DATA_WIDTH-1:0]         m_axi_wdata,
    input wire [DATA_WIDTH/8-1:0]       m_axi_wstrb,
    input wire                          m_axi_wlast,
    input wire                          m_axi_wvalid,
    input wire                          m_axi_wready,
    input wire [1:0]                    m_axi_bid,
    input wire [1:0]                    m_axi_bresp,
    input wire                          m_axi_bvalid,
    input wire                          m_axi_bready,
    input wire [1:0]                    m_axi_arid,
    input wire [31:0]                   m_axi_araddr,
    input wire [7:0]                    m_axi_arlen,
    input wire [2:0]                    m_axi_arsize,
    input wire [1:0]                    m_axi_arburst,
    input wire                          m_axi_arvalid,
    input wire                          m_axi_arready,
    input wire [1:0]                    m_axi_rid,
    input wire [DATA_WIDTH-1:0]         m_axi_rdata,
    input wire [1:0]                    m_axi_rresp,
    input wire                          m_axi_rlast,
    input wire                          m_axi_rvalid,
    input wire                          m_axi_rready
);

endmodule

`default_nettype wire
