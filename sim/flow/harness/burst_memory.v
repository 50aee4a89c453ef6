// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// An AXI4 memory for long simulations: Python is asked once a burst and not in every cycle. No hardware.
//
// A burst that is read is shown at read_*, and read_count changes; Python puts all of its data, a response and a delay
// at read_*, and changes read_answer. A burst that is written is gathered, shown at write_*, and write_count changes;
// Python takes it, gives response and delay, and changes write_answer; write_done changes when B was taken.
// One burst of each direction at a time is shown; 16 addresses of each may wait.
//
//   In one cycle                  who wins
//   a read and a write            neither: Python sees them in the order of their changes
//   aresetn low and anything      aresetn: all that waits is forgotten
//
//   Timing: AR taken -> shown 1 cycle; answered -> R 1 cycle and the delay; last W taken -> shown 1 cycle; answered -> B
//   1 cycle and the delay.
//
//   ADDR_WIDTH, DATA_WIDTH, ID_WIDTH   of the bus
//   BEATS                              most of a burst
`default_nettype none

module burst_memory #(
    parameter ADDR_WIDTH = 64,
    parameter DATA_WIDTH = 64,
    parameter ID_WIDTH   = 1,
    parameter BEATS      = 16
) (
    input  wire                          aclk,
    input  wire                          aresetn,
    output reg  [31:0]                   now,            // cycles since the reset

    input  wire [ID_WIDTH-1:0]           awid,
    input  wire [ADDR_WIDTH-1:0]         awaddr,
    input  wire [7:0]                    awlen,
    input  wire                          awvalid,
    output wire                          awready,
    input  wire [DATA_WIDTH-1:0]         wdata,
    input  wire [DATA_WIDTH/8-1:0]       wstrb,
    input  wire                          wlast,
    input  wire                          wvalid,
    output wire                          wready,
    output wire [ID_WIDTH-1:0]           bid,
    output wire [1:0]                    bresp,
    output wire                          bvalid,
    input  wire                          bready,
    input  wire [ID_WIDTH-1:0]           arid,
    input  wire [ADDR_WIDTH-1:0]         araddr,
    input  wire [7:0]                    arlen,
    input  wire                          arvalid,
    output wire                          arready,
    output wire [ID_WIDTH-1:0]           rid,
    output wire [DATA_WIDTH-1:0]         rdata,
    output wire [1:0]                    rresp,
    output wire                          rlast,
    output wire                          rvalid,
    input  wire                          rready,

    output reg  [31:0]                   read_count,
    output wire [ADDR_WIDTH-1:0]         read_address,
    output wire [7:0]                    read_length,
    output wire [31:0]                   read_issued,    // when AR was taken
    input  wire [BEATS*DATA_WIDTH-1:0]   read_data,
    input  wire [1:0]                    read_response,
    input  wire [7:0]                    read_delay,
    input  wire                          read_answer,
    output reg  [31:0]                   write_count,
    output wire [ADDR_WIDTH-1:0]         write_address,
    output wire [7:0]                    write_length,
    output wire [31:0]                   write_issued,   // when AW was taken
    output reg  [BEATS*DATA_WIDTH-1:0]   write_data,     // the last beat in the highest bits
    output reg  [BEATS*DATA_WIDTH/8-1:0] write_strobes,
    output reg                           write_wrong,    // WLAST was not at the end of the burst
    input  wire [1:0]                    write_response,
    input  wire [7:0]                    write_delay,
    input  wire                          write_answer,
    output reg  [31:0]                   write_done,
    output wire                          waiting         // something is not answered
);

    localparam [1:0] IDLE = 2'd0, ASKED = 2'd1, DELAY = 2'd2, ANSWER = 2'd3;
    localparam       ENTRY = ID_WIDTH + ADDR_WIDTH + 40;

    always @(posedge aclk) begin
        if (!aresetn)
            now <= 32'd0;
        else
            now <= now + 32'd1;
    end

    // ------------------------------------------------------------------ reads
    reg [ENTRY-1:0]            reads [0:15];
    reg [4:0]                  reads_in;
    reg [4:0]                  reads_out;
    reg [1:0]                  read_state;
    reg                        read_answered;
    reg [7:0]                  read_wait;
    reg [7:0]                  read_beat;
    reg [BEATS*DATA_WIDTH-1:0] read_shift;
    reg [1:0]                  read_result;

    wire read_left = (reads_in != reads_out);

    assign arready = (reads_in != {!reads_out[4], reads_out[3:0]});
    assign {rid, read_address, read_length, read_issued} = reads[reads_out[3:0]];
    assign rvalid  = (read_state == ANSWER);
    assign rdata   = read_shift[DATA_WIDTH-1:0];
    assign rresp   = read_result;
    assign rlast   = (read_beat == read_length);

    always @(posedge aclk) begin
        if (arvalid && arready)
            reads[reads_in[3:0]] <= {arid, araddr, arlen, now};
    end

    always @(posedge aclk) begin
        if (!aresetn) begin
            reads_in      <= 5'd0;
            reads_out     <= 5'd0;
            read_state    <= IDLE;
            read_count    <= 32'd0;
            read_answered <= read_answer;
        end else begin
            if (arvalid && arready)
                reads_in <= reads_in + 5'd1;
            case (read_state)
                IDLE:
                    if (read_left) begin
                        read_state <= ASKED;
                        read_count <= read_count + 32'd1;
                    end
                ASKED:
                    if (read_answer != read_answered) begin
                        read_answered <= read_answer;
                        read_state    <= (read_delay == 8'd0) ? ANSWER : DELAY;
                    end
                DELAY:
                    if (read_wait == 8'd1)
                        read_state <= ANSWER;
                default:
                    if (rready && rlast) begin
                        read_state <= IDLE;
                        reads_out  <= reads_out + 5'd1;
                    end
            endcase
        end
    end

    always @(posedge aclk) begin
        if (read_state == ASKED) begin
            read_shift  <= read_data;
            read_result <= read_response;
            read_wait   <= read_delay;
            read_beat   <= 8'd0;
        end else if (rvalid && rready) begin
            read_shift <= read_shift >> DATA_WIDTH;
            read_beat  <= read_beat + 8'd1;
        end else begin
            read_wait <= read_wait - 8'd1;
        end
    end

    // ------------------------------------------------------------------ writes
    reg [ENTRY-1:0] writes [0:15];
    reg [4:0]       writes_in;
    reg [4:0]       writes_out;
    reg [1:0]       write_state;
    reg             write_answered;
    reg [7:0]       write_wait;
    reg [7:0]       write_beat;
    reg [1:0]       write_result;

    wire write_left = (writes_in != writes_out);
    wire beat       = wvalid && wready;
    wire last_beat  = (write_beat == write_length);

    assign awready = (writes_in != {!writes_out[4], writes_out[3:0]});
    assign {bid, write_address, write_length, write_issued} = writes[writes_out[3:0]];
    assign wready  = (write_state == IDLE) && write_left;
    assign bvalid  = (write_state == ANSWER);
    assign bresp   = write_result;
    assign waiting = read_left || write_left;

    always @(posedge aclk) begin
        if (awvalid && awready)
            writes[writes_in[3:0]] <= {awid, awaddr, awlen, now};
    end

    always @(posedge aclk) begin
        if (!aresetn) begin
            writes_in      <= 5'd0;
            writes_out     <= 5'd0;
            write_state    <= IDLE;
            write_count    <= 32'd0;
            write_done     <= 32'd0;
            write_wrong    <= 1'b0;
            write_beat     <= 8'd0;
            write_answered <= write_answer;
        end else begin
            if (awvalid && awready)
                writes_in <= writes_in + 5'd1;
            case (write_state)
                IDLE:
                    if (beat) begin
                        write_beat <= last_beat ? 8'd0 : write_beat + 8'd1;
                        if (last_beat != wlast)
                            write_wrong <= 1'b1;
                        if (last_beat) begin
                            write_state <= ASKED;
                            write_count <= write_count + 32'd1;
                        end
                    end
                ASKED:
                    if (write_answer != write_answered) begin
                        write_answered <= write_answer;
                        write_state    <= (write_delay == 8'd0) ? ANSWER : DELAY;
                    end
                DELAY:
                    if (write_wait == 8'd1)
                        write_state <= ANSWER;
                default:
                    if (bready) begin
                        write_state <= IDLE;
                        writes_out  <= writes_out + 5'd1;
                        write_done  <= write_done + 32'd1;
                    end
            endcase
        end
    end

    always @(posedge aclk) begin
        if (beat) begin
            write_data    <= {wdata, write_data[BEATS*DATA_WIDTH-1:DATA_WIDTH]};
            write_strobes <= {wstrb, write_strobes[BEATS*DATA_WIDTH/8-1:DATA_WIDTH/8]};
        end
        if (write_state == ASKED) begin
            write_result <= write_response;
            write_wait   <= write_delay;
        end else begin
            write_wait <= write_wait - 8'd1;
        end
    end

endmodule

`default_nettype wire
