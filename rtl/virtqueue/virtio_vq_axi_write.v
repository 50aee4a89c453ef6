// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_axi_write: the engine's only master of AW, W and B.
//
// Clients 0..2 write up to 8 bytes (rings); the bytes come with the request. Client 3 writes bursts whose data are
// already in its store when it asks, so a burst that was issued never waits for anybody but the bus. A ring write that
// reaches over a bus word has two beats, over a WINDOW two transactions. All transactions have one ID, the answers come
// in order. AW and W are independent of one another.
//
//   In one cycle                     who wins
//   clear and a request              clear: nothing new is presented. W beats of what is issued are sent with strobes 0
//   clear and a W beat presented     the beat: it stays as it is until accepted
//   halt and a request               halt; W beats of what is issued are sent
//   requests of two clients          the lower number, but never between the two parts of one request
//
//   WINDOW      bytes, a power of two, from one beat up to 4096
//   WRITES      most transactions outstanding, 1..64
//   TAG_WIDTH   bits that clients get back with the answer
`default_nettype none

module virtio_vq_axi_write #(
    parameter       DATA_WIDTH = 64,
    parameter       ADDR_WIDTH = 64,
    parameter       WINDOW     = 128,
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

    // Ring writes. Bytes beyond `bytes` of data are not written. 2 bytes are at a multiple of 2, others at one of 4.
    input  wire [2:0]              req_valid,
    output wire [2:0]              req_ready,
    input  wire [3*ADDR_WIDTH-1:0] req_address,
    input  wire [3*4-1:0]          req_bytes,           // 1..8
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

    output wire [3:0]              answer_valid,        // all of a request is answered; nothing while clear
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
    localparam WINDOW_BITS = $clog2(WINDOW);
    localparam ORDER_LOG2  = (WRITES > 2) ? $clog2(WRITES) : 1;
    localparam SMALL_WIDTH = 1 + 8 + LANE_BITS + 4 + 64;
    localparam COPIES      = (DATA_WIDTH > 64) ? DATA_WIDTH / 64 : 1;

    // ------------------------------------------------------------------ which request
    // Both parts of a request are of one client, whoever asks in between.
    reg                   second;                        // the part of a ring write behind the end of a WINDOW
    reg  [1:0]            begun;                         // whose part that is
    wire [1:0]            chosen  = second ? begun : req_valid[0] ? 2'd0 : req_valid[1] ? 2'd1 : 2'd2;
    wire                  ring_write   = |req_valid;
    wire [ADDR_WIDTH-1:0] address = req_address[chosen*ADDR_WIDTH +: ADDR_WIDTH];
    wire [3:0]            bytes   = req_bytes[chosen*4 +: 4];
    wire [63:0]           data    = req_data[chosen*64 +: 64];
    wire [TAG_WIDTH-1:0]  tag     = req_tag[chosen*TAG_WIDTH +: TAG_WIDTH];

    wire [12:0]           in_window    = {{(13 - WINDOW_BITS){1'b0}}, address[WINDOW_BITS-1:0]};
    wire [12:0]           window_left  = WINDOW[12:0] - in_window;
    wire                  crosses      = ({9'd0, bytes} > window_left);
    wire [3:0]            first_bytes  = crosses ? window_left[3:0] : bytes;
    wire [ADDR_WIDTH-1:0] part_address = second ? {next_window, {WINDOW_BITS{1'b0}}} : address;
    wire [3:0]            part_bytes   = second ? bytes - window_left[3:0] : first_bytes;
    wire [LANE_BITS-1:0]  part_lane    = part_address[LANE_BITS-1:0];
    wire [LANE_BITS+3:0]  part_end     = {4'd0, part_lane} + {{LANE_BITS{1'b0}}, part_bytes};
    wire                  part_two     = (part_end > LANES[LANE_BITS+3:0]);
    wire                  part_last    = second || !crosses;

    wire [ADDR_WIDTH-WINDOW_BITS-1:0] next_window =
        address[ADDR_WIDTH-1:WINDOW_BITS] + {{(ADDR_WIDTH - WINDOW_BITS - 1){1'b0}}, 1'b1};

    // Byte k of the data belongs to lane (address + k) mod LANES: rotated within 8 bytes and repeated, every lane has
    // its byte, in the first beat and in the second.
    wire [63:0]           rotated = (bytes == 4'd2) ? {4{data[15:0]}} : address[2] ? {data[31:0], data[63:32]} : data;

    wire                  order_ready;
    wire                  beats_ready;
    reg  [6:0]            outstanding;
    wire                  free  = !clear && !halt && order_ready && beats_ready && (outstanding != WRITES[6:0]) &&
                                  (!m_axi_awvalid || m_axi_awready);
    wire                  issue = free && (ring_write || burst_valid);

    assign issued       = issue;
    assign req_ready[0] = free && part_last && req_valid[0] && (chosen == 2'd0);
    assign req_ready[1] = free && part_last && req_valid[1] && (chosen == 2'd1);
    assign req_ready[2] = free && part_last && req_valid[2] && (chosen == 2'd2);
    assign burst_ready  = free && !ring_write;

    always @(posedge aclk) begin
        if (!aresetn || clear)
            second <= 1'b0;
        else if (free && ring_write)
            second <= !part_last;
    end

    always @(posedge aclk) begin
        if (free && ring_write)
            begun <= chosen;
    end

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
            m_axi_awaddr  <= ring_write ? part_address : burst_address;
            m_axi_awlen   <= ring_write ? {7'd0, part_two} : burst_beats_less1;
            m_axi_awcache <= ring_write ? RING_CACHE : DATA_CACHE;
        end
    end

    // ------------------------------------------------------------------ W: beats in the order of AW
    wire                 beats_valid;
    wire                 beats_pop;
    wire                 w_small;
    wire [7:0]           w_less1;
    wire [LANE_BITS-1:0] w_lane;
    wire [3:0]           w_bytes;
    wire [63:0]          w_data;
    reg  [7:0]           w_done;                         // beats of the first entry that were sent

    virtio_sync_fifo #(.WIDTH(SMALL_WIDTH), .LOG2_DEPTH(2)) beats (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(issue), .in_ready(beats_ready),
        .in_data({ring_write, ring_write ? {7'd0, part_two} : burst_beats_less1, part_lane, part_bytes, rotated}),
        .out_valid(beats_valid), .out_ready(beats_pop),
        .out_data({w_small, w_less1, w_lane, w_bytes, w_data})
    );

    wire                 w_move  = !m_axi_wvalid || m_axi_wready;
    wire                 w_load  = beats_valid && w_move;
    wire                 w_final = (w_done == w_less1);
    // The strobes of a ring write over two words.
    wire [2*LANES-1:0]   w_mask  = ~({(2*LANES){1'b1}} << w_bytes) << w_lane;

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
    wire                 order_last;
    wire [1:0]           order_client;
    wire [TAG_WIDTH-1:0] order_tag;
    reg                  failed;                         // the first part of a ring write in two parts
    wire                 answer = m_axi_bvalid && m_axi_bready;

    virtio_sync_fifo #(.WIDTH(3 + TAG_WIDTH), .LOG2_DEPTH(ORDER_LOG2)) order (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(issue), .in_ready(order_ready),
        .in_data({ring_write ? part_last : 1'b1, ring_write ? chosen : 2'd3, tag}),
        .out_valid(order_valid), .out_ready(answer), .out_data({order_last, order_client, order_tag})
    );

    always @(posedge aclk) begin
        if (!aresetn)
            outstanding <= 7'd0;
        else
            outstanding <= outstanding + {6'd0, issue} - {6'd0, answer};
    end

    always @(posedge aclk) begin
        if (!aresetn || clear)
            failed <= 1'b0;
        else if (answer)
            failed <= !order_last && (failed || m_axi_bresp[1]);
    end

    assign m_axi_bready = 1'b1;
    assign answer_tag   = order_tag;
    assign answer_error = m_axi_bresp[1] || failed;
    assign idle         = !m_axi_awvalid && !m_axi_wvalid && !beats_valid && (outstanding == 7'd0);

    genvar c;
    generate
        for (c = 0; c < 4; c = c + 1) begin : route
            assign answer_valid[c] = answer && order_valid && order_last && !clear && (order_client == c);
        end
    endgenerate

    wire unused = &{1'b0, m_axi_bresp[0], window_left};

endmodule

`default_nettype wire
