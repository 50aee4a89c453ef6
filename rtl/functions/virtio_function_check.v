// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_function_check: stops elaboration when a parameter of a device is impossible which neither endpoint nor engine
// has under this name.
//
// As in virtio_mmio_parameter_check, each tool gets what it reports with parameter and instance: Icarus an unknown
// name, Verilator an elaboration task, any other tool an unknown module. The name is the message.
// Parameters: those of the devices, which document them; each device gives those that it has. A buffer of the block
// device has a header, data and a status, so the block device needs 3 descriptors. Buffers of the other devices may be
// one descriptor, so every value that suits the engine suits these devices.
//
//   LEAST_CHAIN  descriptors that the device needs for a buffer, as its driver lays it out
`default_nettype none

`ifdef __ICARUS__
`define VIRTIO_FUNCTION_ERROR(message) initial $display("%m", message);
`elsif VERILATOR
`begin_keywords "1800-2012"
`define VIRTIO_FUNCTION_ERROR(message) $fatal(1, `"message`");
`else
`define VIRTIO_FUNCTION_ERROR(message) message stop_elaboration ();
`endif

module virtio_function_check #(
    parameter BLK_SIZE        = 512,
    parameter DISK_ADDR_WIDTH = 64,
    parameter DISK_BURST      = 16,
    parameter DISK_READS      = 16,
    parameter DISK_WRITES     = 16,
    parameter FRAME_BYTES     = 2048,
    parameter LEAST_CHAIN     = 1,
    parameter MAX_CHAIN       = LEAST_CHAIN,
    parameter MEM_ADDR_WIDTH  = 64,
    parameter QUEUE_NUM_MAX   = LEAST_CHAIN
) (
    input wire aclk                  // for tools that do not like a module without ports
);

    wire unused = &{1'b0, aclk};

    generate
        if (BLK_SIZE < 512 || BLK_SIZE > 65536 || (BLK_SIZE & (BLK_SIZE - 1)) != 0) begin : blk_size
            `VIRTIO_FUNCTION_ERROR(BLK_SIZE_must_be_a_power_of_two_512_to_65536)
        end
        if (DISK_ADDR_WIDTH < 32 || DISK_ADDR_WIDTH > 64) begin : disk_addr_width
            `VIRTIO_FUNCTION_ERROR(DISK_ADDR_WIDTH_must_be_32_to_64)
        end
        if (DISK_BURST < 1 || DISK_BURST > 256 || (DISK_BURST & (DISK_BURST - 1)) != 0) begin : disk_burst
            `VIRTIO_FUNCTION_ERROR(DISK_BURST_must_be_a_power_of_two_1_to_256)
        end
        if (DISK_READS < 2 || DISK_READS > 64 || (DISK_READS & (DISK_READS - 1)) != 0) begin : disk_reads
            `VIRTIO_FUNCTION_ERROR(DISK_READS_must_be_a_power_of_two_2_to_64)
        end
        if (DISK_WRITES < 2 || DISK_WRITES > 64 || (DISK_WRITES & (DISK_WRITES - 1)) != 0) begin : disk_writes
            `VIRTIO_FUNCTION_ERROR(DISK_WRITES_must_be_a_power_of_two_2_to_64)
        end
        if (FRAME_BYTES < 256 || FRAME_BYTES > 1048576 || (FRAME_BYTES & (FRAME_BYTES - 1)) != 0) begin : frame_bytes
            `VIRTIO_FUNCTION_ERROR(FRAME_BYTES_must_be_a_power_of_two_256_to_1048576)
        end
        if (MAX_CHAIN < LEAST_CHAIN) begin : max_chain
            `VIRTIO_FUNCTION_ERROR(MAX_CHAIN_must_be_3_or_more_for_header_data_and_status)
        end
        if (QUEUE_NUM_MAX < LEAST_CHAIN) begin : queue_num_max
            `VIRTIO_FUNCTION_ERROR(QUEUE_NUM_MAX_must_be_4_or_more_for_header_data_and_status)
        end
        if (MEM_ADDR_WIDTH < 32 || MEM_ADDR_WIDTH > 64) begin : mem_addr_width
            `VIRTIO_FUNCTION_ERROR(MEM_ADDR_WIDTH_must_be_32_to_64)
        end
    endgenerate

endmodule

`undef VIRTIO_FUNCTION_ERROR
`ifdef VERILATOR
`end_keywords
`endif
`default_nettype wire
