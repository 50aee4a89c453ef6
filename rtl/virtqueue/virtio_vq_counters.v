// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_counters: counts what the engine does, for a test bench or a register block. The counters wrap.
//
// In one cycle:
//   reset and an event to count -> reset
//
//   COUNTERS  0: nothing is built, everything reads 0
`default_nettype none

module virtio_vq_counters #(
    parameter COUNTERS = 1
) (
    input  wire        aclk,
    input  wire        aresetn,

    input  wire        buffer,
    input  wire        events,
    input  wire        event_suppressed,
    input  wire        kick,
    input  wire        kick_suppressed,
    input  wire        read,
    input  wire        write,
    input  wire        stall,

    output wire [31:0] count_buffers,
    output wire [31:0] count_events,
    output wire [31:0] count_events_suppressed,
    output wire [31:0] count_kicks,
    output wire [31:0] count_kicks_suppressed,
    output wire [31:0] count_reads,
    output wire [31:0] count_writes,
    output wire [31:0] count_stalls
);

    wire [7:0]   add = {stall, write, read, kick_suppressed, kick, event_suppressed, events, buffer};
    wire [255:0] all;

    assign {count_stalls, count_writes, count_reads, count_kicks_suppressed, count_kicks, count_events_suppressed,
            count_events, count_buffers} = all;

    genvar c;
    generate
        for (c = 0; c < 8; c = c + 1) begin : counter
            if (COUNTERS != 0) begin : built
                reg [31:0] count;

                always @(posedge aclk) begin
                    if (!aresetn)
                        count <= 32'd0;
                    else
                        count <= count + {31'd0, add[c]};
                end

                assign all[c*32 +: 32] = count;
            end else begin : left_out
                assign all[c*32 +: 32] = 32'd0;
            end
        end
    endgenerate

    wire unused = &{1'b0, aclk, aresetn, add};

endmodule

`default_nettype wire
