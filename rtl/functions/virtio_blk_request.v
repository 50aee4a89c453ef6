// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_blk_request: the readable half of the block device: takes buffers, reads headers, decides, commands the disk.
//
// The header and, if the readable bytes behind the header are whole sectors, those bytes are asked for at once with two
// read commands: neither waits for the other, and data begin at lane 0. So a write costs no memory latency more than a
// read. Requests are decided in the order in which they came; each leaves one record at exec_* that says how to answer.
//
//   request                                          answer
//   no writable byte                                 used with length 0
//   fewer than 16 readable bytes, or header unread   IOERR
//   IN, OUT: not whole sectors, beyond the capacity  IOERR, and the disk is not asked (DEV-5)
//   OUT while read_only                              IOERR, and the disk is not asked (DEV-6)
//   OUT, some data could not be read                 IOERR; the beats that failed have disk_wr_error
//   IN, OUT of no sectors                            OK, and the disk is not asked
//   unknown type                                     UNSUPP (DEV-5)
//
//   In one cycle                        who wins
//   capacity changes and a request      the request is checked against the old or the new capacity, never a mixture
//   reset and anything                  reset: all requests are forgotten
//
//   Timing: req -> read command 1 cycle; last beat of the header -> disk command 3 cycles, -> exec 4 cycles. Data of a
//   write pass through without a register.
//
//   DATA_WIDTH  bits of a beat: 64, 128 or 256
//   SLOTS       slots of the engine, 1..64
`default_nettype none

module virtio_blk_request #(
    parameter DATA_WIDTH = 64,
    parameter SLOTS      = 16
) (
    input  wire                  aclk,
    input  wire                  reset,

    input  wire [63:0]           capacity,               // sectors
    input  wire                  read_only,

    // Buffers and their readable bytes.
    input  wire                  req_valid,
    output wire                  req_ready,
    input  wire [5:0]            req_slot,
    input  wire [31:0]           req_readable,
    input  wire [31:0]           req_writable,
    output wire                  read_valid,
    input  wire                  read_ready,
    output wire [5:0]            read_slot,
    output wire [31:0]           read_offset,
    output wire [31:0]           read_length,
    input  wire                  rd_valid,
    output wire                  rd_ready,
    input  wire [DATA_WIDTH-1:0] rd_data,
    input  wire                  rd_last,
    input  wire                  rd_error,

    // The disk: commands and the data of writes.
    output wire                  disk_cmd_valid,
    input  wire                  disk_cmd_ready,
    output wire [1:0]            disk_cmd_op,            // 0 read, 1 write, 2 flush
    output wire [63:0]           disk_cmd_sector,
    output wire [31:0]           disk_cmd_count,         // sectors, not 0 for reads and writes
    output wire                  disk_wr_valid,
    input  wire                  disk_wr_ready,
    output wire [DATA_WIDTH-1:0] disk_wr_data,
    output wire                  disk_wr_last,
    output wire                  disk_wr_error,          // this beat could not be read: keep what the sector has

    // How to answer, in the order of the requests.
    output wire                  exec_valid,
    input  wire                  exec_ready,
    output wire [5:0]            exec_slot,
    output wire [2:0]            exec_kind,              // see virtio_blk_reply
    output wire [1:0]            exec_status,            // of STATUS; of RESULT: IOERR whatever the disk says, or OK
    output wire [31:0]           exec_writable           // bytes, the status among them
);

    localparam [31:0] HEADER = 32'd16;                   // bytes

    localparam [2:0] KIND_NONE = 3'd0, KIND_STATUS = 3'd1, KIND_RESULT = 3'd2, KIND_DATA = 3'd3, KIND_ID = 3'd4;
    localparam [1:0] STATUS_OK = 2'd0, STATUS_IOERR = 2'd1, STATUS_UNSUPP = 2'd2;
    localparam [1:0] OP_READ = 2'd0, OP_WRITE = 2'd1, OP_FLUSH = 2'd2;

    localparam [31:0] TYPE_IN = 32'd0, TYPE_OUT = 32'd1, TYPE_FLUSH = 32'd4, TYPE_GET_ID = 32'd8;

    // ------------------------------------------------------------------ buffers to read commands
    reg        hold_valid;
    reg        hold_data;                                // the header was asked for, now the data
    reg [5:0]  hold_slot;
    reg        skip;                                     // nothing is read
    reg        odd;                                      // not whole sectors behind the header
    reg        has_data;
    reg [22:0] data_sectors;                             // if not odd
    reg        hold_few;                                 // no more than one writable byte
    reg [31:0] hold_writable;

    wire        req_few    = (req_writable[31:1] == 31'd0);
    wire        req_skip   = (req_readable < HEADER) || (req_few && !req_writable[0]);
    wire        req_odd    = (req_readable[8:0] != HEADER[8:0]);

    wire        order_room;
    wire        last_command = skip || hold_data || !has_data;
    wire        leave        = hold_valid && last_command && order_room && (skip || read_ready);

    assign req_ready   = !hold_valid || leave;
    assign read_valid  = hold_valid && !skip && (!last_command || order_room);
    assign read_slot   = hold_slot;
    assign read_offset = hold_data ? HEADER : 32'd0;
    assign read_length = hold_data ? {data_sectors, 9'd0} : HEADER;

    always @(posedge aclk) begin
        if (reset) begin
            hold_valid <= 1'b0;
            hold_data  <= 1'b0;
        end else begin
            if (req_ready)
                hold_valid <= req_valid;
            if (leave)
                hold_data <= 1'b0;
            else if (read_valid && read_ready)
                hold_data <= 1'b1;
        end
    end

    always @(posedge aclk) begin
        if (req_ready) begin
            hold_slot     <= req_slot;
            skip          <= req_skip;
            odd           <= req_odd;
            has_data      <= !req_skip && !req_odd && (req_readable[31:9] != 23'd0);
            data_sectors  <= req_readable[31:9];
            hold_few      <= req_few;
            hold_writable <= req_writable;
        end
    end

    // ------------------------------------------------------------------ what was asked for, in order
    localparam LOG2 = (SLOTS > 2) ? $clog2(SLOTS) : 1;

    wire        order_valid;
    wire        order_skip;
    wire        order_odd;
    wire        order_has_data;
    wire [5:0]  order_slot;
    wire [22:0] order_sectors;                           // if not odd
    wire        order_few;
    wire [31:0] order_writable;
    wire        order_take;

    virtio_sync_fifo #(.WIDTH(65), .LOG2_DEPTH(LOG2)) order (
        .aclk(aclk), .aresetn(!reset),
        .in_valid(leave), .in_ready(order_room),
        .in_data({skip, odd, has_data, hold_slot, data_sectors, hold_few, hold_writable}),
        .out_valid(order_valid), .out_ready(order_take),
        .out_data({order_skip, order_odd, order_has_data, order_slot, order_sectors, order_few, order_writable})
    );

    // ------------------------------------------------------------------ headers to decisions
    localparam [2:0] IDLE = 3'd0, HEAD = 3'd1, RANGE = 3'd2, DECIDE = 3'd3, DATA = 3'd4, DRAIN = 3'd5, PUSH = 3'd6;

    reg [2:0]   state;
    reg         is_in;                                   // the header's type
    reg         is_out;
    reg         is_flush;
    reg         is_get_id;
    reg [63:0]  head_sector;
    reg         head_error;
    reg [63:0]  room_left;                               // sectors from the first wanted one to the end
    reg         beyond;                                  // the first sector is not there
    reg [22:0]  sectors;
    reg         moves;                                   // IN or OUT
    reg         refused;                                 // not whole sectors, or OUT while read_only
    reg         flush;
    reg         data_error;
    reg [2:0]   kind;
    reg [1:0]   status;

    // Of IN, in whole sectors with the status behind them, the writable bytes say how many sectors.
    wire [22:0] in_sectors  = order_writable[31:9];
    wire        in_odd      = (order_writable[8:0] != 9'd1);

    // What has to be known of the range is compared in RANGE, a cycle after the header is complete.
    wire        good        = !order_skip && !head_error;
    wire        too_long    = (room_left[63:23] == 41'd0) && (sectors > room_left[22:0]);
    wire        bad_range   = refused || beyond || too_long;
    wire        transfer    = moves && !bad_range && (sectors != 23'd0);
    wire        ask_disk    = (state == DECIDE) && (transfer || flush);

    assign disk_cmd_valid  = ask_disk;
    assign disk_cmd_op     = is_in ? OP_READ : is_out ? OP_WRITE : OP_FLUSH;
    assign disk_cmd_sector = head_sector;
    assign disk_cmd_count  = {9'd0, sectors};

    wire decided = (state == DECIDE) && (!ask_disk || disk_cmd_ready);

    assign rd_ready      = (state == HEAD) || (state == DRAIN) || ((state == DATA) && disk_wr_ready);
    assign disk_wr_valid = (state == DATA) && rd_valid;
    assign disk_wr_data  = rd_data;
    assign disk_wr_last  = rd_last;
    assign disk_wr_error = rd_error;

    wire beat = rd_valid && rd_ready;

    assign exec_valid    = (state == PUSH);
    assign exec_slot     = order_slot;
    assign exec_kind     = kind;
    assign exec_status   = {status[1], status[0] || data_error};
    assign exec_writable = order_writable;
    assign order_take    = (state == PUSH) && exec_ready;

    always @(posedge aclk) begin
        if (reset) begin
            state <= IDLE;
        end else begin
            case (state)
                IDLE:
                    if (order_valid)
                        state <= order_skip ? DECIDE : HEAD;
                HEAD:
                    if (beat && rd_last)
                        state <= RANGE;
                RANGE:
                    state <= DECIDE;
                DECIDE:
                    if (decided)
                        state <= !order_has_data ? PUSH : (transfer && is_out) ? DATA : DRAIN;
                DATA, DRAIN:
                    if (beat && rd_last)
                        state <= PUSH;
                default:
                    if (exec_ready)
                        state <= IDLE;
            endcase
        end
    end

    // A header of 64-bit beats comes in two, the type in the first one; a wider beat holds it whole.
    wire [DATA_WIDTH+127:0] wide  = {128'd0, rd_data};
    wire [31:0]             types = wide[31:0];
    wire [3:0]              asked = {types == TYPE_IN, types == TYPE_OUT, types == TYPE_FLUSH, types == TYPE_GET_ID};
    wire                    unused_wide = &{1'b0, wide};

    generate
        if (DATA_WIDTH == 64) begin : narrow
            reg [3:0] asked_first;

            always @(posedge aclk) begin
                if ((state == HEAD) && beat) begin
                    asked_first <= asked;
                    {is_in, is_out, is_flush, is_get_id} <= asked_first;
                    head_sector <= wide[63:0];
                end
            end
        end else begin : whole
            always @(posedge aclk) begin
                if ((state == HEAD) && beat) begin
                    {is_in, is_out, is_flush, is_get_id} <= asked;
                    head_sector <= wide[127:64];
                end
            end
        end
    endgenerate

    always @(posedge aclk) begin
        if (state == IDLE) begin
            head_error <= 1'b0;
            moves      <= 1'b0;
            flush      <= 1'b0;
        end else if ((state == HEAD) && beat && rd_error)
            head_error <= 1'b1;

        if (state == RANGE) begin
            {beyond, room_left} <= {1'b0, capacity} - {1'b0, head_sector};
            sectors   <= is_in ? in_sectors : order_sectors;
            refused   <= is_in ? in_odd : order_odd || (is_out && read_only);
            moves     <= good && (is_in || is_out);
            flush     <= good && is_flush;
        end

        if (state == DECIDE)
            data_error <= 1'b0;
        else if ((state == DATA) && beat && rd_error)
            data_error <= 1'b1;

        if (state == DECIDE) begin
            if (order_few && !order_writable[0]) begin
                kind   <= KIND_NONE;
                status <= STATUS_OK;
            end else if (!good) begin
                kind   <= KIND_STATUS;
                status <= STATUS_IOERR;
            end else if (moves) begin
                kind   <= !transfer ? KIND_STATUS : is_in ? KIND_DATA : KIND_RESULT;
                status <= bad_range ? STATUS_IOERR : STATUS_OK;
            end else if (flush) begin
                kind   <= KIND_RESULT;
                status <= STATUS_OK;
            end else if (is_get_id) begin
                kind   <= order_few ? KIND_STATUS : KIND_ID;
                status <= STATUS_OK;
            end else begin
                kind   <= KIND_STATUS;
                status <= STATUS_UNSUPP;
            end
        end
    end

endmodule

`default_nettype wire
