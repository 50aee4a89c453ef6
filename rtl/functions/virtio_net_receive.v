// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_net_receive: the receiving half of the network device: frames from outside into the driver's buffers.
//
// A frame is stored as a whole, then a buffer is asked for: one ask a frame, one buffer a frame (DEV-31). The buffer
// gets the 12 bytes of the header, all 0 but num_buffers = 1 (DEV-30, DEV-32), and the frame. A frame longer than the
// store is dropped as it comes. A buffer too small for its frame is used with length 0, and the frame is dropped. When
// the store is full, input stops until the driver has posted buffers.
//
//   In one cycle                                   who wins
//   device_reset and a beat from outside           device_reset: that frame and all in the store are dropped
//   a frame's end and a full list of lengths       the beat waits
//
//   Timing: last beat of a frame -> ask 1 cycle; req -> cmd 1 cycle; a beat a cycle, a cycle between two frames; the
//   slot is given back in the cycle of its last beat.
//
//   DATA_WIDTH  bits of a beat: 64, 128 or 256
//   SLOTS       slots of the engine, 1..64
//   LOG2_STORE  log2 of the store's beats
`default_nettype none

module virtio_net_receive #(
    parameter DATA_WIDTH = 64,
    parameter SLOTS      = 16,
    parameter LOG2_STORE = 11
) (
    input  wire                    aclk,
    input  wire                    aresetn,
    input  wire                    device_reset,

    input  wire                    frame_valid,
    output wire                    frame_ready,
    input  wire [DATA_WIDTH-1:0]   frame_data,
    input  wire [DATA_WIDTH/8-1:0] frame_keep,           // contiguous from lane 0 on, all but on the last beat
    input  wire                    frame_last,

    output wire                    ask_valid,
    input  wire                    ask_ready,
    input  wire                    req_valid,
    output wire                    req_ready,
    input  wire [5:0]              req_slot,
    input  wire [31:0]             req_writable,
    output wire                    write_valid,
    input  wire                    write_ready,
    output wire [5:0]              write_slot,
    output wire [31:0]             write_length,
    output wire                    wr_valid,
    input  wire                    wr_ready,
    output wire [DATA_WIDTH-1:0]   wr_data,
    output wire [DATA_WIDTH/8-1:0] wr_keep,
    output wire                    wr_last,
    output wire                    begin_valid,          // write_slot begins, see virtio_give_back
    input  wire                    begin_ready,
    output wire                    give_valid,
    input  wire                    give_ready,
    output wire [5:0]              give_slot,
    output wire [31:0]             give_written
);

    localparam        BYTES      = DATA_WIDTH / 8;
    localparam        LOG2_BYTES = $clog2(BYTES);
    localparam        LOG2_SLOTS = (SLOTS > 2) ? $clog2(SLOTS) : 1;
    localparam        LOG2_LIST  = 6;                    // frames in the store
    localparam        LENGTH     = LOG2_STORE + LOG2_BYTES + 1;
    localparam        CARRY      = 12 % BYTES;           // bytes of the header that share a beat with the frame
    localparam        AHEAD      = 12 / BYTES;           // beats of the header alone: 1 of 64 bits, else none

    localparam [LENGTH-1:0] HEADER = 12;

    wire reset = !aresetn || device_reset;

    // ------------------------------------------------------------------ frames into the store
    reg  [LENGTH-1:0] length;                            // bytes of the frame under way, before this beat
    reg               skipping;                          // the rest of this frame is dropped
    reg               partial;                           // a frame is under way outside

    integer         i;
    reg [LENGTH-1:0] count;
    always @* begin
        count = {LENGTH{1'b0}};
        for (i = 0; i < BYTES; i = i + 1)
            count = count + {{(LENGTH-1){1'b0}}, frame_keep[i]};
    end

    wire              store_room;
    wire              blocked;
    wire              list_room;
    wire              empty  = frame_last && (length == {LENGTH{1'b0}}) && (count == {LENGTH{1'b0}});
    wire              offer  = frame_valid && !skipping && (!frame_last || list_room);
    wire              stored = offer && store_room;
    wire              keep_frame = stored && frame_last && !empty && !device_reset;

    assign frame_ready = skipping || blocked || (store_room && (!frame_last || list_room));

    wire beat_in = frame_valid && frame_ready;

    always @(posedge aclk) begin
        if (!aresetn)
            partial <= 1'b0;
        else if (beat_in)
            partial <= !frame_last;
    end

    always @(posedge aclk) begin
        if (!aresetn)
            skipping <= 1'b0;
        else if (beat_in && frame_last)
            skipping <= 1'b0;
        else if (blocked || (device_reset && (beat_in || partial)))
            skipping <= 1'b1;
    end

    always @(posedge aclk) begin
        if (reset || (beat_in && frame_last) || skipping || blocked)
            length <= {LENGTH{1'b0}};
        else if (stored)
            length <= length + count;
    end

    wire                  out_valid;
    wire                  out_take;
    wire [DATA_WIDTH-1:0] out_data;

    virtio_ram_fifo #(.WIDTH(DATA_WIDTH), .LOG2_DEPTH(LOG2_STORE)) store (
        .aclk(aclk), .reset(reset),
        .in_valid(offer), .in_ready(store_room), .in_data(frame_data),
        .in_commit(frame_last), .in_drop(blocked || (stored && empty)), .blocked(blocked),
        .out_valid(out_valid), .out_ready(out_take), .out_data(out_data)
    );

    // ------------------------------------------------------------------ one ask a frame
    reg [LOG2_LIST+1:0] unasked;
    wire                asked = ask_valid && ask_ready;

    assign ask_valid = (unasked != {(LOG2_LIST+2){1'b0}});

    always @(posedge aclk) begin
        if (reset)
            unasked <= {(LOG2_LIST+2){1'b0}};
        else
            unasked <= unasked + {{(LOG2_LIST+1){1'b0}}, keep_frame} - {{(LOG2_LIST+1){1'b0}}, asked};
    end

    // ------------------------------------------------------------------ a frame and its buffer
    wire              list_valid;
    wire              list_take;
    wire [LENGTH-1:0] list_length;
    wire              buffer_valid;
    wire              buffer_take;
    wire [5:0]        buffer_slot;
    wire [31:0]       buffer_writable;

    virtio_sync_fifo #(.WIDTH(LENGTH), .LOG2_DEPTH(LOG2_LIST)) list (
        .aclk(aclk), .aresetn(!reset),
        .in_valid(keep_frame), .in_ready(list_room), .in_data(length + count),
        .out_valid(list_valid), .out_ready(list_take), .out_data(list_length)
    );

    virtio_sync_fifo #(.WIDTH(38), .LOG2_DEPTH(LOG2_SLOTS)) buffers (
        .aclk(aclk), .aresetn(!reset),
        .in_valid(req_valid), .in_ready(req_ready), .in_data({req_slot, req_writable}),
        .out_valid(buffer_valid), .out_ready(buffer_take), .out_data({buffer_slot, buffer_writable})
    );

    wire [LENGTH:0]   total   = {1'b0, list_length} + {1'b0, HEADER};
    wire [31:0]       total32 = {{(31-LENGTH){1'b0}}, total};
    wire              too_small = (buffer_writable < total32);
    wire              pair  = list_valid && buffer_valid;
    wire              job_room;
    wire              start = pair && job_room && begin_ready && (too_small || write_ready);

    assign write_valid  = pair && job_room && begin_ready && !too_small;
    assign write_slot   = buffer_slot;
    assign write_length = total32;
    assign begin_valid  = start;
    assign list_take    = start;
    assign buffer_take  = start;

    wire              job_valid;
    wire              job_take;
    wire              job_drop;
    wire [5:0]        job_slot;
    wire [LENGTH-1:0] job_length;

    virtio_sync_fifo #(.WIDTH(LENGTH + 7), .LOG2_DEPTH(2)) jobs (
        .aclk(aclk), .aresetn(!reset),
        .in_valid(start), .in_ready(job_room), .in_data({too_small, buffer_slot, list_length}),
        .out_valid(job_valid), .out_ready(job_take), .out_data({job_drop, job_slot, job_length})
    );

    // ------------------------------------------------------------------ header and frame, realigned
    // left counts the bytes not yet sent. A beat out has CARRY bytes of before and BYTES - CARRY of the next beat.
    reg                 busy;
    reg                 ahead;                           // the beat that is all header comes first
    reg  [LENGTH:0]     left;
    reg  [LENGTH-1:0]   fetch;                           // frame bytes not yet taken from the store
    reg  [8*CARRY-1:0]  carry;

    localparam [95:0]       HEADER_BYTES = {16'd1, 80'd0};   // num_buffers = 1, everything else 0
    localparam [31:0]       BYTES_32     = BYTES;
    localparam [LENGTH-1:0] BEAT_BYTES   = BYTES_32[LENGTH-1:0];
    localparam [LENGTH:0]   BEAT_LEFT    = BYTES_32[LENGTH:0];

    wire need = (fetch != {LENGTH{1'b0}});               // this beat wants a beat of the frame
    wire last = (left <= BEAT_LEFT);
    // A dropped frame is taken from the store without being sent.
    wire dropping = busy && job_drop;
    wire sending  = busy && !job_drop;

    assign wr_valid = sending && (ahead || !need || out_valid) && (!last || give_ready);
    assign wr_data  = ahead ? {DATA_WIDTH{1'b0}} : {out_data[DATA_WIDTH-8*CARRY-1:0], carry};
    assign wr_last  = last;

    reg [BYTES-1:0] keep;
    integer         b;
    always @* begin
        for (b = 0; b < BYTES; b = b + 1)
            keep[b] = {{(31-LENGTH){1'b0}}, left} > b[31:0];
    end
    assign wr_keep = keep;

    wire sent = wr_valid && wr_ready;

    assign out_take     = (dropping && need) || (sent && !ahead && need);
    assign give_valid   = (sent && last) || (dropping && !need);
    assign give_slot    = job_slot;
    assign give_written = job_drop ? 32'd0 : {{(31-LENGTH){1'b0}}, {1'b0, job_length} + {1'b0, HEADER}};
    assign job_take     = (sent && last) || (dropping && !need && give_ready);

    wire taken = out_valid && out_take;

    always @(posedge aclk) begin
        if (reset || job_take)
            busy <= 1'b0;
        else if (job_valid)
            busy <= 1'b1;
    end

    always @(posedge aclk) begin
        if (!busy) begin
            ahead <= (AHEAD != 0);
            left  <= {1'b0, job_length} + {1'b0, HEADER};
            fetch <= job_length;
            carry <= HEADER_BYTES[95 -: 8*CARRY];
        end else begin
            if (sent) begin
                ahead <= 1'b0;
                left  <= left - BEAT_LEFT;
            end
            if (taken)
                fetch <= (fetch > BEAT_BYTES) ? fetch - BEAT_BYTES : {LENGTH{1'b0}};
            if (sent && !ahead)
                carry <= out_data[DATA_WIDTH-1 -: 8*CARRY];
        end
    end

endmodule

`default_nettype wire
