// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_lfsr: a stand-in for a source of entropy, for simulation: a maximal-length shift register of 64 bits.
//
// NOT random: whoever sees a few words knows all that follow. A product needs a true source of entropy in its place.
//
//   Timing: a new word every cycle; a word that is not taken stays.
//
// In one cycle:
//   a word is taken and the next one is made -> both: there is one for every cycle
//
//   SEED  the first state, not 0
`default_nettype none

module virtio_lfsr #(
    parameter [63:0] SEED = 64'h9E37_79B9_7F4A_7C15
) (
    input  wire        aclk,
    input  wire        aresetn,

    output wire        random_valid,
    input  wire        random_ready,
    output wire [31:0] random_data
);

    reg [63:0] state;
    reg [63:0] next;

    // x^64 + x^63 + x^61 + x^60 + 1, 32 steps at once.
    integer i;
    always @* begin
        next = state;
        for (i = 0; i < 32; i = i + 1)
            next = {next[62:0], next[63] ^ next[62] ^ next[60] ^ next[59]};
    end

    always @(posedge aclk) begin
        if (!aresetn)
            state <= SEED;
        else if (random_ready)
            state <= next;
    end

    assign random_valid = 1'b1;
    assign random_data  = state[31:0];

endmodule

`default_nettype wire
