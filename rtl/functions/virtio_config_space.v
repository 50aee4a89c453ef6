// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_config_space: the read-only configuration space of a device type, with its generation and its notification.
//
// `content` is what the device is now. A change of any bit becomes visible as a whole, with a new generation
// (MMIO-56), and owes the driver one configuration change event (MMIO-57). Nobody who has not acknowledged the device
// has read anything yet, so before that, and at a reset, no event is owed.
//
//   In one cycle                                who wins
//   a read and a change                         the read gets the old content, the generation is the old one
//   an event accepted and a further change      both: the event counts for the earlier change, one more is owed
//   device_reset and a change                   the change is visible, no event is owed
//
//   Timing: a change is visible one cycle after it, its event is offered one cycle later than that. config_rdata
//   follows config_en by one cycle.
//
//   WORDS  32-bit words of content, 1..1024; the space ends there, words beyond read 0
`default_nettype none

module virtio_config_space #(
    parameter WORDS = 2
) (
    input  wire                aclk,
    input  wire                aresetn,
    input  wire                device_reset,
    input  wire                acknowledged,             // the driver has seen the device: Status is not 0

    input  wire [32*WORDS-1:0] content,                  // byte b at bits [8*b +: 8]

    input  wire [11:0]         config_addr,
    output reg  [31:0]         config_rdata,
    output reg  [31:0]         config_generation,

    output reg                 event_valid,              // the event's index is 0
    input  wire                event_ready
);

    reg  [32*WORDS-1:0] shown;
    wire [32*WORDS-1:0] wanted = shown >> {config_addr[11:2], 5'd0};
    wire                change = (content != shown);
    wire                unused = &{1'b0, config_addr[1:0], wanted};

    always @(posedge aclk) begin
        if (!aresetn || change)
            shown <= content;
    end

    always @(posedge aclk) begin
        if (!aresetn)
            config_generation <= 32'd0;
        else if (change)
            config_generation <= config_generation + 32'd1;
    end

    always @(posedge aclk) begin
        if (!aresetn || device_reset)
            event_valid <= 1'b0;
        else if (change && acknowledged)
            event_valid <= 1'b1;
        else if (event_ready)
            event_valid <= 1'b0;
    end

    always @(posedge aclk)
        config_rdata <= wanted[31:0];

endmodule

`default_nettype wire
