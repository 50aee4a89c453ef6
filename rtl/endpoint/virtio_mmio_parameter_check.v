// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_mmio_parameter_check: stops elaboration when a parameter, or a combination of them, is impossible.
//
// Verilog-2005 has no elaboration error, so each tool gets what it reports with the parameter and the instance:
// Icarus an unknown name, Verilator an elaboration task (of SystemVerilog, whatever the rest is read as), any other
// tool an unknown module. The name is the message.
// Parameters: those of virtio_mmio_endpoint, which documents them.
`default_nettype none
`include "virtio_mmio_regs.vh"

`ifdef __ICARUS__
`define VIRTIO_MMIO_BAD(message) initial $display("%m", message);
`elsif VERILATOR
`begin_keywords "1800-2012"
`define VIRTIO_MMIO_BAD(message) $fatal(1, `"message`");
`else
`define VIRTIO_MMIO_BAD(message) message stop_elaboration ();
`endif

module virtio_mmio_parameter_check #(
    parameter        NUM_QUEUES        = 2,
    parameter        NUM_VECTORS       = 3,
    parameter        QUEUE_NUM_MAX     = 256,
    parameter [63:0] DEVICE_FEATURES   = 64'h1_0000_0000,
    parameter        MSI_SUPPORT       = 1,
    parameter        MSI_FEATURE_BIT   = 40,
    parameter        MSI_SHARING       = 0,
    parameter        NOTIFY_DOORBELLS  = 0,
    parameter        NOTIFY_BASE       = 32'h1000,
    parameter        NOTIFY_MULTIPLIER = 4,
    parameter        CONFIG_BYTES      = 256,
    parameter        ADDR_WIDTH        = 12,
    parameter        ANSWER_AT_ONCE    = 0,
    parameter        REQUIRE_FEATURES_OK = 1
) (
    input wire aclk                  // for tools that do not like a module without ports
);

    wire unused = &{1'b0, aclk};

    localparam        CONFIG_END     = 256 + CONFIG_BYTES;
    localparam        DOORBELL_END   = NOTIFY_BASE + (NUM_QUEUES - 1) * NOTIFY_MULTIPLIER + 4;
    localparam [63:0] ONE            = 64'd1;
    localparam        MSI            = (MSI_SUPPORT != 0);
    localparam        DOORBELLS      = (NOTIFY_DOORBELLS != 0);
    // The standard's own place for notifications is a legal doorbell (NTF-8).
    localparam        AT_NOTIFY      = (NOTIFY_BASE == 80) && (NOTIFY_MULTIPLIER == 0);

    generate
        if (NUM_QUEUES < 1 || NUM_QUEUES > 1024) begin : num_queues
            `VIRTIO_MMIO_BAD(NUM_QUEUES_must_be_1_to_1024)
        end
        if (NUM_VECTORS < 1 || NUM_VECTORS > 2048) begin : num_vectors
            `VIRTIO_MMIO_BAD(NUM_VECTORS_must_be_1_to_2048)
        end
        if (QUEUE_NUM_MAX < 1 || QUEUE_NUM_MAX > 32768 ||
            (QUEUE_NUM_MAX & (QUEUE_NUM_MAX - 1)) != 0) begin : queue_num_max
            `VIRTIO_MMIO_BAD(QUEUE_NUM_MAX_must_be_a_power_of_two_1_to_32768)
        end
        if (((DEVICE_FEATURES >> `VIRTIO_FEATURE_VERSION_1_BIT) & ONE) != ONE) begin : features_version_1
            `VIRTIO_MMIO_BAD(DEVICE_FEATURES_must_have_bit_32_VERSION_1)
        end
        if (((DEVICE_FEATURES >> `VIRTIO_FEATURE_MMIO_NOTIFICATION_BIT) & 64'd3) != 64'd0) begin : features_39_40
            `VIRTIO_MMIO_BAD(DEVICE_FEATURES_must_not_have_bit_39_or_40_use_NOTIFY_DOORBELLS_and_MSI_SUPPORT)
        end
        if (MSI_SUPPORT != 0 && MSI_SUPPORT != 1) begin : msi_support
            `VIRTIO_MMIO_BAD(MSI_SUPPORT_must_be_0_or_1)
        end
        if (MSI_FEATURE_BIT < 0 || MSI_FEATURE_BIT > 63) begin : msi_feature_bit
            `VIRTIO_MMIO_BAD(MSI_FEATURE_BIT_must_be_0_to_63)
        end else if (MSI && ((DEVICE_FEATURES >> MSI_FEATURE_BIT) & ONE) == ONE) begin : msi_feature_bit_offered
            `VIRTIO_MMIO_BAD(MSI_FEATURE_BIT_must_not_be_a_bit_of_DEVICE_FEATURES)
        end
        if (MSI && (MSI_FEATURE_BIT == `VIRTIO_FEATURE_RING_PACKED_BIT ||
                    MSI_FEATURE_BIT == `VIRTIO_FEATURE_NOTIFICATION_DATA_BIT ||
                    (DOORBELLS && MSI_FEATURE_BIT == `VIRTIO_FEATURE_MMIO_NOTIFICATION_BIT)))
        begin : msi_feature_bit_taken
            `VIRTIO_MMIO_BAD(MSI_FEATURE_BIT_must_not_be_34_or_38_nor_39_with_NOTIFY_DOORBELLS)
        end
        if (MSI_SHARING != 0 && MSI_SHARING != 1) begin : msi_sharing
            `VIRTIO_MMIO_BAD(MSI_SHARING_must_be_0_or_1)
        end
        if (NOTIFY_DOORBELLS != 0 && NOTIFY_DOORBELLS != 1) begin : notify_doorbells
            `VIRTIO_MMIO_BAD(NOTIFY_DOORBELLS_must_be_0_or_1)
        end
        if (DOORBELLS && (NOTIFY_BASE < 0 || NOTIFY_BASE > 65535 || (NOTIFY_BASE & 3) != 0)) begin : notify_base
            `VIRTIO_MMIO_BAD(NOTIFY_BASE_must_be_a_multiple_of_4_below_65536)
        end
        if (DOORBELLS && (NOTIFY_MULTIPLIER < 0 || NOTIFY_MULTIPLIER > 65535 || (NOTIFY_MULTIPLIER & 3) != 0))
        begin : notify_multiplier
            `VIRTIO_MMIO_BAD(NOTIFY_MULTIPLIER_must_be_a_multiple_of_4_below_65536)
        end
        if (DOORBELLS && !AT_NOTIFY && NOTIFY_BASE < CONFIG_END) begin : notify_base_overlap
            `VIRTIO_MMIO_BAD(NOTIFY_BASE_must_lie_behind_the_registers_and_CONFIG_BYTES)
        end
        if (ANSWER_AT_ONCE != 0 && ANSWER_AT_ONCE != 1) begin : answer_at_once
            `VIRTIO_MMIO_BAD(ANSWER_AT_ONCE_must_be_0_or_1)
        end
        if (REQUIRE_FEATURES_OK != 0 && REQUIRE_FEATURES_OK != 1) begin : require_features_ok
            `VIRTIO_MMIO_BAD(REQUIRE_FEATURES_OK_must_be_0_or_1)
        end
        if (CONFIG_BYTES < 0 || CONFIG_BYTES > 4096) begin : config_bytes
            `VIRTIO_MMIO_BAD(CONFIG_BYTES_must_be_0_to_4096)
        end
        if (ADDR_WIDTH < 9 || ADDR_WIDTH > 64) begin : addr_width
            `VIRTIO_MMIO_BAD(ADDR_WIDTH_must_be_9_to_64)
        end else if (((CONFIG_END - 1) >> ADDR_WIDTH) != 0) begin : addr_width_config
            `VIRTIO_MMIO_BAD(ADDR_WIDTH_must_cover_CONFIG_BYTES)
        end else if (DOORBELLS && ((DOORBELL_END - 1) >> ADDR_WIDTH) != 0) begin : addr_width_doorbells
            `VIRTIO_MMIO_BAD(ADDR_WIDTH_must_cover_NOTIFY_BASE_and_NOTIFY_MULTIPLIER_for_NUM_QUEUES)
        end
    endgenerate

endmodule

`undef VIRTIO_MMIO_BAD
`ifdef VERILATOR
`end_keywords
`endif
`default_nettype wire
