// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_axi_write: the engine's only master of AW, W and B.
//
// Clients 0..2 write 2, 4 or 8 bytes (rings); the bytes come with the request. Client 3 writes bursts whose data are
// already in its store when it asks, so a burst that was issued never waits for anybody but the bus. A ring write that
// reaches over a bus word has two beats; none reaches over a multiple of 4 KB or of the largest burst. All transactions
// have one ID, the answers come in order. AW and W are independent of one another.
//
//   In one cycle                     who wins
//   clear and a request              clear: nothing new is presented. W beats of what is issued are sent with strobes 0
//   clear and a W beat presented     the beat: it stays as it is until accepted
//   halt and a request               halt; W beats of what is issued are sent
//   requests of two clients          the lower number
//
//   WRITES      most transactions outstanding, 1..64
//   TAG_WIDTH   bits that clients get back with the answer
`default_nettype none

module virtio_vq_axi_write #(
    parameter       DATA_WIDTH = 64,
    parameter       ADDR_WIDTH = 64,
    parameter       WRITES     = 16,
    parameter       TAG_WIDTH  = 4,
    parameter [3:0] RING_CACHE = 4'b0010,
    parameter [3:0] DATA_CACHE = 4'b0010
) (
    input  wire                    aclk,
    input  wire                    aresetn,
    input  wire                    clear,
    input  wire                    halt,
    output wire                    idle,

    // Ring writes, each in one transaction. 2 bytes are at a multiple of 2, others at one of 4. The byte for address a
    // is byte a mod 8 of the data; other bytes are not written.
    input  wire [2:0]              req_valid,
    output wire [2:0]              req_ready,
    input  wire [3*ADDR_WIDTH-1:0] req_address,
    input  wire [3*2-1:0]          req_size,            // log2 of the bytes, 1..3
    input  wire [3*64-1:0]         req_data,
    input  wire [3*TAG_WIDTH-1:0]  req_tag,

    // Bursts: within one WINDOW.
    input  wire                    burst_valid,
    output wire                    burst_ready,
    input  wire [ADDR_WIDTH-1:0]   burst_address,
    input  wire [7:0]              burst_beats_less1,
    output wire                    burst_data_ready,    // takes a beat
    input  wire [DATA_WIDTH-1:0]   burst_data,
    input  wire [DATA_WIDTH/8-1:0] burst_strobe,

    output wire [3:0]              answer_valid,        // a request is answered; nothing while clear
    output wire [TAG_WIDTH-1:0]    answer_tag,
    output wire                    answer_error,

    output reg  [ADDR_WIDTH-1:0]   m_axi_awaddr,
    output reg  [7:0]              m_axi_awlen,
    output reg  [3:0]              m_axi_awcache,
    output reg                     m_axi_awvalid,
    input  wire                    m_axi_awready,
    output reg  [DATA_WIDTH-1:0]   m_axi_wdata,
    output reg  [DATA_WIDTH/8-1:0] m_axi_wstrb,
    output reg                     m_axi_wlast,
    output reg                     m_axi_wvalid,
    input  wire                    m_axi_wready,
    input  wire [1:0]              m_axi_bresp,
    input  wire                    m_axi_bvalid,
    output wire                    m_axi_bready,

    output wire                    issued
);

    localparam LANES       = DATA_WIDTH / 8;
    localparam LANE_BITS   = $clog2(LANES);
    localparam ORDER_LOG2  = (WRITES > 2) ? $clog2(WRITES) : 1;
    localparam SMALL_WIDTH = 1 + 8 + LANE_BITS + 2 + 64;
    localparam COPIES      = (DATA_WIDTH > 64) ? DATA_WIDTH / 64 : 1;

    // ------------------------------------------------------------------ which request
    wire [1:0]            chosen     = req_valid[0] ? 2'd0 : req_valid[1] ? 2'd1 : 2'd2;
    wire                  ring_write = |req_valid;
    // The others write few bytes, which are repeated: the choice between them is made once for all copies.
    wire                  elements   = !req_valid[0] && req_valid[1];                      // client 1
    wire [63:0]           few_data   = req_valid[0] ? req_data[63:0] : req_data[191:128];
    wire [63:0]           data       = elements ? req_data[127:64] : few_data;
    wire [ADDR_WIDTH-1:0] address    = elements     ? req_address[ADDR_WIDTH +: ADDR_WIDTH] :
                                       req_valid[0] ? req_address[0 +: ADDR_WIDTH] :
                                                      req_address[2*ADDR_WIDTH +: ADDR_WIDTH];
    wire [1:0]            size       = req_size[chosen*2 +: 2];
    wire [TAG_WIDTH-1:0]  tag        = req_tag[chosen*TAG_WIDTH +: TAG_WIDTH];
    wire [LANE_BITS-1:0]  ring_lane  = address[LANE_BITS-1:0];
    wire                  two        = (size == 2'd3) && (&ring_lane[LANE_BITS-1:2]);      // beats

    wire                  order_ready;
    wire                  beats_ready;
    reg  [6:0]            outstanding;
    wire                  free  = !clear && !halt && order_ready && beats_ready && (outstanding != WRITES[6:0]) &&
                                  (!m_axi_awvalid || m_axi_awready);
    wire                  issue = free && (ring_write || burst_valid);

    assign issued       = issue;
    assign req_ready[0] = free;
    assign req_ready[1] = free && !req_valid[0];
    assign req_ready[2] = free && !req_valid[0] && !req_valid[1];
    assign burst_ready  = free && !ring_write;

    // ------------------------------------------------------------------ AW
    always @(posedge aclk) begin
        if (!aresetn)
            m_axi_awvalid <= 1'b0;
        else if (issue)
            m_axi_awvalid <= 1'b1;
        else if (m_axi_awready)
            m_axi_awvalid <= 1'b0;
    end

    always @(posedge aclk) begin
        if (issue) begin
            m_axi_awaddr  <= ring_write ? address : burst_address;
            m_axi_awlen   <= ring_write ? {7'd0, two} : burst_beats_less1;
            m_axi_awcache <= ring_write ? RING_CACHE : DATA_CACHE;
        end
    end

    // ------------------------------------------------------------------ W: beats in the order of AW
    wire                 beats_valid;
    wire                 beats_pop;
    wire                 w_small;
    wire [7:0]           w_less1;
    wire [LANE_BITS-1:0] w_lane;
    wire [1:0]           w_size;
    wire [63:0]          w_data;
    reg  [7:0]           w_done;                         // beats of the first entry that were sent

    virtio_sync_fifo #(.WIDTH(SMALL_WIDTH), .LOG2_DEPTH(2)) beats (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(issue), .in_ready(beats_ready),
        .in_data({ring_write, ring_write ? {7'd0, two} : burst_beats_less1, ring_lane, size, data}),
        .out_valid(beats_valid), .out_ready(beats_pop),
        .out_data({w_small, w_less1, w_lane, w_size, w_data})
    );

    wire                 w_move  = !m_axi_wvalid || m_axi_wready;
    wire                 w_load  = beats_valid && w_move;
    wire                 w_final = (w_done == w_less1);

    // The strobes of a ring write over two words: 2 bytes at their place; 4, or 8, from a multiple of 4 on.
    reg  [2*LANES-1:0]   w_mask;
    wire [31:0]          w_two   = {{(32 - LANE_BITS){1'b0}}, w_lane} >> 1;
    wire [31:0]          w_four  = {{(32 - LANE_BITS){1'b0}}, w_lane} >> 2;

    integer i;
    always @* begin
        for (i = 0; i < 2 * LANES; i = i + 1)
            w_mask[i] = (w_size == 2'd1) ? (w_two == i / 2) :
                        (w_four == i / 4) || (w_size[0] && (w_four + 32'd1 == i / 4));
    end

    assign beats_pop        = w_load && w_final;
    assign burst_data_ready = w_load && !w_small && !clear;

    always @(posedge aclk) begin
        if (!aresetn)
            m_axi_wvalid <= 1'b0;
        else if (w_move)
            m_axi_wvalid <= beats_valid;
    end

    always @(posedge aclk) begin
        if (!aresetn)
            w_done <= 8'd0;
        else if (w_load)
            w_done <= w_final ? 8'd0 : w_done + 8'd1;
    end

    always @(posedge aclk) begin
        if (w_move) begin
            m_axi_wdata <= w_small ? {COPIES{w_data}} : burst_data;
            m_axi_wstrb <= clear ? {LANES{1'b0}} :
                           !w_small ? burst_strobe :
                           (w_done != 8'd0) ? w_mask[2*LANES-1:LANES] : w_mask[LANES-1:0];
            m_axi_wlast <= w_final;
        end
    end

    // ------------------------------------------------------------------ B: whose answer comes next
    wire                 order_valid;
    wire [1:0]           order_client;
    wire [TAG_WIDTH-1:0] order_tag;
    wire                 answer = m_axi_bvalid && m_axi_bready;

    virtio_sync_fifo #(.WIDTH(2 + TAG_WIDTH), .LOG2_DEPTH(ORDER_LOG2)) order (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(issue), .in_ready(order_ready),
        .in_data({ring_write ? chosen : 2'd3, tag}),
        .out_valid(order_valid), .out_ready(answer), .out_data({order_client, order_tag})
    );

    always @(posedge aclk) begin
        if (!aresetn)
            outstanding <= 7'd0;
        else if (issue != answer)
            outstanding <= outstanding + {{6{answer}}, 1'b1};
    end

    assign m_axi_bready = 1'b1;
    assign answer_tag   = order_tag;
    assign answer_error = m_axi_bresp[1];
    assign idle         = !m_axi_awvalid && !m_axi_wvalid && !beats_valid && (outstanding == 7'd0);

    genvar c;
    generate
        for (c = 0; c < 4; c = c + 1) begin : route
            assign answer_valid[c] = answer && order_valid && !clear && (order_client == c);
        end
    endgenerate

    wire unused = &{1'b0, m_axi_bresp[0], w_lane[0], w_two, w_four};

endmodule

`default_nettype wire
