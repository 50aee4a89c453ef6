// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// endpoint_formal: the whole endpoint under every bus, device and driver behaviour that the assumptions allow, with one
// file of properties per contract point. Register bits are looked at through wires that bear the hierarchical name of
// what they look at; Yosys joins them when it flattens (attribute hierconn). The design itself is unchanged.
//
//   NUM_QUEUES, NUM_VECTORS, MSI_SHARING   as in virtio_mmio_endpoint; at most 7 queues and 8 vectors
//   FLAT, ROUND_UP                         of the design: tables of more than FLAT entries have rows of
//                                          2 ** ((index width + ROUND_UP) / 2) bits, at most four rows
//   ARMED                                  for covers: which set-up comes first (cover_script.vh)
`default_nettype none
`include "virtio_mmio_regs.vh"

module endpoint_formal #(
    parameter NUM_QUEUES  = 2,
    parameter NUM_VECTORS = 3,
    parameter MSI_SHARING = 0,
    parameter FLAT        = 16,
    parameter ROUND_UP    = 1,
    parameter ARMED       = 0
) (
    input wire        aclk,
    input wire        aresetn,
    input wire [8:0]  s_axil_awaddr,
    input wire        s_axil_awvalid,
    input wire [31:0] s_axil_wdata,
    input wire [3:0]  s_axil_wstrb,
    input wire        s_axil_wvalid,
    input wire        s_axil_bready,
    input wire [8:0]  s_axil_araddr,
    input wire        s_axil_arvalid,
    input wire        s_axil_rready,
    input wire        m_axil_awready,
    input wire        m_axil_wready,
    input wire [1:0]  m_axil_bresp,
    input wire        m_axil_bvalid,
    input wire        event_valid,
    input wire [15:0] event_index,
    input wire        notify_ready,
    input wire [15:0] queue_index,
    input wire [31:0] config_rdata,
    input wire [31:0] config_generation,
    input wire        device_idle,
    input wire        queue_stop_done,
    input wire        needs_reset
);

    localparam QW    = (NUM_QUEUES > 1) ? $clog2(NUM_QUEUES) : 1;
    localparam VW    = (NUM_VECTORS > 1) ? $clog2(NUM_VECTORS) : 1;
    localparam QSIZE = 1 << QW;
    localparam VSIZE = 1 << VW;

    // Tables of bits: bits of a row, number of rows, bits of a row's number, as in the design.
    localparam QFLAT = (NUM_QUEUES <= FLAT);
    localparam VFLAT = (NUM_VECTORS <= FLAT);
    localparam QLOG2 = QFLAT ? QW : (QW + ROUND_UP) / 2;
    localparam VLOG2 = VFLAT ? VW : (VW + ROUND_UP) / 2;
    localparam QROW  = 1 << QLOG2;
    localparam VROW  = 1 << VLOG2;
    localparam QROWS = ((NUM_QUEUES - 1) >> QLOG2) + 1;
    localparam VROWS = ((NUM_VECTORS - 1) >> VLOG2) + 1;
    localparam QRW   = QFLAT ? 1 : QW - QLOG2;
    localparam VRW   = VFLAT ? 1 : VW - VLOG2;
    localparam RW    = (QRW > VRW) ? QRW : VRW;
    localparam ROWS  = (QROWS > VROWS) ? QROWS : VROWS;

    localparam [QSIZE-1:0] QIN_ROWS = {QSIZE{1'b1}} >> (QSIZE - QROWS * QROW);
    localparam [VSIZE-1:0] VIN_ROWS = {VSIZE{1'b1}} >> (VSIZE - VROWS * VROW);

    localparam [31:0] VECTORS = NUM_VECTORS;
    localparam [31:0] QUEUES  = NUM_QUEUES;

    wire        s_axil_awready, s_axil_wready, s_axil_bvalid, s_axil_arready, s_axil_rvalid;
    wire [1:0]  s_axil_bresp, s_axil_rresp;
    wire [31:0] s_axil_rdata;
    wire [63:0] m_axil_awaddr;
    wire [31:0] m_axil_wdata;
    wire [3:0]  m_axil_wstrb;
    wire        m_axil_awvalid, m_axil_wvalid, m_axil_bready;
    wire        irq, event_ready, device_reset, notify_valid;
    wire [15:0] notify_queue;
    wire [7:0]  device_status;

    virtio_mmio_endpoint #(
        .NUM_QUEUES(NUM_QUEUES), .NUM_VECTORS(NUM_VECTORS), .MSI_SHARING(MSI_SHARING), .CONFIG_BYTES(4), .ADDR_WIDTH(9)
    ) dut (
        .aclk(aclk), .aresetn(aresetn),
        .s_axil_awaddr(s_axil_awaddr), .s_axil_awprot(3'd0), .s_axil_awvalid(s_axil_awvalid), .s_axil_awready(s_axil_awready),
        .s_axil_wdata(s_axil_wdata), .s_axil_wstrb(s_axil_wstrb), .s_axil_wvalid(s_axil_wvalid), .s_axil_wready(s_axil_wready),
        .s_axil_bresp(s_axil_bresp), .s_axil_bvalid(s_axil_bvalid), .s_axil_bready(s_axil_bready),
        .s_axil_araddr(s_axil_araddr), .s_axil_arprot(3'd0), .s_axil_arvalid(s_axil_arvalid), .s_axil_arready(s_axil_arready),
        .s_axil_rdata(s_axil_rdata), .s_axil_rresp(s_axil_rresp), .s_axil_rvalid(s_axil_rvalid), .s_axil_rready(s_axil_rready),
        .m_axil_awaddr(m_axil_awaddr), .m_axil_awprot(), .m_axil_awvalid(m_axil_awvalid), .m_axil_awready(m_axil_awready),
        .m_axil_wdata(m_axil_wdata), .m_axil_wstrb(m_axil_wstrb), .m_axil_wvalid(m_axil_wvalid), .m_axil_wready(m_axil_wready),
        .m_axil_bresp(m_axil_bresp), .m_axil_bvalid(m_axil_bvalid), .m_axil_bready(m_axil_bready),
        .irq(irq), .event_valid(event_valid), .event_ready(event_ready), .event_index(event_index),
        .notify_valid(notify_valid), .notify_ready(notify_ready), .notify_queue(notify_queue), .notify_data(),
        .queue_index(queue_index), .queue_ready(), .queue_num(), .queue_desc(), .queue_driver(), .queue_device(),
        .queue_start_valid(), .queue_start_index(), .queue_stop_valid(), .queue_stop_index(),
        .queue_stop_done(queue_stop_done),
        .config_en(), .config_we(), .config_addr(), .config_wdata(), .config_rdata(config_rdata),
        .config_generation(config_generation),
        .driver_features(), .device_status(device_status), .device_reset(device_reset), .device_idle(device_idle),
        .needs_reset(needs_reset), .msi_error_valid(), .msi_error_vector()
    );

    `include "taps.vh"
    `include "tables.vh"
    `include "assumptions.vh"
    `include "driver_view.vh"
    `include "rows.vh"
    `include "no_spurious.vh"
    `include "mask.vh"
    `include "integrity.vh"
    `include "fairness.vh"
    `include "no_lost.vh"
    `include "isolation.vh"
    `include "reset.vh"
    `include "kicks.vh"
    `include "axi.vh"
    `include "bounds.vh"
    `include "cover_script.vh"

endmodule
