// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_vq_chunks_formal: a chunk leaves once, in order, as it came; with fill from the second cycle on in which its slot is
// dead, and without fill if it came without and its slot was never dead meanwhile. One chunk, any, is marked.
`default_nettype none

module virtio_vq_chunks_formal (
    input wire       aclk,
    input wire       aresetn,
    input wire [2:0] dead,
    input wire       in_valid,
    input wire [1:0] in_slot,
    input wire       in_fill,
    input wire [1:0] in_data,
    input wire       out_ready,
    input wire       mark                        // the chunk that is accepted now is the marked one
);

    wire       in_ready, out_valid, out_fill;
    wire [1:0] out_slot, out_data;

    virtio_vq_chunks #(.WIDTH(2), .SLOTS(3), .SLOT_WIDTH(2)) dut (
        .aclk(aclk), .aresetn(aresetn), .dead(dead),
        .in_valid(in_valid), .in_ready(in_ready), .in_slot(in_slot), .in_fill(in_fill), .in_data(in_data),
        .out_valid(out_valid), .out_ready(out_ready), .out_slot(out_slot), .out_fill(out_fill), .out_data(out_data)
    );

    reg started = 1'b0;
    always @(posedge aclk) started <= 1'b1;
    always @* if (!started) reset_first: assume (!aresetn);

    always @* a_slot: assume (in_slot != 2'd3);

    `define KEPT(name, condition) always @* name: assume (!aresetn || (condition));
    `include "virtio_vq_chunks_use.vh"
    `undef KEPT

    wire       accept = in_valid && in_ready;
    wire       out    = out_valid && out_ready;
    wire       now    = accept && mark && !marked;
    reg        marked, waits, m_fill, m_dead;    // m_dead: its slot was dead while it was inside
    reg [1:0]  inside, ahead, m_slot, m_data;
    reg [2:0]  past_dead;
    wire       its    = waits && ahead == 2'd0;

    always @(posedge aclk) begin
        past_dead <= dead;
        if (!aresetn) begin
            inside <= 2'd0;
            marked <= 1'b0;
            waits  <= 1'b0;
        end else begin
            inside <= inside + {1'b0, accept} - {1'b0, out};
            marked <= marked || now;
            waits  <= now || (waits && !(its && out));
        end
        ahead  <= (now ? inside : ahead) - {1'b0, out};
        m_dead <= !now && (m_dead || dead[m_slot]);
        if (now) begin
            m_slot <= in_slot;
            m_data <= in_data;
            m_fill <= in_fill;
        end
    end

    always @* if (started) begin
        p13_there:  assert (out_valid == (inside != 2'd0) && inside <= 2'd2);
        p13_same:   assert (!its || (out_slot == m_slot && out_data == m_data));
        p13_filled: assert (!its || out_fill == (m_fill || m_dead));
        p8_dead:    assert (!its || !past_dead[m_slot] || out_fill);
        c_killed:   cover (its && out && out_fill && !m_fill && inside == 2'd2);
    end

endmodule

`default_nettype wire
