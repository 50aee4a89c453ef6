// Generated from rtl/virtio_mmio.rdl by `python -m sim regs`: do not edit.

`ifndef VIRTIO_MMIO_REGS_VH
`define VIRTIO_MMIO_REGS_VH

// Byte offsets
`define REG_MAGIC_VALUE                    8'h00
`define REG_VERSION                        8'h04
`define REG_DEVICE_ID                      8'h08
`define REG_VENDOR_ID                      8'h0c
`define REG_DEVICE_FEATURES                8'h10
`define REG_DEVICE_FEATURES_SEL            8'h14
`define REG_DRIVER_FEATURES                8'h20
`define REG_DRIVER_FEATURES_SEL            8'h24
`define REG_QUEUE_SEL                      8'h30
`define REG_QUEUE_NUM_MAX                  8'h34
`define REG_QUEUE_NUM                      8'h38
`define REG_QUEUE_READY                    8'h44
`define REG_QUEUE_NOTIFY                   8'h50
`define REG_INTERRUPT_STATUS               8'h60
`define REG_INTERRUPT_ACK                  8'h64
`define REG_STATUS                         8'h70
`define REG_QUEUE_DESC_LOW                 8'h80
`define REG_QUEUE_DESC_HIGH                8'h84
`define REG_QUEUE_DRIVER_LOW               8'h90
`define REG_QUEUE_DRIVER_HIGH              8'h94
`define REG_QUEUE_DEVICE_LOW               8'ha0
`define REG_QUEUE_DEVICE_HIGH              8'ha4
`define REG_SHM_SEL                        8'hac
`define REG_SHM_LEN_LOW                    8'hb0
`define REG_SHM_LEN_HIGH                   8'hb4
`define REG_SHM_BASE_LOW                   8'hb8
`define REG_SHM_BASE_HIGH                  8'hbc
`define REG_MSI_VEC_NUM                    8'hc0
`define REG_MSI_STATE                      8'hc4
`define REG_MSI_CMD                        8'hc8
`define REG_MSI_VEC_STATE                  8'hcc
`define REG_MSI_VEC_SEL                    8'hd0
`define REG_MSI_ADDR_LOW                   8'hd4
`define REG_MSI_ADDR_HIGH                  8'hd8
`define REG_MSI_DATA                       8'hdc
`define REG_CONFIG_GENERATION              8'hfc
`define CONFIG_WINDOW_OFFSET               12'h100

// Identity
`define MAGIC_VALUE                        32'h74726976
`define VERSION_VALUE                      32'h00000002

// Bit numbers of fields
`define QUEUE_NOTIFY_BASE_LSB              0
`define QUEUE_NOTIFY_MULTIPLIER_LSB        16
`define INTERRUPT_USED_BUFFER_BIT          0
`define INTERRUPT_CONFIG_CHANGE_BIT        1
`define STATUS_ACKNOWLEDGE_BIT             0
`define STATUS_DRIVER_BIT                  1
`define STATUS_DRIVER_OK_BIT               2
`define STATUS_FEATURES_OK_BIT             3
`define STATUS_UNASSIGNED_LSB              4
`define STATUS_DEVICE_NEEDS_RESET_BIT      6
`define STATUS_FAILED_BIT                  7
`define MSI_STATE_ENABLED_BIT              0
`define MSI_STATE_SHARING_BIT              1
`define MSI_STATE_SHARING_ALT_BIT          30
`define MSI_STATE_ENABLED_ALT_BIT          31
`define MSI_VEC_STATE_MASKED_BIT           0
`define MSI_VEC_STATE_PENDING_BIT          1
`define MSI_VEC_STATE_CONFIGURED_BIT       2
`define MSI_VEC_STATE_MAPPING_LSB          16

// Values of MsiCmd.command
`define MSI_CMD_ENABLE                     32'h00000001
`define MSI_CMD_DISABLE                    32'h00000002
`define MSI_CMD_CONFIGURE                  32'h00000003
`define MSI_CMD_MASK                       32'h00000004
`define MSI_CMD_UNMASK                     32'h00000005
`define MSI_CMD_MAP_CONFIG                 32'h00000006
`define MSI_CMD_MAP_QUEUE                  32'h00000007

// Values of MsiVecState.mapping
`define MSI_NO_MAPPING                     16'hffff

// Values of MsiVecSel.vector
`define MSI_NO_VECTOR                      32'hffffffff

// Feature bit numbers
`define FEATURE_VERSION_1_BIT              32
`define FEATURE_RING_PACKED_BIT            34
`define FEATURE_NOTIFICATION_DATA_BIT      38
`define FEATURE_MMIO_NOTIFICATION_BIT      39
`define FEATURE_MMIO_MSI_BIT               40

`endif
