// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_axi_read: the engine's only master of AR and R. Takes byte ranges from four clients and issues INCR bursts.
//
// A range is cut at every multiple of WINDOW bytes, so no burst crosses 4 KB or has more than WINDOW / (DATA_WIDTH / 8)
// beats. All transactions of a class have one ID, so the answers of a class come in order; client 3 (data) is a class
// of its own if IDS is 2, and ring reads do not wait behind data then. A client must take every beat (it asks only for
// what it has room for), so RREADY is constant and no client can hold up another. Client 0 has the highest priority;
// those of high priority wait for their answers before they ask again.
//
//   In one cycle                     who wins
//   clear and a request              clear: nothing new is presented, what is presented stays until accepted
//   halt and a request               halt
//   requests of two clients          the lower number
//
//   WINDOW      bytes, a power of two, from one beat up to 4096
//   READS       most transactions outstanding, 1..64
//   IDS         1: all reads have ID 0; 2: those of client 3 have ID 1
//   CACHE       AxCACHE of each client, four bits each
`default_nettype none

module virtio_vq_axi_read #(
    parameter        DATA_WIDTH = 64,
    parameter        ADDR_WIDTH = 64,
    parameter        WINDOW     = 128,
    parameter        READS      = 16,
    parameter        IDS        = 1,
    parameter [15:0] CACHE      = 16'h2222
) (
    input  wire                    aclk,
    input  wire                    aresetn,
    input  wire                    clear,               // device reset: forget all requests, swallow all answers
    input  wire                    halt,                // a fault: issue nothing more
    output wire                    idle,                // nothing presented, nothing outstanding

    input  wire [3:0]              req_valid,
    output wire [3:0]              req_ready,
    input  wire [4*ADDR_WIDTH-1:0] req_address,
    input  wire [4*13-1:0]         req_bytes,           // 1..4096; those of client 3 lie in one WINDOW

    output wire [3:0]              beat_valid,          // always taken; nothing while clear
    output wire [DATA_WIDTH-1:0]   beat_data,
    output wire                    beat_error,
    output wire                    beat_last,           // of the range

    output reg                     m_axi_arid,          // 0 if IDS is 1
    output reg  [ADDR_WIDTH-1:0]   m_axi_araddr,
    output reg  [7:0]              m_axi_arlen,
    output reg  [3:0]              m_axi_arcache,
    output reg                     m_axi_arvalid,
    input  wire                    m_axi_arready,
    input  wire                    m_axi_rid,
    input  wire [DATA_WIDTH-1:0]   m_axi_rdata,
    input  wire [1:0]              m_axi_rresp,
    input  wire                    m_axi_rlast,
    input  wire                    m_axi_rvalid,
    output wire                    m_axi_rready,

    output wire                    issued               // a transaction was issued, for a counter
);

    localparam LANE_BITS   = $clog2(DATA_WIDTH / 8);
    localparam WINDOW_BITS = $clog2(WINDOW);
    localparam ORDER_LOG2  = (READS > 2) ? $clog2(READS) : 1;

    localparam [WINDOW_BITS-1:0] NOTHING  = 0;
    localparam [LANE_BITS-1:0]   NO_LANE  = 0;
    localparam [LANE_BITS-1:0]   ONE_LANE = 1;

    // ------------------------------------------------------------------ the range being cut
    // `rest_*`: of a range whose first part was issued, its client, and its bytes from the beginning of the last part's
    // window on. The rest begins in the window behind that of the last address.
    reg                   busy;
    reg  [1:0]            rest_client;
    reg  [12:0]           rest_left;

    wire [ADDR_WIDTH-WINDOW_BITS-1:0] next_window =
        m_axi_araddr[ADDR_WIDTH-1:WINDOW_BITS] + {{(ADDR_WIDTH - WINDOW_BITS - 1){1'b0}}, 1'b1};
    wire [ADDR_WIDTH-1:0]             rest_address = {next_window, {WINDOW_BITS{1'b0}}};

    // Two ranges are measured at the same time: that of client 0, 1 or 2, and the tail: the rest, or the range of client 3.
    // So whether client 2 asks, which is known late, chooses between two results.
    wire [1:0]             first   = req_valid[0] ? 2'd0 : req_valid[1] ? 2'd1 : 2'd2;
    wire                   of_ring = !busy && (|req_valid[2:0]);
    wire [1:0]             chosen  = (|req_valid[2:0]) ? first : 2'd3;
    wire [1:0]             client  = busy ? rest_client  : chosen;

    // Whose it is, written out: bits that are 0 for all clients cost nothing then.
    wire [12:0]            ring_left   = req_valid[0] ? req_bytes[12:0] : req_valid[1] ? req_bytes[25:13] :
                                                                          req_bytes[38:26];
    wire [ADDR_WIDTH-1:0]  ring        = req_valid[0] ? req_address[0 +: ADDR_WIDTH] :
                                         req_valid[1] ? req_address[ADDR_WIDTH +: ADDR_WIDTH] :
                                                        req_address[2*ADDR_WIDTH +: ADDR_WIDTH];
    wire [ADDR_WIDTH-1:0]  address     = of_ring ? ring : busy ? rest_address : req_address[3*ADDR_WIDTH +: ADDR_WIDTH];

    // One sum to find whether the range ends in this window, another one beside it for the beats if it does.
    wire [WINDOW_BITS-1:0] ring_place  = ring[WINDOW_BITS-1:0];
    wire [12:0]            ring_reach  = ring_left + {{(13 - WINDOW_BITS){1'b0}}, ring_place};
    wire [12:0]            ring_over   = ring_reach >> WINDOW_BITS;
    wire                   ring_fits   = (ring_over == 13'd0) ||
                                         ((ring_over == 13'd1) && (ring_reach[WINDOW_BITS-1:0] == NOTHING));
    wire [LANE_BITS-1:0]   ring_lane   = ring_place[LANE_BITS-1:0];
    wire [12:0]            ring_less1  = {{(13 - LANE_BITS){ring_lane == NO_LANE}}, ring_lane - ONE_LANE};
    wire [12:0]            ring_span   = ring_left + ring_less1;
    wire [12:0]            ring_window = ~{{(13 - WINDOW_BITS){1'b0}}, ring_place};

    // The range of client 3 always fits, and the rest begins in lane 0.
    wire [12:0]            tail_reach  = rest_left - WINDOW[12:0];
    wire [12:0]            tail_over   = tail_reach >> WINDOW_BITS;
    wire                   tail_fits   = !busy || (tail_over == 13'd0) ||
                                         ((tail_over == 13'd1) && (tail_reach[WINDOW_BITS-1:0] == NOTHING));
    wire [LANE_BITS-1:0]   tail_lane   = busy ? NO_LANE : req_address[3*ADDR_WIDTH +: LANE_BITS];
    wire [12:0]            tail_less1  = {{(13 - LANE_BITS){tail_lane == NO_LANE}}, tail_lane - ONE_LANE};
    wire [12:0]            tail_span   = (busy ? rest_left : req_bytes[3*13 +: 13]) + tail_less1;

    wire [12:0]            reach       = of_ring ? ring_reach : tail_reach;
    wire                   fits        = of_ring ? ring_fits  : tail_fits;
    wire [12:0]            span        = of_ring ? (ring_fits ? ring_span : ring_window)
                                                 : (tail_fits ? tail_span : 13'h1FFF);
    wire [12:0]            beats_less1 = (span & (WINDOW[12:0] - 13'd1)) >> LANE_BITS;

    wire [IDS-1:0]        order_ready;                  // of each class
    reg  [6:0]            outstanding;
    wire                  room        = (&order_ready) && (outstanding != READS[6:0]);
    wire                  free        = !clear && !halt && room && (!m_axi_arvalid || m_axi_arready);
    wire                  issue       = free && (busy || (|req_valid));

    assign issued       = issue;
    assign req_ready[0] = free && !busy;
    assign req_ready[1] = free && !busy && !req_valid[0];
    assign req_ready[2] = free && !busy && !req_valid[0] && !req_valid[1];
    assign req_ready[3] = free && !busy && !req_valid[0] && !req_valid[1] && !req_valid[2];

    always @(posedge aclk) begin
        if (!aresetn || clear)
            busy <= 1'b0;
        else if (issue)
            busy <= !fits;
    end

    always @(posedge aclk) begin
        if (issue) begin
            rest_client  <= client;
            rest_left    <= reach;
        end
    end

    // ------------------------------------------------------------------ AR
    always @(posedge aclk) begin
        if (!aresetn)
            m_axi_arvalid <= 1'b0;
        else if (issue)
            m_axi_arvalid <= 1'b1;
        else if (m_axi_arready)
            m_axi_arvalid <= 1'b0;
    end

    always @(posedge aclk) begin
        if (issue) begin
            m_axi_arid    <= (IDS > 1) && (client == 2'd3);
            m_axi_araddr  <= address;
            m_axi_arlen   <= beats_less1[7:0];
            m_axi_arcache <= CACHE[client*4 +: 4];
        end
    end

    // ------------------------------------------------------------------ R: whose answer comes next
    wire [IDS-1:0]   orders_valid;
    wire [IDS*3-1:0] orders;
    wire             class_in     = (IDS > 1) && (client == 2'd3);
    wire             class_out    = (IDS > 1) && m_axi_rid;
    wire             order_valid  = orders_valid[class_out];
    wire             order_last   = orders[class_out*3+2];
    wire [1:0]       order_client = orders[class_out*3 +: 2];
    wire             answer       = m_axi_rvalid && m_axi_rready;
    wire             ended        = answer && m_axi_rlast;

    genvar k;
    generate
        for (k = 0; k < IDS; k = k + 1) begin : classes
            virtio_sync_fifo #(.WIDTH(3), .LOG2_DEPTH(ORDER_LOG2)) order (
                .aclk(aclk), .aresetn(aresetn),
                .in_valid(issue && (class_in == k)), .in_ready(order_ready[k]), .in_data({fits, client}),
                .out_valid(orders_valid[k]), .out_ready(ended && (class_out == k)), .out_data(orders[k*3 +: 3])
            );
        end
    endgenerate

    always @(posedge aclk) begin
        if (!aresetn)
            outstanding <= 7'd0;
        else if (issue != ended)
            outstanding <= outstanding + {{6{ended}}, 1'b1};
    end

    assign m_axi_rready = 1'b1;
    assign beat_data    = m_axi_rdata;
    assign beat_error   = m_axi_rresp[1];
    assign beat_last    = m_axi_rlast && order_last;
    assign idle         = !m_axi_arvalid && (outstanding == 7'd0);

    genvar c;
    generate
        for (c = 0; c < 4; c = c + 1) begin : route
            assign beat_valid[c] = answer && order_valid && !clear && (order_client == c);
        end
    endgenerate

    wire unused = &{1'b0, beats_less1, m_axi_rresp[0], m_axi_rid};

endmodule

`default_nettype wire
