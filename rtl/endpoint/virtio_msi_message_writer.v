// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_msi_message_writer: holds address and data of every vector's message in a RAM, sends messages on an AXI4-Lite
// write master, one write a message, and reports those that are answered with an error.
//
// CONFIGURE writes address and data in one word, and a message reads both in one word: a message never mixes two
// CONFIGUREs.
//
// A message is taken in the cycle in which send is 1: MSI is on, DRIVER_OK is set, and the bus has room. The RAM
// reads its address and data at the edge that ends this cycle, and holds them until the next message is taken.
// AW and W are presented together in the next cycle and complete independently. The next message is taken when both
// have completed, or complete in this cycle. So the writer sustains one message a cycle on a bus that is always ready,
// and it queues none: a message that was taken is on the bus.
//
// In one cycle:
//   CONFIGURE of a vector and its message is taken       the message has the old address and data
//   DISABLE, or a reset, and a vector that wants to send   no message is taken
//   a response and a message that is taken                both; a full FIFO of responses takes no message meanwhile
//
//   NUM_VECTORS       1..2048
//   VECTOR_WIDTH      bits of a vector number
//   AWPROT            what m_axil_awprot shows
//   LOG2_OUTSTANDING  log2 of the number of messages that may wait for their response
`default_nettype none

module virtio_msi_message_writer #(
    parameter       NUM_VECTORS      = 3,
    parameter       VECTOR_WIDTH     = 2,
    parameter [2:0] AWPROT           = 3'b010,
    parameter       LOG2_OUTSTANDING = 4
) (
    input  wire                    aclk,
    input  wire                    aresetn,

    input  wire                    enable,               // MSI is on ...
    input  wire                    disabling,            // ... and not just being switched off
    input  wire                    driver_ok,            // 0 during a reset, too
    input  wire                    grant_valid,          // a vector wants to send
    input  wire [VECTOR_WIDTH-1:0] grant,
    output wire                    may_send,             // if one wants to, its message is taken

    input  wire                    configure,            // store a vector's message
    input  wire [VECTOR_WIDTH-1:0] configured_vector,
    input  wire [63:0]             staged_address,
    input  wire [31:0]             staged_data,

    output wire                    idle,               // nothing presented, no response outstanding, no error to report

    output reg                     error_valid,          // one cycle: a message was answered SLVERR or DECERR
    output wire [15:0]             error_vector,

    output wire [63:0]             m_axil_awaddr,
    output wire [2:0]              m_axil_awprot,
    output reg                     m_axil_awvalid,
    input  wire                    m_axil_awready,
    output wire [31:0]             m_axil_wdata,
    output wire [3:0]              m_axil_wstrb,
    output reg                     m_axil_wvalid,
    input  wire                    m_axil_wready,
    input  wire [1:0]              m_axil_bresp,
    input  wire                    m_axil_bvalid,
    output wire                    m_axil_bready
);

    wire aw_free = !m_axil_awvalid || m_axil_awready;
    wire w_free  = !m_axil_wvalid || m_axil_wready;
    wire room;                                           // for one more response to wait for

    assign may_send = enable && !disabling && driver_ok && aw_free && w_free && room;
    wire   send     = grant_valid && may_send;

    // ------------------------------------------------------------------ the message of every vector
    wire [63:0] message_address;                         // from the cycle after may_send, until the next one
    wire [31:0] message_data;

    virtio_ram_1w1r #(.WIDTH(96), .DEPTH(NUM_VECTORS), .ADDR_WIDTH(VECTOR_WIDTH)) table_ram (
        .aclk(aclk),
        .write_enable(configure), .write_address(configured_vector), .write_data({staged_address, staged_data}),
        .read_enable(may_send), .read_address(grant), .read_data({message_address, message_data})
    );

    always @(posedge aclk) begin
        if (!aresetn) begin
            m_axil_awvalid <= 1'b0;
            m_axil_wvalid  <= 1'b0;
        end else begin
            m_axil_awvalid <= send || !aw_free;
            m_axil_wvalid  <= send || !w_free;
        end
    end

    // Payloads are 0 while they are not valid: the RAM's word is then any.
    assign m_axil_awaddr = m_axil_awvalid ? message_address : 64'd0;
    assign m_axil_awprot = AWPROT;
    assign m_axil_wdata  = m_axil_wvalid ? message_data : 32'd0;
    assign m_axil_wstrb  = 4'b1111;

    // ------------------------------------------------------------------ responses come in the order of the messages
    wire                    waiting;
    wire [VECTOR_WIDTH-1:0] answered_vector;
    wire                    unused_okay = &{1'b0, m_axil_bresp[0]};      // EXOKAY does not exist in AXI4-Lite

    virtio_sync_fifo #(.WIDTH(VECTOR_WIDTH), .LOG2_DEPTH(LOG2_OUTSTANDING)) outstanding (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(send), .in_ready(room), .in_data(grant),
        .out_valid(waiting), .out_ready(m_axil_bvalid), .out_data(answered_vector)
    );

    assign m_axil_bready = 1'b1;

    reg [VECTOR_WIDTH-1:0] vector;

    always @(posedge aclk) begin
        if (!aresetn)
            error_valid <= 1'b0;
        else
            error_valid <= waiting && m_axil_bvalid && m_axil_bresp[1];
    end

    always @(posedge aclk) begin
        vector <= answered_vector;
    end

    assign error_vector = error_valid ? {{(16 - VECTOR_WIDTH){1'b0}}, vector} : 16'd0;
    assign idle         = !waiting && !error_valid;

endmodule

`default_nettype wire
