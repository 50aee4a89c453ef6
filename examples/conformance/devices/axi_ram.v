// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
//
// axi_ram: a memory behind AXI4, for INCR bursts of the full width with ID 0. One burst at a time in each direction.
//
//   In one cycle                          who wins
//   a read and a write of the same beat   the read: it returns the old data
//
//   Timing: one cycle from an address to its first beat, a beat every cycle.
//
//   DATA_WIDTH  bits of a beat; BYTES: size of the memory, a power of two
`default_nettype none

module axi_ram #(
    parameter DATA_WIDTH = 64,
    parameter BYTES      = 65536
) (
    input  wire                    aclk,
    input  wire                    aresetn,

    input  wire [31:0]             awaddr,
    input  wire                    awvalid,
    output wire                    awready,
    input  wire [DATA_WIDTH-1:0]   wdata,
    input  wire [DATA_WIDTH/8-1:0] wstrb,
    input  wire                    wlast,
    input  wire                    wvalid,
    output wire                    wready,
    output wire                    bvalid,
    input  wire                    bready,
    input  wire [31:0]             araddr,
    input  wire [7:0]              arlen,
    input  wire                    arvalid,
    output wire                    arready,
    output wire [DATA_WIDTH-1:0]   rdata,
    output wire                    rlast,
    output wire                    rvalid,
    input  wire                    rready
);

    localparam LANES = DATA_WIDTH / 8;
    localparam LOW   = $clog2(LANES);
    localparam WIDTH = $clog2(BYTES) - LOW;        // bits of a beat's number

    localparam [1:0] ADDRESS = 2'd0, DATA = 2'd1, ANSWER = 2'd2;

    reg [DATA_WIDTH-1:0] memory [0:BYTES/LANES-1];
    reg [1:0]            write_state;
    reg [WIDTH-1:0]      write_place;
    reg                  reading;
    reg [WIDTH-1:0]      read_place;
    reg [7:0]            read_left;

    integer i;
    initial
        for (i = 0; i < BYTES / LANES; i = i + 1)
            memory[i] = {DATA_WIDTH{1'b0}};

    assign awready = write_state == ADDRESS;
    assign wready  = write_state == DATA;
    assign bvalid  = write_state == ANSWER;
    assign arready = !reading;
    assign rvalid  = reading;
    assign rdata   = memory[read_place];
    assign rlast   = read_left == 8'd0;

    integer lane;
    always @(posedge aclk) begin
        if (wvalid && wready)
            for (lane = 0; lane < LANES; lane = lane + 1)
                if (wstrb[lane])
                    memory[write_place][8*lane +: 8] <= wdata[8*lane +: 8];
        if (!aresetn) begin
            write_state <= ADDRESS;
            reading     <= 1'b0;
        end else begin
            case (write_state)
                ADDRESS:
                    if (awvalid) begin
                        write_place <= awaddr[LOW +: WIDTH];
                        write_state <= DATA;
                    end
                DATA:
                    if (wvalid) begin
                        write_place <= write_place + 1'b1;
                        if (wlast)
                            write_state <= ANSWER;
                    end
                default:
                    if (bready)
                        write_state <= ADDRESS;
            endcase
            if (!reading) begin
                if (arvalid) begin
                    read_place <= araddr[LOW +: WIDTH];
                    read_left  <= arlen;
                    reading    <= 1'b1;
                end
            end else if (rready) begin
                read_place <= read_place + 1'b1;
                read_left  <= read_left - 1'b1;
                if (rlast)
                    reading <= 1'b0;
            end
        end
    end

    wire unused = &{1'b0, awaddr, araddr};
endmodule

`default_nettype wire
