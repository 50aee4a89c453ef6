// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_blk: the block device (virtio 1.2, 5.2) between a virtqueue engine and a disk. Wiring only.
//
//   req_* --> virtio_blk_request --> disk_cmd_*, disk_wr_* --> the disk
//                     | exec_*                                    |
//             virtio_blk_reply  <------- disk_rd_*, disk_resp_* --+
//                     |
//             virtio_give_back --> done_*
//
// Serves any number of queues alike. Up to SLOTS requests are in work at once; the disk gets them in the order of their
// headers.
//
// The disk, a partner with four streams:
//   disk_cmd_*   a command: op 0 read, 1 write, 2 flush; first sector; sectors, 1 or more but for a flush
//   disk_wr_*    the data of the write commands, in order, whole beats, last on the last beat of a command. A beat with
//                disk_wr_error carries nothing: the disk keeps what it has there.
//   disk_rd_*    the data of the read commands, in order: exactly the beats of each command, also when it fails
//   disk_resp_*  one response a command, in order, after its data: 1 = it failed. The response of a write or a flush
//                says that what the command covers is stable.
//   disk_reset   one cycle: forget all commands. The disk may present no data and no response of theirs afterwards; it
//                may have done any part of a write, in whole beats.
//
//   In one cycle                 who wins
//   device_reset and anything    device_reset
//
//   Timing: see virtio_blk_request and virtio_blk_reply; a command leaves one cycle after it was made.
//
//   DATA_WIDTH  bits of a beat: 64, 128 or 256
//   SLOTS       slots of the engine, 1..64
//   DISK_ID     what GET_ID returns: 20 bytes, the first in bits [159:152], zeros behind a shorter name
`default_nettype none

module virtio_blk #(
    parameter         DATA_WIDTH = 64,
    parameter         SLOTS      = 16,
    parameter [159:0] DISK_ID    = 160'd0
) (
    input  wire                    aclk,
    input  wire                    aresetn,
    input  wire                    device_reset,

    input  wire [63:0]             capacity,             // sectors of 512 bytes
    input  wire                    read_only,

    // The engine.
    input  wire                    req_valid,
    output wire                    req_ready,
    input  wire [5:0]              req_slot,
    input  wire [31:0]             req_readable,
    input  wire [31:0]             req_writable,
    output wire                    cmd_valid,
    input  wire                    cmd_ready,
    output wire                    cmd_write,
    output wire [5:0]              cmd_slot,
    output wire [31:0]             cmd_offset,
    output wire [31:0]             cmd_length,
    input  wire                    rd_valid,
    output wire                    rd_ready,
    input  wire [DATA_WIDTH-1:0]   rd_data,
    input  wire                    rd_last,
    input  wire                    rd_error,
    output wire                    wr_valid,
    input  wire                    wr_ready,
    output wire [DATA_WIDTH-1:0]   wr_data,
    output wire [DATA_WIDTH/8-1:0] wr_keep,
    output wire                    wr_last,
    input  wire                    wrote_valid,
    input  wire [5:0]              wrote_slot,
    input  wire                    wrote_error,
    output wire                    done_valid,
    input  wire                    done_ready,
    output wire [5:0]              done_slot,
    output wire [31:0]             done_written,
    output wire                    done_fault,

    // The disk.
    output wire                    disk_reset,
    output wire                    disk_cmd_valid,
    input  wire                    disk_cmd_ready,
    output wire [1:0]              disk_cmd_op,
    output wire [63:0]             disk_cmd_sector,
    output wire [31:0]             disk_cmd_count,
    output wire                    disk_wr_valid,
    input  wire                    disk_wr_ready,
    output wire [DATA_WIDTH-1:0]   disk_wr_data,
    output wire                    disk_wr_last,
    output wire                    disk_wr_error,
    input  wire                    disk_rd_valid,
    output wire                    disk_rd_ready,
    input  wire [DATA_WIDTH-1:0]   disk_rd_data,
    input  wire                    disk_resp_valid,
    output wire                    disk_resp_ready,
    input  wire                    disk_resp_error
);

    wire reset = !aresetn || device_reset;

    assign disk_reset = device_reset;

    wire        read_valid;
    wire        read_ready;
    wire [5:0]  read_slot;
    wire [31:0] read_offset;
    wire [31:0] read_length;
    wire        write_valid;
    wire        write_ready;
    wire [5:0]  write_slot;
    wire [31:0] write_offset;
    wire [31:0] write_length;
    wire        exec_valid;
    wire        exec_ready;
    wire [5:0]  exec_slot;
    wire [2:0]  exec_kind;
    wire [1:0]  exec_status;
    wire [31:0] exec_writable;
    wire        begin_valid;
    wire        begin_ready;
    wire        give_valid;
    wire        always_room;                             // no more than SLOTS slots can be given back
    wire [5:0]  give_slot;
    wire [31:0] give_written;
    wire        give_fault;
    wire        retry_valid;
    wire        retry_ready;
    wire [5:0]  retry_slot;

    wire unused = &{1'b0, always_room};

    virtio_blk_request #(.DATA_WIDTH(DATA_WIDTH), .SLOTS(SLOTS)) request (
        .aclk(aclk), .reset(reset), .capacity(capacity), .read_only(read_only),
        .req_valid(req_valid), .req_ready(req_ready), .req_slot(req_slot),
        .req_readable(req_readable), .req_writable(req_writable),
        .read_valid(read_valid), .read_ready(read_ready), .read_slot(read_slot),
        .read_offset(read_offset), .read_length(read_length),
        .rd_valid(rd_valid), .rd_ready(rd_ready), .rd_data(rd_data), .rd_last(rd_last), .rd_error(rd_error),
        .disk_cmd_valid(disk_cmd_valid), .disk_cmd_ready(disk_cmd_ready), .disk_cmd_op(disk_cmd_op),
        .disk_cmd_sector(disk_cmd_sector), .disk_cmd_count(disk_cmd_count),
        .disk_wr_valid(disk_wr_valid), .disk_wr_ready(disk_wr_ready), .disk_wr_data(disk_wr_data),
        .disk_wr_last(disk_wr_last), .disk_wr_error(disk_wr_error),
        .exec_valid(exec_valid), .exec_ready(exec_ready), .exec_slot(exec_slot), .exec_kind(exec_kind),
        .exec_status(exec_status), .exec_writable(exec_writable)
    );

    virtio_blk_reply #(.DATA_WIDTH(DATA_WIDTH), .SLOTS(SLOTS), .DISK_ID(DISK_ID)) reply (
        .aclk(aclk), .reset(reset),
        .exec_valid(exec_valid), .exec_ready(exec_ready), .exec_slot(exec_slot), .exec_kind(exec_kind),
        .exec_status(exec_status), .exec_writable(exec_writable),
        .disk_rd_valid(disk_rd_valid), .disk_rd_ready(disk_rd_ready), .disk_rd_data(disk_rd_data),
        .disk_resp_valid(disk_resp_valid), .disk_resp_ready(disk_resp_ready), .disk_resp_error(disk_resp_error),
        .write_valid(write_valid), .write_ready(write_ready), .write_slot(write_slot),
        .write_offset(write_offset), .write_length(write_length),
        .wr_valid(wr_valid), .wr_ready(wr_ready), .wr_data(wr_data), .wr_keep(wr_keep), .wr_last(wr_last),
        .begin_valid(begin_valid), .begin_ready(begin_ready),
        .give_valid(give_valid), .give_slot(give_slot), .give_written(give_written), .give_fault(give_fault),
        .retry_valid(retry_valid), .retry_ready(retry_ready), .retry_slot(retry_slot)
    );

    virtio_stream_mux #(.WIDTH(71)) commands (
        .aclk(aclk), .reset(reset),
        .first_valid(write_valid), .first_ready(write_ready),
        .first_data({1'b1, write_slot, write_offset, write_length}),
        .second_valid(read_valid), .second_ready(read_ready),
        .second_data({1'b0, read_slot, read_offset, read_length}),
        .out_valid(cmd_valid), .out_ready(cmd_ready), .out_data({cmd_write, cmd_slot, cmd_offset, cmd_length})
    );

    virtio_give_back #(.SLOTS(SLOTS)) give_back (
        .aclk(aclk), .reset(reset),
        .begin_valid(begin_valid), .begin_ready(begin_ready), .begin_slot(write_slot),
        .give_valid(give_valid), .give_ready(always_room), .give_slot(give_slot), .give_written(give_written),
        .give_fault(give_fault),
        .wrote_valid(wrote_valid), .wrote_slot(wrote_slot), .wrote_error(wrote_error),
        .retry_valid(retry_valid), .retry_ready(retry_ready), .retry_slot(retry_slot),
        .done_valid(done_valid), .done_ready(done_ready), .done_slot(done_slot), .done_written(done_written),
        .done_fault(done_fault)
    );

endmodule

`default_nettype wire
