// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_msi_vector_state: holds the masked, pending and configured bits of every vector; no other module writes them.
//
// A vector requests a message while it is pending and configured and not masked. grant_ready says whether a message may
// be sent at all (MSI on, DRIVER_OK, room on the bus).
//
// A pending vector also has its causes, used buffer and configuration change. DISABLE needs them: it sweeps over all
// vectors, clears their pending bits, and reports the causes, which become bits of InterruptStatus. Without MSI_SHARING
// the causes need no storage, because only vector 0 can have the configuration change.
//
// Who wins when an event and a message of one vector meet stands in virtio_pending_flops and virtio_pending_ram.
// Besides, in one cycle:
//   mask and taken            the message is taken: it is on the bus before the mask command is answered
//   configure and taken       the message has the old address and data
//   an event and disabling    the event is swept up
//
//   NUM_VECTORS   1..2048
//   VECTOR_WIDTH  bits of a vector number
//   ROW_LOG2      log2 of the vectors of a row; VECTOR_WIDTH for one row
//   ROWS_WIDTH    bits of a row number, 1 for one row
//   MSI_SHARING   1: any vector can have any cause
`default_nettype none

module virtio_msi_vector_state #(
    parameter NUM_VECTORS  = 3,
    parameter VECTOR_WIDTH = 2,
    parameter ROW_LOG2     = 2,
    parameter ROWS_WIDTH   = 1,
    parameter MSI_SHARING  = 0
) (
    input  wire                    aclk,
    input  wire                    aresetn,
    input  wire                    sweep,                // reset: clear all of sweep_row
    input  wire [ROWS_WIDTH-1:0]   sweep_row,

    input  wire                    pend,                 // an event of pend_vector, which exists; never during a sweep
    input  wire [VECTOR_WIDTH-1:0] pend_vector,
    input  wire                    pend_used,
    input  wire                    pend_config,

    input  wire                    mask,                 // commands to command_vector
    input  wire                    unmask,
    input  wire                    configure,
    input  wire                    usable,               // configure with an address; address 0 makes the vector
                                                         // unconfigured (MSI-19)
    input  wire [VECTOR_WIDTH-1:0] command_vector,

    input  wire                    disabling,            // clear what is pending
    output wire                    disable_busy,         // that is not finished
    output reg                     disabled_used,        // some of what was cleared two cycles ago had this cause
    output reg                     disabled_config,

    output wire                    grant_valid,
    output wire [VECTOR_WIDTH-1:0] grant,
    input  wire                    grant_ready,             // if there is a grant, its message is sent

    input  wire                    peek,                 // look at peek_vector, not command_vector, in this cycle
    input  wire [VECTOR_WIDTH-1:0] peek_vector,
    output reg                     peeked_used,          // pending for this cause; one cycle after peek
    output reg                     peeked_config,
    output reg                     state_masked,         // of command_vector, one cycle later; holds during peek
    output reg                     state_pending,
    output reg                     state_configured
);

    localparam SIZE = 1 << ROW_LOG2;

    // ------------------------------------------------------------------ DISABLE goes through the rows
    wire                  clearing;
    wire                  disable_sweeping;
    wire [ROWS_WIDTH-1:0] disable_row;
    wire [ROWS_WIDTH-1:0] clear_row = sweep ? sweep_row : disable_row;

    virtio_table_sweep #(.ROWS((NUM_VECTORS + SIZE - 1) / SIZE), .ROWS_WIDTH(ROWS_WIDTH)) disable_sweep (
        .aclk(aclk), .aresetn(aresetn), .start(disabling), .sweeping(disable_sweeping), .row(disable_row)
    );

    // What was pending in a row is looked at in the cycle after it was cleared: its causes are known by then.
    reg                  found_valid;
    reg [SIZE-1:0]       found;
    reg [ROWS_WIDTH-1:0] found_row;
    wire [SIZE-1:0]      cleared_bits;

    assign disable_busy = disabling || disable_sweeping || found_valid;
    assign clearing     = sweep || disable_sweeping;

    always @(posedge aclk) begin
        if (!aresetn)
            found_valid <= 1'b0;
        else
            found_valid <= disable_sweeping && !sweep;
    end

    always @(posedge aclk) begin
        found     <= cleared_bits;
        found_row <= clear_row;
    end

    // ------------------------------------------------------------------ masked and configured
    wire [VECTOR_WIDTH-1:0] look = peek ? peek_vector : command_vector;
    wire [ROWS_WIDTH-1:0]   row;
    wire                    look_masked;
    wire                    look_configured;
    wire [SIZE-1:0]         row_masked;
    wire [SIZE-1:0]         row_configured;
    wire [ROWS_WIDTH-1:0]   next_row;
    wire [SIZE-1:0]         next_masked;
    wire [SIZE-1:0]         next_configured;

    virtio_bit_table #(
        .BITS(NUM_VECTORS), .INDEX_WIDTH(VECTOR_WIDTH), .ROW_LOG2(ROW_LOG2), .ROWS_WIDTH(ROWS_WIDTH), .READS(1),
        .ROW_READS(2)
    ) masked_table (
        .aclk(aclk), .sweep(sweep), .sweep_row(sweep_row),
        .write_enable(mask || unmask), .write_index(command_vector), .write_value(mask),
        .read_index(look), .read_value(look_masked), .row({next_row, row}), .row_value({next_masked, row_masked})
    );

    virtio_bit_table #(
        .BITS(NUM_VECTORS), .INDEX_WIDTH(VECTOR_WIDTH), .ROW_LOG2(ROW_LOG2), .ROWS_WIDTH(ROWS_WIDTH), .READS(1),
        .ROW_READS(2)
    ) configured_table (
        .aclk(aclk), .sweep(sweep), .sweep_row(sweep_row),
        .write_enable(configure), .write_index(command_vector), .write_value(usable),
        .read_index(look), .read_value(look_configured),
        .row({next_row, row}), .row_value({next_configured, row_configured})
    );

    // ------------------------------------------------------------------ pending
    wire            look_pending;

    virtio_pending_arbiter #(
        .REQUESTS(NUM_VECTORS), .INDEX_WIDTH(VECTOR_WIDTH), .ROW_LOG2(ROW_LOG2), .ROWS_WIDTH(ROWS_WIDTH), .BYPASS(1)
    ) pending (
        .aclk(aclk), .aresetn(aresetn), .sweep(clearing), .sweep_row(clear_row), .cleared_bits(cleared_bits),
        .set(pend), .set_index(pend_vector),
        .fill(1'b0), .fill_row({ROWS_WIDTH{1'b0}}), .fill_bits({SIZE{1'b0}}),
        .drop(1'b0), .look_index(look), .look_pending(look_pending),
        .row(row), .enable(row_configured & ~row_masked),
        .next_row(next_row), .next_enable(next_configured & ~next_masked),
        .wake(unmask || configure), .hide(mask || (configure && !usable)), .change_index(command_vector),
        .grant_valid(grant_valid), .grant(grant), .grant_ready(grant_ready)
    );

    // ------------------------------------------------------------------ causes of what is pending
    wire look_used;
    wire look_config;
    wire found_used;
    wire found_config;

    always @(posedge aclk) begin
        disabled_used   <= aresetn && found_valid && found_used;
        disabled_config <= aresetn && found_valid && found_config;
    end

    generate
        if (MSI_SHARING != 0) begin : any_cause
            // Meaningful only while the vector is pending; the first event overwrites what an earlier one left.
            // They are written in the cycle after the event; who looks in that cycle is told what is being written.
            wire            old_used;
            wire            old_config;
            wire            table_used;
            wire            table_config;
            wire [SIZE-1:0] row_used;
            wire [SIZE-1:0] row_config;

            reg                    late;
            reg [VECTOR_WIDTH-1:0] late_vector;
            reg                    late_used;
            reg                    late_config;

            always @(posedge aclk) begin
                late        <= pend && aresetn;
                late_vector <= pend_vector;
                late_used   <= pend_used;
                late_config <= pend_config;
            end

            // It was not pending: what its causes say is of before. While nothing is swept, found is the event's row.
            wire late_first = !found[late_vector[ROW_LOG2-1:0]];
            wire now_used   = late_used || (old_used && !late_first);
            wire now_config = late_config || (old_config && !late_first);

            wire late_looked = late && (late_vector == peek_vector);

            virtio_bit_table #(
                .BITS(NUM_VECTORS), .INDEX_WIDTH(VECTOR_WIDTH), .ROW_LOG2(ROW_LOG2), .ROWS_WIDTH(ROWS_WIDTH), .READS(2)
            ) cause_used (
                .aclk(aclk), .sweep(sweep), .sweep_row(sweep_row),
                .write_enable(late), .write_index(late_vector), .write_value(now_used),
                .read_index({peek_vector, late_vector}), .read_value({table_used, old_used}),
                .row(found_row), .row_value(row_used)
            );

            virtio_bit_table #(
                .BITS(NUM_VECTORS), .INDEX_WIDTH(VECTOR_WIDTH), .ROW_LOG2(ROW_LOG2), .ROWS_WIDTH(ROWS_WIDTH), .READS(2)
            ) cause_config (
                .aclk(aclk), .sweep(sweep), .sweep_row(sweep_row),
                .write_enable(late), .write_index(late_vector), .write_value(now_config),
                .read_index({peek_vector, late_vector}), .read_value({table_config, old_config}),
                .row(found_row), .row_value(row_config)
            );

            assign look_used       = late_looked ? now_used : table_used;
            assign look_config     = late_looked ? now_config : table_config;
            assign found_used      = ((found & row_used) != {SIZE{1'b0}});
            assign found_config    = ((found & row_config) != {SIZE{1'b0}});
        end else begin : fixed_cause
            wire unused = &{1'b0, pend_used, pend_config};
            wire row_0  = (found_row == {ROWS_WIDTH{1'b0}});

            // Causes are looked at only to move them, and without sharing nothing moves.
            assign look_used       = 1'b0;
            assign look_config     = 1'b0;
            assign found_used      = (|found[SIZE-1:1]) || (found[0] && !row_0);
            assign found_config    = found[0] && row_0;
        end
    endgenerate

    // ------------------------------------------------------------------ what the commands look at
    always @(posedge aclk) begin
        peeked_used   <= look_pending && look_used;
        peeked_config <= look_pending && look_config;
        if (!peek) begin
            state_masked     <= look_masked;
            state_pending    <= look_pending;
            state_configured <= look_configured;
        end
    end

endmodule

`default_nettype wire
