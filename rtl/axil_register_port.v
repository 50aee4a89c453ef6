// axil_register_port: AXI4-Lite slave on one side, at most one register write and one register read a cycle on the
// other. Nothing behind it knows AXI.
//
// AW and W may come in any order and any number of cycles apart. Every response is OKAY. Both directions sustain
// one access per cycle. A write's response is first presented two cycles after write_enable, so whatever the write
// changes has changed before the driver can know that it is done.
//
//   ADDR_WIDTH  bits of a byte address
`default_nettype none

module axil_register_port #(
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

    // One write a cycle in which write_enable is 1. The address, data and strobes are valid before that, too, for
    // write_single to be derived from them.
    output wire                  write_enable,
    output wire [ADDR_WIDTH-1:0] write_address,
    output wire [31:0]           write_data,
    output wire [3:0]            write_strobe,
    input  wire                  write_single,   // this write needs the port that reads share
    input  wire                  reset_busy,     // each: the previous write is not finished, hold its response and
    input  wire                  map_busy,       // the next write

    output wire                  read_enable,
    output wire [ADDR_WIDTH-1:0] read_address,
    input  wire                  read_single,    // this read needs the port that writes share
    input  wire [31:0]           read_data       // one cycle after read_enable
);

    wire unused_prot = &{1'b0, s_axil_awprot, s_axil_arprot};

    // ------------------------------------------------------------------ writes
    wire write_busy = reset_busy || map_busy;
    wire aw_valid;
    wire w_valid;

    sync_fifo #(.WIDTH(ADDR_WIDTH), .LOG2_DEPTH(1)) aw_fifo (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(s_axil_awvalid), .in_ready(s_axil_awready), .in_data(s_axil_awaddr),
        .out_valid(aw_valid), .out_ready(write_enable), .out_data(write_address)
    );

    sync_fifo #(.WIDTH(36), .LOG2_DEPTH(1)) w_fifo (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(s_axil_wvalid), .in_ready(s_axil_wready), .in_data({s_axil_wstrb, s_axil_wdata}),
        .out_valid(w_valid), .out_ready(write_enable), .out_data({write_strobe, write_data})
    );

    reg       answering;     // a write is done but for write_busy
    reg [1:0] answers;       // responses that the bus has not taken yet, 0..3

    wire answer_taken = s_axil_bvalid && s_axil_bready;
    wire answer_given = answering && !write_busy;

    // Room for this write's response whatever BREADY does: at most three unanswered.
    wire write_may = aw_valid && w_valid && !write_busy && !(answers[1] && (answers[0] || answering));

    always @(posedge aclk) begin
        if (!aresetn) begin
            answering <= 1'b0;
            answers   <= 2'd0;
        end else begin
            answering <= write_enable || (answering && write_busy);
            case ({answer_given, answer_taken})
                2'b10:   answers <= answers + 2'd1;
                2'b01:   answers <= answers - 2'd1;
                default: answers <= answers;
            endcase
        end
    end

    assign s_axil_bvalid = (answers != 2'd0);
    assign s_axil_bresp  = 2'b00;

    // ------------------------------------------------------------------ reads
    wire ar_valid;

    sync_fifo #(.WIDTH(ADDR_WIDTH), .LOG2_DEPTH(1)) ar_fifo (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(s_axil_arvalid), .in_ready(s_axil_arready), .in_data(s_axil_araddr),
        .out_valid(ar_valid), .out_ready(read_enable), .out_data(read_address)
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

    sync_fifo #(.WIDTH(32), .LOG2_DEPTH(2)) r_fifo (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(reading), .in_ready(unused_r_ready), .in_data(read_data),
        .out_valid(s_axil_rvalid), .out_ready(s_axil_rready), .out_data(r_data)
    );

    assign s_axil_rdata = s_axil_rvalid ? r_data : 32'd0;
    assign s_axil_rresp = 2'b00;

    // ------------------------------------------------------------------ who may use the shared port
    // When both directions want it, they take turns, so neither starves.
    reg  read_turn;
    wire conflict = write_may && write_single && read_may && read_single;

    always @(posedge aclk) begin
        if (!aresetn)
            read_turn <= 1'b0;
        else if (conflict)
            read_turn <= !read_turn;
    end

    assign write_enable = write_may && !(conflict && read_turn);
    assign read_enable  = read_may && !(conflict && !read_turn);

endmodule

`default_nettype wire
