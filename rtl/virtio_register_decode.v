// virtio_register_decode: splits the register port's accesses between the control registers (0x000..0x0ff) and the
// rest, and gathers what is read.
//
// A control register is reached only by an aligned access of all four bytes; any other access to 0x000..0x0ff is
// answered, but has no effect and reads 0 (MMIO-5). Each block behind this one owns its registers: it compares
// control_write_offset and control_read_offset with its own offsets and drives 0 where it owns nothing, so that
// reads are gathered by an OR.
//
//   ADDR_WIDTH  bits of a byte address
`default_nettype none

module virtio_register_decode #(
    parameter ADDR_WIDTH = 12
) (
    input  wire                  aclk,

    input  wire                  write_enable,
    input  wire [ADDR_WIDTH-1:0] write_address,
    input  wire [3:0]            write_strobe,
    output wire                  control_write,          // write_data is a whole word for control_write_offset
    output wire [7:0]            control_write_offset,

    input  wire [ADDR_WIDTH-1:0] read_address,
    output wire [7:0]            control_read_offset,
    output wire [31:0]           read_data,              // one cycle after read_address

    input  wire [31:0]           identity_read,          // each: combinational in control_read_offset, 0 if not its own
    input  wire [31:0]           features_read,
    input  wire [31:0]           status_read,
    input  wire [31:0]           queue_read,
    input  wire [31:0]           notify_read,
    input  wire [31:0]           interrupt_read,
    input  wire [31:0]           msi_read,
    input  wire [31:0]           config_read             // already one cycle after read_address; 0 if not its own
);

    assign control_write        = write_enable && (write_strobe == 4'b1111) && (write_address[1:0] == 2'b00) &&
                                  (write_address[ADDR_WIDTH-1:8] == {(ADDR_WIDTH - 8){1'b0}});
    assign control_write_offset = write_address[7:0];
    assign control_read_offset  = read_address[7:0];

    wire control_read = (read_address[1:0] == 2'b00) && (read_address[ADDR_WIDTH-1:8] == {(ADDR_WIDTH - 8){1'b0}});

    reg [31:0] control_data;

    always @(posedge aclk) begin
        control_data <= control_read ? (identity_read | features_read | status_read | queue_read | notify_read |
                                        interrupt_read | msi_read)
                                     : 32'd0;
    end

    assign read_data = control_data | config_read;

endmodule

`default_nettype wire
