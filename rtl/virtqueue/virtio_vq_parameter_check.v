// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_parameter_check: stops elaboration when a parameter of the virtqueue engine is impossible.
//
// As in virtio_mmio_parameter_check, each tool gets what it reports with parameter and instance: Icarus an unknown
// name, Verilator an elaboration task, any other tool an unknown module. The name is the message.
// Parameters: those of virtio_virtqueue_engine, which documents them.
`default_nettype none

`ifdef __ICARUS__
`define VIRTIO_VQ_PARAMETER_ERROR(message) initial $display("%m", message);
`elsif VERILATOR
`begin_keywords "1800-2012"
`define VIRTIO_VQ_PARAMETER_ERROR(message) $fatal(1, `"message`");
`else
`define VIRTIO_VQ_PARAMETER_ERROR(message) message stop_elaboration ();
`endif

module virtio_vq_parameter_check #(
    parameter          NUM_QUEUES        = 2,
    parameter          QUEUE_NUM_MAX     = 256,
    parameter          SLOTS             = 16,
    parameter          QUEUE_SLOTS       = 16,
    parameter          PULL_QUEUES       = 0,
    parameter          MAX_CHAIN         = 64,
    parameter          DATA_WIDTH        = 64,
    parameter          ADDR_WIDTH        = 64,
    parameter          ID_WIDTH          = 0,
    parameter          MAX_BURST         = 16,
    parameter          READS             = 16,
    parameter          WRITES            = 16,
    parameter          RING_PACKED       = 0,
    parameter          INDIRECT          = 1,
    parameter          EVENT_IDX         = 1,
    parameter          IN_ORDER          = 0,
    parameter          NOTIFICATION_DATA = 0,
    parameter          SUPPRESS_KICKS    = 1,
    parameter          EVENT_COUNT       = 1,
    parameter          EVENT_CYCLES      = 0,
    parameter          ON_CHAIN_ERROR    = 0,
    parameter          COUNTERS          = 1
) (
    input wire aclk                  // for tools that do not like a module without ports
);

    wire unused = &{1'b0, aclk};

    generate
        if (NUM_QUEUES < 1 || NUM_QUEUES > 1024) begin : num_queues
            `VIRTIO_VQ_PARAMETER_ERROR(NUM_QUEUES_must_be_1_to_1024)
        end
        if (QUEUE_NUM_MAX < 1 || QUEUE_NUM_MAX > 32768 || (QUEUE_NUM_MAX & (QUEUE_NUM_MAX - 1)) != 0)
        begin : queue_num_max
            `VIRTIO_VQ_PARAMETER_ERROR(QUEUE_NUM_MAX_must_be_a_power_of_two_1_to_32768)
        end
        if (SLOTS < 1 || SLOTS > 64) begin : slots
            `VIRTIO_VQ_PARAMETER_ERROR(SLOTS_must_be_1_to_64)
        end
        if (QUEUE_SLOTS < 1 || QUEUE_SLOTS > SLOTS) begin : queue_slots
            `VIRTIO_VQ_PARAMETER_ERROR(QUEUE_SLOTS_must_be_1_to_SLOTS)
        end
        if (NUM_QUEUES > 0 && NUM_QUEUES < 1024 && (PULL_QUEUES >> NUM_QUEUES) != 0) begin : pull_queues
            `VIRTIO_VQ_PARAMETER_ERROR(PULL_QUEUES_must_have_no_bit_beyond_NUM_QUEUES)
        end
        if (MAX_CHAIN < 1 || MAX_CHAIN > 1024) begin : max_chain
            `VIRTIO_VQ_PARAMETER_ERROR(MAX_CHAIN_must_be_1_to_1024)
        end
        if (DATA_WIDTH != 64 && DATA_WIDTH != 128 && DATA_WIDTH != 256) begin : data_width
            `VIRTIO_VQ_PARAMETER_ERROR(DATA_WIDTH_must_be_64_128_or_256)
        end
        if (ADDR_WIDTH < 32 || ADDR_WIDTH > 64) begin : addr_width
            `VIRTIO_VQ_PARAMETER_ERROR(ADDR_WIDTH_must_be_32_to_64)
        end
        if (ID_WIDTH < 0 || ID_WIDTH > 4) begin : id_width
            `VIRTIO_VQ_PARAMETER_ERROR(ID_WIDTH_must_be_0_to_4)
        end
        if (MAX_BURST < 1 || MAX_BURST > 256) begin : max_burst
            `VIRTIO_VQ_PARAMETER_ERROR(MAX_BURST_must_be_1_to_256)
        end
        if (READS < 1 || READS > 64) begin : reads
            `VIRTIO_VQ_PARAMETER_ERROR(READS_must_be_1_to_64)
        end
        if (WRITES < 1 || WRITES > 64) begin : writes
            `VIRTIO_VQ_PARAMETER_ERROR(WRITES_must_be_1_to_64)
        end
        if (RING_PACKED != 0 && RING_PACKED != 1) begin : ring_packed
            `VIRTIO_VQ_PARAMETER_ERROR(RING_PACKED_must_be_0_or_1)
        end
        if (INDIRECT != 0 && INDIRECT != 1) begin : indirect
            `VIRTIO_VQ_PARAMETER_ERROR(INDIRECT_must_be_0_or_1)
        end
        if (EVENT_IDX != 0 && EVENT_IDX != 1) begin : event_idx
            `VIRTIO_VQ_PARAMETER_ERROR(EVENT_IDX_must_be_0_or_1)
        end
        if (IN_ORDER != 0 && IN_ORDER != 1) begin : in_order
            `VIRTIO_VQ_PARAMETER_ERROR(IN_ORDER_must_be_0_or_1)
        end
        if (NOTIFICATION_DATA != 0 && NOTIFICATION_DATA != 1) begin : notification_data
            `VIRTIO_VQ_PARAMETER_ERROR(NOTIFICATION_DATA_must_be_0_or_1)
        end
        if (SUPPRESS_KICKS != 0 && SUPPRESS_KICKS != 1) begin : suppress_kicks
            `VIRTIO_VQ_PARAMETER_ERROR(SUPPRESS_KICKS_must_be_0_or_1)
        end
        if (EVENT_COUNT < 1 || EVENT_COUNT > 32767) begin : event_count
            `VIRTIO_VQ_PARAMETER_ERROR(EVENT_COUNT_must_be_1_to_32767)
        end else if (EVENT_CYCLES < 0 || (EVENT_COUNT > 1 && EVENT_CYCLES == 0)) begin : event_cycles
            `VIRTIO_VQ_PARAMETER_ERROR(EVENT_CYCLES_must_be_1_or_more_with_EVENT_COUNT_above_1)
        end
        if (ON_CHAIN_ERROR != 0 && ON_CHAIN_ERROR != 1) begin : on_chain_error
            `VIRTIO_VQ_PARAMETER_ERROR(ON_CHAIN_ERROR_must_be_0_or_1)
        end
        if (COUNTERS != 0 && COUNTERS != 1) begin : counters
            `VIRTIO_VQ_PARAMETER_ERROR(COUNTERS_must_be_0_or_1)
        end
    endgenerate

endmodule

`undef VIRTIO_VQ_PARAMETER_ERROR
`ifdef VERILATOR
`end_keywords
`endif
`default_nettype wire
