// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_vq_slot_table_formal: every slot is free or in flight, never both; no slot leaks, and none is given out twice. The
// account of slot i, any, is kept beside the design's.
//
//   SLOTS, SLOT_WIDTH   as in virtio_vq_slot_table
`default_nettype none

module virtio_vq_slot_table_formal #(
    parameter SLOTS      = 3,
    parameter SLOT_WIDTH = 2
) (
    input wire                  aclk,
    input wire                  aresetn,
    input wire                  allocate,
    input wire                  allocate_queue,
    input wire                  walked_valid,
    input wire [SLOT_WIDTH-1:0] walked_slot,
    input wire                  walked_bad,
    input wire                  command_valid,
    input wire                  command_write,
    input wire [SLOT_WIDTH-1:0] command_slot,
    input wire                  read_done_valid,
    input wire [SLOT_WIDTH-1:0] read_done_slot,
    input wire                  write_done_valid,
    input wire [SLOT_WIDTH-1:0] write_done_slot,
    input wire                  write_done_error,
    input wire                  element_valid,
    input wire [SLOT_WIDTH-1:0] element_slot,
    input wire                  element_done_valid,
    input wire [SLOT_WIDTH-1:0] element_done_slot,
    input wire                  given_valid,
    input wire [SLOT_WIDTH-1:0] given_slot,
    input wire                  renewed_valid,
    input wire [SLOT_WIDTH-1:0] renewed_slot,
    input wire                  accepted_valid,
    input wire                  release_valid,
    input wire [SLOT_WIDTH-1:0] release_slot,
    input wire                  drop_valid,
    input wire [SLOT_WIDTH-1:0] drop_slot,
    input wire                  stopping,
    input wire                  stop_queue,
    input wire [SLOT_WIDTH-1:0] scan_slot
);

    localparam [SLOT_WIDTH:0] COUNT = SLOTS;

    wire                  free_valid, command_room, scan_active;
    wire [SLOT_WIDTH-1:0] free_slot;
    wire [SLOTS-1:0]      busy, walked, bad, dead, given, failed, settled, settles;

    virtio_vq_slot_table #(.SLOTS(SLOTS), .SLOT_WIDTH(SLOT_WIDTH), .QUEUE_WIDTH(1)) dut (
        .aclk(aclk), .aresetn(aresetn), .free_valid(free_valid), .free_slot(free_slot),
        .allocate(allocate), .allocate_queue(allocate_queue),
        .walked_valid(walked_valid), .walked_slot(walked_slot), .walked_bad(walked_bad),
        .command_valid(command_valid), .command_write(command_write), .command_slot(command_slot),
        .command_room(command_room),
        .read_done_valid(read_done_valid), .read_done_slot(read_done_slot),
        .write_done_valid(write_done_valid), .write_done_slot(write_done_slot), .write_done_error(write_done_error),
        .element_valid(element_valid), .element_slot(element_slot),
        .element_done_valid(element_done_valid), .element_done_slot(element_done_slot),
        .given_valid(given_valid), .given_slot(given_slot), .renewed_valid(renewed_valid), .renewed_slot(renewed_slot),
        .accepted_valid(accepted_valid), .release_valid(release_valid), .release_slot(release_slot),
        .drop_valid(drop_valid), .drop_slot(drop_slot), .stopping(stopping), .stop_queue(stop_queue),
        .scan_slot(scan_slot), .scan_active(scan_active),
        .busy(busy), .walked(walked), .bad(bad), .dead(dead), .given(given), .failed(failed), .settled(settled),
        .settles(settles)
    );

    reg started = 1'b0;
    always @(posedge aclk) started <= 1'b1;
    always @* if (!started) reset_first: assume (!aresetn);

    `define KEPT(name, condition) always @* name: assume (!aresetn || (condition));
    `include "virtio_vq_slot_table_use.vh"
    `undef KEPT

    (* anyconst *) wire [SLOT_WIDTH-1:0] i;
    always @* any_slot: assume ({1'b0, i} < COUNT);

    wire its_begin   = allocate && free_slot == i;
    wire its_end     = (release_valid && release_slot == i) || (drop_valid && drop_slot == i);
    wire its_command = command_valid && command_slot == i;
    wire its_read    = read_done_valid && read_done_slot == i;
    wire its_write   = write_done_valid && write_done_slot == i;
    wire its_answer  = element_done_valid && element_done_slot == i;

    // What is in flight of it. Nothing is answered that was not sent; that is the bus's and the movers' business.
    reg       taken, its_queue, its_element, its_dead;
    reg [3:0] its_reads, its_writes;
    always @* begin
        any_reads:   assume (!aresetn || !its_read || its_reads != 4'd0);
        any_writes:  assume (!aresetn || !its_write || its_writes != 4'd0);
    end

    reg [SLOT_WIDTH:0] in_flight;                    // how many slots were begun and not ended
    reg                past_room;                    // some slot was free, and none was begun
    reg                past_aresetn;
    reg                past_settles;                 // and nothing more was asked of it
    always @(posedge aclk) begin
        past_aresetn <= aresetn;
        past_settles <= aresetn && settles[i] && taken && !its_command && !(element_valid && element_slot == i);
        past_room    <= aresetn && in_flight != COUNT && !allocate;
        if (!aresetn) begin
            taken       <= 1'b0;
            its_element <= 1'b0;
            its_dead    <= 1'b0;
            its_reads   <= 4'd0;
            its_writes  <= 4'd0;
            in_flight   <= {(SLOT_WIDTH + 1){1'b0}};
        end else begin
            taken       <= its_begin || (taken && !its_end);
            its_element <= (element_valid && element_slot == i) || (its_element && !its_answer);
            its_reads   <= its_reads + {3'd0, its_command && !command_write} - {3'd0, its_read};
            its_writes  <= its_writes + {3'd0, its_command && command_write} - {3'd0, its_write};
            its_dead    <= !its_begin && (its_dead || (stopping && taken && scan_slot == i && its_queue == stop_queue));
            in_flight   <= in_flight + {{SLOT_WIDTH{1'b0}}, allocate} - {{SLOT_WIDTH{1'b0}}, release_valid}
                                     - {{SLOT_WIDTH{1'b0}}, drop_valid};
        end
        if (its_begin) its_queue <= allocate_queue;
    end

    reg [SLOT_WIDTH:0] many;
    integer k;
    always @* begin
        many = {(SLOT_WIDTH + 1){1'b0}};
        for (k = 0; k < SLOTS; k = k + 1)
            many = many + {{SLOT_WIDTH{1'b0}}, busy[k]};
    end

    always @* if (started) begin
        p10_account:   assert (busy[i] == taken);
        p10_sum:       assert (many == in_flight && in_flight <= COUNT);
        p10_not_twice: assert (!(free_valid && free_slot == i) || !taken);
        p10_in_range:  assert (!free_valid || {1'b0, free_slot} < COUNT);
        p10_no_leak:   assert (!past_room || free_valid);
        p10_reset:     assert (past_aresetn || (busy == {SLOTS{1'b0}} && (&settled) && !free_valid));
        p4_settled:    assert (settled[i] == (its_reads == 4'd0 && its_writes == 4'd0 && !its_element));
        p4_settles:    assert (!past_settles || settled[i]);
        p4_sound:      assert (!(settles[i] && its_write && write_done_error));
        p4_no_wrap:    assert (its_reads <= 4'd7 && its_writes <= 4'd7);
        p8_dead:       assert (!taken || dead[i] == its_dead);
        p8_scan:       assert (!(stopping && taken && scan_slot == i && its_queue == stop_queue) ||
                               scan_active == !(walked[i] && !its_element));
        c_all_busy:    cover (&busy && many == COUNT);
        c_dead:        cover (its_dead && given[i] && failed[i] && its_writes == 4'd2);
    end

endmodule

`default_nettype wire
