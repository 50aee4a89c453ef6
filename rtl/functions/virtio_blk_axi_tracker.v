// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_blk_axi_tracker: counts the parts of each command and responds when the last part is there.
//
// Parts come in the order of the commands: R beats of read commands, B responses of write commands.
//
//   In one cycle            who wins
//   a part and its command  impossible: a part comes cycles after its command
//   reset and anything      reset: commands and responses are forgotten
//
//   Timing: last part -> response 1 cycle. part_ready depends on registers alone.
//
//   PARTS_LOG2  log2 of the parts of a sector
`default_nettype none

module virtio_blk_axi_tracker #(
    parameter PARTS_LOG2 = 6
) (
    input  wire        aclk,
    input  wire        reset,

    input  wire        cmd_valid,
    output wire        cmd_ready,
    input  wire [31:0] cmd_count,                        // sectors, not 0

    input  wire        part_valid,
    output wire        part_ready,
    input  wire        part_error,

    output wire        resp_valid,
    input  wire        resp_ready,
    output wire        resp_error
);

    wire        front_valid;
    wire [31:0] front_count;
    wire        resp_room;

    reg  [38:0] seen;                                    // parts of the command at the front
    reg         bad;

    wire [38:0] parts = {7'd0, front_count} << PARTS_LOG2;
    wire        part  = part_valid && part_ready;
    wire        last  = (seen + 39'd1 == parts);

    assign part_ready = front_valid && resp_room;

    virtio_sync_fifo #(.WIDTH(32), .LOG2_DEPTH(3)) commands (
        .aclk(aclk), .aresetn(!reset),
        .in_valid(cmd_valid), .in_ready(cmd_ready), .in_data(cmd_count),
        .out_valid(front_valid), .out_ready(part && last), .out_data(front_count)
    );

    virtio_sync_fifo #(.WIDTH(1), .LOG2_DEPTH(3)) responses (
        .aclk(aclk), .aresetn(!reset),
        .in_valid(part && last), .in_ready(resp_room), .in_data(bad || part_error),
        .out_valid(resp_valid), .out_ready(resp_ready), .out_data(resp_error)
    );

    always @(posedge aclk) begin
        if (reset || (part && last)) begin
            seen <= 39'd0;
            bad  <= 1'b0;
        end else if (part) begin
            seen <= seen + 39'd1;
            bad  <= bad || part_error;
        end
    end

endmodule

`default_nettype wire
