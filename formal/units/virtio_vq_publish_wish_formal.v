// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_vq_publish_wish_formal: the decision whether the driver wants to know, for all values of positions, wishes and
// sizes. The registers may hold anything: nothing is said of how they came to hold it.
//
// Written from the text of the standard and not from the formula: the wish is met if the position that it names is one of
// those that were stepped over. Split: positions are counted modulo 2^16. Packed: the ring's places are counted around
// both laps, from the place 0 with wrap counter 1 on, modulo twice the size.
`default_nettype none

module virtio_vq_publish_wish_formal #(
    parameter        RING_PACKED = 1,
    parameter        EVENT_IDX   = 1,
    parameter [15:0] LARGEST     = 16
) (
    input wire        aclk,
    input wire        aresetn,
    input wire        packed_ring,
    input wire        event_idx,
    input wire [63:0] beat_data,
    input wire        publish_valid,
    input wire [15:0] publish_position,
    input wire [15:0] table_num
);

    wire        active, table_request, index_valid, read_valid, event_valid, event_suppressed, fault_valid;
    wire [0:0]  active_queue;
    wire [31:0] index_address, read_address;
    wire [15:0] index_data;
    wire [12:0] read_bytes;

    virtio_vq_publish #(.ADDR_WIDTH(32), .RING_PACKED(RING_PACKED), .EVENT_IDX(EVENT_IDX)) dut (
        .aclk(aclk), .aresetn(aresetn), .halt(1'b0), .packed_ring(packed_ring), .event_idx(event_idx),
        .stopping(1'b0), .stop_queue(1'b0), .active(active), .active_queue(active_queue),
        .forget_valid(1'b0), .forget_queue(1'b0),
        .publish_valid(publish_valid), .publish_queue(1'b0), .publish_position(publish_position),
        .coming_valid(1'b0), .coming_queue(1'b0),
        .table_request(table_request), .table_grant(1'b1), .table_ready(1'b1), .table_num(table_num),
        .table_driver(32'd0), .table_device(32'd0),
        .index_valid(index_valid), .index_ready(1'b1), .index_address(index_address), .index_data(index_data),
        .answer_valid(1'b1), .answer_error(1'b0),
        .read_valid(read_valid), .read_ready(1'b1), .read_address(read_address), .read_bytes(read_bytes),
        .beat_valid(1'b1), .beat_data(beat_data), .beat_error(1'b0),
        .event_valid(event_valid), .event_ready(1'b1), .event_suppressed(event_suppressed), .fault_valid(fault_valid)
    );

    // What was decided on before, what is complete now, and the wish as read.
    (* hierconn *) wire [15:0] \dut.old ;
    (* hierconn *) wire [15:0] \dut.news ;
    (* hierconn *) wire [15:0] \dut.num ;
    (* hierconn *) wire [31:0] \dut.wish ;
    (* hierconn *) wire        \dut.want ;

    wire        by_packed = (RING_PACKED != 0) && packed_ring;
    wire        by_event  = (EVENT_IDX != 0) && event_idx;

    // ------------------------------------------------------------------ split
    wire [15:0] distance_new   = \dut.news - \dut.old ;
    wire [15:0] distance_event = \dut.wish [15:0] - \dut.old ;
    wire        split_wanted   = by_event ? (distance_event < distance_new) : !\dut.wish [0];
    // How many positions were stepped over behind the one that the wish names.
    wire [15:0] rest           = distance_new - distance_event - 16'd1;
    wire        split_rest     = by_event ? (rest < distance_new) : !\dut.wish [0];

    // ------------------------------------------------------------------ packed
    wire [16:0] places     = {1'b0, \dut.num };
    wire [17:0] both_laps  = {1'b0, places[16:0]} << 1;
    wire [17:0] old_place  = {3'd0, \dut.old [14:0]} + (\dut.old [15] ? 18'd0 : {1'b0, places});
    wire [17:0] new_place  = {3'd0, \dut.news [14:0]} + (\dut.news [15] ? 18'd0 : {1'b0, places});
    wire [17:0] its_place  = {3'd0, \dut.wish [14:0]} + (\dut.wish [15] ? 18'd0 : {1'b0, places});
    wire [17:0] steps      = (new_place >= old_place) ? new_place - old_place : new_place + both_laps - old_place;
    wire [17:0] to_event   = (its_place >= old_place) ? its_place - old_place : its_place + both_laps - old_place;
    wire [1:0]  flags      = \dut.wish [17:16];
    wire        packed_wanted = (flags == 2'd1) ? 1'b0 : (flags == 2'd2 && by_event) ? (to_event < steps) : 1'b1;

    // What a ring can be: a size of 1..32768, positions in it, no more steps at once than places; a wish in the ring.
    // Of the sizes, those up to LARGEST, and the largest of all.
    wire        sized      = (\dut.num != 16'd0) && (\dut.num <= LARGEST || \dut.num == 16'd32768);
    wire        in_ring    = ({1'b0, \dut.old [14:0]} < \dut.num ) && ({1'b0, \dut.news [14:0]} < \dut.num ) &&
                             ({1'b0, \dut.wish [14:0]} < \dut.num );

    // What does not depend on the wish is found a cycle before, from what stays the same until it is decided.
    (* hierconn *) wire [5:0]  \dut.state ;
    reg         second = 1'b0;
    reg  [48:0] before;
    wire [48:0] found_from = {packed_ring, \dut.old , \dut.news , \dut.num };
    wire        still      = second && before == found_from;
    always @(posedge aclk) begin
        second <= 1'b1;
        before <= found_from;
    end

    always @* begin
        a_features: assume (!second || packed_ring == before[48]);
        p11_still:  assert (!second || \dut.state != 6'd5 || still);
        p11_rest:   assert (!still || by_packed || \dut.want == split_rest);
        p11_same:   assert (split_rest == split_wanted);
        p11_split:  assert (!still || by_packed || \dut.want == split_wanted);
        p11_packed: assert (!still || !by_packed || !sized || !in_ring || steps > {1'b0, places} || \dut.want == packed_wanted);
    end

endmodule

`default_nettype wire
