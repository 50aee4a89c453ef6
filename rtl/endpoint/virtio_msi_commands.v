// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_msi_commands: the driver's side of the MSI vector table: MsiVecNum, MsiState, MsiCmd, MsiVecState, MsiVecSel
// and the staged message (MsiAddrLow, MsiAddrHigh, MsiData). One command a write of MsiCmd.
//
// 0xc0..0xdf exist only while VIRTIO_F_MMIO_MSI is negotiated; otherwise they read 0 and ignore writes (MSI-7). A
// command with a selector out of range is inert (MSI-36); unknown commands are ignored (MSI-8). Staged values survive
// CONFIGURE, so one message can be given to several vectors. A message's address ends in 00: MsiAddrLow reads back as
// it was written, but CONFIGURE takes bits [1:0] as 0, before it compares the address with 0.
//
// In one cycle:
//   device_reset and a write -> device_reset
//   disabling and ENABLE -> cannot be: DISABLE holds the next write
//   CONFIGURE is carried out and a staged register is written -> CONFIGURE has the old value
//
//   QUEUE_WIDTH   bits of a queue number
//   NUM_VECTORS   1..2048; what MsiVecNum reads
//   VECTOR_WIDTH  bits of a vector number
//   MSI_SHARING   1: mapping at run time; 0: vector 0 = config, vector q+1 = queue q, which can only be unmapped
`default_nettype none
`include "virtio_mmio_regs.vh"

module virtio_msi_commands #(
    parameter QUEUE_WIDTH  = 1,
    parameter NUM_VECTORS  = 3,
    parameter VECTOR_WIDTH = 2,
    parameter MSI_SHARING  = 0
) (
    input  wire                    aclk,
    input  wire                    aresetn,
    input  wire                    device_reset,         // wins over everything below

    input  wire                    msi_negotiated,
    input  wire                    control_write,
    input  wire                    command_write,        // of MsiCmd, and write_data is below 8
    input  wire [7:0]              write_offset,
    input  wire [31:0]             write_data,
    input  wire [7:0]              read_offset,
    output reg  [31:0]             read_data,

    input  wire                    queue_exists,         // the queue that QueueSel selects
    input  wire [QUEUE_WIDTH-1:0]  sel_queue,

    output wire                    starting,             // in the next cycle map_requested or disabling rises
    output reg                     msi_enabled,
    output reg                     disabling,          // DISABLE, one cycle after its write; msi_enabled falls with the
                                                         // next edge

    output reg                     configure,         // of the selected vector, which exists; one cycle after its write
    output wire                    mask,
    output wire                    unmask,
    output wire [VECTOR_WIDTH-1:0] selected_vector,      // 0 when the selector is out of range
    output wire [63:0]             staged_address,
    output wire [31:0]             staged_data,
    output reg                     staged_usable,        // staged_address is not 0; right while configure is 1

    output reg                     map_requested,     // a MAP command, executed one cycle after its write, for QueueSel
                                                         // is that late as well
    output wire                    map_start,            // it maps to selected_vector, or to none; all in range
    output reg                     map_config,           // the configuration event; otherwise queue queue_sel
    output wire                    map_to_none,

    input  wire                    state_masked,         // of selected_vector
    input  wire                    state_pending,
    input  wire                    state_configured,
    input  wire                    queue_mapped,         // of the queue that queue_sel selects, if it exists
    input  wire [VECTOR_WIDTH-1:0] queue_vector
);

    localparam [31:0] VECTORS = NUM_VECTORS;

    reg [31:0] vec_sel;
    reg        vector_exists;                            // what vec_sel selects
    reg        no_vector;                                // vec_sel is NO_VECTOR
    reg [31:0] addr_low;
    reg [31:0] addr_high;
    reg [31:0] data;

    wire write          = control_write && msi_negotiated;
    wire command        = command_write && msi_negotiated;

    // The command of this cycle; 0, which is none, in all others. All codes are below 8.
    wire [31:0] code    = command ? {29'd0, write_data[2:0]} : 32'd0;

    assign selected_vector = vector_exists ? vec_sel[VECTOR_WIDTH-1:0] : {VECTOR_WIDTH{1'b0}};
    assign staged_address  = {addr_high, addr_low[31:2], 2'b00};  // a message is one aligned word
    assign staged_data     = data;

    always @(posedge aclk) begin
        staged_usable <= (staged_address != 64'd0);
    end

    assign mask      = vector_exists && (code == `VIRTIO_MSI_CMD_MASK);
    assign unmask    = vector_exists && (code == `VIRTIO_MSI_CMD_UNMASK);

    // Without sharing an event may be given its own fixed vector or none, nothing else (rule 8).
    wire [31:0] fixed_vector = {{(32 - QUEUE_WIDTH){1'b0}}, sel_queue} + 32'd1;
    wire [31:0] wide_vector  = {{(32 - VECTOR_WIDTH){1'b0}}, selected_vector};

    wire config_vector_ok = vector_exists && ((MSI_SHARING != 0) || (selected_vector == {VECTOR_WIDTH{1'b0}}));
    wire queue_vector_ok  = vector_exists && ((MSI_SHARING != 0) || (wide_vector == fixed_vector));

    assign map_start   = map_requested && (map_config ? (config_vector_ok || no_vector)
                                                      : (queue_exists && (queue_vector_ok || no_vector)));
    assign map_to_none = no_vector;

    wire map         = (code == `VIRTIO_MSI_CMD_MAP_CONFIG) || (code == `VIRTIO_MSI_CMD_MAP_QUEUE);
    wire disable_now = msi_enabled && (code == `VIRTIO_MSI_CMD_DISABLE);

    assign starting = map || disable_now;

    always @(posedge aclk) begin
        if (!aresetn || device_reset)
            map_requested <= 1'b0;
        else
            map_requested <= map;
    end

    always @(posedge aclk) begin
        map_config <= (code == `VIRTIO_MSI_CMD_MAP_CONFIG);
    end

    // The selected vector and the staged message are still the same one cycle later: a write changes them in the next.
    always @(posedge aclk) begin
        if (!aresetn || device_reset)
            configure <= 1'b0;
        else
            configure <= vector_exists && (code == `VIRTIO_MSI_CMD_CONFIGURE);
    end

    always @(posedge aclk) begin
        if (!aresetn || device_reset)
            disabling <= 1'b0;
        else
            disabling <= disable_now;
    end

    always @(posedge aclk) begin
        if (!aresetn || device_reset) begin
            vec_sel       <= 32'd0;
            vector_exists <= 1'b1;
            no_vector     <= 1'b0;
            addr_low    <= 32'd0;
            addr_high   <= 32'd0;
            data        <= 32'd0;
            msi_enabled <= 1'b0;
        end else begin
            if (write && (write_offset == `VIRTIO_REG_MSI_VEC_SEL)) begin
                vec_sel       <= write_data;
                vector_exists <= (write_data < VECTORS);
                no_vector     <= (write_data == `VIRTIO_MSI_NO_VECTOR);
            end
            if (write && (write_offset == `VIRTIO_REG_MSI_ADDR_LOW))
                addr_low <= write_data;
            if (write && (write_offset == `VIRTIO_REG_MSI_ADDR_HIGH))
                addr_high <= write_data;
            if (write && (write_offset == `VIRTIO_REG_MSI_DATA))
                data <= write_data;
            if (code == `VIRTIO_MSI_CMD_ENABLE)
                msi_enabled <= 1'b1;
            if (disabling)
                msi_enabled <= 1'b0;
        end
    end

    // The bit positions of MsiState were never agreed on; both pairs are driven (MSI-5).
    wire        sharing   = (MSI_SHARING != 0);
    wire [31:0] msi_state = ({31'd0, msi_enabled} << `VIRTIO_MSI_STATE_ENABLED_BIT) |
                            ({31'd0, msi_enabled} << `VIRTIO_MSI_STATE_ENABLED_ALT_BIT) |
                            ({31'd0, sharing} << `VIRTIO_MSI_STATE_SHARING_BIT) |
                            ({31'd0, sharing} << `VIRTIO_MSI_STATE_SHARING_ALT_BIT);

    // What is known of the selected vector and queue comes one cycle after the selectors; so does whether they exist.
    reg state_exists;
    reg mapping_exists;

    always @(posedge aclk) begin
        state_exists   <= vector_exists;
        mapping_exists <= queue_exists;
    end

    wire [15:0] mapping   = (mapping_exists && queue_mapped) ? {{(16 - VECTOR_WIDTH){1'b0}}, queue_vector} :
                                                             `VIRTIO_MSI_NO_MAPPING;
    wire [31:0] vec_state = ({16'd0, mapping} << `VIRTIO_MSI_VEC_STATE_MAPPING_LSB) |
                            ({31'd0, state_exists && state_masked} << `VIRTIO_MSI_VEC_STATE_MASKED_BIT) |
                            ({31'd0, state_exists && state_pending} << `VIRTIO_MSI_VEC_STATE_PENDING_BIT) |
                            ({31'd0, state_exists && state_configured} << `VIRTIO_MSI_VEC_STATE_CONFIGURED_BIT);

    always @* begin
        read_data = 32'd0;
        if (msi_negotiated) begin
            case (read_offset)
                `VIRTIO_REG_MSI_VEC_NUM:   read_data = VECTORS;
                `VIRTIO_REG_MSI_STATE:     read_data = msi_state;
                `VIRTIO_REG_MSI_VEC_STATE: read_data = vec_state;
                `VIRTIO_REG_MSI_VEC_SEL:   read_data = vec_sel;
                `VIRTIO_REG_MSI_ADDR_LOW:  read_data = addr_low;
                `VIRTIO_REG_MSI_ADDR_HIGH: read_data = addr_high;
                `VIRTIO_REG_MSI_DATA:      read_data = data;
                default:            read_data = 32'd0;
            endcase
        end
    end

endmodule

`default_nettype wire
