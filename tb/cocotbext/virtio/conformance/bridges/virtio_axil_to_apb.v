// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
//
// virtio_axil_to_apb: AXI4-Lite to an APB slave (APB4, 32 bits of data).
//
// Parameters: ADDR_WIDTH of the register bus, in bits.
// Timing: one cycle of set-up, then PENABLE until PREADY; PSLVERR is answered SLVERR.
`default_nettype none

module virtio_axil_to_apb #(
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

    output wire                  psel,
    output reg                   penable,
    output wire                  pwrite,
    output wire [ADDR_WIDTH-1:0] paddr,
    output wire [31:0]           pwdata,
    output wire [3:0]            pstrb,
    input  wire [31:0]           prdata,
    input  wire                  pready,
    input  wire                  pslverr
);

    wire [3:0] strobes;
    wire       done = psel && penable && pready;

    assign pstrb = pwrite ? strobes : 4'd0;

    always @(posedge aclk)
        penable <= aresetn && psel && !done;

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
        .access_valid   (psel),
        .access_write   (pwrite),
        .access_address (paddr),
        .access_wdata   (pwdata),
        .access_wstrb   (strobes),
        .access_done    (done),
        .access_error   (pslverr),
        .access_rdata   (prdata)
    );
endmodule

`default_nettype wire
