// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_blk_axi_write: the writing half of virtio_blk_axi.
//
// A burst's address goes out without waiting for its data; data wait for the address to be presented. After disk_reset
// the bursts that were begun are finished with strobes 0, so memory keeps what it has.
//
//   In one cycle                    who wins
//   disk_reset and a beat of data   disk_reset: the beat goes out with strobes 0 unless it was presented already
//
//   Timing: cmd -> AW 2 cycles; data -> W 1 cycle; a beat a cycle. B is always taken.
//
// Parameters: see virtio_blk_axi.
`default_nettype none

module virtio_blk_axi_write #(
    parameter DATA_WIDTH = 64,
    parameter ADDR_WIDTH = 64,
    parameter MAX_BURST  = 16,
    parameter WRITES     = 16
) (
    input  wire                    aclk,
    input  wire                    aresetn,
    input  wire                    disk_reset,
    output wire                    idle,                 // nothing outstanding

    input  wire                    cmd_valid,
    output wire                    cmd_ready,
    input  wire [63:0]             cmd_sector,
    input  wire [31:0]             cmd_count,
    input  wire                    data_valid,
    output wire                    data_ready,
    input  wire [DATA_WIDTH-1:0]   data,
    input  wire                    data_error,
    output wire                    resp_valid,
    input  wire                    resp_ready,
    output wire                    resp_error,

    output wire [ADDR_WIDTH-1:0]   awaddr,
    output wire [7:0]              awlen,
    output wire                    awvalid,
    input  wire                    awready,
    output reg  [DATA_WIDTH-1:0]   wdata,
    output reg  [DATA_WIDTH/8-1:0] wstrb,
    output reg                     wlast,
    output reg                     wvalid,
    input  wire                    wready,
    input  wire [1:0]              bresp,
    input  wire                    bvalid,
    output wire                    bready
);

    localparam SECTOR      = 4096 / DATA_WIDTH;          // beats
    localparam BURST       = (MAX_BURST < SECTOR) ? MAX_BURST : SECTOR;
    localparam PER_SECTOR  = SECTOR / BURST;
    localparam LOG2_WRITES = $clog2(WRITES);
    localparam LOG2_BURST  = $clog2(BURST);
    localparam OUT_WIDTH   = LOG2_WRITES + 1;
    localparam OWED_WIDTH  = LOG2_WRITES + LOG2_BURST + 1;

    localparam [31:0]           WRITES_32 = WRITES;
    localparam [31:0]           BURST_32  = BURST;
    localparam [OUT_WIDTH-1:0]  MOST      = WRITES_32[OUT_WIDTH-1:0];
    localparam [OWED_WIDTH-1:0] BEATS     = BURST_32[OWED_WIDTH-1:0];

    reg [OUT_WIDTH-1:0]  outstanding;                    // bursts begun and not answered
    reg [OWED_WIDTH-1:0] owed;                           // beats of bursts begun, not yet in the W register
    reg                  dropping;                       // those outstanding are of before the reset

    wire begun;
    wire bursts_room;
    wire tracker_room;
    wire always_ready;                                   // the tracker has at most WRITES responses to count
    wire drop    = dropping || disk_reset;
    wire w_free  = !wvalid || wready;
    wire may     = (owed != {OWED_WIDTH{1'b0}}) && w_free;
    wire beat    = may && (drop || data_valid);
    wire b       = bvalid && bready;

    // The last beat of a burst: so many are owed that the next ones begin a burst.
    wire [OWED_WIDTH-1:0] after = owed - {{(OWED_WIDTH-1){1'b0}}, 1'b1};
    wire [OWED_WIDTH-1:0] mask  = BEATS - {{(OWED_WIDTH-1){1'b0}}, 1'b1};

    assign cmd_ready  = bursts_room && tracker_room;
    assign data_ready = may && !drop;
    assign bready     = drop || always_ready;
    assign idle       = (outstanding == {OUT_WIDTH{1'b0}}) && !awvalid && !wvalid;

    wire unused = &{1'b0, bresp[0]};

    virtio_blk_axi_bursts #(.ADDR_WIDTH(ADDR_WIDTH), .BURST(BURST), .PER_SECTOR(PER_SECTOR)) bursts (
        .aclk(aclk), .aresetn(aresetn), .stop(disk_reset),
        .cmd_valid(cmd_valid), .cmd_ready(bursts_room), .cmd_sector(cmd_sector), .cmd_count(cmd_count),
        .allowed(outstanding != MOST), .begun(begun),
        .addr(awaddr), .len(awlen), .valid(awvalid), .ready(awready)
    );

    virtio_blk_axi_tracker #(.PARTS_LOG2($clog2(PER_SECTOR))) tracker (
        .aclk(aclk), .reset(!aresetn || disk_reset),
        .cmd_valid(cmd_valid), .cmd_ready(tracker_room), .cmd_count(cmd_count),
        .part_valid(b && !drop), .part_ready(always_ready), .part_error(bresp[1]),
        .resp_valid(resp_valid), .resp_ready(resp_ready), .resp_error(resp_error)
    );

    always @(posedge aclk) begin
        if (!aresetn) begin
            outstanding <= {OUT_WIDTH{1'b0}};
            owed        <= {OWED_WIDTH{1'b0}};
            dropping    <= 1'b0;
            wvalid      <= 1'b0;
        end else begin
            outstanding <= outstanding + {{(OUT_WIDTH-1){1'b0}}, begun} - {{(OUT_WIDTH-1){1'b0}}, b};
            owed        <= owed + (begun ? BEATS : {OWED_WIDTH{1'b0}}) - {{(OWED_WIDTH-1){1'b0}}, beat};
            if (disk_reset)
                dropping <= 1'b1;
            else if (idle)
                dropping <= 1'b0;
            if (w_free)
                wvalid <= beat;
        end
    end

    always @(posedge aclk) begin
        if (w_free) begin
            wdata <= data;
            wstrb <= {(DATA_WIDTH/8){!drop && !data_error}};
            wlast <= ((after & mask) == {OWED_WIDTH{1'b0}});
        end
    end

endmodule

`default_nettype wire
