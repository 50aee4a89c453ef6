// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
//
// virtio_axil_to_strobe: AXI4-Lite to a register bus of one strobe: address, write enable, and data some cycles later.
//
// Parameters: ADDR_WIDTH of the register bus, in bits; WAIT_STATES: cycles from the strobe to read data, 1 at least.
// Timing: strobe is high for one cycle an access, with address, write, wdata and wstrb; rdata is sampled WAIT_STATES
// cycles behind it. The next strobe comes at least WAIT_STATES + 2 cycles later.
`default_nettype none

module virtio_axil_to_strobe #(
    parameter ADDR_WIDTH  = 12,
    parameter WAIT_STATES = 1
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

    output wire                  strobe,
    output wire                  write,
    output wire [ADDR_WIDTH-1:0] address,
    output wire [31:0]           wdata,
    output wire [3:0]            wstrb,
    input  wire [31:0]           rdata
);

    wire        busy;
    reg  [15:0] waited;                              // cycles since the strobe
    wire        done = busy && (waited == WAIT_STATES);

    assign strobe = busy && (waited == 16'd0);

    always @(posedge aclk)
        if (!aresetn || !busy || done)
            waited <= 16'd0;
        else
            waited <= waited + 16'd1;

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
        .access_write   (write),
        .access_address (address),
        .access_wdata   (wdata),
        .access_wstrb   (wstrb),
        .access_done    (done),
        .access_error   (1'b0),
        .access_rdata   (rdata)
    );
endmodule

`default_nettype wire
