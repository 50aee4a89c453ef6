// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
//
// several_ids: gives the transactions of a master that has one ID eight of them in turn, so that memory may answer in
// any order, and brings the answers back into order.
//
// A burst has at most BEATS beats. Eight reads and eight writes are outstanding at most.
//
//   In one cycle: the last beat of an ID comes and the one before it goes -> both
//
//   DATA_WIDTH  bits of a beat
//   BEATS       of a burst, a power of two
`default_nettype none

module several_ids #(
    parameter DATA_WIDTH = 64,
    parameter BEATS      = 16
) (
    input  wire                    aclk,
    input  wire                    aresetn,

    input  wire                    d_awvalid,            // of the master
    output wire                    d_awready,
    output wire [1:0]              d_bresp,
    output wire                    d_bvalid,
    input  wire                    d_bready,
    input  wire                    d_arvalid,
    output wire                    d_arready,
    output wire [DATA_WIDTH-1:0]   d_rdata,
    output wire [1:0]              d_rresp,
    output wire                    d_rlast,
    output wire                    d_rvalid,
    input  wire                    d_rready,

    output wire [2:0]              m_awid,               // of memory
    output wire                    m_awvalid,
    input  wire                    m_awready,
    input  wire [2:0]              m_bid,
    input  wire [1:0]              m_bresp,
    input  wire                    m_bvalid,
    output wire                    m_bready,
    output wire [2:0]              m_arid,
    output wire                    m_arvalid,
    input  wire                    m_arready,
    input  wire [2:0]              m_rid,
    input  wire [DATA_WIDTH-1:0]   m_rdata,
    input  wire [1:0]              m_rresp,
    input  wire                    m_rlast,
    input  wire                    m_rvalid,
    output wire                    m_rready
);

    localparam BEAT_BITS = $clog2(BEATS);

    // ------------------------------------------------------------------ writes
    reg  [3:0]  aw_next;
    reg  [3:0]  b_next;
    reg  [7:0]  answered;
    reg  [15:0] answers;
    wire [3:0]  writes  = aw_next - b_next;
    wire        aw_room = !writes[3];

    assign m_awid    = aw_next[2:0];
    assign m_awvalid = d_awvalid && aw_room;
    assign d_awready = m_awready && aw_room;
    assign m_bready  = 1'b1;
    assign d_bvalid  = answered[b_next[2:0]];
    assign d_bresp   = answers[{b_next[2:0], 1'b0} +: 2];

    always @(posedge aclk) begin
        if (!aresetn) begin
            aw_next  <= 4'd0;
            b_next   <= 4'd0;
            answered <= 8'd0;
        end else begin
            if (m_awvalid && m_awready)
                aw_next <= aw_next + 4'd1;
            if (m_bvalid)
                answered[m_bid] <= 1'b1;
            if (d_bvalid && d_bready) begin
                answered[b_next[2:0]] <= 1'b0;
                b_next <= b_next + 4'd1;
            end
        end
    end

    always @(posedge aclk) begin
        if (m_bvalid)
            answers[{m_bid, 1'b0} +: 2] <= m_bresp;
    end

    // ------------------------------------------------------------------ reads: a buffer of BEATS beats for each ID
    reg  [3:0]            ar_next;
    reg  [3:0]            r_next;
    reg  [BEAT_BITS:0]    come [0:7];
    reg  [BEAT_BITS:0]    gone;
    reg  [DATA_WIDTH+2:0] store [0:8*BEATS-1];
    wire [3:0]            reads   = ar_next - r_next;
    wire                  ar_room = !reads[3];
    wire                  leave   = d_rvalid && d_rready && d_rlast;

    assign m_arid    = ar_next[2:0];
    assign m_arvalid = d_arvalid && ar_room;
    assign d_arready = m_arready && ar_room;
    assign m_rready  = 1'b1;
    assign d_rvalid  = (reads != 4'd0) && (come[r_next[2:0]] != gone);
    assign {d_rlast, d_rresp, d_rdata} = store[{r_next[2:0], gone[BEAT_BITS-1:0]}];

    integer id;
    always @(posedge aclk) begin
        if (!aresetn) begin
            ar_next <= 4'd0;
            r_next  <= 4'd0;
            gone    <= {(BEAT_BITS + 1){1'b0}};
            for (id = 0; id < 8; id = id + 1)
                come[id] <= {(BEAT_BITS + 1){1'b0}};
        end else begin
            if (m_arvalid && m_arready)
                ar_next <= ar_next + 4'd1;
            if (m_rvalid)
                come[m_rid] <= come[m_rid] + {{BEAT_BITS{1'b0}}, 1'b1};
            if (leave) begin
                come[r_next[2:0]] <= {(BEAT_BITS + 1){1'b0}};
                r_next <= r_next + 4'd1;
                gone   <= {(BEAT_BITS + 1){1'b0}};
            end else if (d_rvalid && d_rready)
                gone <= gone + {{BEAT_BITS{1'b0}}, 1'b1};
        end
    end

    always @(posedge aclk) begin
        if (m_rvalid)
            store[{m_rid, come[m_rid][BEAT_BITS-1:0]}] <= {m_rlast, m_rresp, m_rdata};
    end
endmodule

`default_nettype wire
