// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_ram_fifo: first-in first-out store in block RAM, for beats and for whole frames.
//
// Items become visible at the output when they are committed: in_commit on an item commits that item and all before it,
// in_drop forgets the item of this cycle, if there is one, and all since the last commit. A store of beats ties
// in_commit to 1; a store of frames sets one of the two on a frame's last beat, so nobody sees a frame that is not
// complete and good.
//
//   In one cycle                       who wins
//   in_commit and in_drop              in_drop, which needs no item
//   reset and anything                 reset: the store is empty afterwards
//
//   Timing: in_ready depends on registers alone; a committed item is at the output three cycles later; one item a cycle
//   is sustained. in_ready is 0 when 2^LOG2_DEPTH items are held, committed or not, beside up to four at the output.
//
//   WIDTH       bits of an item
//   LOG2_DEPTH  log2 of the number of items held, 1 or more
`default_nettype none

module virtio_ram_fifo #(
    parameter WIDTH      = 64,
    parameter LOG2_DEPTH = 7
) (
    input  wire             aclk,
    input  wire             reset,

    input  wire             in_valid,
    output wire             in_ready,
    input  wire [WIDTH-1:0] in_data,
    input  wire             in_commit,
    input  wire             in_drop,
    output wire             blocked,         // no room, and nothing committed that could make room: drop what is begun

    output wire             out_valid,
    input  wire             out_ready,
    output wire [WIDTH-1:0] out_data
);

    localparam [LOG2_DEPTH:0] ONE    = {{LOG2_DEPTH{1'b0}}, 1'b1};
    localparam [2:0]          OUTPUT = 3'd4;             // items that the output stage can hold

    reg [LOG2_DEPTH:0] write_at;
    reg [LOG2_DEPTH:0] committed;                        // items before this one may be read
    reg [LOG2_DEPTH:0] read_at;
    reg                reading;                          // the word read is there in this cycle
    reg [2:0]          held;                             // read and not yet taken, at the output or on the way

    wire [LOG2_DEPTH:0] next_write = write_at + ONE;
    wire                full       = (write_at == {!read_at[LOG2_DEPTH], read_at[LOG2_DEPTH-1:0]});
    wire                some       = (committed != read_at);
    wire                push       = in_valid && in_ready;
    wire                pop        = out_valid && out_ready;
    wire                fetch      = some && (held != OUTPUT);

    assign in_ready = !full;
    assign blocked  = full && !some;

    always @(posedge aclk) begin
        if (reset) begin
            write_at  <= {(LOG2_DEPTH + 1){1'b0}};
            committed <= {(LOG2_DEPTH + 1){1'b0}};
        end else if (in_drop) begin
            write_at  <= committed;
        end else if (push) begin
            write_at  <= next_write;
            if (in_commit)
                committed <= next_write;
        end
    end

    always @(posedge aclk) begin
        if (reset) begin
            read_at <= {(LOG2_DEPTH + 1){1'b0}};
            reading <= 1'b0;
            held    <= 3'd0;
        end else begin
            reading <= fetch;
            if (fetch)
                read_at <= read_at + ONE;
            if (fetch && !pop)
                held <= held + 3'd1;
            else if (pop && !fetch)
                held <= held - 3'd1;
        end
    end

    wire [WIDTH-1:0] read_data;

    // What is read in the cycle of its write is not committed yet, and read again when it is.
    virtio_ram_1w1r #(.WIDTH(WIDTH), .DEPTH(1 << LOG2_DEPTH), .ADDR_WIDTH(LOG2_DEPTH), .KEEPS_OLD(0)) ram (
        .aclk(aclk),
        .write_enable(push), .write_address(write_at[LOG2_DEPTH-1:0]), .write_data(in_data),
        .read_enable(1'b1), .read_address(read_at[LOG2_DEPTH-1:0]), .read_data(read_data)
    );

    // The output stage always has room for what is being read: that is what `held` counts.
    wire always_room;
    wire unused = &{1'b0, always_room};

    virtio_sync_fifo #(.WIDTH(WIDTH), .LOG2_DEPTH(2)) stage (
        .aclk(aclk), .aresetn(!reset),
        .in_valid(reading), .in_ready(always_room), .in_data(read_data),
        .out_valid(out_valid), .out_ready(out_ready), .out_data(out_data)
    );

endmodule

`default_nettype wire
