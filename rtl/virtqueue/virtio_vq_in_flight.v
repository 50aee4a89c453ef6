// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_in_flight: counts transactions that are answered in order, and says when all that began up to `mark` have
// ended. Later ones do not delay it.
//
//   In one cycle                             who wins
//   mark, and a transaction begins or ends   both: one that begins with mark is waited for
//
//   COUNT_WIDTH  bits of the number of transactions in flight
`default_nettype none

module virtio_vq_in_flight #(
    parameter COUNT_WIDTH = 7
) (
    input  wire aclk,
    input  wire aresetn,

    input  wire began,
    input  wire ended,
    input  wire mark,
    output wire passed                                   // 1 also if nothing was ever marked
);

    localparam [COUNT_WIDTH-1:0] NONE = 0;
    localparam [COUNT_WIDTH-1:0] ONE  = 1;

    reg  [COUNT_WIDTH-1:0] all;
    reg  [COUNT_WIDTH-1:0] left;                         // of those that were marked
    wire [COUNT_WIDTH-1:0] all_next = all + {{(COUNT_WIDTH - 1){ended && !began}}, began != ended};

    assign passed = (left == NONE);

    always @(posedge aclk) begin
        if (!aresetn) begin
            all  <= NONE;
            left <= NONE;
        end else begin
            all <= all_next;
            if (mark)
                left <= all_next;
            else if (ended && !passed)
                left <= left - ONE;
        end
    end

endmodule

`default_nettype wire
