// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
    // Property 3, mask guarantee. No message of a masked vector is taken for sending; what is taken is presented one
    // cycle later. MASK is in force in the cycle after its write, and its response is seen two cycles after it, so
    // nothing is first presented once the driver may know the answer.
    reg presented_v;                             // a message of v is first presented in this cycle
    reg masked_1;                                // MASK of v was written one cycle ago or more, with no UNMASK since
    reg fresh_mask;                              // written exactly one cycle ago

    always @(posedge aclk) begin
        presented_v <= aresetn && v_sent;
        masked_1    <= aresetn && v_masked && !forget;
        fresh_mask  <= aresetn && command && write_data == `VIRTIO_MSI_CMD_MASK && to_v;
    end

    always @* if (started) begin
        p3_not_taken:       assert (!v_sent || (v_masked == 1'b0));
        p3_not_presented:   assert (!presented_v || !masked_1);
        p3_answer_is_later: assert (!fresh_mask || \dut.register_port.answering );
        p3_no_early_answer: assert ({1'b0, \dut.register_port.answers } + {3'd0, \dut.register_port.answering } ==
                                    {1'b0, \dut.register_port.writes });
    end

    reg [1:0] story;                             // masked while pending, then unmasked, then sent
    always @(posedge aclk) begin
        if (forget) story <= 2'd0;
        else if (story == 2'd0 && v_masked && pending[v] && enabled && driver_ok && v_configured) story <= 2'd1;
        else if (story == 2'd1 && !v_masked) story <= 2'd2;
        else if (story == 2'd2 && presented_v) story <= 2'd3;
    end
    always @* if (started) begin
        c3_unmask_sends: cover (story == 2'd3);
        c3_mask_while_taken: cover (fresh_mask && presented_v);
    end
