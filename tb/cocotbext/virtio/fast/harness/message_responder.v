// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// AXI4-Lite slave of the message bus: answers every message whose AW and W have been taken, in order. Whether they are
// taken is ready_pattern's business.
//
// An answer has 32 bits: delay in cycles 16, code 2, 14 unused. With `plain` every message is answered OKAY at once.
`default_nettype none

module message_responder #(
    parameter LIST = 64
) (
    input  wire                 clk,
    input  wire                 resetn,

    input  wire                 plain,
    input  wire                 held,          // start no answer
    input  wire [LIST * 32-1:0] list,          // of answers, see send_channel
    input  wire [7:0]           count,
    input  wire [7:0]           total,
    output reg                  want,          // changes with every message that needs an answer
    output reg  [31:0]          paired,        // messages taken so far
    output wire                 busy,          // something is half taken or unanswered

    input  wire                 awvalid,
    input  wire                 awready,
    input  wire                 wvalid,
    input  wire                 wready,
    output wire                 bvalid,
    input  wire                 bready,
    output wire [1:0]           bresp
);

    reg [31:0] answers [0:255];
    reg [31:0] times [0:255];                  // when a message was complete
    reg        plainly [0:255];                // and whether it is answered OKAY at once
    reg [31:0] now, addresses, datas, answered;
    reg [7:0]  given, place;
    reg        started, flushed;
    integer    n;

    initial begin
        now       = 0;
        addresses = 0;
        datas     = 0;
        answered  = 0;
        paired    = 0;
        given     = 0;
        place     = 0;
        started   = 0;
        flushed   = 0;
        want      = 0;
    end

    wire [7:0] fresh = total - given;

    always @(posedge total[0] or negedge total[0] or posedge total[1] or negedge total[1] or posedge total[2] or negedge total[2]
             or posedge total[3] or negedge total[3] or posedge total[4] or negedge total[4] or posedge total[5] or negedge total[5]
             or posedge total[6] or negedge total[6] or posedge total[7] or negedge total[7]) begin
        for (n = 0; n < LIST; n = n + 1)
            if (n < count && count - n <= fresh) begin
                place          = total - count + n[7:0];
                answers[place] = list[n * 32 +: 32];
            end
        given = total;
    end

    wire [7:0]  oldest = answered[7:0];
    wire [7:0]  ahead  = given - oldest;
    wire [31:0] answer = plainly[oldest] ? 32'd0 : answers[oldest];

    assign bvalid = resetn && answered != paired && (plainly[oldest] || ahead != 0 && ahead < 128)
                    && (started || !held && now - times[oldest] >= answer[15:0]);
    assign bresp  = answer[17:16];
    assign busy   = answered != paired || addresses != datas;

    wire        aw           = awvalid && awready;
    wire        w            = wvalid && wready;
    wire [31:0] addresses_next = addresses + aw;
    wire [31:0] datas_next     = datas + w;
    wire        pair         = addresses_next != paired && datas_next != paired;

    always @(posedge clk or negedge resetn)
        if (!resetn) begin
            if (!flushed) begin
                addresses <= paired;
                datas     <= paired;
                answered  <= paired;
            end
            flushed <= 1;
            started <= 0;
        end else begin
            now       <= now + 1;
            flushed   <= 0;
            addresses <= addresses_next;
            datas     <= datas_next;
            started   <= bvalid && !bready;
            if (bvalid && bready) answered <= answered + 1;
            if (pair) begin
                paired             <= paired + 1;
                times[paired[7:0]]   <= now + 1;
                plainly[paired[7:0]] <= plain;
                if (!plain) want     <= !want;
            end
        end

endmodule

`default_nettype wire
