// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_pending_arbiter: stores pending requests and chooses among them fairly, for message vectors and queue kicks.
// One row of requests is a virtio_pending_flops, several are a virtio_pending_ram. Their headers say who wins when two
// things meet in one cycle.
//
//   REQUESTS     number of requests
//   INDEX_WIDTH  bits of an index
//   ROW_LOG2     log2 of the bits of a row; INDEX_WIDTH for one row
//   ROWS_WIDTH   bits of a row number, 1 for one row
//   BYPASS       1: a request that is set in the cycle in which it is taken is part of what is taken; with one row, a
//                request can be granted in the cycle in which it is set
`default_nettype none

module virtio_pending_arbiter #(
    parameter REQUESTS    = 2,
    parameter INDEX_WIDTH = 1,
    parameter ROW_LOG2    = 1,
    parameter ROWS_WIDTH  = 1,
    parameter BYPASS      = 0
) (
    input  wire                     aclk,
    input  wire                     aresetn,
    input  wire                     sweep,
    input  wire [ROWS_WIDTH-1:0]    sweep_row,
    output wire [(1<<ROW_LOG2)-1:0] cleared_bits,

    input  wire                     set,
    input  wire [INDEX_WIDTH-1:0]   set_index,
    input  wire                     fill,
    input  wire [ROWS_WIDTH-1:0]    fill_row,
    input  wire [(1<<ROW_LOG2)-1:0] fill_bits,
    input  wire                     drop,
    input  wire [INDEX_WIDTH-1:0]   look_index,
    output wire                     look_pending,

    output wire [ROWS_WIDTH-1:0]    row,
    input  wire [(1<<ROW_LOG2)-1:0] enable,
    output wire [ROWS_WIDTH-1:0]    next_row,
    input  wire [(1<<ROW_LOG2)-1:0] next_enable,
    input  wire                     wake,
    input  wire                     hide,
    input  wire [INDEX_WIDTH-1:0]   change_index,
    output wire                     grant_valid,
    output wire [INDEX_WIDTH-1:0]   grant,
    input  wire                     grant_ready
);

    generate
        if (ROW_LOG2 == INDEX_WIDTH) begin : flat
            wire unused = &{1'b0, sweep_row, fill_row, next_enable, wake, hide, change_index};

            assign row      = {ROWS_WIDTH{1'b0}};
            assign next_row = {ROWS_WIDTH{1'b0}};

            virtio_pending_flops #(.REQUESTS(REQUESTS), .INDEX_WIDTH(INDEX_WIDTH), .BYPASS(BYPASS)) holder (
                .aclk(aclk), .aresetn(aresetn), .sweep(sweep), .cleared_bits(cleared_bits),
                .set(set), .set_index(set_index),
                .fill(fill), .fill_bits(fill_bits),
                .drop(drop), .look_index(look_index), .look_pending(look_pending),
                .enable(enable), .grant_valid(grant_valid), .grant(grant), .grant_ready(grant_ready)
            );
        end else begin : rows
            virtio_pending_ram #(
                .REQUESTS(REQUESTS), .INDEX_WIDTH(INDEX_WIDTH), .ROW_LOG2(ROW_LOG2), .TAKE_WINS(BYPASS)
            ) holder (
                .aclk(aclk), .aresetn(aresetn), .sweep(sweep), .sweep_row(sweep_row), .cleared_bits(cleared_bits),
                .set(set), .set_index(set_index),
                .fill(fill), .fill_row(fill_row), .fill_bits(fill_bits),
                .drop(drop), .look_index(look_index), .look_pending(look_pending),
                .row(row), .enable(enable), .next_row(next_row), .next_enable(next_enable),
                .wake(wake), .hide(hide), .change_index(change_index),
                .grant_valid(grant_valid), .grant(grant), .grant_ready(grant_ready)
            );
        end
    endgenerate

endmodule

`default_nettype wire
