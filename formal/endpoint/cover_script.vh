// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
    // For covers alone (COVER defined): the driver begins with a usual set-up, so that the interesting part comes within few
    // steps. Afterwards it is free. No proof uses this. Without ARMED the driver is left with MSI off and two vectors; with
    // it with MSI on, all vectors and queues (up to three and two), and vector 1 masked.
`ifdef COVER
    localparam SHARED = (MSI_SHARING != 0);
    localparam SCRIPT = ARMED ? 23 : 14;

    reg [4:0]  line = 5'd0;
    reg [39:0] access;                           // offset, data

    localparam [39:0] NOTHING = {`VIRTIO_REG_MSI_DATA, 32'h55};

    always @* begin
        case (line)
            5'd0:    access = {`VIRTIO_REG_DRIVER_FEATURES_SEL, 32'd1};
            5'd1:    access = {`VIRTIO_REG_DRIVER_FEATURES, 32'h101};
            5'd2:    access = {`VIRTIO_REG_STATUS, 32'h0b};
            5'd3:    access = {`VIRTIO_REG_QUEUE_NUM, 32'd8};
            5'd4:    access = {`VIRTIO_REG_QUEUE_READY, 32'd1};
            5'd5:    access = {`VIRTIO_REG_MSI_ADDR_LOW, 32'h1000};
            5'd6:    access = {`VIRTIO_REG_MSI_DATA, 32'h55};
            5'd7:    access = {`VIRTIO_REG_MSI_CMD, `VIRTIO_MSI_CMD_CONFIGURE};
            5'd8:    access = (SHARED && ARMED) ? {`VIRTIO_REG_MSI_CMD, `VIRTIO_MSI_CMD_MAP_CONFIG} : NOTHING;
            5'd9:    access = {`VIRTIO_REG_MSI_VEC_SEL, 32'd1};
            5'd10:   access = {`VIRTIO_REG_MSI_CMD, `VIRTIO_MSI_CMD_CONFIGURE};
            5'd11:   access = SHARED ? {`VIRTIO_REG_MSI_CMD, `VIRTIO_MSI_CMD_MAP_QUEUE} : NOTHING;
            5'd12:   access = ARMED ? {`VIRTIO_REG_MSI_CMD, `VIRTIO_MSI_CMD_MASK} :
                              SHARED ? {`VIRTIO_REG_MSI_CMD, `VIRTIO_MSI_CMD_MAP_CONFIG} : NOTHING;
            5'd13:   access = ARMED ? {`VIRTIO_REG_QUEUE_SEL, 32'd1} : {`VIRTIO_REG_STATUS, 32'h0f};
            5'd14:   access = {`VIRTIO_REG_QUEUE_NUM, 32'd8};
            5'd15:   access = {`VIRTIO_REG_QUEUE_READY, 32'd1};
            5'd16:   access = {`VIRTIO_REG_MSI_VEC_SEL, 32'd2};
            5'd17:   access = {`VIRTIO_REG_MSI_CMD, `VIRTIO_MSI_CMD_CONFIGURE};
            5'd18:   access = SHARED ? {`VIRTIO_REG_MSI_CMD, `VIRTIO_MSI_CMD_MAP_QUEUE} : NOTHING;
            5'd19:   access = {`VIRTIO_REG_MSI_VEC_SEL, 32'd1};
            5'd20:   access = {`VIRTIO_REG_MSI_CMD, `VIRTIO_MSI_CMD_ENABLE};
            5'd21:   access = NOTHING;
            default: access = {`VIRTIO_REG_STATUS, 32'h0f};
        endcase
    end

    wire scripted = (line != SCRIPT);

    always @(posedge aclk) if (scripted && s_axil_awvalid && s_axil_awready)
        line <= (NUM_QUEUES == 1 && line == 5'd12 && ARMED) ? 5'd19 : line + 5'd1;   // one queue: no second one

    always @* begin
        cover_no_reset: assume (aresetn == started);
        cover_words:    assume (s_axil_wstrb == 4'hf && m_axil_bresp == 2'b00 && {16'd0, event_index} <= QUEUES);
        cover_idle:     assume (device_idle && queue_stop_done && !needs_reset && notify_ready && queue_index == 16'd0 &&
                                config_rdata == 32'd0 && config_generation == 32'd0);
        if (scripted) begin
            cover_both:    assume (s_axil_awvalid == s_axil_awready && s_axil_wvalid == s_axil_awready && s_axil_awready == s_axil_wready);
            cover_access:  assume (s_axil_awaddr == {1'b0, access[39:32]} && s_axil_wdata == access[31:0]);
            cover_bready:  assume (s_axil_bready && !s_axil_arvalid);
            cover_events:  assume (!event_valid);
        end
    end
`endif
