// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_axil_register_port_formal: every write that the bus hands over reaches the registers exactly once, in order, with its
// own address, data and strobes; every read likewise, and its data comes back in order; responses are counted, held
// until taken, and none comes before the access that it answers.
//
// The access number n, any, is followed; numbers are counted modulo 8, more than the port holds at once.
`default_nettype none

module virtio_axil_register_port_formal (
    input wire        aclk,
    input wire        aresetn,
    input wire [8:0]  s_axil_awaddr,
    input wire        s_axil_awvalid,
    input wire [31:0] s_axil_wdata,
    input wire [3:0]  s_axil_wstrb,
    input wire        s_axil_wvalid,
    input wire        s_axil_bready,
    input wire [8:0]  s_axil_araddr,
    input wire        s_axil_arvalid,
    input wire        s_axil_rready,
    input wire        aw_control, aw_command, aw_config, ar_control, ar_config,
    input wire [2:0]  starts_busy,
    input wire [5:0]  busy,
    input wire [31:0] read_data
);

    wire        s_axil_awready, s_axil_wready, s_axil_bvalid, s_axil_arready, s_axil_rvalid;
    wire [1:0]  s_axil_bresp, s_axil_rresp;
    wire [31:0] s_axil_rdata, write_data;
    wire        write_enable, write_control, write_command, write_config, write_whole, write_small, read_enable, read_control, read_config;
    wire [8:0]  write_address, read_address;
    wire [3:0]  write_strobe;

    virtio_axil_register_port #(.ADDR_WIDTH(9)) dut (
        .aclk(aclk), .aresetn(aresetn),
        .s_axil_awaddr(s_axil_awaddr), .s_axil_awprot(3'd0), .s_axil_awvalid(s_axil_awvalid), .s_axil_awready(s_axil_awready),
        .s_axil_wdata(s_axil_wdata), .s_axil_wstrb(s_axil_wstrb), .s_axil_wvalid(s_axil_wvalid), .s_axil_wready(s_axil_wready),
        .s_axil_bresp(s_axil_bresp), .s_axil_bvalid(s_axil_bvalid), .s_axil_bready(s_axil_bready),
        .s_axil_araddr(s_axil_araddr), .s_axil_arprot(3'd0), .s_axil_arvalid(s_axil_arvalid), .s_axil_arready(s_axil_arready),
        .s_axil_rdata(s_axil_rdata), .s_axil_rresp(s_axil_rresp), .s_axil_rvalid(s_axil_rvalid), .s_axil_rready(s_axil_rready),
        .aw_control(aw_control), .aw_command(aw_command), .aw_config(aw_config), .ar_control(ar_control), .ar_config(ar_config),
        .write_enable(write_enable), .write_control(write_control), .write_command(write_command), .write_config(write_config), .write_whole(write_whole),
        .write_small(write_small), .write_address(write_address), .write_data(write_data), .write_strobe(write_strobe),
        .starts_busy(starts_busy), .busy(busy), .read_enable(read_enable), .read_address(read_address), .read_control(read_control),
        .read_config(read_config), .read_data(read_data)
    );

    (* hierconn *) wire        \dut.aw_buffer.out_valid ;
    (* hierconn *) wire        \dut.aw_buffer.spare_valid ;
    (* hierconn *) wire [11:0] \dut.aw_buffer.out_data ;
    (* hierconn *) wire [11:0] \dut.aw_buffer.spare ;
    (* hierconn *) wire        \dut.w_buffer.out_valid ;
    (* hierconn *) wire        \dut.w_buffer.spare_valid ;
    (* hierconn *) wire [37:0] \dut.w_buffer.out_data ;
    (* hierconn *) wire [37:0] \dut.w_buffer.spare ;
    (* hierconn *) wire        \dut.ar_buffer.out_valid ;
    (* hierconn *) wire        \dut.ar_buffer.spare_valid ;
    (* hierconn *) wire [10:0] \dut.ar_buffer.out_data ;
    (* hierconn *) wire [10:0] \dut.ar_buffer.spare ;
    (* hierconn *) wire        \dut.answering ;
    (* hierconn *) wire [2:0]  \dut.answers ;
    (* hierconn *) wire [2:0]  \dut.writes ;
    (* hierconn *) wire        \dut.reading ;
    (* hierconn *) wire [2:0]  \dut.reads ;
    (* hierconn *) wire        \dut.read_waits ;
    (* hierconn *) wire [2:0]  \dut.r_fifo.head ;
    (* hierconn *) wire [2:0]  \dut.r_fifo.tail ;
    (* hierconn *) wire        \dut.r_fifo.in_ready ;
    (* hierconn *) wire [31:0] \dut.r_fifo.store[0] ;
    (* hierconn *) wire [31:0] \dut.r_fifo.store[1] ;
    (* hierconn *) wire [31:0] \dut.r_fifo.store[2] ;
    (* hierconn *) wire [31:0] \dut.r_fifo.store[3] ;

    reg started = 1'b0;
    always @(posedge aclk) started <= 1'b1;
    always @* if (!started) reset_first: assume (!aresetn);

    // busy rises only because of a write that says so, or a reset; link_busy in the endpoint's proofs.
    reg may_be_busy;
    always @(posedge aclk) may_be_busy <= !aresetn || busy != 6'd0 || (write_enable && starts_busy != 3'd0);
    always @* if (started) busy_is_started: assume (busy == 6'd0 || may_be_busy);

    // ------------------------------------------------------------------ numbers of the next access at each point
    reg [2:0] at_aw, at_w, at_write, at_b, at_ar, at_read, at_data, at_r;

    wire take_aw = s_axil_awvalid && s_axil_awready;
    wire take_w  = s_axil_wvalid && s_axil_wready;
    wire take_b  = s_axil_bvalid && s_axil_bready;
    wire take_ar = s_axil_arvalid && s_axil_arready;
    wire take_r  = s_axil_rvalid && s_axil_rready;

    always @(posedge aclk) begin
        if (!aresetn) {at_aw, at_w, at_write, at_b, at_ar, at_read, at_data, at_r} <= 24'd0;
        else begin
            at_aw    <= at_aw + {2'd0, take_aw};
            at_w     <= at_w + {2'd0, take_w};
            at_write <= at_write + {2'd0, write_enable};
            at_b     <= at_b + {2'd0, take_b};
            at_ar    <= at_ar + {2'd0, take_ar};
            at_read  <= at_read + {2'd0, read_enable};
            at_data  <= at_read;
            at_r     <= at_r + {2'd0, take_r};
        end
    end

    // ------------------------------------------------------------------ access n
    (* anyconst *) wire [2:0] n;

    reg [11:0] its_aw;
    reg [10:0] its_ar;
    reg [37:0] its_w;
    reg [31:0] its_data;
    always @(posedge aclk) begin
        if (take_aw && at_aw == n) its_aw <= {aw_config, aw_command, aw_control, s_axil_awaddr};
        if (take_w && at_w == n)   its_w  <= {&s_axil_wstrb && s_axil_wdata < 32'd8, &s_axil_wstrb, s_axil_wstrb, s_axil_wdata};
        if (take_ar && at_ar == n) its_ar <= {ar_config, ar_control, s_axil_araddr};
        if (\dut.reading && at_data == n) its_data <= read_data;
    end

    wire [2:0]  kept_aw  = at_aw - at_write;
    wire [2:0]  kept_w   = at_w - at_write;
    wire [2:0]  kept_ar  = at_ar - at_read;
    wire [2:0]  place_w  = n - at_write;         // how far from its turn
    wire [2:0]  place_ar = n - at_read;
    wire [2:0]  kept_r   = \dut.r_fifo.tail - \dut.r_fifo.head ;
    wire [2:0]  place_r  = n - at_r;
    wire [1:0]  slot     = \dut.r_fifo.head [1:0] + place_r[1:0];
    wire [31:0] slot_data = (slot == 2'd0) ? \dut.r_fifo.store[0] : (slot == 2'd1) ? \dut.r_fifo.store[1] :
                            (slot == 2'd2) ? \dut.r_fifo.store[2] : \dut.r_fifo.store[3] ;

    reg past_reset, held_b, held_r, waited, read_waited;
    reg [31:0] past_rdata;
    always @(posedge aclk) begin
        past_reset <= !aresetn;
        held_b     <= aresetn && s_axil_bvalid && !s_axil_bready;
        held_r     <= aresetn && s_axil_rvalid && !s_axil_rready;
        past_rdata <= s_axil_rdata;
        read_waited <= aresetn && \dut.read_waits ;
        waited     <= aresetn && write_enable && write_config && !read_enable;
    end

    always @* if (started) begin
        u1_write_is_n: assert (!(write_enable && at_write == n) ||
                               ({write_config, write_command, write_control, write_address} == its_aw &&
                                {write_small, write_whole, write_strobe, write_data} == its_w));
        u1_read_is_n:  assert (!(read_enable && at_read == n) || {read_config, read_control, read_address} == its_ar);
        u1_data_is_n:  assert (!(s_axil_rvalid && at_r == n) || s_axil_rdata == its_data);
        u1_write_has_both: assert (!write_enable || (kept_aw != 3'd0 && kept_w != 3'd0));
        u1_not_busy:   assert (!write_enable || busy == 6'd0);
        u1_b_after:    assert (!s_axil_bvalid || at_b != at_write);
        u1_r_after:    assert (!s_axil_rvalid || at_r != at_read);
        u1_b_held:     assert (!held_b || s_axil_bvalid);
        u1_r_held:     assert (!held_r || (s_axil_rvalid && s_axil_rdata == past_rdata));
        u1_okay:       assert (s_axil_bresp == 2'd0 && s_axil_rresp == 2'd0);
        u1_reset:      assert (!past_reset || !(s_axil_bvalid || s_axil_rvalid));
        u1_shared:     assert (!(write_enable && write_config && read_enable && read_config));
        u1_turns:      assert (!read_waited || !write_enable);

        link_aw:       assert (kept_aw == {2'd0, \dut.aw_buffer.out_valid } + {2'd0, \dut.aw_buffer.spare_valid });
        link_w:        assert (kept_w == {2'd0, \dut.w_buffer.out_valid } + {2'd0, \dut.w_buffer.spare_valid });
        link_ar:       assert (kept_ar == {2'd0, \dut.ar_buffer.out_valid } + {2'd0, \dut.ar_buffer.spare_valid });
        link_spare:    assert (!(\dut.aw_buffer.spare_valid && (s_axil_awready || !\dut.aw_buffer.out_valid )) &&
                               !(\dut.w_buffer.spare_valid && (s_axil_wready || !\dut.w_buffer.out_valid )) &&
                               !(\dut.ar_buffer.spare_valid && (s_axil_arready || !\dut.ar_buffer.out_valid )));
        link_aw_out:   assert (!(place_w < kept_aw) || (place_w == 3'd0 ? \dut.aw_buffer.out_data : \dut.aw_buffer.spare ) == its_aw);
        link_w_out:    assert (!(place_w < kept_w) || (place_w == 3'd0 ? \dut.w_buffer.out_data : \dut.w_buffer.spare ) == its_w);
        link_ar_out:   assert (!(place_ar < kept_ar) || (place_ar == 3'd0 ? \dut.ar_buffer.out_data : \dut.ar_buffer.spare ) == its_ar);
        link_enable:   assert (!write_enable || (\dut.aw_buffer.out_valid && \dut.w_buffer.out_valid && !\dut.writes [2]));
        link_writes:   assert (\dut.writes == at_write - at_b && \dut.writes <= 3'd4 &&
                               \dut.writes == \dut.answers + {2'd0, \dut.answering });
        link_reads:    assert (\dut.reads == at_read - at_r && \dut.reads <= 3'd4 && \dut.reads == kept_r + {2'd0, \dut.reading });
        link_room:     assert (\dut.r_fifo.in_ready == (kept_r != 3'd4));
        link_data:     assert (!\dut.reading || at_data + 3'd1 == at_read);
        link_r_slot:   assert (!(place_r < kept_r) || slot_data == its_data);

        c_write_stream: cover (write_enable && waited && \dut.writes == 3'd2);
        c_read_full:    cover (\dut.reads == 3'd4 && kept_r == 3'd4 && \dut.ar_buffer.spare_valid );
        c_read_waits:   cover (read_waited && read_enable && \dut.aw_buffer.out_valid && \dut.w_buffer.out_valid );
    end

endmodule

`default_nettype wire
