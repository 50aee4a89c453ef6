    // Property 5, fairness and progress. Work-conserving: while a vector may send and the bus can take a message, one is
    // taken in every cycle. Fair: between becoming able to send and being served, v is overtaken less than V times. Both
    // together: with a fair bus, v's message is taken within NUM_VECTORS messages.
    wire [VSIZE-1:0] behind  = \dut.vector_state.pending.flat.holder.behind ;
    wire [VSIZE-1:0] exist   = {VSIZE{1'b1}} >> (VSIZE - NUM_VECTORS);
    wire             waits   = pending[v] && v_may_send && !disable_1 && !disable_2 && !sweeping && !resetting;
    wire             bus_can = (!m_axil_awvalid || m_axil_awready) && (!m_axil_wvalid || m_axil_wready) && owed_answers != 5'd16;

    reg [3:0] overtaken;

    always @(posedge aclk) begin
        if (!aresetn || !waits || v_sent) overtaken <= 4'd0;
        else if (send)                    overtaken <= overtaken + 4'd1;
    end

    // How often v can still be overtaken: by those between the last one served and v.
    wire [VSIZE-1:0] below_v = (ONE_VECTOR << v) - ONE_VECTOR;
    wire [VSIZE-1:0] before  = behind[v] ? (behind & below_v) : ((behind & exist) | below_v);

    function [3:0] count;
        input [VSIZE-1:0] bits;
        integer i;
        begin
            count = 4'd0;
            for (i = 0; i < VSIZE; i = i + 1) count = count + {3'd0, bits[i]};
        end
    endfunction

    // Who was served while v waits, and so cannot be served again before v: V vectors, V messages (rule 5).
    reg [VSIZE-1:0] served;

    always @(posedge aclk) begin
        if (!aresetn || !waits || v_sent) served <= {VSIZE{1'b0}};
        else                              served <= served | used_up;
    end

    always @* if (started) begin
        p5_once:       assert (!waits || (served & used_up) == {VSIZE{1'b0}});
        p5_before:     assert (!waits || (served & before) == {VSIZE{1'b0}});
        p5_not_served: assert (!served[v]);
        p5_behind:     assert (!behind[0] && ((behind << 1) & ~behind) == {VSIZE{1'b0}});
        p5_progress:   assert (!waits || !bus_can || send);
        p5_rank:       assert (overtaken == 4'd0 || {28'd0, overtaken} + {28'd0, count(before)} < VECTORS);
        p5_fair:       assert ({28'd0, overtaken} < VECTORS);
    end

    generate if (NUM_VECTORS > 1) begin : most
`ifdef COVER_DEEP
        always @* if (started) c5_overtaken_most: cover ({28'd0, overtaken} == VECTORS - 32'd1 && v_sent);
`endif
    end endgenerate
