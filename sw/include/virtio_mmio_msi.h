/* SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors */
/* SPDX-License-Identifier: Apache-2.0 */
/* Generated from rtl/virtio_mmio.rdl by `python -m sim regs`: do not edit. */
/*
 * virtio-mmio endpoint with MSI
 *
 * Control registers of a virtio-mmio device (Version 2) with the message-signalled interrupt registers proposed
 * for it in 2020.
 *
 * All registers are little endian and 32 bits wide. They answer to aligned 32-bit accesses; any other access,
 * and one to an unassigned offset, is answered OKAY, reads 0 and has no effect. A register that is only written
 * reads 0.
 *
 * MsiVecNum to MsiData (0x0c0 to 0x0dc) exist from an accepted FEATURES_OK with MMIO_MSI until the next reset;
 * otherwise they read 0 and ignore writes.
 *
 * Doorbells lie outside this map: when the driver has accepted MMIO_NOTIFICATION, writing the 32-bit word at
 * NOTIFY_BASE + q * NOTIFY_MULTIPLIER (read both from QueueNotify) does what writing q to QueueNotify does.
 * Doorbells read 0.
 */

#ifndef VIRTIO_MMIO_MSI_H
#define VIRTIO_MMIO_MSI_H

/* Byte offsets of the registers, and what the driver may do: r(ead), w(rite). */

/* MagicValue (r): 0x74726976, 'virt' in little-endian ASCII. */
#define VIRTIO_MMIO_REG_MAGIC_VALUE                    0x000

/* Version (r): 2: the register layout of virtio 1.0 and later. */
#define VIRTIO_MMIO_REG_VERSION                        0x004

/* DeviceID (r): Virtio device type, parameter DEVICE_ID. At 0 a driver stops without an error. */
#define VIRTIO_MMIO_REG_DEVICE_ID                      0x008

/* VendorID (r): Parameter VENDOR_ID. */
#define VIRTIO_MMIO_REG_VENDOR_ID                      0x00c

/*
 * DeviceFeatures (r): The 32 offered feature bits of word DeviceFeaturesSel: word 0 is bits 31..0, word 1 is
 * bits 63..32, every other word reads 0.
 */
#define VIRTIO_MMIO_REG_DEVICE_FEATURES                0x010

/* DeviceFeaturesSel (w): Word that DeviceFeatures shows. Holds 32 bits; no word aliases to another. */
#define VIRTIO_MMIO_REG_DEVICE_FEATURES_SEL            0x014

/*
 * DriverFeatures (w): The 32 feature bits of word DriverFeaturesSel that the driver accepts. Latched when
 * FEATURES_OK is accepted, until reset. A non-zero write to word 2 or above accepts something not offered, so
 * FEATURES_OK is refused until reset.
 */
#define VIRTIO_MMIO_REG_DRIVER_FEATURES                0x020

/* DriverFeaturesSel (w): Word that DriverFeatures writes. */
#define VIRTIO_MMIO_REG_DRIVER_FEATURES_SEL            0x024

/*
 * QueueSel (w): Queue that the Queue registers, MAP_QUEUE and MsiVecState refer to. Holds 32 bits; a queue that
 * does not exist reads 0 everywhere and ignores writes.
 */
#define VIRTIO_MMIO_REG_QUEUE_SEL                      0x030

/* QueueNumMax (r): Largest size of the selected queue, parameter QUEUE_NUM_MAX; 0 if it does not exist. */
#define VIRTIO_MMIO_REG_QUEUE_NUM_MAX                  0x034

/* QueueNum (w): Size of the selected queue in entries. Frozen while its QueueReady is 1. */
#define VIRTIO_MMIO_REG_QUEUE_NUM                      0x038

/* QueueReady (rw): Enables the selected queue. */
#define VIRTIO_MMIO_REG_QUEUE_READY                    0x044

/*
 * QueueNotify (rw): Tells the device that a queue has new buffers. A kick before DRIVER_OK, or of a queue that
 * is not ready or does not exist, is ignored. Can be read only after MMIO_NOTIFICATION was accepted; reads 0
 * otherwise.
 */
#define VIRTIO_MMIO_REG_QUEUE_NOTIFY                   0x050

/*
 * InterruptStatus (r): Why the interrupt line is high. Reads 0 while MSI is enabled and before DRIVER_OK;
 * reading changes nothing.
 */
#define VIRTIO_MMIO_REG_INTERRUPT_STATUS               0x060

/*
 * InterruptACK (w): Clears the InterruptStatus bits written as 1; an event in the same cycle wins. No effect
 * while MSI is enabled.
 */
#define VIRTIO_MMIO_REG_INTERRUPT_ACK                  0x064

/*
 * Status (rw): Progress of the driver. A write whose bits [7:0] are 0 resets the device; the write is answered
 * when the reset is finished and no message is left on its way.
 */
#define VIRTIO_MMIO_REG_STATUS                         0x070

/*
 * QueueDescLow (w): Address bits 31..0 of the selected queue's descriptor area. Frozen while its QueueReady is
 * 1.
 */
#define VIRTIO_MMIO_REG_QUEUE_DESC_LOW                 0x080

/*
 * QueueDescHigh (w): Address bits 63..32 of the selected queue's descriptor area. Frozen while its QueueReady is
 * 1.
 */
#define VIRTIO_MMIO_REG_QUEUE_DESC_HIGH                0x084

/*
 * QueueDriverLow (w): Address bits 31..0 of the selected queue's driver area (available ring). Frozen while its
 * QueueReady is 1.
 */
#define VIRTIO_MMIO_REG_QUEUE_DRIVER_LOW               0x090

/*
 * QueueDriverHigh (w): Address bits 63..32 of the selected queue's driver area (available ring). Frozen while
 * its QueueReady is 1.
 */
#define VIRTIO_MMIO_REG_QUEUE_DRIVER_HIGH              0x094

/*
 * QueueDeviceLow (w): Address bits 31..0 of the selected queue's device area (used ring). Frozen while its
 * QueueReady is 1.
 */
#define VIRTIO_MMIO_REG_QUEUE_DEVICE_LOW               0x0a0

/*
 * QueueDeviceHigh (w): Address bits 63..32 of the selected queue's device area (used ring). Frozen while its
 * QueueReady is 1.
 */
#define VIRTIO_MMIO_REG_QUEUE_DEVICE_HIGH              0x0a4

/* SHMSel (w): Shared memory region to look at. The endpoint has none, so the write has no effect. */
#define VIRTIO_MMIO_REG_SHM_SEL                        0x0ac

/* SHMLenLow (r): All ones: the region does not exist. */
#define VIRTIO_MMIO_REG_SHM_LEN_LOW                    0x0b0

/* SHMLenHigh (r): All ones: the region does not exist. */
#define VIRTIO_MMIO_REG_SHM_LEN_HIGH                   0x0b4

/* SHMBaseLow (r): All ones: the region does not exist. */
#define VIRTIO_MMIO_REG_SHM_BASE_LOW                   0x0b8

/* SHMBaseHigh (r): All ones: the region does not exist. */
#define VIRTIO_MMIO_REG_SHM_BASE_HIGH                  0x0bc

/* MsiVecNum (r): Number of vectors, parameter NUM_VECTORS; 0 while MMIO_MSI is not negotiated. */
#define VIRTIO_MMIO_REG_MSI_VEC_NUM                    0x0c0

/*
 * MsiState (r): State of message-signalled interrupts. Drafts of the proposal disagree about the bit order, so
 * both bits are shown at both places.
 */
#define VIRTIO_MMIO_REG_MSI_STATE                      0x0c4

/*
 * MsiCmd (w): Executes a command. Commands on a vector or queue that does not exist, and unknown codes, have no
 * effect.
 */
#define VIRTIO_MMIO_REG_MSI_CMD                        0x0c8

/*
 * MsiVecState (r): State of vector MsiVecSel, 0 if it does not exist, and the mapping of queue QueueSel. An
 * addition of this endpoint; the proposal leaves the offset free.
 */
#define VIRTIO_MMIO_REG_MSI_VEC_STATE                  0x0cc

/* MsiVecSel (rw): Vector that MsiCmd commands 3 to 7 and MsiVecState refer to. */
#define VIRTIO_MMIO_REG_MSI_VEC_SEL                    0x0d0

/* MsiAddrLow (rw): Message address bits 31..0, taken by CONFIGURE. */
#define VIRTIO_MMIO_REG_MSI_ADDR_LOW                   0x0d4

/* MsiAddrHigh (rw): Message address bits 63..32, taken by CONFIGURE. */
#define VIRTIO_MMIO_REG_MSI_ADDR_HIGH                  0x0d8

/* MsiData (rw): Message data, taken by CONFIGURE. */
#define VIRTIO_MMIO_REG_MSI_DATA                       0x0dc

/*
 * ConfigGeneration (r): Changes when the configuration window may have been read inconsistently; shows the input
 * config_generation.
 */
#define VIRTIO_MMIO_REG_CONFIG_GENERATION              0x0fc

/*
 * Config (rw): Device-specific configuration, read and written 8, 16 or 32 bits at a time. The parameter
 * CONFIG_BYTES sets its size (256 by default); bytes beyond read 0 and ignore writes.
 */
#define VIRTIO_MMIO_REG_CONFIG_WINDOW                  0x100

/* What MagicValue and Version read. */
#define VIRTIO_MMIO_EXPECT_MAGIC                       0x74726976
#define VIRTIO_MMIO_EXPECT_VERSION                     0x00000002

/* Fields of QueueNotify. */

/* Read: byte offset of queue 0's doorbell, parameter NOTIFY_BASE. */
#define VIRTIO_MMIO_QUEUE_NOTIFY_BASE_MASK             0x0000ffff
#define VIRTIO_MMIO_QUEUE_NOTIFY_BASE_SHIFT            0

/* Read: distance in bytes between the doorbells of neighbouring queues, parameter NOTIFY_MULTIPLIER. */
#define VIRTIO_MMIO_QUEUE_NOTIFY_MULTIPLIER_MASK       0xffff0000
#define VIRTIO_MMIO_QUEUE_NOTIFY_MULTIPLIER_SHIFT      16

/* Fields of InterruptStatus and InterruptACK. */

/* A used buffer was returned on at least one queue. */
#define VIRTIO_MMIO_INTERRUPT_USED_BUFFER              0x00000001

/* The device's configuration changed. */
#define VIRTIO_MMIO_INTERRUPT_CONFIG_CHANGE            0x00000002

/* Fields of Status. */

/* The driver has noticed the device. */
#define VIRTIO_MMIO_STATUS_ACKNOWLEDGE                 0x00000001

/* The driver knows how to drive the device. */
#define VIRTIO_MMIO_STATUS_DRIVER                      0x00000002

/*
 * The driver is ready. Nothing is notified before; what became due before is notified then, and every ready
 * queue is kicked once.
 */
#define VIRTIO_MMIO_STATUS_DRIVER_OK                   0x00000004

/*
 * Feature negotiation is complete. Reads back 0 if the driver accepted a bit that is not offered, or did not
 * accept VERSION_1.
 */
#define VIRTIO_MMIO_STATUS_FEATURES_OK                 0x00000008

/* No meaning in virtio 1.2; reads back what was written. */
#define VIRTIO_MMIO_STATUS_UNASSIGNED_MASK             0x00000030
#define VIRTIO_MMIO_STATUS_UNASSIGNED_SHIFT            4

/*
 * The device hit an error that only a reset clears. Raising it while DRIVER_OK is set is also a configuration
 * change.
 */
#define VIRTIO_MMIO_STATUS_DEVICE_NEEDS_RESET          0x00000040

/* The driver has given up on the device. */
#define VIRTIO_MMIO_STATUS_FAILED                      0x00000080

/* Fields of MsiState. */

/* Interrupts are sent as messages (specification text). */
#define VIRTIO_MMIO_MSI_STATE_ENABLED                  0x00000001

/* Vectors can be mapped at run time with MAP_CONFIG and MAP_QUEUE, parameter MSI_SHARING (specification text). */
#define VIRTIO_MMIO_MSI_STATE_SHARING                  0x00000002

/* Same as sharing (Linux driver's header). */
#define VIRTIO_MMIO_MSI_STATE_SHARING_ALT              0x40000000

/* Same as enabled (Linux driver's header). */
#define VIRTIO_MMIO_MSI_STATE_ENABLED_ALT              0x80000000

/* Fields of MsiVecState. */

/* The vector's messages are held back by MASK. */
#define VIRTIO_MMIO_MSI_VEC_STATE_MASKED               0x00000001

/* The vector owes a message. */
#define VIRTIO_MMIO_MSI_VEC_STATE_PENDING              0x00000002

/* The vector was given a non-zero address by CONFIGURE. */
#define VIRTIO_MMIO_MSI_VEC_STATE_CONFIGURED           0x00000004

/* Vector of queue QueueSel. */
#define VIRTIO_MMIO_MSI_VEC_STATE_MAPPING_MASK         0xffff0000
#define VIRTIO_MMIO_MSI_VEC_STATE_MAPPING_SHIFT        16

/* Values of MsiCmd.command. */

/* Send interrupts as messages. Drops the line; InterruptStatus bits that are set become pending vectors. */
#define VIRTIO_MMIO_MSI_CMD_ENABLE                     0x1

/* Back to the line. Pending vectors become InterruptStatus bits; masks, mappings, addresses and data are kept. */
#define VIRTIO_MMIO_MSI_CMD_DISABLE                    0x2

/*
 * Give vector MsiVecSel the address and data in MsiAddrLow, MsiAddrHigh and MsiData, all at once. Address 0
 * makes it unconfigured.
 */
#define VIRTIO_MMIO_MSI_CMD_CONFIGURE                  0x3

/* Hold back the messages of vector MsiVecSel; in force when the write is answered. */
#define VIRTIO_MMIO_MSI_CMD_MASK                       0x4

/* Let vector MsiVecSel send again; if it is pending, one message follows. */
#define VIRTIO_MMIO_MSI_CMD_UNMASK                     0x5

/*
 * Send configuration changes through vector MsiVecSel, or through none if that is NO_VECTOR. Without MSI_SHARING
 * only vector 0 and NO_VECTOR are accepted.
 */
#define VIRTIO_MMIO_MSI_CMD_MAP_CONFIG                 0x6

/*
 * Send the used-buffer notifications of queue QueueSel through vector MsiVecSel, or through none if that is
 * NO_VECTOR. Without MSI_SHARING only vector QueueSel + 1 and NO_VECTOR are accepted.
 */
#define VIRTIO_MMIO_MSI_CMD_MAP_QUEUE                  0x7

/* Values of MsiVecState.mapping. */

/* The selected queue has no vector, or does not exist. */
#define VIRTIO_MMIO_MSI_NO_MAPPING                     0xffff

/* Values of MsiVecSel.vector. */

/* No vector: MAP_CONFIG and MAP_QUEUE with it silence the event. */
#define VIRTIO_MMIO_MSI_NO_VECTOR                      0xffffffff

/* Bit numbers of features. */

/* Complies with virtio 1.0 or later; the driver must accept it. */
#define VIRTIO_MMIO_F_VERSION_1_BIT                    32

/* Packed virtqueues: the queue size need not be a power of two. */
#define VIRTIO_MMIO_F_RING_PACKED_BIT                  34

/* A word written to notify carries the queue in [15:0] and ring state in [31:16]. */
#define VIRTIO_MMIO_F_NOTIFICATION_DATA_BIT            38

/* Doorbells; QueueNotify can be read (2020 proposal; virtio 1.2 gave the number to NOTIF_CONFIG_DATA). */
#define VIRTIO_MMIO_F_MMIO_NOTIFICATION_BIT            39

/* The MSI registers (2020 proposal; virtio 1.2 gave the number to RING_RESET, so MSI_FEATURE_BIT can move it). */
#define VIRTIO_MMIO_F_MMIO_MSI_BIT                     40

#endif
