// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_blk_reply: the writable half of the block device: data and status into the buffers, slots back to the engine.
//
// Data of a read and the status behind them are one write command, so they cost one start of the mover. A write command
// is given only when the first of its bytes is there: a slow disk never holds the memory's write channel.
//
//   kind     what is written                                                             used length
//   NONE     nothing                                                                     0
//   STATUS   the status given, into the last writable byte                               see below
//   RESULT   the status that the disk reports                                            see below
//   DATA     sectors from the disk, the status that the disk reports                     data + 1 (DEV-14)
//   ID       the name: as many of its 20 bytes as there is room for, and OK              name + 1, or 20
//
// The used length counts bytes from the first writable one on that were really written (SPLIT-4): 1 for a status that
// stands alone, 0 for a status behind bytes that were left as they are.
//
// A write that failed (retry_*): the status is written again, as IOERR; if that fails as well, the slot is given back
// with the fault, and the engine stops the device.
//
//   In one cycle                        who wins
//   a retry and a new answer            the retry
//   reset and anything                  reset: all answers are forgotten
//
//   Timing: exec -> write command 1 cycle when its data are there; a beat a cycle; two cycles between two answers.
//
//   DATA_WIDTH  bits of a beat: 64, 128 or 256
//   SLOTS       slots of the engine, 1..64
//   DISK_ID     the name, 20 bytes, its first character in bits [159:152]
`default_nettype none

module virtio_blk_reply #(
    parameter         DATA_WIDTH = 64,
    parameter         SLOTS      = 16,
    parameter [159:0] DISK_ID    = 160'd0
) (
    input  wire                    aclk,
    input  wire                    reset,

    // What to answer, from virtio_blk_request.
    input  wire                    exec_valid,
    output wire                    exec_ready,
    input  wire [5:0]              exec_slot,
    input  wire [2:0]              exec_kind,
    input  wire                    exec_failed,
    input  wire [1:0]              exec_status,
    input  wire [22:0]             exec_sectors,
    input  wire [31:0]             exec_room,

    // The disk: data of reads, and one response a command, in the order of the commands.
    input  wire                    disk_rd_valid,
    output wire                    disk_rd_ready,
    input  wire [DATA_WIDTH-1:0]   disk_rd_data,
    input  wire                    disk_resp_valid,
    output wire                    disk_resp_ready,
    input  wire                    disk_resp_error,

    // The buffers' writable bytes.
    output wire                    write_valid,
    input  wire                    write_ready,
    output wire [5:0]              write_slot,
    output wire [31:0]             write_offset,
    output wire [31:0]             write_length,
    output wire                    wr_valid,
    input  wire                    wr_ready,
    output wire [DATA_WIDTH-1:0]   wr_data,
    output wire [DATA_WIDTH/8-1:0] wr_keep,
    output wire                    wr_last,

    // Slots, to and from virtio_give_back.
    output wire                    give_valid,
    output wire [5:0]              give_slot,
    output wire [31:0]             give_written,
    output wire                    give_fault,
    input  wire                    retry_valid,
    output wire                    retry_ready,
    input  wire [5:0]              retry_slot
);

    localparam        BYTES        = DATA_WIDTH / 8;
    localparam        LOG2_BYTES   = $clog2(BYTES);
    localparam        SECTOR_LOG2  = 9 - LOG2_BYTES;     // log2 of the beats of a sector
    localparam [31:0] ID_BYTES     = 32'd20;
    localparam        LOG2_STORE   = SECTOR_LOG2 + 1;    // beats held between disk and memory: two sectors
    localparam        LOG2_SLOTS   = (SLOTS > 2) ? $clog2(SLOTS) : 1;
    localparam        MOST         = 1 << LOG2_SLOTS;

    localparam [2:0] KIND_NONE = 3'd0, KIND_RESULT = 3'd2, KIND_DATA = 3'd3, KIND_ID = 3'd4;
    localparam [1:0] STATUS_OK = 2'd0, STATUS_IOERR = 2'd1;

    // ------------------------------------------------------------------ answers wait for their turn
    wire        next_valid;
    wire        next_take;
    wire [5:0]  next_slot;
    wire [2:0]  next_kind;
    wire        next_failed;
    wire [1:0]  next_status;
    wire [22:0] next_sectors;
    wire [31:0] next_room;

    virtio_sync_fifo #(.WIDTH(67), .LOG2_DEPTH(LOG2_SLOTS)) answers (
        .aclk(aclk), .aresetn(!reset),
        .in_valid(exec_valid), .in_ready(exec_ready),
        .in_data({exec_slot, exec_kind, exec_failed, exec_status, exec_sectors, exec_room}),
        .out_valid(next_valid), .out_ready(next_take),
        .out_data({next_slot, next_kind, next_failed, next_status, next_sectors, next_room})
    );

    // Where the status of a slot is, for a retry; and whether it was retried already.
    reg [31:0]     room_of [0:MOST-1];
    reg [MOST-1:0] retried;

    wire                  exec_taken = exec_valid && exec_ready;
    wire [LOG2_SLOTS-1:0] exec_at    = exec_slot[LOG2_SLOTS-1:0];
    wire [LOG2_SLOTS-1:0] retry_at   = retry_slot[LOG2_SLOTS-1:0];
    wire [31:0]           retry_room = room_of[retry_at];
    wire                  give_up    = retried[retry_at];

    always @(posedge aclk) begin
        if (exec_taken)
            room_of[exec_at] <= exec_room;
    end

    always @(posedge aclk) begin
        if (reset) begin
            retried <= {MOST{1'b0}};
        end else begin
            if (exec_taken)
                retried[exec_at] <= 1'b0;
            if (retry_valid && retry_ready)
                retried[retry_at] <= 1'b1;
        end
    end

    // ------------------------------------------------------------------ data from the disk
    wire                  data_valid;
    wire                  data_take;
    wire [DATA_WIDTH-1:0] data_beat;
    wire                  never_blocked;
    wire                  unused = &{1'b0, never_blocked};

    virtio_ram_fifo #(.WIDTH(DATA_WIDTH), .LOG2_DEPTH(LOG2_STORE)) data (
        .aclk(aclk), .reset(reset),
        .in_valid(disk_rd_valid), .in_ready(disk_rd_ready), .in_data(disk_rd_data),
        .in_commit(1'b1), .in_drop(1'b0), .blocked(never_blocked),
        .out_valid(data_valid), .out_ready(data_take), .out_data(data_beat)
    );

    // Beats taken from the disk less beats that write commands were given for: above 0, the next command has a beat.
    reg signed [31:0]  surplus;
    wire signed [31:0] next_beats = {9'd0, next_sectors} << SECTOR_LOG2;
    wire               data_here  = !surplus[31] && (surplus != 32'sd0);
    wire               data_given;

    always @(posedge aclk) begin
        if (reset)
            surplus <= 32'sd0;
        else
            surplus <= surplus + ((disk_rd_valid && disk_rd_ready) ? 32'sd1 : 32'sd0) -
                       (data_given ? next_beats : 32'sd0);
    end

    // ------------------------------------------------------------------ answers to write commands
    // The name in more room than it needs takes two commands: the name, and the status.
    reg id_written;

    wire is_id     = (next_kind == KIND_ID);
    wire is_data   = (next_kind == KIND_DATA);
    wire is_result = (next_kind == KIND_RESULT);
    wire is_none   = (next_kind == KIND_NONE);
    wire is_name_due = is_id && !id_written;
    wire id_fits   = (next_room[31:5] == 27'd0) && (next_room[4:0] <= ID_BYTES[4:0]);
    wire id_alone  = is_name_due && !id_fits;

    reg  [2:0] reads_pending;                            // answers with data whose response the stream has yet to take
    wire       result_here = disk_resp_valid && (reads_pending == 3'd0);
    wire       ready_to_go = is_data ? data_here : is_result ? result_here : 1'b1;

    wire       stream_room;
    wire       choose_next = !retry_valid && next_valid && ready_to_go && stream_room;
    wire       choose_back = retry_valid && stream_room;
    wire       silent      = retry_valid ? give_up : is_none;
    wire       go          = (choose_next || choose_back) && (silent || write_ready);

    assign write_valid  = (choose_next || choose_back) && !silent;
    assign write_slot   = retry_valid ? retry_slot : next_slot;
    assign write_offset = retry_valid ? retry_room : (is_data || is_name_due) ? 32'd0 : next_room;
    assign write_length = retry_valid ? 32'd1 :
                          is_data ? next_room + 32'd1 :
                          id_alone ? ID_BYTES :
                          is_name_due ? next_room + 32'd1 : 32'd1;
    assign retry_ready  = go && retry_valid;
    assign next_take    = go && !retry_valid && !id_alone;
    assign data_given   = go && !retry_valid && is_data;

    always @(posedge aclk) begin
        if (reset)
            id_written <= 1'b0;
        else if (go && !retry_valid)
            id_written <= id_alone;
    end

    // What the stream has to do for each: {give, fault, kind, status, slot, beats of data, used length}.
    localparam [1:0] STREAM_NONE = 2'd0, STREAM_STATUS = 2'd1, STREAM_DATA = 2'd2, STREAM_ID = 2'd3;

    wire [1:0] go_kind   = retry_valid ? (give_up ? STREAM_NONE : STREAM_STATUS) :
                           is_none ? STREAM_NONE : is_data ? STREAM_DATA : is_name_due ? STREAM_ID : STREAM_STATUS;
    wire [1:0] go_status = retry_valid ? STATUS_IOERR :
                           is_result ? ((disk_resp_error || next_failed) ? STATUS_IOERR : STATUS_OK) : next_status;
    wire       alone     = (retry_valid ? retry_room : next_room) == 32'd0;
    wire [31:0] go_written = silent ? 32'd0 :
                             retry_valid ? {31'd0, alone} :
                             (is_data || (is_id && id_fits)) ? next_room + 32'd1 :
                             is_id ? ID_BYTES : {31'd0, alone};

    wire        job_valid;
    wire        job_take;
    wire        job_gives;
    wire        job_fault;
    wire [1:0]  job_kind;
    wire [1:0]  job_status;
    wire [5:0]  job_slot;
    wire [22:0] job_sectors;
    wire [31:0] job_written;

    virtio_sync_fifo #(.WIDTH(67), .LOG2_DEPTH(2)) jobs (
        .aclk(aclk), .aresetn(!reset),
        .in_valid(go), .in_ready(stream_room),
        .in_data({retry_valid || !id_alone, retry_valid && give_up, go_kind, go_status,
                  retry_valid ? retry_slot : next_slot, next_sectors, go_written}),
        .out_valid(job_valid), .out_ready(job_take),
        .out_data({job_gives, job_fault, job_kind, job_status, job_slot, job_sectors, job_written})
    );

    // ------------------------------------------------------------------ the stream
    reg [31:0] sent;                                     // beats of the present job

    wire [31:0] data_beats = {9'd0, job_sectors} << SECTOR_LOG2;
    wire        in_data    = (job_kind == STREAM_DATA) && (sent != data_beats);

    // The name, the status behind as much of the name as there is room for, in up to 256 bits.
    // At most 21 bytes; beats of it: at most 3.
    wire [4:0]  id_total = job_gives ? job_written[4:0] : ID_BYTES[4:0];
    reg [255:0] id_bytes;
    integer     i;
    always @* begin
        id_bytes = 256'd0;
        for (i = 0; i < 20; i = i + 1) begin
            if (!job_gives || (i[4:0] + 5'd1 < id_total))
                id_bytes[8*i +: 8] = DISK_ID[8*(19-i) +: 8];
        end
    end

    wire [6:0]            id_sent  = {5'd0, sent[1:0]} << LOG2_BYTES;
    wire [4:0]            id_left  = id_total - id_sent[4:0];
    wire [255:0]          id_shift = id_bytes >> (sent[1:0] * DATA_WIDTH);
    wire [DATA_WIDTH-1:0] status_beat = {{(DATA_WIDTH-2){1'b0}}, job_status};
    wire                  result = disk_resp_error;
    wire [DATA_WIDTH-1:0] result_beat = {{(DATA_WIDTH-1){1'b0}}, result};
    wire                  unused_id = &{1'b0, id_shift, id_sent};

    wire is_tail_of_data = (job_kind == STREAM_DATA) && !in_data;
    wire is_name         = (job_kind == STREAM_ID);
    wire silent_job      = (job_kind == STREAM_NONE);

    assign wr_valid = job_valid && !silent_job &&
                      (in_data ? data_valid : is_tail_of_data ? disk_resp_valid : 1'b1);
    assign wr_data  = in_data ? data_beat : is_tail_of_data ? result_beat :
                      is_name ? id_shift[DATA_WIDTH-1:0] : status_beat;
    assign wr_last  = in_data ? 1'b0 : is_name ? ({27'd0, id_left} <= BYTES) : 1'b1;

    reg [DATA_WIDTH/8-1:0] id_keep;
    integer                b;
    always @* begin
        for (b = 0; b < BYTES; b = b + 1)
            id_keep[b] = id_left > b[4:0];
    end

    assign wr_keep = in_data ? {BYTES{1'b1}} : is_name ? id_keep : {{(BYTES-1){1'b0}}, 1'b1};

    wire beat     = wr_valid && wr_ready;
    wire finished = job_valid && (silent_job || (beat && wr_last));

    assign data_take       = in_data && job_valid && wr_ready;
    assign job_take        = finished;
    assign give_valid      = finished && job_gives;
    assign give_slot       = job_slot;
    assign give_written    = job_written;
    assign give_fault      = job_fault;
    assign disk_resp_ready = (is_tail_of_data && job_valid && wr_ready) || (go && !retry_valid && is_result);

    always @(posedge aclk) begin
        if (reset || finished)
            sent <= 32'd0;
        else if (beat)
            sent <= sent + 32'd1;
    end

    always @(posedge aclk) begin
        if (reset)
            reads_pending <= 3'd0;
        else if (data_given && !(finished && is_tail_of_data))
            reads_pending <= reads_pending + 3'd1;
        else if (!data_given && finished && is_tail_of_data)
            reads_pending <= reads_pending - 3'd1;
    end

endmodule

`default_nettype wire
