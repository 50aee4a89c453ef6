    // For covers alone (COVER defined): the driver starts with the usual set-up, so that the interesting part comes
    // within few steps. Afterwards it is free. No proof uses this.
`ifdef COVER
    localparam SCRIPT = 14;

    reg [3:0]  line = 4'd0;
    reg [39:0] access;                           // offset, data

    always @* begin
        case (line)
            4'd0:    access = {`REG_DRIVER_FEATURES_SEL, 32'd1};
            4'd1:    access = {`REG_DRIVER_FEATURES, 32'h101};
            4'd2:    access = {`REG_STATUS, 32'h0b};
            4'd3:    access = {`REG_QUEUE_NUM, 32'd8};
            4'd4:    access = {`REG_QUEUE_READY, 32'd1};
            4'd5:    access = {`REG_MSI_ADDR_LOW, 32'h1000};
            4'd6:    access = {`REG_MSI_DATA, 32'h55};
            4'd7:    access = {`REG_MSI_CMD, `MSI_CMD_CONFIGURE};
            4'd8:    access = {`REG_MSI_VEC_SEL, 32'd1};
            4'd9:    access = {`REG_MSI_CMD, `MSI_CMD_CONFIGURE};
            4'd10:   access = {`REG_MSI_CMD, (MSI_SHARING != 0) ? `MSI_CMD_MAP_QUEUE : `MSI_CMD_UNMASK};
            4'd11:   access = {`REG_MSI_CMD, (MSI_SHARING != 0) ? `MSI_CMD_MAP_CONFIG : `MSI_CMD_UNMASK};
            4'd12:   access = {`REG_MSI_VEC_SEL, 32'd0};
            default: access = {`REG_STATUS, 32'h0f};
        endcase
    end

    wire scripted = (line != SCRIPT);

    always @(posedge aclk) if (scripted && s_axil_awvalid && s_axil_awready) line <= line + 4'd1;

    always @* begin
        cover_no_reset: assume (aresetn == started);
        if (scripted) begin
            cover_both:    assume (s_axil_awvalid == s_axil_awready && s_axil_wvalid == s_axil_awready && s_axil_awready == s_axil_wready);
            cover_access:  assume (s_axil_awaddr == {1'b0, access[39:32]} && s_axil_wdata == access[31:0] && s_axil_wstrb == 4'hf);
            cover_bready:  assume (s_axil_bready && !s_axil_arvalid);
            cover_events:  assume (!event_valid && !needs_reset);
        end
    end
`endif
