// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
    // A1  the first cycle is a reset; later resets come at any time, for any number of cycles.
    reg started = 1'b0;

    always @(posedge aclk) started <= 1'b1;
    always @* if (!started) a1_first_reset: assume (!aresetn);

    // A2  the message bus answers only a write whose address and data it has taken.
    reg [4:0] open_aw;
    reg [4:0] open_w;

    always @(posedge aclk) begin
        if (!aresetn) begin
            open_aw <= 5'd0;
            open_w  <= 5'd0;
        end else begin
            open_aw <= open_aw + {4'd0, m_axil_awvalid && m_axil_awready} - {4'd0, m_axil_bvalid && m_axil_bready};
            open_w  <= open_w + {4'd0, m_axil_wvalid && m_axil_wready} - {4'd0, m_axil_bvalid && m_axil_bready};
        end
    end

    always @* if (m_axil_bvalid) a2_answer_of_a_write: assume (started && open_aw != 5'd0 && open_w != 5'd0);
