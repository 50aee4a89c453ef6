// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// The sender's side of one valid/ready channel: sends a list of entries in order, each after its delay.
//
//   ENTRY         bits of an entry
//   PAYLOAD       bits of an entry that go out, from PAYLOAD_LSB on
//   DELAY         bits of an entry from DELAY_LSB on: cycles of valid low before it, counted from its turn
//   LIST          entries in `list`
//
// An entry that is given between two clock edges may be on the wires before the first of them: what Python does in the
// time step of an edge counts as done at that edge. `late` says that it comes after that time step; then an idle channel
// waits for the next edge. aresetn takes back everything that was given before it fell.
`default_nettype none

module send_channel #(
    parameter ENTRY       = 32,
    parameter PAYLOAD     = 16,
    parameter PAYLOAD_LSB = 0,
    parameter DELAY       = 16,
    parameter DELAY_LSB   = 16,
    parameter LIST        = 64
) (
    input  wire                    clk,
    input  wire                    resetn,

    // Given: the newest `count` of `total` entries (modulo 256), in `list`, or in `one` if it is a single one. Those that
    // were there before are not taken again.
    input  wire [LIST * ENTRY-1:0] list,
    input  wire [ENTRY-1:0]        one,
    input  wire [7:0]              count,
    input  wire [7:0]              total,
    input  wire                    late,

    output wire                    valid,
    input  wire                    ready,
    output wire [PAYLOAD-1:0]      payload,

    output reg  [7:0]              taken,      // entries that have been taken, modulo 256
    input  wire [7:0]              look,       // an entry to look at
    output wire [ENTRY-1:0]        seen
);

    reg [ENTRY-1:0] entries [0:255];
    reg [7:0]       given;                     // total, when it was last looked at
    reg             waits;                     // the entry `waits_entry` was late on an idle channel
    reg [7:0]       waits_entry, place;
    reg [15:0]      elapsed;                   // cycles since the present entry had its turn
    reg             flushed;
    integer         n;

    initial begin
        given       = 0;
        taken       = 0;
        waits       = 0;
        waits_entry = 0;
        place       = 0;
        elapsed     = 0;
        flushed     = 0;
    end

    wire [7:0] fresh = total - given;

    // Any change of total.
    always @(posedge total[0] or negedge total[0] or posedge total[1] or negedge total[1] or posedge total[2] or negedge total[2]
             or posedge total[3] or negedge total[3] or posedge total[4] or negedge total[4] or posedge total[5] or negedge total[5]
             or posedge total[6] or negedge total[6] or posedge total[7] or negedge total[7]) begin
        if (taken == given) begin
            waits       = late;
            waits_entry = given;
        end
        if (count == 1) begin
            place          = total - 8'd1;
            entries[place] = one;
        end else
            for (n = 0; n < LIST; n = n + 1)
                if (n < count && count - n <= fresh) begin
                    place          = total - count + n[7:0];
                    entries[place] = list[n * ENTRY +: ENTRY];
                end
        given = total;
    end

    wire [ENTRY-1:0] present = entries[taken];
    wire [16:0]      delay   = present[DELAY_LSB +: DELAY] + (waits && waits_entry == taken);

    assign valid   = resetn && taken != given && elapsed >= delay;
    assign payload = present[PAYLOAD_LSB +: PAYLOAD];
    assign seen    = entries[look];

    always @(posedge clk or negedge resetn)
        if (!resetn) begin
            if (!flushed) taken <= total;
            flushed <= 1;
            elapsed <= 0;
        end else begin
            flushed <= 0;
            if (valid && ready) taken <= taken + 8'd1;
            if (taken == given || valid && ready) elapsed <= 0;
            else                                  elapsed <= elapsed + 16'd1;
        end

endmodule

`default_nettype wire
