// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
//
// conformance_dut: one of the devices of this project, whole in RTL, with a partner behind it: a disk in block RAM, a
// terminal or a network that sends back what it gets, a shift register for entropy.
//
//   FUNCTION      "rng", "blk", "blk_axi", "console" or "net"
//   DATA_WIDTH    bits of m_axi: 64, 128 or 256
//   MSI, SHARING  MSI_SUPPORT and MSI_SHARING of the device; without MSI the line is all that it has
//   PACKED .. DATA_OF_KICKS     features that the rings offer
//   DOORBELLS     NOTIFY_DOORBELLS of the device, from 0x800 on, 4 bytes each
//   NUM_QUEUES    of a disk
//   SECTORS       of a disk
`default_nettype none

module conformance_dut #(
    parameter [8*8-1:0] FUNCTION      = "rng",
    parameter           DATA_WIDTH    = 64,
    parameter           MSI           = 1,
    parameter           SHARING       = 0,
    parameter           PACKED        = 1,
    parameter           INDIRECT      = 1,
    parameter           EVENT_IDX     = 1,
    parameter           IN_ORDER      = 0,
    parameter           DATA_OF_KICKS = 1,
    parameter           DOORBELLS     = 0,
    parameter           NUM_QUEUES    = 1,
    parameter           SECTORS       = 128
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

    // What all devices have alike.
`define PARAMETERS \
    .DATA_WIDTH(DATA_WIDTH), .MSI_SUPPORT(MSI), .MSI_SHARING(SHARING), .RING_PACKED(PACKED), .INDIRECT(INDIRECT), \
    .EVENT_IDX(EVENT_IDX), .IN_ORDER(IN_ORDER), .NOTIFICATION_DATA(DATA_OF_KICKS), \
    .NOTIFY_DOORBELLS(DOORBELLS), .NOTIFY_BASE(2048), .NOTIFY_MULTIPLIER(4)
`define BUSES \
    .aclk(aclk), .aresetn(aresetn), .s_axil_awaddr(s_axil_awaddr), .s_axil_awprot(s_axil_awprot), \
    .s_axil_awvalid(s_axil_awvalid), .s_axil_awready(s_axil_awready), .s_axil_wdata(s_axil_wdata), \
    .s_axil_wstrb(s_axil_wstrb), .s_axil_wvalid(s_axil_wvalid), .s_axil_wready(s_axil_wready), \
    .s_axil_bresp(s_axil_bresp), .s_axil_bvalid(s_axil_bvalid), .s_axil_bready(s_axil_bready), \
    .s_axil_araddr(s_axil_araddr), .s_axil_arprot(s_axil_arprot), .s_axil_arvalid(s_axil_arvalid), \
    .s_axil_arready(s_axil_arready), .s_axil_rdata(s_axil_rdata), .s_axil_rresp(s_axil_rresp), \
    .s_axil_rvalid(s_axil_rvalid), .s_axil_rready(s_axil_rready), .m_axil_awaddr(m_axil_awaddr), \
    .m_axil_awprot(m_axil_awprot), .m_axil_awvalid(m_axil_awvalid), .m_axil_awready(m_axil_awready), \
    .m_axil_wdata(m_axil_wdata), .m_axil_wstrb(m_axil_wstrb), .m_axil_wvalid(m_axil_wvalid), \
    .m_axil_wready(m_axil_wready), .m_axil_bresp(m_axil_bresp), .m_axil_bvalid(m_axil_bvalid), \
    .m_axil_bready(m_axil_bready), .irq(irq), .m_axi_awid(m_axi_awid), .m_axi_awaddr(m_axi_awaddr), \
    .m_axi_awlen(m_axi_awlen), .m_axi_awsize(m_axi_awsize), .m_axi_awburst(m_axi_awburst), \
    .m_axi_awcache(m_axi_awcache), .m_axi_awprot(m_axi_awprot), .m_axi_awvalid(m_axi_awvalid), \
    .m_axi_awready(m_axi_awready), .m_axi_wdata(m_axi_wdata), .m_axi_wstrb(m_axi_wstrb), .m_axi_wlast(m_axi_wlast), \
    .m_axi_wvalid(m_axi_wvalid), .m_axi_wready(m_axi_wready), .m_axi_bid(m_axi_bid), .m_axi_bresp(m_axi_bresp), \
    .m_axi_bvalid(m_axi_bvalid), .m_axi_bready(m_axi_bready), .m_axi_arid(m_axi_arid), .m_axi_araddr(m_axi_araddr), \
    .m_axi_arlen(m_axi_arlen), .m_axi_arsize(m_axi_arsize), .m_axi_arburst(m_axi_arburst), \
    .m_axi_arcache(m_axi_arcache), .m_axi_arprot(m_axi_arprot), .m_axi_arvalid(m_axi_arvalid), \
    .m_axi_arready(m_axi_arready), .m_axi_rid(m_axi_rid), .m_axi_rdata(m_axi_rdata), .m_axi_rresp(m_axi_rresp), \
    .m_axi_rlast(m_axi_rlast), .m_axi_rvalid(m_axi_rvalid), .m_axi_rready(m_axi_rready)

    wire [63:0] capacity = SECTORS;

    generate
        if (FUNCTION == "rng") begin : entropy
            wire        valid;
            wire        ready;
            wire [31:0] data;

            virtio_lfsr source (
                .aclk(aclk), .aresetn(aresetn), .random_valid(valid), .random_ready(ready), .random_data(data)
            );

            virtio_mmio_rng #(`PARAMETERS) device (
                `BUSES, .random_valid(valid), .random_ready(ready), .random_data(data)
            );
        end else if (FUNCTION == "console") begin : terminal
            wire [7:0] data;
            wire       valid;
            wire       ready;

            // Bytes come back; those that the receiver does not take at once are lost, so that output never waits.
            virtio_mmio_console #(`PARAMETERS) device (
                `BUSES, .m_axis_tx_tdata(data), .m_axis_tx_tvalid(valid), .m_axis_tx_tready(1'b1),
                .s_axis_rx_tdata(data), .s_axis_rx_tvalid(valid), .s_axis_rx_tready(ready), .cols(16'd80),
                .rows(16'd25)
            );

            wire unused = &{1'b0, ready};
        end else if (FUNCTION == "net") begin : network
            wire [DATA_WIDTH-1:0]   data;
            wire [DATA_WIDTH/8-1:0] keep;
            wire                    last;
            wire                    valid;
            wire                    ready;

            // Frames come back. Where the receiver has no room, a frame is lost or cut, so that sending never waits.
            reg                     midway;             // a frame is under way
            reg                     losing;              // its rest is lost
            reg                     owed;                // the receiver waits for the end of what was cut
            wire                    pass  = valid && !losing && !owed;
            wire                    stuck = pass && !ready;

            always @(posedge aclk) begin
                if (!aresetn) begin
                    midway <= 1'b0;
                    losing <= 1'b0;
                    owed   <= 1'b0;
                end else begin
                    if (valid) begin
                        midway <= !last;
                        losing <= !last && (losing || owed || stuck);
                    end
                    owed <= (stuck && midway) || (owed && !ready);
                end
            end

            virtio_mmio_net #(.FRAME_BYTES(4096), `PARAMETERS) device (
                `BUSES, .m_axis_tx_tdata(data), .m_axis_tx_tkeep(keep), .m_axis_tx_tlast(last),
                .m_axis_tx_tvalid(valid), .m_axis_tx_tready(1'b1), .s_axis_rx_tdata(data),
                .s_axis_rx_tkeep(owed ? {DATA_WIDTH/8{1'b1}} : keep), .s_axis_rx_tlast(owed || last),
                .s_axis_rx_tvalid(owed || pass), .s_axis_rx_tready(ready), .mac(48'h02_00_00_00_00_01),
                .link_up(1'b1)
            );
        end else if (FUNCTION == "blk") begin : disk
            wire                  clear;
            wire                  cmd_valid;
            wire                  cmd_ready;
            wire [1:0]            cmd_op;
            wire [63:0]           cmd_sector;
            wire [31:0]           cmd_count;
            wire                  wr_valid;
            wire                  wr_ready;
            wire [DATA_WIDTH-1:0] wr_data;
            wire                  wr_last;
            wire                  wr_error;
            wire                  rd_valid;
            wire                  rd_ready;
            wire [DATA_WIDTH-1:0] rd_data;
            wire                  resp_valid;
            wire                  resp_ready;

            ram_disk #(.DATA_WIDTH(DATA_WIDTH), .SECTORS(SECTORS)) ram (
                .aclk(aclk), .aresetn(aresetn), .clear(clear), .cmd_valid(cmd_valid), .cmd_ready(cmd_ready),
                .cmd_op(cmd_op), .cmd_sector(cmd_sector), .cmd_count(cmd_count), .wr_valid(wr_valid),
                .wr_ready(wr_ready), .wr_data(wr_data), .wr_error(wr_error), .rd_valid(rd_valid), .rd_ready(rd_ready),
                .rd_data(rd_data), .resp_valid(resp_valid), .resp_ready(resp_ready)
            );

            virtio_mmio_blk #(.NUM_QUEUES(NUM_QUEUES), `PARAMETERS) device (
                `BUSES, .capacity(capacity), .read_only(1'b0), .disk_reset(clear), .disk_cmd_valid(cmd_valid),
                .disk_cmd_ready(cmd_ready), .disk_cmd_op(cmd_op), .disk_cmd_sector(cmd_sector),
                .disk_cmd_count(cmd_count), .disk_wr_valid(wr_valid), .disk_wr_ready(wr_ready),
                .disk_wr_data(wr_data), .disk_wr_last(wr_last), .disk_wr_error(wr_error), .disk_rd_valid(rd_valid),
                .disk_rd_ready(rd_ready), .disk_rd_data(rd_data), .disk_resp_valid(resp_valid),
                .disk_resp_ready(resp_ready), .disk_resp_error(1'b0), .disk_idle(1'b1)
            );

            wire unused = &{1'b0, wr_last};
        end else if (FUNCTION == "blk_axi") begin : disk
            wire [0:0]              awid;
            wire [63:0]             awaddr;
            wire [7:0]              awlen;
            wire [2:0]              awsize;
            wire [1:0]              awburst;
            wire [3:0]              awcache;
            wire [2:0]              awprot;
            wire                    awvalid;
            wire                    awready;
            wire [DATA_WIDTH-1:0]   wdata;
            wire [DATA_WIDTH/8-1:0] wstrb;
            wire                    wlast;
            wire                    wvalid;
            wire                    wready;
            wire                    bvalid;
            wire                    bready;
            wire [0:0]              arid;
            wire [63:0]             araddr;
            wire [7:0]              arlen;
            wire [2:0]              arsize;
            wire [1:0]              arburst;
            wire [3:0]              arcache;
            wire [2:0]              arprot;
            wire                    arvalid;
            wire                    arready;
            wire [DATA_WIDTH-1:0]   rdata;
            wire                    rlast;
            wire                    rvalid;
            wire                    rready;

            axi_ram #(.DATA_WIDTH(DATA_WIDTH), .BYTES(512 * SECTORS)) ram (
                .aclk(aclk), .aresetn(aresetn), .awaddr(awaddr[31:0]), .awvalid(awvalid), .awready(awready),
                .wdata(wdata), .wstrb(wstrb), .wlast(wlast), .wvalid(wvalid), .wready(wready), .bvalid(bvalid),
                .bready(bready), .araddr(araddr[31:0]), .arlen(arlen), .arvalid(arvalid), .arready(arready),
                .rdata(rdata), .rlast(rlast), .rvalid(rvalid), .rready(rready)
            );

            virtio_mmio_blk_axi #(.NUM_QUEUES(NUM_QUEUES), `PARAMETERS) device (
                `BUSES, .capacity(capacity), .read_only(1'b0), .d_axi_awid(awid), .d_axi_awaddr(awaddr),
                .d_axi_awlen(awlen), .d_axi_awsize(awsize), .d_axi_awburst(awburst), .d_axi_awcache(awcache),
                .d_axi_awprot(awprot), .d_axi_awvalid(awvalid), .d_axi_awready(awready), .d_axi_wdata(wdata),
                .d_axi_wstrb(wstrb), .d_axi_wlast(wlast), .d_axi_wvalid(wvalid), .d_axi_wready(wready),
                .d_axi_bid(1'b0), .d_axi_bresp(2'b00), .d_axi_bvalid(bvalid), .d_axi_bready(bready),
                .d_axi_arid(arid), .d_axi_araddr(araddr), .d_axi_arlen(arlen), .d_axi_arsize(arsize),
                .d_axi_arburst(arburst), .d_axi_arcache(arcache), .d_axi_arprot(arprot), .d_axi_arvalid(arvalid),
                .d_axi_arready(arready), .d_axi_rid(1'b0), .d_axi_rdata(rdata), .d_axi_rresp(2'b00),
                .d_axi_rlast(rlast), .d_axi_rvalid(rvalid), .d_axi_rready(rready)
            );

            wire unused = &{1'b0, awid, awaddr[63:32], awlen, awsize, awburst, awcache, awprot, arid, araddr[63:32],
                            arsize, arburst, arcache, arprot};
        end
    endgenerate
`undef BUSES
`undef PARAMETERS
endmodule

`default_nettype wire
