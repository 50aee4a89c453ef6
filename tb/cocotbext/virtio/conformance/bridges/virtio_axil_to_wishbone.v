// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
//
// virtio_axil_to_wishbone: AXI4-Lite to a Wishbone slave (classic cycles, 32 bits of data, byte addresses).
//
// Parameters: ADDR_WIDTH of the register bus, in bits.
// Timing: CYC and STB are high until ACK or ERR; ERR is answered SLVERR.
`default_nettype none

module virtio_axil_to_wishbone #(
    parameter ADDR_WIDTH  = 12
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

    output wire                  wb_cyc,
    output wire                  wb_stb,
    output wire                  wb_we,
    output wire [ADDR_WIDTH-1:0] wb_adr,
    output wire [31:0]           wb_dat_w,
    output wire [3:0]            wb_sel,
    input  wire [31:0]           wb_dat_r,
    input  wire                  wb_ack,
    input  wire                  wb_err
);

    wire       busy;
    wire [3:0] strobes;

    assign wb_cyc = busy;
    assign wb_stb = busy;
    assign wb_sel = wb_we ? strobes : 4'hF;

    virtio_axil_access #(
        .ADDR_WIDTH (ADDR_WIDTH)
    ) port (
        .aclk           (aclk),
        .aresetn        (aresetn),
        .s_axil_awaddr  (s_axil_awaddr),
        .s_axil_awvalid (s_axil_awvalid),
        .s_axil_awready (s_axil_awready),
        .s_axil_wdata   (s_axil_wdata),
        .s_axil_wstrb   (s_axil_wstrb),
        .s_axil_wvalid  (s_axil_wvalid),
        .s_axil_wready  (s_axil_wready),
        .s_axil_bresp   (s_axil_bresp),
        .s_axil_bvalid  (s_axil_bvalid),
        .s_axil_bready  (s_axil_bready),
        .s_axil_araddr  (s_axil_araddr),
        .s_axil_arvalid (s_axil_arvalid),
        .s_axil_arready (s_axil_arready),
        .s_axil_rdata   (s_axil_rdata),
        .s_axil_rresp   (s_axil_rresp),
        .s_axil_rvalid  (s_axil_rvalid),
        .s_axil_rready  (s_axil_rready),
        .access_valid   (busy),
        .access_write   (wb_we),
        .access_address (wb_adr),
        .access_wdata   (wb_dat_w),
        .access_wstrb   (strobes),
        .access_done    (wb_ack || wb_err),
        .access_error   (wb_err),
        .access_rdata   (wb_dat_r)
    );
endmodule

`default_nettype wire
