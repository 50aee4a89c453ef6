// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
//
// virtio_axil_access: an AXI4-Lite slave that hands out one access at a time; what the bridges to other buses share.
//
// Parameters: ADDR_WIDTH of the register bus, in bits.
// In one cycle: a read and a write -> the write first.
// Timing: access_valid is high from the cycle behind the handshakes until access_done, with everything beside it stable.
`default_nettype none

module virtio_axil_access #(
    parameter ADDR_WIDTH = 12
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
    output reg                   s_axil_bvalid,
    input  wire                  s_axil_bready,
    input  wire [ADDR_WIDTH-1:0] s_axil_araddr,
    input  wire                  s_axil_arvalid,
    output wire                  s_axil_arready,
    output reg  [31:0]           s_axil_rdata,
    output wire [1:0]            s_axil_rresp,
    output reg                   s_axil_rvalid,
    input  wire                  s_axil_rready,

    output wire                  access_valid,
    output wire                  access_write,
    output wire [ADDR_WIDTH-1:0] access_address,
    output wire [31:0]           access_wdata,
    output wire [3:0]            access_wstrb,
    input  wire                  access_done,        // the access is over in this cycle
    input  wire                  access_error,       // with access_done: answer SLVERR
    input  wire [31:0]           access_rdata        // with access_done
);

    reg                  have_aw, have_w, have_ar;
    reg                  serving;                    // the access of `write` is on its way
    reg                  write;
    reg [ADDR_WIDTH-1:0] aw_address, ar_address;
    reg [31:0]           data;
    reg [3:0]            strobes;
    reg                  error;

    assign s_axil_awready = !have_aw;
    assign s_axil_wready  = !have_w;
    assign s_axil_arready = !have_ar;
    assign s_axil_bresp   = {error, 1'b0};
    assign s_axil_rresp   = {error, 1'b0};

    wire answering = s_axil_bvalid || s_axil_rvalid;

    assign access_valid   = serving;
    assign access_write   = write;
    assign access_address = write ? aw_address : ar_address;
    assign access_wdata   = data;
    assign access_wstrb   = strobes;

    always @(posedge aclk) begin
        if (s_axil_awvalid && s_axil_awready) begin
            have_aw    <= 1'b1;
            aw_address <= s_axil_awaddr;
        end
        if (s_axil_wvalid && s_axil_wready) begin
            have_w  <= 1'b1;
            data    <= s_axil_wdata;
            strobes <= s_axil_wstrb;
        end
        if (s_axil_arvalid && s_axil_arready) begin
            have_ar    <= 1'b1;
            ar_address <= s_axil_araddr;
        end
        if (s_axil_bready)
            s_axil_bvalid <= 1'b0;
        if (s_axil_rready)
            s_axil_rvalid <= 1'b0;
        if (serving) begin
            if (access_done) begin
                serving <= 1'b0;
                error   <= access_error;
                if (write) begin
                    have_aw       <= 1'b0;
                    have_w        <= 1'b0;
                    s_axil_bvalid <= 1'b1;
                end else begin
                    have_ar       <= 1'b0;
                    s_axil_rdata  <= access_rdata;
                    s_axil_rvalid <= 1'b1;
                end
            end
        end else if (!answering) begin
            if (have_aw && have_w) begin
                serving <= 1'b1;
                write   <= 1'b1;
            end else if (have_ar) begin
                serving <= 1'b1;
                write   <= 1'b0;
            end
        end
        if (!aresetn) begin
            have_aw       <= 1'b0;
            have_w        <= 1'b0;
            have_ar       <= 1'b0;
            serving       <= 1'b0;
            error         <= 1'b0;
            s_axil_bvalid <= 1'b0;
            s_axil_rvalid <= 1'b0;
        end
    end
endmodule

`default_nettype wire
