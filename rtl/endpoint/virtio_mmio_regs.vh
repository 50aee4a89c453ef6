// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// Generated from rtl/virtio_mmio.rdl by `python -m sim regs`: do not edit.

`ifndef VIRTIO_MMIO_REGS_VH
`define VIRTIO_MMIO_REGS_VH

// Byte offsets
`define VIRTIO_REG_MAGIC_VALUE                    8'h00
`define VIRTIO_REG_VERSION                        8'h04
`define VIRTIO_REG_DEVICE_ID                      8'h08
`define VIRTIO_REG_VENDOR_ID                      8'h0c
`define VIRTIO_REG_DEVICE_FEATURES                8'h10
`define VIRTIO_REG_DEVICE_FEATURES_SEL            8'h14
`define VIRTIO_REG_DRIVER_FEATURES                8'h20
`define VIRTIO_REG_DRIVER_FEATURES_SEL            8'h24
`define VIRTIO_REG_QUEUE_SEL                      8'h30
`define VIRTIO_REG_QUEUE_NUM_MAX                  8'h34
`define VIRTIO_REG_QUEUE_NUM                      8'h38
`define VIRTIO_REG_QUEUE_READY                    8'h44
`define VIRTIO_REG_QUEUE_NOTIFY                   8'h50
`define VIRTIO_REG_INTERRUPT_STATUS               8'h60
`define VIRTIO_REG_INTERRUPT_ACK                  8'h64
`define VIRTIO_REG_STATUS                         8'h70
`define VIRTIO_REG_QUEUE_DESC_LOW                 8'h80
`define VIRTIO_REG_QUEUE_DESC_HIGH                8'h84
`define VIRTIO_REG_QUEUE_DRIVER_LOW               8'h90
`define VIRTIO_REG_QUEUE_DRIVER_HIGH              8'h94
`define VIRTIO_REG_QUEUE_DEVICE_LOW               8'ha0
`define VIRTIO_REG_QUEUE_DEVICE_HIGH              8'ha4
`define VIRTIO_REG_SHM_SEL                        8'hac
`define VIRTIO_REG_SHM_LEN_LOW                    8'hb0
`define VIRTIO_REG_SHM_LEN_HIGH                   8'hb4
`define VIRTIO_REG_SHM_BASE_LOW                   8'hb8
`define VIRTIO_REG_SHM_BASE_HIGH                  8'hbc
`define VIRTIO_REG_MSI_VEC_NUM                    8'hc0
`define VIRTIO_REG_MSI_STATE                      8'hc4
`define VIRTIO_REG_MSI_CMD                        8'hc8
`define VIRTIO_REG_MSI_VEC_STATE                  8'hcc
`define VIRTIO_REG_MSI_VEC_SEL                    8'hd0
`define VIRTIO_REG_MSI_ADDR_LOW                   8'hd4
`define VIRTIO_REG_MSI_ADDR_HIGH                  8'hd8
`define VIRTIO_REG_MSI_DATA                       8'hdc
`define VIRTIO_REG_CONFIG_GENERATION              8'hfc
`define VIRTIO_CONFIG_WINDOW_OFFSET               12'h100

// Identity
`define VIRTIO_MAGIC_VALUE                        32'h74726976
`define VIRTIO_VERSION_VALUE                      32'h00000002

// Bit numbers of fields
`define VIRTIO_QUEUE_NOTIFY_BASE_LSB              0
`define VIRTIO_QUEUE_NOTIFY_MULTIPLIER_LSB        16
`define VIRTIO_INTERRUPT_USED_BUFFER_BIT          0
`define VIRTIO_INTERRUPT_CONFIG_CHANGE_BIT        1
`define VIRTIO_STATUS_ACKNOWLEDGE_BIT             0
`define VIRTIO_STATUS_DRIVER_BIT                  1
`define VIRTIO_STATUS_DRIVER_OK_BIT               2
`define VIRTIO_STATUS_FEATURES_OK_BIT             3
`define VIRTIO_STATUS_UNASSIGNED_LSB              4
`define VIRTIO_STATUS_DEVICE_NEEDS_RESET_BIT      6
`define VIRTIO_STATUS_FAILED_BIT                  7
`define VIRTIO_MSI_STATE_ENABLED_BIT              0
`define VIRTIO_MSI_STATE_SHARING_BIT              1
`define VIRTIO_MSI_STATE_SHARING_ALT_BIT          30
`define VIRTIO_MSI_STATE_ENABLED_ALT_BIT          31
`define VIRTIO_MSI_VEC_STATE_MASKED_BIT           0
`define VIRTIO_MSI_VEC_STATE_PENDING_BIT          1
`define VIRTIO_MSI_VEC_STATE_CONFIGURED_BIT       2
`define VIRTIO_MSI_VEC_STATE_MAPPING_LSB          16

// Values of MsiCmd.command
`define VIRTIO_MSI_CMD_ENABLE                     32'h00000001
`define VIRTIO_MSI_CMD_DISABLE                    32'h00000002
`define VIRTIO_MSI_CMD_CONFIGURE                  32'h00000003
`define VIRTIO_MSI_CMD_MASK                       32'h00000004
`define VIRTIO_MSI_CMD_UNMASK                     32'h00000005
`define VIRTIO_MSI_CMD_MAP_CONFIG                 32'h00000006
`define VIRTIO_MSI_CMD_MAP_QUEUE                  32'h00000007

// Values of MsiVecState.mapping
`define VIRTIO_MSI_NO_MAPPING                     16'hffff

// Values of MsiVecSel.vector
`define VIRTIO_MSI_NO_VECTOR                      32'hffffffff

// Feature bit numbers
`define VIRTIO_FEATURE_VERSION_1_BIT              32
`define VIRTIO_FEATURE_RING_PACKED_BIT            34
`define VIRTIO_FEATURE_NOTIFICATION_DATA_BIT      38
`define VIRTIO_FEATURE_MMIO_NOTIFICATION_BIT      39
`define VIRTIO_FEATURE_MMIO_MSI_BIT               40

`endif
