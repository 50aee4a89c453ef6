// msi_commands: the driver's side of the MSI vector table: MsiVecNum, MsiState, MsiCmd, MsiVecState, MsiVecSel and the
// staged message (MsiAddrLow, MsiAddrHigh, MsiData). One command a write of MsiCmd, executed in the cycle of the write.
//
// 0xc0..0xdf exist only while VIRTIO_F_MMIO_MSI is negotiated; otherwise they read 0 and ignore writes (MSI-7). A
// command with a selector out of range is inert (MSI-36); unknown commands are ignored (MSI-8). Staged values survive
// CONFIGURE, so one message can be given to several vectors.
//
//   NUM_QUEUES    1..1024
//   NUM_VECTORS   1..2048; what MsiVecNum reads
//   VECTOR_WIDTH  bits of a vector number
//   MSI_SHARING   1: mapping at run time; 0: vector 0 = config, vector q+1 = queue q, which can only be unmapped
`default_nettype none
`include "virtio_mmio_regs.vh"

module msi_commands #(
    parameter NUM_QUEUES   = 2,
    parameter NUM_VECTORS  = 3,
    parameter VECTOR_WIDTH = 2,
    parameter MSI_SHARING  = 0
) (
    input  wire                    aclk,
    input  wire                    aresetn,
    input  wire                    device_reset,         // wins over everything below

    input  wire                    msi_negotiated,
    input  wire                    control_write,
    input  wire [7:0]              write_offset,
    input  wire [31:0]             write_data,
    input  wire [7:0]              read_offset,
    output reg  [31:0]             read_data,

    input  wire [31:0]             queue_sel,

    output reg                     msi_enabled,
    output wire                    disabling,            // DISABLE is executed; msi_enabled falls with the next edge

    output wire                    configure,            // of the selected vector, which exists
    output wire                    mask,
    output wire                    unmask,
    output wire [VECTOR_WIDTH-1:0] selected_vector,      // 0 when the selector is out of range
    output wire [63:0]             staged_address,
    output wire [31:0]             staged_data,

    output wire                    map_start,            // map to map_vector, or to none; all in range
    output wire                    map_config,           // the configuration event; otherwise queue queue_sel
    output wire                    map_to_none,

    input  wire                    state_masked,         // of selected_vector
    input  wire                    state_pending,
    input  wire                    state_configured,
    input  wire                    queue_mapped,         // of the queue that queue_sel selects, if it exists
    input  wire [VECTOR_WIDTH-1:0] queue_vector
);

    localparam [31:0] QUEUES  = NUM_QUEUES;
    localparam [31:0] VECTORS = NUM_VECTORS;

    reg [31:0] vec_sel;
    reg [31:0] addr_low;
    reg [31:0] addr_high;
    reg [31:0] data;

    wire write         = control_write && msi_negotiated;
    wire command       = write && (write_offset == `REG_MSI_CMD);
    wire vector_exists = (vec_sel < VECTORS);
    wire queue_exists  = (queue_sel < QUEUES);
    wire no_vector     = (vec_sel == `MSI_NO_VECTOR);

    assign selected_vector = vector_exists ? vec_sel[VECTOR_WIDTH-1:0] : {VECTOR_WIDTH{1'b0}};
    assign staged_address  = {addr_high, addr_low};
    assign staged_data     = data;

    assign configure = command && vector_exists && (write_data == `MSI_CMD_CONFIGURE);
    assign mask      = command && vector_exists && (write_data == `MSI_CMD_MASK);
    assign unmask    = command && vector_exists && (write_data == `MSI_CMD_UNMASK);
    assign disabling = command && msi_enabled && (write_data == `MSI_CMD_DISABLE);

    // Without sharing an event may be given its own fixed vector or none, nothing else (rule 8).
    wire config_vector_ok = vector_exists && ((MSI_SHARING != 0) || (vec_sel == 32'd0));
    wire queue_vector_ok  = vector_exists && ((MSI_SHARING != 0) || (vec_sel == queue_sel + 32'd1));

    wire config_start = command && (write_data == `MSI_CMD_MAP_CONFIG) && (config_vector_ok || no_vector);
    wire queue_start  = command && (write_data == `MSI_CMD_MAP_QUEUE) && (queue_vector_ok || no_vector) && queue_exists;

    assign map_start   = config_start || queue_start;
    assign map_config  = config_start;
    assign map_to_none = no_vector;

    always @(posedge aclk) begin
        if (!aresetn || device_reset) begin
            vec_sel     <= 32'd0;
            addr_low    <= 32'd0;
            addr_high   <= 32'd0;
            data        <= 32'd0;
            msi_enabled <= 1'b0;
        end else begin
            if (write && (write_offset == `REG_MSI_VEC_SEL))
                vec_sel <= write_data;
            if (write && (write_offset == `REG_MSI_ADDR_LOW))
                addr_low <= write_data;
            if (write && (write_offset == `REG_MSI_ADDR_HIGH))
                addr_high <= write_data;
            if (write && (write_offset == `REG_MSI_DATA))
                data <= write_data;
            if (command && (write_data == `MSI_CMD_ENABLE))
                msi_enabled <= 1'b1;
            if (disabling)
                msi_enabled <= 1'b0;
        end
    end

    // The bit positions of MsiState were never agreed on; both pairs are driven (MSI-5).
    wire        sharing   = (MSI_SHARING != 0);
    wire [31:0] msi_state = ({31'd0, msi_enabled} << `MSI_STATE_ENABLED_BIT) |
                            ({31'd0, msi_enabled} << `MSI_STATE_ENABLED_ALT_BIT) |
                            ({31'd0, sharing} << `MSI_STATE_SHARING_BIT) |
                            ({31'd0, sharing} << `MSI_STATE_SHARING_ALT_BIT);

    wire [15:0] mapping   = (queue_exists && queue_mapped) ? {{(16 - VECTOR_WIDTH){1'b0}}, queue_vector} :
                                                             `MSI_NO_MAPPING;
    wire [31:0] vec_state = ({16'd0, mapping} << `MSI_VEC_STATE_MAPPING_LSB) |
                            ({31'd0, vector_exists && state_masked} << `MSI_VEC_STATE_MASKED_BIT) |
                            ({31'd0, vector_exists && state_pending} << `MSI_VEC_STATE_PENDING_BIT) |
                            ({31'd0, vector_exists && state_configured} << `MSI_VEC_STATE_CONFIGURED_BIT);

    always @* begin
        read_data = 32'd0;
        if (msi_negotiated) begin
            case (read_offset)
                `REG_MSI_VEC_NUM:   read_data = VECTORS;
                `REG_MSI_STATE:     read_data = msi_state;
                `REG_MSI_VEC_STATE: read_data = vec_state;
                `REG_MSI_VEC_SEL:   read_data = vec_sel;
                `REG_MSI_ADDR_LOW:  read_data = addr_low;
                `REG_MSI_ADDR_HIGH: read_data = addr_high;
                `REG_MSI_DATA:      read_data = data;
                default:            read_data = 32'd0;
            endcase
        end
    end

endmodule

`default_nettype wire
