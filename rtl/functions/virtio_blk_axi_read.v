// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_blk_axi_read: the reading half of virtio_blk_axi.
//
//   In one cycle                    who wins
//   disk_reset and a beat           disk_reset: this beat and all of bursts begun before are taken and dropped
//
//   Timing: cmd -> AR 2 cycles; a beat passes without a register. READY of R depends on the partner of data_*.
//
// Parameters: see virtio_blk_axi.
`default_nettype none

module virtio_blk_axi_read #(
    parameter DATA_WIDTH = 64,
    parameter ADDR_WIDTH = 64,
    parameter MAX_BURST  = 16,
    parameter READS      = 16
) (
    input  wire                  aclk,
    input  wire                  aresetn,
    input  wire                  disk_reset,
    output wire                  idle,                   // nothing outstanding

    input  wire                  cmd_valid,
    output wire                  cmd_ready,
    input  wire [63:0]           cmd_sector,
    input  wire [31:0]           cmd_count,
    output wire                  data_valid,
    input  wire                  data_ready,
    output wire [DATA_WIDTH-1:0] data,
    output wire                  resp_valid,
    input  wire                  resp_ready,
    output wire                  resp_error,

    output wire [ADDR_WIDTH-1:0] araddr,
    output wire [7:0]            arlen,
    output wire                  arvalid,
    input  wire                  arready,
    input  wire [DATA_WIDTH-1:0] rdata,
    input  wire [1:0]            rresp,
    input  wire                  rvalid,
    output wire                  rready
);

    localparam SECTOR     = 4096 / DATA_WIDTH;           // beats
    localparam BURST      = (MAX_BURST < SECTOR) ? MAX_BURST : SECTOR;
    localparam PER_SECTOR = SECTOR / BURST;
    localparam LOG2_READS = $clog2(READS);
    localparam LOG2_BURST = $clog2(BURST);
    localparam WIDTH      = LOG2_READS + LOG2_BURST + 1;

    localparam [31:0]      BURST_32 = BURST;
    localparam [31:0]      MOST_32  = (READS - 1) * BURST;
    localparam [WIDTH-1:0] BEATS    = BURST_32[WIDTH-1:0];
    localparam [WIDTH-1:0] MOST     = MOST_32[WIDTH-1:0];

    reg [WIDTH-1:0] outstanding;                         // beats of bursts begun
    reg             dropping;                            // those outstanding are of before the reset

    wire begun;
    wire bursts_room;
    wire tracker_room;
    wire part_ready;
    wire drop = dropping || disk_reset;
    wire beat = rvalid && rready;

    assign cmd_ready  = bursts_room && tracker_room;
    assign idle       = (outstanding == {WIDTH{1'b0}}) && !arvalid;
    assign rready     = drop || (data_ready && part_ready);
    assign data_valid = rvalid && !drop && part_ready;
    assign data       = rdata;

    wire unused = &{1'b0, rresp[0]};

    virtio_blk_axi_bursts #(.ADDR_WIDTH(ADDR_WIDTH), .BURST(BURST), .PER_SECTOR(PER_SECTOR)) bursts (
        .aclk(aclk), .aresetn(aresetn), .stop(disk_reset),
        .cmd_valid(cmd_valid), .cmd_ready(bursts_room), .cmd_sector(cmd_sector), .cmd_count(cmd_count),
        .allowed(outstanding <= MOST), .begun(begun),
        .addr(araddr), .len(arlen), .valid(arvalid), .ready(arready)
    );

    virtio_blk_axi_tracker #(.PARTS_LOG2($clog2(SECTOR))) tracker (
        .aclk(aclk), .reset(!aresetn || disk_reset),
        .cmd_valid(cmd_valid), .cmd_ready(tracker_room), .cmd_count(cmd_count),
        .part_valid(beat && !drop), .part_ready(part_ready), .part_error(rresp[1]),
        .resp_valid(resp_valid), .resp_ready(resp_ready), .resp_error(resp_error)
    );

    always @(posedge aclk) begin
        if (!aresetn) begin
            outstanding <= {WIDTH{1'b0}};
            dropping    <= 1'b0;
        end else begin
            outstanding <= outstanding + (begun ? BEATS : {WIDTH{1'b0}}) - {{(WIDTH-1){1'b0}}, beat};
            if (disk_reset)
                dropping <= 1'b1;
            else if (idle)
                dropping <= 1'b0;
        end
    end

endmodule

`default_nettype wire
