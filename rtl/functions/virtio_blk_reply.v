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
// `pick` holds what comes next: a copy of the first retry, or else of the first answer, with all that is decided from
// the stores alone. The answer itself stays in its store until its command is given. One that waits for the disk makes
// way for a retry, so no retry waits for the disk.
//
//   In one cycle                                 who wins
//   a retry and a new answer                     the retry
//   a retry comes, and the answer in pick goes   both: the retry is picked in the next cycle
//   a retry comes, and the disk's data or result the retry: the answer is picked again behind it
//   reset and anything                           reset: all answers are forgotten
//
//   Timing: exec -> write command 2 cycles when its data are there; first data -> write command 1 cycle when the answer
//   is there; a beat a cycle; two cycles between two answers.
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
    input  wire [1:0]              exec_status,          // of RESULT: IOERR stands whatever the disk reports
    input  wire [31:0]             exec_writable,        // bytes, the status among them; DATA: whole sectors before it

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

    // Slots, to and from virtio_give_back. write_slot begins.
    output wire                    begin_valid,
    input  wire                    begin_ready,
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
    localparam [4:0]  ID_BYTES     = 5'd20;
    localparam        LOG2_STORE   = SECTOR_LOG2 + 1;    // beats held between disk and memory: two sectors
    localparam        LOG2_SLOTS   = (SLOTS > 2) ? $clog2(SLOTS) : 1;
    localparam        MOST         = 1 << LOG2_SLOTS;

    localparam [SECTOR_LOG2-1:0] ONE_BEAT  = 1;
    localparam [SECTOR_LOG2-1:0] LAST_BEAT = {SECTOR_LOG2{1'b1}};

    localparam [2:0] KIND_NONE = 3'd0, KIND_RESULT = 3'd2, KIND_DATA = 3'd3, KIND_ID = 3'd4;
    localparam [1:0] STATUS_IOERR = 2'd1;

    // ------------------------------------------------------------------ answers wait for their turn
    wire        next_valid;
    wire        next_take;
    wire [5:0]  next_slot;
    wire [2:0]  next_kind;
    wire [1:0]  next_status;
    wire [31:0] next_writable;

    virtio_sync_fifo #(.WIDTH(43), .LOG2_DEPTH(LOG2_SLOTS)) answers (
        .aclk(aclk), .aresetn(!reset),
        .in_valid(exec_valid), .in_ready(exec_ready), .in_data({exec_slot, exec_kind, exec_status, exec_writable}),
        .out_valid(next_valid), .out_ready(next_take), .out_data({next_slot, next_kind, next_status, next_writable})
    );

    // ------------------------------------------------------------------ what comes next
    // The name in more room than it needs takes two commands: the name, and the status.
    localparam [1:0] STREAM_NONE = 2'd0, STREAM_STATUS = 2'd1, STREAM_DATA = 2'd2, STREAM_ID = 2'd3;

    reg        pick_valid;
    reg        pick_retry;
    reg [5:0]  pick_slot;
    reg [31:0] pick_writable;
    reg [1:0]  pick_kind;                                // for the stream; NONE: no write command
    reg [1:0]  pick_status;
    reg        pick_result;                              // waits for the disk's response
    reg        pick_whole;                               // writes all writable bytes
    reg        pick_alone;                               // the name alone
    reg        pick_named;                               // the status behind the name
    reg        id_written;

    wire go;                                             // pick's command is given, or it has none
    wire waits;                                          // pick is an answer that waits for the disk

    // For a retry: the writable bytes of each slot, and whether it was retried already.
    reg [31:0] writable_of [0:MOST-1];
    reg        retried     [0:MOST-1];

    wire [LOG2_SLOTS-1:0] exec_at        = exec_slot[LOG2_SLOTS-1:0];
    wire [LOG2_SLOTS-1:0] retry_at       = retry_slot[LOG2_SLOTS-1:0];
    wire [31:0]           retry_writable = writable_of[retry_at];
    wire                  give_up        = retried[retry_at];

    always @(posedge aclk) begin
        if (exec_valid && exec_ready)
            writable_of[exec_at] <= exec_writable;
        if (go)
            retried[pick_slot[LOG2_SLOTS-1:0]] <= pick_retry;
    end

    wire load      = !pick_valid || (retry_valid && waits);
    wire is_id     = !retry_valid && (next_kind == KIND_ID);
    wire is_data   = !retry_valid && (next_kind == KIND_DATA);
    wire is_result = !retry_valid && (next_kind == KIND_RESULT);
    wire is_silent = retry_valid ? give_up : (next_kind == KIND_NONE);
    wire id_fits   = (next_writable[31:5] == 27'd0) && (next_writable[4:0] <= ID_BYTES + 5'd1);
    wire is_whole  = is_data || (is_id && id_fits);
    wire is_alone  = is_id && !id_fits && !id_written;

    always @(posedge aclk) begin
        if (reset || go)
            pick_valid <= 1'b0;
        else if (load)
            pick_valid <= retry_valid || next_valid;
    end

    always @(posedge aclk) begin
        if (load) begin
            pick_retry    <= retry_valid;
            pick_slot     <= retry_valid ? retry_slot : next_slot;
            pick_writable <= retry_valid ? retry_writable : next_writable;
            pick_kind     <= is_silent ? STREAM_NONE : is_data ? STREAM_DATA :
                             (is_alone || (is_id && id_fits)) ? STREAM_ID : STREAM_STATUS;
            pick_status   <= retry_valid ? STATUS_IOERR : next_status;
            pick_result   <= is_result;
            pick_whole    <= is_whole;
            pick_alone    <= is_alone;
            pick_named    <= is_id && !id_fits && id_written;
        end
    end

    always @(posedge aclk) begin
        if (reset)
            id_written <= 1'b0;
        else if (go && !pick_retry)
            id_written <= pick_alone;
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

    // Sectors begun by the disk, less those that write commands were given for, less 1: not negative while the next
    // command has a beat. A command's sectors are taken off a cycle after it was given; pick is not valid then.
    reg  [SECTOR_LOG2-1:0] from_disk;                    // beats of the present sector that came
    reg  [23:0]            begun;
    reg                    late;                         // a sector that has begun is not counted yet
    reg                    given;                        // a command with data, in the last cycle

    wire                   begins    = disk_rd_valid && disk_rd_ready && (from_disk == {SECTOR_LOG2{1'b0}});
    wire                   data_here = !begun[23];
    wire [23:0]            change    = given ? ~{1'b0, pick_writable[31:9]} : 24'd0;
    wire [24:0]            begun_sum = {begun, 1'b1} + {change, given || begins || late};
    wire                   unused_sum = &{1'b0, begun_sum[0]};

    always @(posedge aclk) begin
        if (reset) begin
            from_disk <= {SECTOR_LOG2{1'b0}};
            begun     <= {24{1'b1}};
            late      <= 1'b0;
            given     <= 1'b0;
        end else begin
            if (disk_rd_valid && disk_rd_ready)
                from_disk <= from_disk + ONE_BEAT;
            begun     <= begun_sum[24:1];
            late      <= given && begins;                // a sector has more beats than one, so no other is late
            given     <= go && (pick_kind == STREAM_DATA);
        end
    end

    // ------------------------------------------------------------------ write commands
    reg  [2:0] reads_pending;                            // answers with data whose response the stream has yet to take
    wire       result_here = disk_resp_valid && (reads_pending == 3'd0);
    wire       silent      = (pick_kind == STREAM_NONE);
    wire       stream_room;
    wire       choose = pick_valid && !waits && stream_room && begin_ready;

    assign waits        = (pick_kind == STREAM_DATA) ? !data_here : pick_result && !result_here;
    assign go           = choose && (silent || write_ready);
    assign write_valid  = choose && !silent;
    assign write_slot   = pick_slot;
    assign write_offset = (pick_whole || pick_alone) ? 32'd0 : pick_writable - 32'd1;
    assign write_length = pick_whole ? pick_writable : pick_alone ? {27'd0, ID_BYTES} : 32'd1;
    assign begin_valid  = go && !pick_retry && !pick_named;
    assign retry_ready  = go && pick_retry;
    assign next_take    = go && !pick_retry && !pick_alone;

    // What the stream has to do for each: {give, fault, kind, status, slot, used length}.
    wire       only       = (pick_writable == 32'd1);    // the status stands alone
    wire [1:0] go_status  = {pick_status[1], pick_status[0] || (pick_result && disk_resp_error)};
    wire [4:0] go_few     = (pick_alone || pick_named) ? ID_BYTES : {4'd0, only && !silent};
    wire [31:0] go_written = pick_whole ? pick_writable : {27'd0, go_few};

    reg         job_valid;
    wire        job_take;
    reg         job_gives;
    reg         job_fault;
    reg  [1:0]  job_kind;
    reg  [1:0]  job_status;
    reg  [5:0]  job_slot;
    reg  [31:0] job_written;

    // The present job is kept beside the store, for every bit of a beat waits for its kind. One that comes when there is
    // none goes past the store.
    localparam JOB = 44;

    wire           later_valid;
    wire [JOB-1:0] later;
    wire [JOB-1:0] comes    = {!pick_alone, pick_retry && silent, pick_kind, go_status, pick_slot, go_written};
    wire           job_next = !job_valid || job_take;
    wire           past     = job_next && !later_valid;
    wire [JOB-1:0] next_job = later_valid ? later : comes;

    virtio_sync_fifo #(.WIDTH(JOB), .LOG2_DEPTH(2)) jobs (
        .aclk(aclk), .aresetn(!reset),
        .in_valid(go && !past), .in_ready(stream_room), .in_data(comes),
        .out_valid(later_valid), .out_ready(job_next), .out_data(later)
    );

    always @(posedge aclk) begin
        if (reset)
            job_valid <= 1'b0;
        else if (job_next)
            job_valid <= later_valid || go;
        if (job_next)
            {job_gives, job_fault, job_kind, job_status, job_slot, job_written} <= next_job;
    end

    // ------------------------------------------------------------------ the stream
    reg  [SECTOR_LOG2-1:0] sent;                         // beats of the present sector, or of the name
    reg  [22:0]            sector;                       // of the job, the first one is 1
    reg                    last_sector;                  // a cycle late: a sector has more beats than one
    reg                    in_data;                      // the present job still has data

    // The name, the status behind as much of the name as there is room for, in up to 256 bits.
    // At most 21 bytes; beats of it: at most 3.
    wire [4:0]  id_total = job_written[4:0];
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
    assign disk_resp_ready = (is_tail_of_data && job_valid && wr_ready) || (go && pick_result);

    always @(posedge aclk) begin
        if (reset || finished) begin
            sent     <= {SECTOR_LOG2{1'b0}};
            sector   <= 23'd1;
        end else if (beat) begin
            sent <= sent + ONE_BEAT;
            if (sent == LAST_BEAT)
                sector   <= sector + 23'd1;
        end
        last_sector <= (sector == job_written[31:9]);
    end

    always @(posedge aclk) begin
        if (job_next)
            in_data <= (next_job[JOB-3 -: 2] == STREAM_DATA);
        else if (beat && (sent == LAST_BEAT) && last_sector)
            in_data <= 1'b0;
    end

    always @(posedge aclk) begin
        if (reset)
            reads_pending <= 3'd0;
        else if (given && !(finished && is_tail_of_data))
            reads_pending <= reads_pending + 3'd1;
        else if (!given && finished && is_tail_of_data)
            reads_pending <= reads_pending - 3'd1;
    end

endmodule

`default_nettype wire
