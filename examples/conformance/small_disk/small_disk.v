// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
//
// small_disk: a virtio-mmio disk of 16 sectors, one request at a time, one memory access at a time. It is what the
// conformance suite is tested with: right with fault 0, and with one fault of the numbers in faults.toml otherwise.
// +fault=number of the simulation chooses the fault; without it, the parameter does.
//
// Rings: split, with INDIRECT_DESC and EVENT_IDX. A chain may have 32 descriptors. Memory: single beats of 64 bits.
//
// In one cycle: a used buffer and InterruptACK -> the used buffer wins. A kick and the end of a search -> the kick stays.
// Status = 0 and QueueReady = 0 are answered when the access in flight is.
`default_nettype none

module small_disk #(
    parameter FAULT = 0
) (
    input  wire        aclk,
    input  wire        aresetn,

    input  wire [11:0] s_axil_awaddr,
    input  wire        s_axil_awvalid,
    output wire        s_axil_awready,
    input  wire [31:0] s_axil_wdata,
    input  wire [3:0]  s_axil_wstrb,
    input  wire        s_axil_wvalid,
    output wire        s_axil_wready,
    output wire [1:0]  s_axil_bresp,
    output reg         s_axil_bvalid,
    input  wire        s_axil_bready,
    input  wire [11:0] s_axil_araddr,
    input  wire        s_axil_arvalid,
    output wire        s_axil_arready,
    output wire [31:0] s_axil_rdata,
    output wire [1:0]  s_axil_rresp,
    output reg         s_axil_rvalid,
    input  wire        s_axil_rready,

    output wire        irq,

    output wire [63:0] m_axi_awaddr,
    output wire [7:0]  m_axi_awlen,
    output wire [2:0]  m_axi_awsize,
    output wire [1:0]  m_axi_awburst,
    output wire        m_axi_awvalid,
    input  wire        m_axi_awready,
    output wire [63:0] m_axi_wdata,
    output wire [7:0]  m_axi_wstrb,
    output wire        m_axi_wlast,
    output wire        m_axi_wvalid,
    input  wire        m_axi_wready,
    input  wire [1:0]  m_axi_bresp,
    input  wire        m_axi_bvalid,
    output wire        m_axi_bready,
    output wire [63:0] m_axi_araddr,
    output wire [7:0]  m_axi_arlen,
    output wire [2:0]  m_axi_arsize,
    output wire [1:0]  m_axi_arburst,
    output reg         m_axi_arvalid,
    input  wire        m_axi_arready,
    input  wire [63:0] m_axi_rdata,
    input  wire [1:0]  m_axi_rresp,
    input  wire        m_axi_rlast,
    input  wire        m_axi_rvalid,
    output wire        m_axi_rready
);

    localparam SECTORS = 16;
    localparam [15:0] NUM_MAX = 16'd16;

    // The fault is chosen when a simulation begins, so that one build serves all of them.
    integer fault;
    initial if (!$value$plusargs("fault=%d", fault)) fault = FAULT;

    // VERSION_1; INDIRECT_DESC, EVENT_IDX; FLUSH
    wire [63:0] offered = (fault == 2) ? 64'h0000_0000_3000_0200
                        : (fault == 4) ? 64'h0000_2001_3000_0200 : 64'h0000_0001_3000_0200;

    // ---------------------------------------------------------------- registers

    reg [7:0]  status;
    reg [31:0] features_sel, driver_sel, queue_sel;
    reg [63:0] driver_features;
    reg        high_features;                      // something beyond bit 63 was accepted
    reg [15:0] queue_num;
    reg        queue_ready;
    reg [63:0] table_at, driver_at, device_at;
    reg [1:0]  pending;                            // InterruptStatus
    reg        needs_reset;
    reg        kick, kick_seen;
    reg [31:0] generation;
    reg        stopping;                           // engine must come to rest
    reg        stop_resets;                        // for Status = 0, not for QueueReady = 0

    wire        at_rest;
    wire        raise_used, raise_config;
    wire        fail;
    wire [63:0] features = driver_features;
    wire        event_idx = features[29];
    wire        there = (fault == 12) || (queue_sel == 32'd0);

    // Writes: address and data are kept until both are there.
    reg         have_address, have_data;
    reg  [11:0] write_address;
    reg  [31:0] write_data;
    reg  [3:0]  write_strobes;
    reg         answer_when_at_rest;
    wire        write_now = have_address && have_data && !s_axil_bvalid && !answer_when_at_rest;

    assign s_axil_awready = !have_address;
    assign s_axil_wready  = !have_data;
    assign s_axil_bresp   = 2'd0;
    assign s_axil_rresp   = 2'd0;
    assign s_axil_arready = !s_axil_rvalid && !(fault == 49 && s_axil_araddr == 12'h04c);

    wire [7:0] seen_status = status | (needs_reset ? 8'h40 : 8'h00);
    reg [31:0] read_data;
    reg [31:0] read_value;
    reg [11:0] read_address;
    assign s_axil_rdata = (fault == 38) ? read_value : read_data;

    wire [11:0] look = (fault == 38) ? s_axil_araddr : s_axil_arvalid ? s_axil_araddr : read_address;
    always @* begin
        read_value = 32'd0;
        case ({look[11:2], 2'b00})
            12'h000: read_value = (fault == 48) ? 32'h7472_6967 : 32'h7472_6976;
            12'h004: read_value = (fault == 1) ? 32'd1 : 32'd2;
            12'h008: read_value = 32'd2;
            12'h00c: read_value = 32'h4D53_494F;
            12'h010: read_value = (features_sel == 32'd0) ? offered[31:0]
                                : (features_sel == 32'd1 || fault == 3) ? offered[63:32] : 32'd0;
            12'h034: read_value = there ? {16'd0, NUM_MAX} : 32'd0;
            12'h044: read_value = {31'd0, there && queue_ready && fault != 13};
            12'h060: read_value = {30'd0, pending};
            12'h070: read_value = {24'd0, seen_status};
            12'h0b0, 12'h0b4, 12'h0b8, 12'h0bc: read_value = (fault == 42) ? 32'd0 : 32'hFFFF_FFFF;
            12'h0fc: read_value = generation;
            12'h100: read_value = (fault == 33 && look[1:0] != 2'd0) ? 32'hFFFF_FFFF : (fault == 34) ? 32'd512 * SECTORS : SECTORS;
            default: read_value = (fault == 50 && look[11:8] == 4'd0) ? 32'hxxxx_xxxx : 32'd0;
        endcase
    end

    assign irq = (pending != 2'd0);

    wire [31:0] kept = offered[63:32];
    wire        acceptable = (fault == 5) || ((driver_features & ~offered) == 64'd0 && driver_features[32] && !high_features);

    always @(posedge aclk) begin
        if (fault == 41)
            generation <= generation + 32'd1;
        if (s_axil_awvalid && s_axil_awready) begin
            have_address  <= 1'b1;
            write_address <= s_axil_awaddr;
        end
        if ((s_axil_wvalid || (fault == 37 && s_axil_awvalid)) && s_axil_wready) begin
            have_data     <= 1'b1;
            write_data    <= s_axil_wdata;
            write_strobes <= s_axil_wstrb;
        end
        if (s_axil_bvalid && s_axil_bready)
            s_axil_bvalid <= 1'b0;
        if (s_axil_rvalid && s_axil_rready)
            s_axil_rvalid <= 1'b0;
        if (s_axil_arvalid && s_axil_arready) begin
            s_axil_rvalid <= 1'b1;
            read_address  <= s_axil_araddr;
            read_data     <= read_value;
            if (fault == 26 && s_axil_araddr == 12'h060)
                pending <= 2'd0;
        end
        if (write_now) begin
            have_address  <= 1'b0;
            have_data     <= 1'b0;
            s_axil_bvalid <= 1'b1;
            if (write_strobes == 4'hF)
                case (write_address)
                    12'h014: features_sel <= write_data;
                    12'h020: begin
                        if (!status[3]) begin
                            if (driver_sel == 32'd0)
                                driver_features[31:0] <= write_data;
                            else if (driver_sel == 32'd1)
                                driver_features[63:32] <= write_data;
                            else if (write_data != 32'd0)
                                high_features <= 1'b1;
                        end
                    end
                    12'h024: driver_sel <= write_data;
                    12'h030: queue_sel  <= write_data;
                    12'h038: if (there && !queue_ready) queue_num <= write_data[15:0];
                    12'h044: if (there) begin
                        if (write_data == 32'd0) begin
                            queue_ready <= 1'b0;
                            if (fault != 14) begin
                                s_axil_bvalid       <= 1'b0;
                                answer_when_at_rest <= 1'b1;
                                stopping            <= 1'b1;
                                stop_resets         <= 1'b0;
                            end
                        end else if (queue_num != 16'd0 && queue_num <= NUM_MAX && (queue_num & (queue_num - 16'd1)) == 16'd0)
                            queue_ready <= 1'b1;
                        else
                            needs_reset <= 1'b1;
                    end
                    12'h050: if (write_data == 32'd0 && queue_ready) begin
                        kick_seen <= 1'b1;
                        if ((status[2] || fault == 10) && !(fault == 51 && kick_seen))
                            kick <= 1'b1;
                    end
                    12'h064: begin
                        if (fault == 25)
                            pending <= 2'd0;
                        else
                            pending <= pending & ~write_data[1:0];
                    end
                    12'h070: begin
                        if (write_data == 32'd0) begin
                            if (fault == 9) begin
                                status <= 8'd0;
                                stopping <= 1'b1;
                                stop_resets <= 1'b1;
                            end else begin
                                s_axil_bvalid       <= 1'b0;
                                answer_when_at_rest <= 1'b1;
                                stopping            <= 1'b1;
                                stop_resets         <= 1'b1;
                            end
                        end else begin
                            if (fault == 44)
                                status <= write_data[7:0] & 8'hBE;
                            else
                                status <= {write_data[7], 3'd0, write_data[3] && acceptable, write_data[2:0]};
                            if (write_data[2] && !status[2] && queue_ready && fault != 11 && fault != 51)
                                kick <= 1'b1;
                        end
                    end
                    12'h080: if (there && !queue_ready) table_at[31:0]   <= write_data;
                    12'h084: if (there && !queue_ready) table_at[63:32]  <= (fault == 29) ? 32'd0 : write_data;
                    12'h090: if (there && !queue_ready) driver_at[31:0]  <= write_data;
                    12'h094: if (there && !queue_ready) driver_at[63:32] <= (fault == 29) ? 32'd0 : write_data;
                    12'h0a0: if (there && !queue_ready) device_at[31:0]  <= write_data;
                    12'h0a4: if (there && !queue_ready) device_at[63:32] <= (fault == 29) ? 32'd0 : write_data;
                    default: ;
                endcase
        end
        if (raise_used && !(fault == 24 && write_now && write_address == 12'h064))
            pending[0] <= 1'b1;
        if (raise_config)
            pending[1] <= 1'b1;
        if (fail) begin
            needs_reset <= 1'b1;
            if (status[2])
                pending[1] <= 1'b1;
        end
        if (take_kick)
            kick_seen <= 1'b0;
        if (take_kick)
            kick <= (write_now && write_address == 12'h050);
        if (stopping && at_rest) begin
            stopping            <= 1'b0;
            answer_when_at_rest <= 1'b0;
            if (answer_when_at_rest)
                s_axil_bvalid <= 1'b1;
            kick <= 1'b0;
            kick_seen <= 1'b0;
            if (stop_resets) begin
                status          <= 8'd0;
                driver_features <= 64'd0;
                high_features   <= 1'b0;
                needs_reset     <= 1'b0;
                if (fault != 6)
                    queue_ready <= 1'b0;
                if (fault != 7)
                    pending <= 2'd0;
            end
        end
        if (!aresetn) begin
            status <= 8'd0;
            features_sel <= 32'd0;
            driver_sel <= 32'd0;
            queue_sel <= 32'd0;
            driver_features <= 64'd0;
            high_features <= 1'b0;
            queue_num <= 16'd0;
            queue_ready <= 1'b0;
            pending <= 2'd0;
            needs_reset <= 1'b0;
            kick <= 1'b0;
            kick_seen <= 1'b0;
            generation <= 32'd0;
            stopping <= 1'b0;
            stop_resets <= 1'b0;
            have_address <= 1'b0;
            have_data <= 1'b0;
            answer_when_at_rest <= 1'b0;
            s_axil_bvalid <= 1'b0;
            s_axil_rvalid <= 1'b0;
        end
    end

    // ---------------------------------------------------------------- engine

    localparam [5:0] IDLE = 0, LOOK = 1, LOOKED = 2, ENTRY = 3, TAKE = 4, WALK = 5, WALK_1 = 6, WALK_2 = 7, HEADER = 8, COMMAND = 9,
                     OUT_DATA = 10, IN_DATA = 11, SEEK = 12, PUT_STATUS = 13, ELEMENT = 14, ELEMENT_2 = 15, INDEX = 16, WISH = 17,
                     WISHED = 18, SLEEP = 19, AGAIN = 20, READ = 21, READING = 22, WRITE = 23, WRITING = 24, GET = 25, GOT = 26,
                     PUT = 27, PUT_2 = 28, FLUSH = 29, DEAD = 30, NAME = 31, FLUSHED = 32, EARLY = 33, AGAIN_2 = 34, STUCK = 35, AGAIN_3 = 36, CLEAN = 37;

    reg [5:0]  state, back, byte_back, flush_back;
    reg [63:0] at;                                  // of the access
    reg [63:0] word;                                // what was read
    reg [63:0] write_word;
    reg [7:0]  write_lanes;
    reg        aw_out, w_out;
    reg [3:0]  unanswered;                          // writes, beyond the one that is waited for
    reg [15:0] taken, used;
    reg [15:0] available;
    reg [15:0] head, index, entries;
    reg [63:0] base;
    reg        in_table;
    reg [5:0]  parts, readable_parts;
    reg [63:0] part_at [0:31];
    reg [31:0] part_length [0:31];
    reg [31:0] room;                                // writable bytes
    reg [31:0] content;                             // readable bytes
    reg [5:0]  part;
    reg [31:0] offset;
    reg [31:0] done;
    reg [63:0] cached_at;
    reg        cached;
    reg [7:0]  one;
    reg [63:0] gathered_at;
    reg        gathered;
    reg [127:0] header;
    reg [31:0] kind;
    reg [63:0] sector;
    reg [7:0]  result;
    reg [31:0] written;
    reg [7:0]  disk [0:512*SECTORS-1];
    reg [15:0] early_entry;
    reg [2:0]  waited;
    reg [31:0] walked;
    reg        held;                                // the last chain, with fault 55

    wire        may_run   = ((status[2] || fault == 10) && !needs_reset && queue_ready) || fault == 14 && state != IDLE;
    wire        take_kick = (state == IDLE) && kick && may_run && !stopping;
    wire        quiet     = (state == IDLE) && unanswered == 4'd0;
    wire        halting   = stopping && fault != 9;
    assign at_rest = quiet || fault == 9;
    wire        failing;
    assign fail = failing;

    wire [63:0] used_slot  = (fault == 16) ? {60'd0, used[3:0]} : {48'd0, used & (queue_num - 16'd1)};
    wire [63:0] taken_slot = {48'd0, taken & (queue_num - 16'd1)};
    wire [15:0] half       = word >> {at[2:0], 3'd0};
    wire [63:0] here       = part_at[part[4:0]] + {32'd0, offset};
    wire [63:0] next_index = {48'd0, index};
    wire [31:0] length     = word[31:0];
    wire [15:0] flags      = word[47:32];
    wire [15:0] following  = word[63:48];
    wire        bad_sector = fault != 36 && (sector >= SECTORS || sector + {32'd0, (kind == 32'd1 ? content - 32'd16 : room - 32'd1) >> 9} > SECTORS);
    wire        bad_length = ((kind == 32'd1 ? content - 32'd16 : room - 32'd1) & 32'd511) != 32'd0;
    wire [15:0] wish       = half;
    wire        wanted     = event_idx ? (fault == 47 ? wish == used - 16'd1 && available == taken
                                                      : (used - wish - 16'd1) < 16'd1) : (!half[0] || fault == 18);
    wire        read_error  = m_axi_rvalid && m_axi_rready && m_axi_rresp != 2'd0;
    wire        write_error = m_axi_bvalid && m_axi_bresp != 2'd0;
    wire        too_long    = fault != 30 && (parts == 6'd32 || {10'd0, parts} >= (in_table ? 16'd32 : queue_num));
    wire        bad_jump    = (half - taken) > queue_num;
    reg         fail_now;

    assign failing = fail_now;
    assign raise_used = (state == WISHED && wanted) || (fault == 23 && state == ELEMENT)
                      || (fault == 27 && state == LOOKED && half == taken);
    assign raise_config = 1'b0;

    assign m_axi_araddr  = {at[63:3], 3'd0};
    assign m_axi_arlen   = 8'd0;
    assign m_axi_arsize  = 3'd3;
    assign m_axi_arburst = (fault == 52) ? 2'd0 : 2'd1;
    assign m_axi_awaddr  = {at[63:3], 3'd0};
    assign m_axi_awlen   = 8'd0;
    assign m_axi_awsize  = 3'd3;
    assign m_axi_awburst = 2'd1;
    assign m_axi_awvalid = aw_out && !(fault == 39 && waited == 3'd5);
    assign m_axi_wvalid  = w_out && !(fault == 40 && !m_axi_wready);
    assign m_axi_wdata   = write_word;
    assign m_axi_wstrb   = write_lanes;
    assign m_axi_wlast   = (fault != 53);
    assign m_axi_bready  = 1'b1;
    assign m_axi_rready  = 1'b1;

    integer byte_number;
    initial
        for (byte_number = 0; byte_number < 512 * SECTORS; byte_number = byte_number + 1)
            disk[byte_number] = 8'd0;

    // What it does next: an access to `at`, then `back`.
    task read_from;
        input [63:0] address;
        input [5:0]  then_state;
        begin
            at    <= address;
            back  <= then_state;
            state <= READ;
        end
    endtask

    task write_to;
        input [63:0] address;
        input [31:0] value;
        input [7:0]  lanes;
        input [5:0]  then_state;
        begin
            at          <= address;
            write_word  <= {32'd0, value} << {address[2:0], 3'd0};
            write_lanes <= lanes << address[2:0];
            back        <= then_state;
            state       <= WRITE;
        end
    endtask

    always @(posedge aclk) begin
        fail_now <= 1'b0;
        waited   <= aw_out && !m_axi_awready ? waited + 3'd1 : 3'd0;
        unanswered <= unanswered + {3'd0, fault == 20 && state == WRITING && !aw_out && !w_out}
                                 - {3'd0, fault == 20 && m_axi_bvalid};
        case (state)
            IDLE: begin
                cached   <= 1'b0;
                gathered <= 1'b0;
                if (stopping) begin
                    held <= 1'b0;
                    if (!(fault == 8 && stop_resets) && !(fault == 15 && !stop_resets)) begin
                        taken <= 16'd0;
                        used  <= 16'd0;
                    end
                end else if (take_kick)
                    state <= LOOK;
            end
            LOOK:
                if (fault == 21)
                    read_from(driver_at + 64'd4 + (taken_slot << 1), EARLY);
                else
                    read_from(driver_at + 64'd2, LOOKED);
            EARLY: begin
                early_entry <= half;
                read_from(driver_at + 64'd2, LOOKED);
            end
            LOOKED: begin
                available <= half;
                if (half == taken)
                    state <= event_idx && fault != 17 ? SLEEP : IDLE;
                else if (bad_jump) begin
                    fail_now <= 1'b1;
                    state    <= DEAD;
                end else
                    state <= (fault == 21) ? TAKE : ENTRY;
            end
            ENTRY: read_from(driver_at + 64'd4 + (taken_slot << 1), TAKE);
            TAKE: begin
                head           <= (fault == 21) ? early_entry : half;
                index          <= (fault == 21) ? early_entry : half;
                base           <= table_at;
                entries        <= queue_num;
                in_table       <= 1'b0;
                parts          <= 6'd0;
                readable_parts <= 6'd0;
                room           <= 32'd0;
                content        <= 32'd0;
                cached         <= 1'b0;
                walked         <= 32'd0;
                state          <= WALK;
                if (fault == 55 && queue_num == 16'd4 && held && half == head) begin
                    parts          <= parts;
                    readable_parts <= readable_parts;
                    room           <= room;
                    content        <= content;
                    part           <= 6'd0;
                    offset         <= 32'd0;
                    done           <= 32'd0;
                    state          <= HEADER;
                end
            end
            WALK:
                if (index >= entries || too_long) begin
                    fail_now <= 1'b1;
                    state    <= DEAD;
                end else
                    read_from(base + (next_index << 4), WALK_1);
            WALK_1: begin
                part_at[parts[4:0]] <= (fault == 29) ? {32'd0, word[31:0]} : word;
                header[63:0]        <= word;
                read_from(base + (next_index << 4) + 64'd8, WALK_2);
            end
            WALK_2:
                if (flags[2]) begin
                    if (!features[28] || in_table || flags[0] || length[3:0] != 4'd0 || length == 32'd0) begin
                        fail_now <= 1'b1;
                        state    <= DEAD;
                    end else begin
                        base     <= header[63:0];
                        entries  <= (length[31:4] > 28'd65535) ? 16'd65535 : length[19:4];
                        in_table <= 1'b1;
                        index    <= 16'd0;
                        state    <= (fault == 45 && flags[1]) ? DEAD : WALK;
                    end
                end else begin
                    part_length[parts[4:0]] <= length;
                    if (flags[1])
                        room <= room + length;
                    else begin
                        content        <= content + length;
                        readable_parts <= parts + 6'd1;
                    end
                    parts <= (fault == 30) ? {1'b0, parts[4:0] + 5'd1} : parts + 6'd1;
                    index <= following;
                    if (!flags[1] && room != 32'd0) begin
                        fail_now <= 1'b1;
                        state    <= DEAD;
                    end else if (fault == 46 && length == 32'd0)
                        state <= STUCK;
                    else if (flags[0])
                        state <= WALK;
                    else begin
                        part   <= 6'd0;
                        offset <= 32'd0;
                        done   <= 32'd0;
                        held   <= 1'b1;
                        state  <= HEADER;
                    end
                end
            HEADER:
                if (content < 32'd16) begin
                    result  <= 8'd1;
                    written <= 32'd0;
                    state   <= SEEK;
                    part    <= readable_parts;
                    offset  <= 32'd0;
                    done    <= 32'd0;
                end else if (done == 32'd16) begin
                    kind   <= header[31:0];
                    sector <= header[127:64];
                    done   <= 32'd0;
                    state  <= COMMAND;
                end else begin
                    byte_back <= HEADER;
                    state     <= GET;
                end
            COMMAND: begin
                written <= 32'd0;
                result  <= 8'd0;
                done    <= 32'd0;
                if (kind == 32'd1) begin
                    if (bad_sector || bad_length) begin
                        result <= 8'd1;
                        state  <= SEEK;
                    end else
                        state <= OUT_DATA;
                end else if (kind == 32'd0) begin
                    if (room == 32'd0 || bad_sector || bad_length) begin
                        result <= 8'd1;
                        state  <= SEEK;
                    end else
                        state <= IN_DATA;
                end else if (kind == 32'd8)
                    state <= (room == 32'd0) ? SEEK : NAME;
                else begin
                    result <= (kind == 32'd4 || fault == 35) ? 8'd0 : 8'd2;
                    state  <= SEEK;
                end
                if (kind != 32'd1 || bad_sector || bad_length) begin
                    part   <= readable_parts;
                    offset <= 32'd0;
                end
            end
            OUT_DATA:
                if (done == content - 32'd16) begin
                    part   <= readable_parts;
                    offset <= 32'd0;
                    done   <= 32'd0;
                    state  <= SEEK;
                end else begin
                    byte_back <= OUT_DATA;
                    state     <= GET;
                end
            IN_DATA:
                if (done == room - 32'd1) begin
                    written <= done;
                    state   <= PUT_STATUS;
                end else begin
                    one       <= disk[(sector[3:0] << 9) + done[12:0]];
                    byte_back <= IN_DATA;
                    state     <= PUT;
                end
            NAME:
                if (done == room - 32'd1 || done == 32'd20) begin
                    written <= done;
                    state   <= (done == room - 32'd1) ? PUT_STATUS : SEEK;
                end else begin
                    one       <= (done < 32'd4) ? 8'h64 : 8'h00;
                    byte_back <= NAME;
                    state     <= PUT;
                end
            SEEK:                                   // the last writable byte
                if (room == 32'd0)
                    state <= ELEMENT;
                else if (done + part_length[part[4:0]] - offset > room - 32'd1) begin
                    offset <= offset + (room - 32'd1 - done);
                    done   <= room - 32'd1;
                    state  <= PUT_STATUS;
                end else begin
                    done   <= done + part_length[part[4:0]] - offset;
                    part   <= part + 6'd1;
                    offset <= 32'd0;
                end
            PUT_STATUS: begin
                one       <= result;
                byte_back <= FLUSHED;
                state     <= PUT;
            end
            FLUSHED: begin
                flush_back <= ELEMENT;
                state      <= FLUSH;
            end
            // One byte of the readable parts.
            GET:
                if (offset >= part_length[part[4:0]]) begin
                    part   <= part + 6'd1;
                    offset <= 32'd0;
                    if (fault == 17)
                        cached <= 1'b0;
                end else if (cached && cached_at == {here[63:3], 3'd0})
                    state <= GOT;
                else begin
                    cached    <= 1'b1;
                    cached_at <= {here[63:3], 3'd0};
                    read_from(here, GET);
                end
            GOT: begin
                offset <= offset + 32'd1;
                done   <= done + 32'd1;
                state  <= byte_back;
                if (byte_back == HEADER)
                    header <= {word[{here[2:0], 3'd0} +: 8], header[127:8]};
                else
                    disk[(sector[3:0] << 9) + done[12:0]] <= word[{here[2:0], 3'd0} +: 8];
            end
            // One byte for the writable parts: gathered, until a byte of another word comes.
            PUT:
                if (offset >= part_length[part[4:0]]) begin
                    part   <= part + 6'd1;
                    offset <= 32'd0;
                end else if (gathered && gathered_at != {here[63:3], 3'd0}) begin
                    flush_back <= PUT;
                    state      <= FLUSH;
                end else
                    state <= PUT_2;
            PUT_2: begin
                gathered    <= 1'b1;
                gathered_at <= {here[63:3], 3'd0};
                if (!gathered)
                    write_lanes <= 8'd1 << here[2:0];
                else
                    write_lanes <= write_lanes | 8'd1 << here[2:0];
                write_word[{here[2:0], 3'd0} +: 8] <= one;
                if (fault == 28 && byte_back == FLUSHED && here[2:0] != 3'd7) begin
                    write_word[{here[2:0] + 3'd1, 3'd0} +: 8] <= one;
                    write_lanes <= (gathered ? write_lanes : 8'd0) | 8'd3 << here[2:0];
                end
                offset <= offset + 32'd1;
                done   <= done + 32'd1;
                state  <= byte_back;
            end
            FLUSH: begin
                gathered <= 1'b0;
                at       <= gathered_at;
                back     <= flush_back;
                state    <= gathered ? WRITE : flush_back;
            end
            // Completion.
            ELEMENT: write_to(device_at + 64'd4 + (used_slot << 3), {16'd0, head}, 8'h0F, ELEMENT_2);
            ELEMENT_2: write_to(device_at + 64'd8 + (used_slot << 3),
                                (room == 32'd0) ? 32'd0 : (fault == 43) ? written : (written == room - 32'd1) ? written + 32'd1 : 32'd0,
                                8'h0F, fault == 19 ? WISH : fault == 54 ? CLEAN : INDEX);
            CLEAN: write_to(table_at + {44'd0, head, 4'd8}, 32'd0, 8'h0F, INDEX);
            INDEX: begin
                used  <= used + 16'd1;
                taken <= taken + 16'd1;
                write_to(device_at + 64'd2, {16'd0, used + 16'd1}, 8'h03, fault == 19 ? AGAIN_2 : WISH);
            end
            WISH: begin
                if (fault == 19)
                    read_from(event_idx ? driver_at + 64'd4 + ({48'd0, queue_num} << 1) : driver_at, INDEX);
                else
                    read_from(event_idx ? driver_at + 64'd4 + ({48'd0, queue_num} << 1) : driver_at, WISHED);
            end
            AGAIN_2: begin                          // the wish as it was read before the index was written
                state <= WISHED;
                at    <= event_idx ? driver_at + 64'd4 + ({48'd0, queue_num} << 1) : driver_at;
            end
            WISHED: state <= LOOK;
            SLEEP: write_to(device_at + 64'd4 + ({48'd0, queue_num} << 3), {16'd0, taken}, 8'h03, fault == 22 ? IDLE : AGAIN);
            AGAIN: read_from(driver_at + 64'd2, AGAIN_3);
            AGAIN_3: state <= (half == taken) ? IDLE : LOOK;
            // One access.
            READ:
                if (halting)
                    state <= IDLE;
                else begin
                    m_axi_arvalid <= 1'b1;
                    state         <= READING;
                end
            READING: begin
                if (m_axi_arready)
                    m_axi_arvalid <= 1'b0;
                if (m_axi_rvalid) begin
                    word  <= m_axi_rdata;
                    state <= halting ? IDLE : back;
                    if (read_error) begin
                        fail_now <= 1'b1;
                        state    <= (fault == 32) ? STUCK : DEAD;
                    end
                end
            end
            WRITE:
                if (halting)
                    state <= IDLE;
                else begin
                    aw_out <= 1'b1;
                    w_out  <= 1'b1;
                    state  <= WRITING;
                end
            WRITING: begin
                if (m_axi_awready && m_axi_awvalid)
                    aw_out <= 1'b0;
                if (m_axi_wready && m_axi_wvalid)
                    w_out <= 1'b0;
                if (fault == 39 && waited == 3'd6)
                    aw_out <= 1'b1;
                if (fault == 20 ? !aw_out && !w_out : m_axi_bvalid) begin
                    state <= halting ? IDLE : back;
                    if (write_error && fault != 20) begin
                        fail_now <= 1'b1;
                        state    <= (fault == 32) ? STUCK : DEAD;
                    end
                end
            end
            DEAD: begin                             // until a reset
                if (stopping)
                    state <= IDLE;
            end
            default: ;                              // STUCK: for ever
        endcase
        if (halting && state != IDLE && state != READ && state != READING && state != WRITE && state != WRITING && state != STUCK)
            state <= IDLE;
        if (!aresetn) begin
            state         <= IDLE;
            m_axi_arvalid <= 1'b0;
            aw_out        <= 1'b0;
            w_out         <= 1'b0;
            fail_now      <= 1'b0;
            unanswered    <= 4'd0;
            taken         <= 16'd0;
            used          <= 16'd0;
            cached        <= 1'b0;
            gathered      <= 1'b0;
            waited        <= 3'd0;
            held          <= 1'b0;
        end
    end

    wire unused = &{1'b0, m_axi_rlast, kept, walked, available};
endmodule

`default_nettype wire
