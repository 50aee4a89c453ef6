// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_axil_register_port: turns AXI4-Lite transactions into register accesses, at most one write and one read a
// cycle. Nothing behind this module knows AXI.
//
// AW and W may come in any order and any number of cycles apart. Every response is OKAY. Both directions sustain
// one access per cycle. A write's response is first presented two cycles after write_enable, so whatever the write
// changes has changed before the driver can know that it is done.
//
// write_enable is a flip-flop: the module decides one cycle ahead whether a write is made. busy comes too late for that
// decision, so a write that will raise busy announces it by starts_busy. After busy falls, one cycle passes without a
// write.
//
// In one cycle:
//   a read and a write of the configuration window -> the write; the read is made in the next cycle, before any
//     other write
//   a read and a write elsewhere -> both are made
//   a write that will raise busy and the next write -> the next one waits until busy has been low for a cycle
//   a response is given and one is taken -> both: the count of those that wait stays
//
//   ADDR_WIDTH  bits of a byte address
`default_nettype none

module virtio_axil_register_port #(
    parameter ADDR_WIDTH = 12
) (
    input  wire                  aclk,
    input  wire                  aresetn,

    input  wire [ADDR_WIDTH-1:0] s_axil_awaddr,
    input  wire [2:0]            s_axil_awprot,
    input  wire                  s_axil_awvalid,
    output wire                  s_axil_awready,
    input  wire [31:0]           s_axil_wdata,
    input  wire [3:0]            s_axil_wstrb,
    input  wire                  s_axil_wvalid,
    output wire                  s_axil_wready,
    output wire [1:0]            s_axil_bresp,
    output wire                  s_axil_bvalid,
    input  wire                  s_axil_bready,
    input  wire [ADDR_WIDTH-1:0] s_axil_araddr,
    input  wire [2:0]            s_axil_arprot,
    input  wire                  s_axil_arvalid,
    output wire                  s_axil_arready,
    output wire [31:0]           s_axil_rdata,
    output wire [1:0]            s_axil_rresp,
    output wire                  s_axil_rvalid,
    input  wire                  s_axil_rready,

    // What kind of address s_axil_awaddr and s_axil_araddr are, combinational; it comes out with the access.
    input  wire                  aw_control,
    input  wire                  aw_command,
    input  wire                  aw_config,
    input  wire                  ar_control,
    input  wire                  ar_config,

    output reg                   write_enable,   // one write a cycle
    output wire                  write_control,
    output wire                  write_command,
    output wire                  write_config,
    output wire                  write_whole,    // all four bytes
    output wire                  write_small,    // all four bytes, and write_data is below 8
    output wire [ADDR_WIDTH-1:0] write_address,
    output wire [31:0]           write_data,
    output wire [3:0]            write_strobe,
    input  wire [2:0]            starts_busy,    // any: busy rises in the next cycle because of the present write
    input  wire [5:0]            busy,        // any: the previous write is not finished, hold its response and the next

    output wire                  read_enable,
    output wire [ADDR_WIDTH-1:0] read_address,
    output wire                  read_control,
    output wire                  read_config,
    input  wire [31:0]           read_data       // one cycle after read_enable
);

    wire unused_prot = &{1'b0, s_axil_awprot, s_axil_arprot};

    // ------------------------------------------------------------------ writes
    wire write_busy = |busy;
    wire aw_next;
    wire w_next;
    wire unused_aw_valid;
    wire unused_w_valid;

    virtio_skid_buffer #(.WIDTH(ADDR_WIDTH + 3)) aw_buffer (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(s_axil_awvalid), .in_ready(s_axil_awready),
        .in_data({aw_config, aw_command, aw_control, s_axil_awaddr}),
        .next_valid(aw_next), .out_valid(unused_aw_valid), .out_ready(write_enable),
        .out_data({write_config, write_command, write_control, write_address})
    );

    wire whole = (s_axil_wstrb == 4'b1111);

    virtio_skid_buffer #(.WIDTH(38)) w_buffer (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(s_axil_wvalid), .in_ready(s_axil_wready),
        .in_data({whole && (s_axil_wdata[31:3] == 29'd0), whole, s_axil_wstrb, s_axil_wdata}),
        .next_valid(w_next), .out_valid(unused_w_valid), .out_ready(write_enable),
        .out_data({write_small, write_whole, write_strobe, write_data})
    );

    reg       answering;     // a write is done but for write_busy
    reg [2:0] answers;       // responses given that the bus has not taken yet
    reg [2:0] writes;        // writes whose response the bus has not taken yet, 0..4

    wire answer_taken = s_axil_bvalid && s_axil_bready;
    wire answer_given = answering && !write_busy;
    wire room         = !writes[2] && !(writes[1] && writes[0] && write_enable);

    always @(posedge aclk) begin
        if (!aresetn) begin
            answering <= 1'b0;
            answers   <= 3'd0;
            writes    <= 3'd0;
        end else begin
            answering <= write_enable || (answering && write_busy);
            case ({answer_given, answer_taken})
                2'b10:   answers <= answers + 3'd1;
                2'b01:   answers <= answers - 3'd1;
                default: answers <= answers;
            endcase
            case ({write_enable, answer_taken})
                2'b10:   writes <= writes + 3'd1;
                2'b01:   writes <= writes - 3'd1;
                default: writes <= writes;
            endcase
        end
    end

    assign s_axil_bvalid = (answers != 3'd0);
    assign s_axil_bresp  = 2'b00;

    // ------------------------------------------------------------------ reads
    wire ar_valid;
    wire unused_ar_next;

    virtio_skid_buffer #(.WIDTH(ADDR_WIDTH + 2)) ar_buffer (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(s_axil_arvalid), .in_ready(s_axil_arready), .in_data({ar_config, ar_control, s_axil_araddr}),
        .next_valid(unused_ar_next), .out_valid(ar_valid), .out_ready(read_enable),
        .out_data({read_config, read_control, read_address})
    );

    reg        reading;      // read_data is valid in this cycle
    reg  [2:0] reads;        // reads started whose data the bus has not taken yet, 0..4
    wire [31:0] r_data;

    wire read_taken = s_axil_rvalid && s_axil_rready;
    wire read_may   = ar_valid && !reads[2];

    always @(posedge aclk) begin
        if (!aresetn) begin
            reading <= 1'b0;
            reads   <= 3'd0;
        end else begin
            reading <= read_enable;
            case ({read_enable, read_taken})
                2'b10:   reads <= reads + 3'd1;
                2'b01:   reads <= reads - 3'd1;
                default: reads <= reads;
            endcase
        end
    end

    wire unused_r_ready;     // reads[2] keeps the store from ever being full when data comes

    virtio_sync_fifo #(.WIDTH(32), .LOG2_DEPTH(2)) r_fifo (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(reading), .in_ready(unused_r_ready), .in_data(read_data),
        .out_valid(s_axil_rvalid), .out_ready(s_axil_rready), .out_data(r_data)
    );

    assign s_axil_rdata = s_axil_rvalid ? r_data : 32'd0;
    assign s_axil_rresp = 2'b00;

    // ------------------------------------------------------------------ configuration space has one port
    // A read waits while a write uses it. After that there is a cycle without a write, so neither starves.
    wire read_waits = read_may && read_config && write_enable && write_config;

    assign read_enable = read_may && !read_waits;

    always @(posedge aclk) begin
        if (!aresetn)
            write_enable <= 1'b0;
        else
            write_enable <= aw_next && w_next && room && !write_busy && (starts_busy == 3'd0) && !read_waits;
    end

endmodule

`default_nettype wire
