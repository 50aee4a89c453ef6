// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// Records what happens at the endpoint's ports, so that monitors can read it later, many cycles at a time.
//
// An entry has 64 bits: kind 5, cycles since the entry before 11, payload 48; the kinds are below, and in tb/cocotbext/virtio/fast/kinds.py.
// Entries lie in a ring of 16 banks of 32, the last four also in `recent`, behind the number of all of them. `full` changes
// when `tail`, up to where they have been read, is 384 behind: this happens in time, for one cycle makes few of them.
//
// It also keeps the rules that a monitor which wakes in every cycle could keep: see `wrong`.
`default_nettype none

module recorder #(
    parameter ADDR_WIDTH = 12
) (
    input  wire                  clk,
    input  wire                  resetn,

    input  wire [7:0]            session,      // 0: record nothing; another number begins anew, with TIME
    input  wire [31:0]           tail,
    input  wire [31:0]           prompt,       // one bit a kind: change `noticed` when there is such an entry
    input  wire [15:0]           event_limit,  // cycles that an event may wait
    input  wire [15:0]           bus_limit,    // cycles without progress of the register bus
    output reg                   full,
    output reg                   noticed,
    output reg  [31:0]           cycle,        // rising edges of clk so far
    output reg  [31:0]           head,         // entries recorded
    output reg  [287:0]          recent,       // {head, the oldest of four, ..., the newest}

    input  wire [ADDR_WIDTH-1:0] s_axil_awaddr,
    input  wire                  s_axil_awvalid,
    input  wire                  s_axil_awready,
    input  wire [31:0]           s_axil_wdata,
    input  wire [3:0]            s_axil_wstrb,
    input  wire                  s_axil_wvalid,
    input  wire                  s_axil_wready,
    input  wire [1:0]            s_axil_bresp,
    input  wire                  s_axil_bvalid,
    input  wire                  s_axil_bready,
    input  wire [ADDR_WIDTH-1:0] s_axil_araddr,
    input  wire                  s_axil_arvalid,
    input  wire                  s_axil_arready,
    input  wire [31:0]           s_axil_rdata,
    input  wire [1:0]            s_axil_rresp,
    input  wire                  s_axil_rvalid,
    input  wire                  s_axil_rready,
    input  wire [63:0]           m_axil_awaddr,
    input  wire [2:0]            m_axil_awprot,
    input  wire                  m_axil_awvalid,
    input  wire                  m_axil_awready,
    input  wire [31:0]           m_axil_wdata,
    input  wire [3:0]            m_axil_wstrb,
    input  wire                  m_axil_wvalid,
    input  wire                  m_axil_wready,
    input  wire [1:0]            m_axil_bresp,
    input  wire                  m_axil_bvalid,
    input  wire                  m_axil_bready,
    input  wire                  irq,
    input  wire                  event_valid,
    input  wire                  event_ready,
    input  wire [15:0]           event_index,
    input  wire                  notify_valid,
    input  wire                  notify_ready,
    input  wire [15:0]           notify_queue,
    input  wire [31:0]           notify_data,
    input  wire                  queue_ready,
    input  wire [15:0]           queue_num,
    input  wire [63:0]           queue_desc,
    input  wire [63:0]           queue_driver,
    input  wire [63:0]           queue_device,
    input  wire                  config_en,
    input  wire [3:0]            config_we,
    input  wire [11:0]           config_addr,
    input  wire [31:0]           config_wdata,
    input  wire [31:0]           config_rdata,
    input  wire [31:0]           config_generation,
    input  wire [63:0]           driver_features,
    input  wire [7:0]            device_status,
    input  wire                  device_reset,
    input  wire                  needs_reset,
    input  wire                  msi_error_valid,
    input  wire [15:0]           msi_error_vector
);

    localparam [4:0] TIME = 0;           // the cycle, 32 bits: the distance of the next entry counts from it
    localparam WRITE = 1;                // AW and W taken together, all strobes: data 32, address 16
    localparam AW = 2;                   // taken: address 32
    localparam W = 3;                    // taken: data 32, strobe 4
    localparam B = 4;                    // presented: code 2, taken 1
    localparam B_TAKEN = 5;              // in a later cycle
    localparam AR = 6;                   // taken: address 32
    localparam R = 7;                    // presented: data 32, code 2, taken 1
    localparam R_TAKEN = 8;              // in a later cycle
    localparam EVENT = 9;                // taken: index 16
    localparam KICK = 10;                // taken: data 32, queue 16
    localparam MESSAGE_HIGH = 11;        // upper half of the address of this and the next messages: 32
    localparam MESSAGE_W = 12;           // presented: data 32, taken 1
    localparam MESSAGE_AW = 13;          // presented: lower half of the address 32, taken 1
    localparam MESSAGE_TAKEN = 14;       // in a later cycle: AW 1, W 1
    localparam MESSAGE_B = 15;           // taken: code 2
    localparam LINE = 16;                // irq changed: level 1
    localparam STATUS = 17;              // device_status changed: 8
    localparam FEATURES_LOW = 18;        // driver_features changed: 32
    localparam FEATURES_HIGH = 19;       // 32; FEATURES_LOW follows
    localparam DEVICE_RESET = 20;        // a cycle of device_reset
    localparam FAULT = 21;               // a cycle of msi_error_valid: vector 16
    localparam HARD_RESET = 22;          // first cycle of aresetn low
    localparam NEEDS_RESET = 23;         // needs_reset changed: level 1
    localparam GENERATION = 24;          // config_generation changed, or the first value: 32
    localparam CONFIG_WRITE = 25;        // data 32, address 12, strobe 4
    localparam CONFIG_READ = 26;         // one cycle late: data 32, address 12
    localparam KICK_OFFERED = 27;        // presented, and not taken in the same cycle
    localparam WRONG = 28;               // a rule is broken: which 8, where 8, bits 32; see tb/cocotbext/virtio/fast/violations.py

    reg [2047:0] bank [0:15];
    reg [31:0]   last;
    reg          reset_seen, line, level, read_pending;
    reg [7:0]    status, session_seen;
    reg [63:0]   features;
    reg [31:0]   generation, high;
    reg [11:0]   read_address;
    reg          generation_known, hurry, overdue;
    reg          aw_ahead, w_ahead;      // taken, and the other not yet
    reg [7:0]    writes_open, reads_open;
    reg [15:0]   write_waits, read_waits;
    reg [1:0]    since_reset;
    reg [31:0]   unknown, unknown_before;

    integer n;

    initial begin
        head = 0; last = 0; cycle = 0; full = 0; noticed = 0; session_seen = 0; reset_seen = 0; hurry = 0; overdue = 0;
        line = 0; level = 0; read_pending = 0; status = 0; features = 0; generation = 0; high = 0; read_address = 0;
        generation_known = 0; aw_ahead = 0; w_ahead = 0; writes_open = 0; reads_open = 0; write_waits = 0; read_waits = 0;
        since_reset = 0; unknown = 0; unknown_before = 0; recent = 0;
        for (n = 0; n < 16; n = n + 1) bank[n] = 0;
    end

    // ------------------------------------------------------------------ the channels
    wire aw_fresh, aw_taken, w_fresh, w_taken, b_fresh, b_taken, ar_fresh, ar_taken, r_fresh, r_taken;
    wire maw_fresh, maw_taken, mw_fresh, mw_taken, mb_fresh, mb_taken, event_fresh, event_taken, kick_fresh, kick_taken;
    wire [4:0] aw_wrong, w_wrong, b_wrong, ar_wrong, r_wrong, maw_wrong, mw_wrong, mb_wrong, event_wrong, kick_wrong;

    channel_watch #(ADDR_WIDTH) aw_watch (clk, resetn, s_axil_awvalid, s_axil_awready, s_axil_awaddr, 16'd0,
                                          aw_fresh, aw_taken, aw_wrong);
    channel_watch #(36) w_watch (clk, resetn, s_axil_wvalid, s_axil_wready, {s_axil_wstrb, s_axil_wdata}, 16'd0,
                                 w_fresh, w_taken, w_wrong);
    channel_watch #(2) b_watch (clk, resetn, s_axil_bvalid, s_axil_bready, s_axil_bresp, 16'd0, b_fresh, b_taken, b_wrong);
    channel_watch #(ADDR_WIDTH) ar_watch (clk, resetn, s_axil_arvalid, s_axil_arready, s_axil_araddr, 16'd0,
                                          ar_fresh, ar_taken, ar_wrong);
    channel_watch #(34) r_watch (clk, resetn, s_axil_rvalid, s_axil_rready, {s_axil_rresp, s_axil_rdata}, 16'd0,
                                 r_fresh, r_taken, r_wrong);
    channel_watch #(67) maw_watch (clk, resetn, m_axil_awvalid, m_axil_awready, {m_axil_awprot, m_axil_awaddr}, 16'd0,
                                   maw_fresh, maw_taken, maw_wrong);
    channel_watch #(36) mw_watch (clk, resetn, m_axil_wvalid, m_axil_wready, {m_axil_wstrb, m_axil_wdata}, 16'd0,
                                  mw_fresh, mw_taken, mw_wrong);
    channel_watch #(2) mb_watch (clk, resetn, m_axil_bvalid, m_axil_bready, m_axil_bresp, 16'd0, mb_fresh, mb_taken, mb_wrong);
    channel_watch #(16) event_watch (clk, resetn, event_valid, event_ready, event_index, event_limit,
                                     event_fresh, event_taken, event_wrong);
    channel_watch #(48) kick_watch (clk, resetn, notify_valid, notify_ready, {notify_queue, notify_data}, 16'd0,
                                    kick_fresh, kick_taken, kick_wrong);

    wire [49:0] wrong = {kick_wrong, event_wrong, mb_wrong, mw_wrong, maw_wrong, r_wrong, ar_wrong, b_wrong, w_wrong, aw_wrong};

    // ------------------------------------------------------------------ entries
    task put(input [4:0] kind, input [47:0] payload);
        begin
            if (cycle - last > 2047) begin
                push({16'd0, cycle, 11'd0, TIME});
                last = cycle;
            end
            push({payload, cycle[10:0] - last[10:0], kind});
            last = cycle;
            if (prompt[kind]) hurry = 1;
        end
    endtask

    // An unknown bit is recorded as 0, so that an entry can be read; the rule about unknown outputs tells of it.
    function [63:0] known(input [63:0] entry);
        integer i;
        for (i = 0; i < 64; i = i + 1) known[i] = entry[i] === 1'b1;
    endfunction

    task push(input [63:0] entry);
        reg [63:0] word;
        begin
            word   = ^entry === 1'bx ? known(entry) : entry;
            bank[head[8:5]][{head[4:0], 6'd0} +: 64] = word;
            head   = head + 1;
            recent = {head, recent[191:0], word};
        end
    endtask

    // Of one direction of the register bus: 1 when it has owed a handshake or a response for too long.
    wire write_owed = !s_axil_bvalid && (writes_open != 0 || s_axil_awvalid && s_axil_wvalid && !aw_taken && !w_taken);
    wire read_owed  = !s_axil_rvalid && (reads_open != 0 || s_axil_arvalid && !ar_taken);

    wire [31:0] outputs_unknown = {
        6'd0,
        s_axil_awready === 1'bx, s_axil_wready === 1'bx, s_axil_bvalid === 1'bx, ^s_axil_bresp === 1'bx,
        s_axil_arready === 1'bx, s_axil_rvalid === 1'bx, ^{s_axil_rresp, s_axil_rdata} === 1'bx,
        m_axil_awvalid === 1'bx, ^{m_axil_awaddr, m_axil_awprot} === 1'bx, m_axil_wvalid === 1'bx,
        ^{m_axil_wdata, m_axil_wstrb} === 1'bx, m_axil_bready === 1'bx, irq === 1'bx, event_ready === 1'bx,
        notify_valid === 1'bx, ^{notify_queue, notify_data} === 1'bx,
        ^{queue_ready, queue_num} === 1'bx, ^queue_desc === 1'bx, ^queue_driver === 1'bx, ^queue_device === 1'bx,
        config_en === 1'bx, ^{config_we, config_addr, config_wdata} === 1'bx,
        ^driver_features === 1'bx, ^device_status === 1'bx, device_reset === 1'bx, ^{msi_error_valid, msi_error_vector} === 1'bx
    };
    // Nothing to record, nothing that a rule counts: an interpreting simulator saves half of the recorder's time by it.
    wire idle = {s_axil_awvalid, s_axil_wvalid, s_axil_bvalid, s_axil_arvalid, s_axil_rvalid, m_axil_awvalid, m_axil_wvalid,
                 m_axil_bvalid, event_valid, notify_valid, device_reset, msi_error_valid, config_en, read_pending} === 14'd0
                && device_status === status && driver_features === features && writes_open == 0 && reads_open == 0
                && wrong == 0 && outputs_unknown == 0 && unknown == 0 && since_reset == 3;

    wire [31:0] write_address = s_axil_awaddr;

    always @(posedge clk) begin
        cycle = cycle + 1;
        hurry = 0;
        if (session != session_seen) begin
            push({16'd0, cycle, 11'd0, TIME});
            last             = cycle;
            reset_seen       = 0;
            generation_known = 0;
            high             = 0;
            line             = irq === 1'b1;     // a test before may have left it high: no news
            level            = 0;
        end
        session_seen = session;
        if (session != 0 && !resetn) begin
            if (!reset_seen) put(HARD_RESET, 0);
            aw_ahead = 0; w_ahead = 0; writes_open = 0; reads_open = 0; read_pending = 0;
        end
        if (session != 0 && resetn && !idle) begin
            // Register bus.
            if (aw_taken && w_taken && !aw_ahead && !w_ahead && s_axil_wstrb == 4'hF && write_address[31:16] == 0)
                put(WRITE, {write_address[15:0], s_axil_wdata});
            else begin
                if (aw_taken) put(AW, s_axil_awaddr);
                if (w_taken)  put(W, {s_axil_wstrb, s_axil_wdata});
                if (aw_taken && !w_taken) begin if (w_ahead) w_ahead = 0; else aw_ahead = 1; end
                if (w_taken && !aw_taken) begin if (aw_ahead) aw_ahead = 0; else w_ahead = 1; end
            end
            if (b_fresh)      put(B, {b_taken, s_axil_bresp});
            else if (b_taken) put(B_TAKEN, 0);
            if (ar_taken)     put(AR, s_axil_araddr);
            if (r_fresh)      put(R, {r_taken, s_axil_rresp, s_axil_rdata});
            else if (r_taken) put(R_TAKEN, 0);
            // Message bus: data first, so that a message is complete when its address shows.
            if (mw_fresh) put(MESSAGE_W, {mw_taken, m_axil_wdata});
            if (maw_fresh) begin
                if (m_axil_awaddr[63:32] != high) put(MESSAGE_HIGH, m_axil_awaddr[63:32]);
                high = m_axil_awaddr[63:32];
                put(MESSAGE_AW, {maw_taken, m_axil_awaddr[31:0]});
            end
            if (maw_taken && !maw_fresh || mw_taken && !mw_fresh)
                put(MESSAGE_TAKEN, {mw_taken && !mw_fresh, maw_taken && !maw_fresh});
            if (mb_taken) put(MESSAGE_B, m_axil_bresp);
            // Device side.
            if (event_taken) put(EVENT, event_index);
            if (kick_taken)  put(KICK, {notify_queue, notify_data});
            else if (kick_fresh) put(KICK_OFFERED, 0);
            if (device_reset)    put(DEVICE_RESET, 0);
            if (msi_error_valid) put(FAULT, msi_error_vector);
            if (device_status != status) put(STATUS, device_status);
            if (driver_features != features) begin
                put(FEATURES_HIGH, driver_features[63:32]);
                put(FEATURES_LOW, driver_features[31:0]);
            end
            if (read_pending) put(CONFIG_READ, {read_address, config_rdata});
            if (config_en && config_we != 0) put(CONFIG_WRITE, {config_we, config_addr, config_wdata});
            read_pending = config_en && config_we == 0;
            read_address = config_addr;
            // Rules.
            if (wrong != 0) begin
                if (wrong[31:0] != 0)  put(WRONG, {wrong[31:0], 8'd0, 8'd0});
                if (wrong[49:32] != 0) put(WRONG, {14'd0, wrong[49:32], 8'd0, 8'd1});
            end
            write_waits = write_owed && !aw_taken && !w_taken && !b_taken ? write_waits + 16'd1 : 16'd0;
            read_waits  = read_owed && !ar_taken && !r_taken ? read_waits + 16'd1 : 16'd0;
            if (bus_limit != 0 && write_waits > bus_limit) begin
                put(WRONG, {32'd0, 8'd0, 8'd2});
                write_waits = 0;
            end
            if (bus_limit != 0 && read_waits > bus_limit) begin
                put(WRONG, {32'd0, 8'd0, 8'd3});
                read_waits = 0;
            end
            // From the second cycle on no output is unknown. Only a simulator with four values can see one.
            unknown = since_reset < 2 ? 32'd0 : outputs_unknown;
            if (unknown != 0 && unknown != unknown_before) put(WRONG, {unknown, 8'd0, 8'd4});
            writes_open = writes_open + (s_axil_awvalid && s_axil_awready) - (s_axil_bvalid && s_axil_bready);
            reads_open  = reads_open + (s_axil_arvalid && s_axil_arready) - (s_axil_rvalid && s_axil_rready);
        end
        if (session != 0) begin
            // These are watched in a reset, too.
            if (irq !== 1'bx && irq != line) put(LINE, irq);
            if (irq !== 1'bx) line = irq;
            if (needs_reset != level) put(NEEDS_RESET, needs_reset);
            level = needs_reset;
            if (!generation_known || config_generation != generation) put(GENERATION, config_generation);
            generation       = config_generation;
            generation_known = 1;
        end
        reset_seen     = !resetn;
        status         = device_status;
        features       = driver_features;
        since_reset    = !resetn ? 0 : since_reset == 3 ? 3 : since_reset + 2'd1;
        unknown_before = unknown;
        if (hurry) noticed <= !noticed;
        if (head - tail < 384) overdue = 0;
        else if (!overdue) begin
            overdue = 1;
            full <= !full;
        end
    end

endmodule

`default_nettype wire
