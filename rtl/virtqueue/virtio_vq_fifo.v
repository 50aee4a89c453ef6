// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_fifo: first-in first-out store for data, written so that tools infer block RAM.
//
// The user counts what it puts in: there is no in_ready, and no more than 2^LOG2_DEPTH items may be inside, that at the
// output among them. So no word is written while it is read. An item is at the output two cycles after it went in, with
// REGISTERED one cycle if the store is empty, else three; one item per cycle is sustained.
//
// In one cycle:
//   an item comes and another goes -> both
//   an item comes into the empty store -> it is read in the next cycle; with REGISTERED it goes past the RAM
//
//   WIDTH       bits of an item
//   LOG2_DEPTH  log2 of the number of items held
//   REGISTERED  1: out_data comes from flip-flops, not from the RAM, which is slow
`default_nettype none

module virtio_vq_fifo #(
    parameter WIDTH      = 64,
    parameter LOG2_DEPTH = 8,
    parameter REGISTERED = 0
) (
    input  wire             aclk,
    input  wire             aresetn,

    input  wire             in_valid,
    input  wire [WIDTH-1:0] in_data,

    output wire             out_valid,
    input  wire             out_ready,
    output wire [WIDTH-1:0] out_data     // meaningless while out_valid is 0
);

    reg [LOG2_DEPTH:0] head;
    reg [LOG2_DEPTH:0] tail;

    reg              loaded;             // there is an item at the output of the RAM
    wire             take;               // it goes on
    wire             pass;               // the item that comes goes past the RAM
    wire             store = in_valid && !pass;
    wire [WIDTH-1:0] word;

    wire read = (head != tail) && (!loaded || take);

    virtio_ram_1w1r #(.WIDTH(WIDTH), .DEPTH(1 << LOG2_DEPTH), .ADDR_WIDTH(LOG2_DEPTH), .KEEPS_OLD(0)) memory (
        .aclk(aclk),
        .write_enable(store), .write_address(tail[LOG2_DEPTH-1:0]), .write_data(in_data),
        .read_enable(read), .read_address(head[LOG2_DEPTH-1:0]), .read_data(word)
    );

    always @(posedge aclk) begin
        if (!aresetn) begin
            head   <= {(LOG2_DEPTH + 1){1'b0}};
            tail   <= {(LOG2_DEPTH + 1){1'b0}};
            loaded <= 1'b0;
        end else begin
            if (store)
                tail <= tail + {{LOG2_DEPTH{1'b0}}, 1'b1};
            if (read)
                head <= head + {{LOG2_DEPTH{1'b0}}, 1'b1};
            loaded <= read || (loaded && !take);
        end
    end

    generate
        if (REGISTERED != 0) begin : register
            reg             valid;
            reg [WIDTH-1:0] item;

            assign take      = !valid || out_ready;
            assign pass      = in_valid && take && !loaded && (head == tail);
            assign out_valid = valid;
            assign out_data  = item;

            always @(posedge aclk) begin
                if (!aresetn)
                    valid <= 1'b0;
                else if (take)
                    valid <= loaded || pass;
                if (take)
                    item <= pass ? in_data : word;
            end
        end else begin : no_register
            assign take      = out_ready;
            assign pass      = 1'b0;
            assign out_valid = loaded;
            assign out_data  = word;
        end
    endgenerate

endmodule

`default_nettype wire
