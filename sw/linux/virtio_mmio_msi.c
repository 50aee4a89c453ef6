// SPDX-License-Identifier: GPL-2.0-or-later
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
/*
 * Virtio over memory-mapped I/O, with message-signalled interrupts as proposed in 2020
 *
 * The device is virtio-mmio version 2 with a table of vectors behind it. Each vector has a
 * message, which the interrupt controller of the platform provides, and a mask bit. The
 * configuration change has vector 0 and queue q has vector q + 1; a device in sharing mode lets
 * the driver map them instead. An interrupt then costs no register access: the vector tells what
 * happened, and a message needs no acknowledgment.
 *
 * Vectors are masked and unmasked in the device, so the driver brings an interrupt domain of its
 * own, a child of the domain that the platform's controller has for messages. Where there are no
 * messages to be had, or too few vectors, the interrupt line serves as in the kernel's own
 * virtio_mmio driver.
 *
 * Device tree:
 *
 *	virtio@b000000 {
 *		compatible = "virtio,mmio-msi", "virtio,mmio";
 *		reg = <0x0 0xb000000 0x0 0x1000>;
 *		interrupts = <GIC_SPI 200 IRQ_TYPE_LEVEL_HIGH>;
 *		msi-parent = <&v2m>;
 *	};
 *
 * ACPI: the hardware identity of virtio-mmio, LNRO0005. On x86 messages go to the local APICs,
 * whose domain the platform gives to no device: the driver takes it by its name.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/acpi.h>
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/msi.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/version.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>

#ifdef CONFIG_X86
#include <asm/irqdomain.h>
#endif

#include "virtio_mmio_msi.h"

#define VM_CONFIG	0x100	/* offset of the device's configuration */
#define VM_ALIGN	PAGE_SIZE
#define VM_CONFIG_VECTOR	0
#define VM_COMMON_VECTOR	1	/* of all queues together */

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
#define VM_OLD_FIND_VQS
struct virtqueue_info {
	const char *name;
	vq_callback_t *callback;
	bool ctx;
};

#define VM_REMOVE_RESULT int
#else
#define VM_REMOVE_RESULT void
#endif

static bool mask_parent = true;
module_param(mask_parent, bool, 0444);
MODULE_PARM_DESC(mask_parent,
		 "Mask at the interrupt controller, too, not only in the device (default: yes)");

static bool per_queue = true;
module_param(per_queue, bool, 0444);
MODULE_PARM_DESC(per_queue,
		 "In sharing mode, give each queue a vector of its own if there are enough (default: yes)");

static int msi_feature = VIRTIO_MMIO_F_MMIO_MSI_BIT;
module_param(msi_feature, int, 0444);
MODULE_PARM_DESC(msi_feature,
		 "Number of the feature bit (default: 40, which virtio 1.2 uses for something else)");

static int fail_at = -1;
module_param(fail_at, int, 0444);
MODULE_PARM_DESC(fail_at,
		 "For tests of the way back to the line: requesting this vector's interrupt fails (default: -1, none)");

struct vm_queue {
	struct virtqueue *vq;
	struct list_head node;
	int vector;		/* of its own; -1 for none */
};

struct vm_vector {
	struct msi_desc desc;	/* for the parent domain, which looks at the device */
	unsigned int irq;
	bool requested;		/* there is a handler */
	char name[40];
};

struct vm_device {
	struct virtio_device vdev;
	struct platform_device *pdev;
	void __iomem *base;
	size_t size;

	/* Queues, for the handlers that have to look at all of them. */
	spinlock_t lock;
	struct list_head queues;

	/* The line. */
	int line;		/* 0: not requested */

	/* Messages. */
	struct irq_chip chip;
	struct irq_domain *domain;		/* ours, NULL while the line is in use */
	struct vm_vector *vector;		/* an element for each */
	raw_spinlock_t msi_lock;		/* from the vector's selection to the command */
	unsigned int vectors;			/* allocated */
	bool sharing;				/* the device lets us map */
	bool together;				/* all queues have VM_COMMON_VECTOR */

	/* Doorbells. */
	u32 doorbell, doorbell_step;		/* offsets; doorbell 0: there are none */
};

#define to_vm_device(device) container_of(device, struct vm_device, vdev)

static u32 vm_read(struct vm_device *vm, unsigned int offset)
{
	return readl(vm->base + offset);
}

static void vm_write(struct vm_device *vm, unsigned int offset, u32 value)
{
	writel(value, vm->base + offset);
}

static void vm_write64(struct vm_device *vm, unsigned int low, u64 value)
{
	vm_write(vm, low, lower_32_bits(value));
	vm_write(vm, low + 4, upper_32_bits(value));
}

/* Features, status, configuration */

static u64 vm_get_features(struct virtio_device *vdev)
{
	struct vm_device *vm = to_vm_device(vdev);
	u64 features;

	vm_write(vm, VIRTIO_MMIO_REG_DEVICE_FEATURES_SEL, 1);
	features = (u64)vm_read(vm, VIRTIO_MMIO_REG_DEVICE_FEATURES) << 32;
	vm_write(vm, VIRTIO_MMIO_REG_DEVICE_FEATURES_SEL, 0);
	return features | vm_read(vm, VIRTIO_MMIO_REG_DEVICE_FEATURES);
}

static int vm_finalize_features(struct virtio_device *vdev)
{
	struct vm_device *vm = to_vm_device(vdev);
	u64 transport = BIT_ULL(VIRTIO_MMIO_F_MMIO_NOTIFICATION_BIT) | BIT_ULL(msi_feature);

	/* It keeps the rings' features only. Ours depend on nothing but the offer. */
	vring_transport_features(vdev);
	vdev->features &= ~transport;
	vdev->features |= vm_get_features(vdev) & transport;

	if (!__virtio_test_bit(vdev, VIRTIO_F_VERSION_1)) {
		dev_err(&vdev->dev, "the device does not offer VIRTIO_F_VERSION_1\n");
		return -EINVAL;
	}

	vm_write(vm, VIRTIO_MMIO_REG_DRIVER_FEATURES_SEL, 1);
	vm_write(vm, VIRTIO_MMIO_REG_DRIVER_FEATURES, upper_32_bits(vdev->features));
	vm_write(vm, VIRTIO_MMIO_REG_DRIVER_FEATURES_SEL, 0);
	vm_write(vm, VIRTIO_MMIO_REG_DRIVER_FEATURES, lower_32_bits(vdev->features));
	return 0;
}

static void vm_get(struct virtio_device *vdev, unsigned int offset, void *buffer,
		   unsigned int length)
{
	void __iomem *config = to_vm_device(vdev)->base + VM_CONFIG + offset;
	__le32 words[2];
	__le16 half;
	u8 byte;

	switch (length) {
	case 1:
		byte = readb(config);
		memcpy(buffer, &byte, sizeof(byte));
		break;
	case 2:
		half = cpu_to_le16(readw(config));
		memcpy(buffer, &half, sizeof(half));
		break;
	case 4:
	case 8:
		words[0] = cpu_to_le32(readl(config));
		if (length == 8)
			words[1] = cpu_to_le32(readl(config + 4));
		memcpy(buffer, words, length);
		break;
	default:
		WARN_ONCE(1, "a configuration field of %u bytes\n", length);
	}
}

static void vm_set(struct virtio_device *vdev, unsigned int offset, const void *buffer,
		   unsigned int length)
{
	void __iomem *config = to_vm_device(vdev)->base + VM_CONFIG + offset;
	__le32 words[2];
	__le16 half;
	u8 byte;

	switch (length) {
	case 1:
		memcpy(&byte, buffer, sizeof(byte));
		writeb(byte, config);
		break;
	case 2:
		memcpy(&half, buffer, sizeof(half));
		writew(le16_to_cpu(half), config);
		break;
	case 4:
	case 8:
		memcpy(words, buffer, length);
		writel(le32_to_cpu(words[0]), config);
		if (length == 8)
			writel(le32_to_cpu(words[1]), config + 4);
		break;
	default:
		WARN_ONCE(1, "a configuration field of %u bytes\n", length);
	}
}

static u32 vm_generation(struct virtio_device *vdev)
{
	return vm_read(to_vm_device(vdev), VIRTIO_MMIO_REG_CONFIG_GENERATION);
}

static u8 vm_get_status(struct virtio_device *vdev)
{
	return vm_read(to_vm_device(vdev), VIRTIO_MMIO_REG_STATUS);
}

static void vm_set_status(struct virtio_device *vdev, u8 status)
{
	/* 0 would be a reset. writel() makes the rings visible before DRIVER_OK is. */
	WARN_ON(!status);
	vm_write(to_vm_device(vdev), VIRTIO_MMIO_REG_STATUS, status);
}

static void vm_reset(struct virtio_device *vdev)
{
	vm_write(to_vm_device(vdev), VIRTIO_MMIO_REG_STATUS, 0);
}

static bool vm_get_shm_region(struct virtio_device *vdev, struct virtio_shm_region *region, u8 id)
{
	struct vm_device *vm = to_vm_device(vdev);

	vm_write(vm, VIRTIO_MMIO_REG_SHM_SEL, id);
	region->len = vm_read(vm, VIRTIO_MMIO_REG_SHM_LEN_LOW);
	region->len |= (u64)vm_read(vm, VIRTIO_MMIO_REG_SHM_LEN_HIGH) << 32;
	if (region->len == ~(u64)0)
		return false;
	region->addr = vm_read(vm, VIRTIO_MMIO_REG_SHM_BASE_LOW);
	region->addr |= (u64)vm_read(vm, VIRTIO_MMIO_REG_SHM_BASE_HIGH) << 32;
	return true;
}

static const char *vm_bus_name(struct virtio_device *vdev)
{
	return to_vm_device(vdev)->pdev->name;
}

/* Vectors */

static void vm_vector_command(struct vm_device *vm, u32 vector, u32 command)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&vm->msi_lock, flags);
	vm_write(vm, VIRTIO_MMIO_REG_MSI_VEC_SEL, vector);
	vm_write(vm, VIRTIO_MMIO_REG_MSI_CMD, command);
	raw_spin_unlock_irqrestore(&vm->msi_lock, flags);
}

static void vm_configure(struct vm_device *vm, u32 vector, const struct msi_msg *message)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&vm->msi_lock, flags);
	vm_write(vm, VIRTIO_MMIO_REG_MSI_VEC_SEL, vector);
	vm_write(vm, VIRTIO_MMIO_REG_MSI_ADDR_LOW, message->address_lo);
	vm_write(vm, VIRTIO_MMIO_REG_MSI_ADDR_HIGH, message->address_hi);
	vm_write(vm, VIRTIO_MMIO_REG_MSI_DATA, message->data);
	vm_write(vm, VIRTIO_MMIO_REG_MSI_CMD, VIRTIO_MMIO_MSI_CMD_CONFIGURE);
	raw_spin_unlock_irqrestore(&vm->msi_lock, flags);
}

static void vm_irq_mask(struct irq_data *data)
{
	vm_vector_command(irq_data_get_irq_chip_data(data), data->hwirq,
			  VIRTIO_MMIO_MSI_CMD_MASK);
	if (mask_parent && data->parent_data->chip->irq_mask)	/* a local APIC masks nothing */
		irq_chip_mask_parent(data);
}

static void vm_irq_unmask(struct irq_data *data)
{
	/* The controller first: the device may send at once. Always: its inputs start masked. */
	if (data->parent_data->chip->irq_unmask)
		irq_chip_unmask_parent(data);
	vm_vector_command(irq_data_get_irq_chip_data(data), data->hwirq,
			  VIRTIO_MMIO_MSI_CMD_UNMASK);
}

/* The message of an interrupt, as the first controller that knows it composes it. */
static int vm_write_message(struct irq_data *data)
{
	struct vm_device *vm = irq_data_get_irq_chip_data(data);
	struct irq_data *above = data->parent_data;
	struct msi_msg message = { };

	while (above && !above->chip->irq_compose_msi_msg)
		above = above->parent_data;
	if (!above)
		return -ENXIO;
	above->chip->irq_compose_msi_msg(above, &message);
	vm_configure(vm, data->hwirq, &message);
	return 0;
}

static int vm_irq_set_affinity(struct irq_data *data, const struct cpumask *cpus, bool force)
{
	int result = irq_chip_set_affinity_parent(data, cpus, force);

	if (result >= 0 && result != IRQ_SET_MASK_OK_DONE)
		vm_write_message(data);
	return result;
}

static int vm_domain_activate(struct irq_domain *domain, struct irq_data *data, bool reserve)
{
	return vm_write_message(data);
}

static void vm_domain_deactivate(struct irq_domain *domain, struct irq_data *data)
{
	const struct msi_msg nothing = { };

	vm_configure(irq_data_get_irq_chip_data(data), data->hwirq, &nothing);
}

static int vm_domain_alloc(struct irq_domain *domain, unsigned int irq, unsigned int count,
			   void *argument)
{
	struct vm_device *vm = domain->host_data;
	msi_alloc_info_t *info = argument;
	irq_hw_number_t vector = info->desc->msi_index;
	int error = irq_domain_alloc_irqs_parent(domain, irq, count, argument);

	if (error)
		return error;
	irq_domain_get_irq_data(domain, irq)->common->msi_desc = info->desc;
#ifdef CONFIG_X86
	/*
	 * A local APIC wants an acknowledgment and cannot mask. Linux does not mask around a
	 * threaded handler of an edge: so that it does in the device, an interrupt that only the
	 * device masks has the other flow, whose end is the acknowledgment.
	 */
	irq_domain_set_info(domain, irq, vector, &vm->chip, vm,
			    mask_parent ? handle_edge_irq : handle_fasteoi_irq, NULL,
			    mask_parent ? "edge" : "fasteoi");
	return 0;
#else
	return irq_domain_set_hwirq_and_chip(domain, irq, vector, &vm->chip, vm);
#endif
}

static void vm_domain_free(struct irq_domain *domain, unsigned int irq, unsigned int count)
{
	irq_domain_get_irq_data(domain, irq)->common->msi_desc = NULL;
	irq_domain_free_irqs_common(domain, irq, count);
}

static const struct irq_domain_ops vm_domain_ops = {
	.alloc = vm_domain_alloc,
	.free = vm_domain_free,
	.activate = vm_domain_activate,
	.deactivate = vm_domain_deactivate,
};

/* The platform's domain for messages: up to Linux 6.10 the device has a child of it. */
static struct irq_domain *vm_platform_domain(struct device *dev)
{
#ifdef CONFIG_X86
	return x86_vector_domain;
#else
	struct irq_domain *domain = dev_get_msi_domain(dev);

	while (domain && irq_domain_is_msi(domain))
		domain = domain->parent;
	return domain;
#endif
}

static void vm_free_vectors(struct vm_device *vm)
{
	unsigned int vector;

	for (vector = 0; vector < vm->vectors; vector++)
		irq_dispose_mapping(vm->vector[vector].irq);
	vm->vectors = 0;
	if (vm->domain)
		irq_domain_remove(vm->domain);
	vm->domain = NULL;
	kfree(vm->vector);
	vm->vector = NULL;
}

static int vm_alloc_vectors(struct vm_device *vm, unsigned int count)
{
	struct device *dev = &vm->pdev->dev;
	struct irq_domain *platform = vm_platform_domain(dev);
	msi_alloc_info_t info;
	unsigned int vector;
	int irq;

	if (!platform)
		return -ENODEV;
	vm->chip = (struct irq_chip){
		.name = "virtio-mmio-MSI",
		.irq_mask = vm_irq_mask,
		.irq_unmask = vm_irq_unmask,
		.irq_set_affinity = vm_irq_set_affinity,
#ifdef CONFIG_X86
		.irq_ack = irq_chip_ack_parent,
		.irq_eoi = irq_chip_ack_parent,
		.irq_retrigger = irq_chip_retrigger_hierarchy,
		.flags = IRQCHIP_SKIP_SET_WAKE,
#else
		.irq_eoi = irq_chip_eoi_parent,
#endif
	};
	vm->vector = kcalloc(count, sizeof(*vm->vector), GFP_KERNEL);
	if (!vm->vector)
		return -ENOMEM;
	vm->domain = irq_domain_create_hierarchy(platform, 0, count, dev_fwnode(dev),
						 &vm_domain_ops, vm);
	if (!vm->domain) {
		irq = -ENOMEM;
		goto fail;
	}
	for (vector = 0; vector < count; vector++) {
		vm->vector[vector].desc.dev = dev;
		vm->vector[vector].desc.msi_index = vector;
		memset(&info, 0, sizeof(info));
		info.desc = &vm->vector[vector].desc;
		info.hwirq = vector;
		irq = irq_domain_alloc_irqs(vm->domain, 1, dev_to_node(dev), &info);
		if (irq < 0)
			goto fail;
		vm->vector[vector].irq = irq;
		vm->vectors = vector + 1;
	}
	return 0;

fail:
	vm_free_vectors(vm);
	return irq;
}

static int vm_request_vector(struct vm_device *vm, unsigned int vector, irq_handler_t handler,
			     const char *role, void *data)
{
	const char *device = dev_name(&vm->vdev.dev);
	int error;

	snprintf(vm->vector[vector].name, sizeof(vm->vector[vector].name), "%s-%s", device, role);
	if (vector == fail_at)
		return -EBUSY;
	/* This configures the vector and unmasks it. */
	error = request_irq(vm->vector[vector].irq, handler, 0, vm->vector[vector].name, data);
	vm->vector[vector].requested = !error;
	return error;
}

static void vm_free_vector(struct vm_device *vm, unsigned int vector, void *data)
{
	unsigned int irq = vm->vector[vector].irq;

	if (!vm->vector[vector].requested)
		return;
	vm->vector[vector].requested = false;
	irq_update_affinity_hint(irq, NULL);
	free_irq(irq, data);
}

/* Interrupts */

static irqreturn_t vm_config_changed(int irq, void *data)
{
	struct vm_device *vm = data;

	virtio_config_changed(&vm->vdev);
	return IRQ_HANDLED;
}

static irqreturn_t vm_look_at_queues(int irq, void *data)
{
	struct vm_device *vm = data;
	irqreturn_t result = IRQ_NONE;
	struct vm_queue *queue;
	unsigned long flags;

	spin_lock_irqsave(&vm->lock, flags);
	list_for_each_entry(queue, &vm->queues, node)
		result |= vring_interrupt(irq, queue->vq);
	spin_unlock_irqrestore(&vm->lock, flags);
	return result;
}

static irqreturn_t vm_line_interrupt(int irq, void *data)
{
	struct vm_device *vm = data;
	irqreturn_t result = IRQ_NONE;
	u32 status;

	/* Acknowledged before it is served: what comes later raises the line again. */
	status = vm_read(vm, VIRTIO_MMIO_REG_INTERRUPT_STATUS);
	vm_write(vm, VIRTIO_MMIO_REG_INTERRUPT_ACK, status);
	if (status & VIRTIO_MMIO_INTERRUPT_CONFIG_CHANGE)
		result |= vm_config_changed(irq, data);
	if (status & VIRTIO_MMIO_INTERRUPT_USED_BUFFER)
		result |= vm_look_at_queues(irq, data);
	return result;
}

/* Queues */

static bool vm_notify(struct virtqueue *vq)
{
	struct vm_device *vm = to_vm_device(vq->vdev);
	unsigned int offset = VIRTIO_MMIO_REG_QUEUE_NOTIFY;

	if (vm->doorbell)
		offset = vm->doorbell + vq->index * vm->doorbell_step;
	vm_write(vm, offset, vq->index);
	return true;
}

static void vm_find_doorbells(struct vm_device *vm, unsigned int queues)
{
	u32 where;

	vm->doorbell = 0;
	if (!__virtio_test_bit(&vm->vdev, VIRTIO_MMIO_F_MMIO_NOTIFICATION_BIT))
		return;
	where = vm_read(vm, VIRTIO_MMIO_REG_QUEUE_NOTIFY);
	vm->doorbell_step = where >> 16;
	if ((where & 0xffff) + (u64)queues * vm->doorbell_step + 4 <= vm->size)
		vm->doorbell = where & 0xffff;
	else
		dev_warn(&vm->vdev.dev, "doorbells lie outside of the registers; not using them\n");
}

static struct virtqueue *vm_setup_queue(struct vm_device *vm, unsigned int index,
					const struct virtqueue_info *info)
{
	struct vm_queue *queue;
	struct virtqueue *vq;
	unsigned long flags;
	unsigned int size;
	int error;

	vm_write(vm, VIRTIO_MMIO_REG_QUEUE_SEL, index);
	size = vm_read(vm, VIRTIO_MMIO_REG_QUEUE_NUM_MAX);
	if (!size || vm_read(vm, VIRTIO_MMIO_REG_QUEUE_READY))
		return ERR_PTR(-ENOENT);
	queue = kzalloc(sizeof(*queue), GFP_KERNEL);
	if (!queue)
		return ERR_PTR(-ENOMEM);
	vq = vring_create_virtqueue(index, size, VM_ALIGN, &vm->vdev, true, true, info->ctx,
				    vm_notify, info->callback, info->name);
	if (!vq) {
		error = -ENOMEM;
		goto free_queue;
	}
	vq->num_max = size;

	vm_write(vm, VIRTIO_MMIO_REG_QUEUE_NUM, virtqueue_get_vring_size(vq));
	vm_write64(vm, VIRTIO_MMIO_REG_QUEUE_DESC_LOW, virtqueue_get_desc_addr(vq));
	vm_write64(vm, VIRTIO_MMIO_REG_QUEUE_DRIVER_LOW, virtqueue_get_avail_addr(vq));
	vm_write64(vm, VIRTIO_MMIO_REG_QUEUE_DEVICE_LOW, virtqueue_get_used_addr(vq));
	vm_write(vm, VIRTIO_MMIO_REG_QUEUE_READY, 1);

	vq->priv = queue;
	queue->vq = vq;
	queue->vector = -1;
	spin_lock_irqsave(&vm->lock, flags);
	list_add_tail(&queue->node, &vm->queues);
	spin_unlock_irqrestore(&vm->lock, flags);
	return vq;

free_queue:
	kfree(queue);
	return ERR_PTR(error);
}

static void vm_delete_queue(struct vm_device *vm, struct virtqueue *vq)
{
	struct vm_queue *queue = vq->priv;
	unsigned long flags;

	if (queue->vector >= 0)
		vm_free_vector(vm, queue->vector, vq);
	spin_lock_irqsave(&vm->lock, flags);
	list_del(&queue->node);
	spin_unlock_irqrestore(&vm->lock, flags);
	vm_write(vm, VIRTIO_MMIO_REG_QUEUE_SEL, vq->index);
	vm_write(vm, VIRTIO_MMIO_REG_QUEUE_READY, 0);
	WARN_ON(vm_read(vm, VIRTIO_MMIO_REG_QUEUE_READY));
	vring_del_virtqueue(vq);
	kfree(queue);
}

static void vm_del_vqs(struct virtio_device *vdev)
{
	struct vm_device *vm = to_vm_device(vdev);
	struct virtqueue *vq, *next;

	/* Handlers that look at all queues go first. */
	if (vm->vectors) {
		vm_free_vector(vm, VM_CONFIG_VECTOR, vm);
		if (vm->together)
			vm_free_vector(vm, VM_COMMON_VECTOR, vm);
	}
	if (vm->line) {
		free_irq(vm->line, vm);
		vm->line = 0;
	}
	list_for_each_entry_safe(vq, next, &vdev->vqs, list)
		vm_delete_queue(vm, vq);
	vm_free_vectors(vm);
}

/* The vectors for these queues: allocated, the configuration change's requested, MSI enabled. */
static int vm_start_msi(struct vm_device *vm, unsigned int wanted)
{
	int error = vm_alloc_vectors(vm, wanted);

	if (error)
		return error;
	error = vm_request_vector(vm, VM_CONFIG_VECTOR, vm_config_changed, "config", vm);
	if (error)
		return error;
	if (vm->sharing)
		vm_vector_command(vm, VM_CONFIG_VECTOR, VIRTIO_MMIO_MSI_CMD_MAP_CONFIG);
	vm_write(vm, VIRTIO_MMIO_REG_MSI_CMD, VIRTIO_MMIO_MSI_CMD_ENABLE);
	return 0;
}

static int vm_find_vqs_msi(struct vm_device *vm, unsigned int count, struct virtqueue *vqs[],
			   struct virtqueue_info infos[])
{
	unsigned int i, queues = 0, available, wanted, vector;
	int error;

	for (i = 0; i < count; i++)
		queues += !!infos[i].name;
	available = vm_read(vm, VIRTIO_MMIO_REG_MSI_VEC_NUM);
	vm->sharing = vm_read(vm, VIRTIO_MMIO_REG_MSI_STATE) &
		      (VIRTIO_MMIO_MSI_STATE_SHARING | VIRTIO_MMIO_MSI_STATE_SHARING_ALT);
	vm->together = vm->sharing && (!per_queue || available < queues + 1);
	wanted = vm->together ? VM_COMMON_VECTOR + 1 : queues + 1;
	if (available < wanted)
		return -ENOSPC;
	error = vm_start_msi(vm, wanted);
	if (!error && vm->together)
		error = vm_request_vector(vm, VM_COMMON_VECTOR, vm_look_at_queues, "virtqueues",
					  vm);
	if (error)
		return error;

	for (i = 0, queues = 0; i < count; i++) {
		if (!infos[i].name) {
			vqs[i] = NULL;
			continue;
		}
		vqs[i] = vm_setup_queue(vm, queues, &infos[i]);
		if (IS_ERR(vqs[i]))
			return PTR_ERR(vqs[i]);
		queues++;
		if (!infos[i].callback)
			continue;
		vector = vm->together ? VM_COMMON_VECTOR : queues;
		if (vm->sharing)	/* the queue is still selected */
			vm_vector_command(vm, vector, VIRTIO_MMIO_MSI_CMD_MAP_QUEUE);
		if (vm->together)
			continue;
		error = vm_request_vector(vm, vector, vring_interrupt, infos[i].name, vqs[i]);
		if (error)
			return error;
		((struct vm_queue *)vqs[i]->priv)->vector = vector;
	}
	return 0;
}

static int vm_find_vqs_line(struct vm_device *vm, unsigned int count, struct virtqueue *vqs[],
			    struct virtqueue_info infos[])
{
	unsigned int i, queues = 0;
	int error, line = platform_get_irq(vm->pdev, 0);

	if (line < 0)
		return line;
	error = request_irq(line, vm_line_interrupt, IRQF_SHARED, dev_name(&vm->vdev.dev), vm);
	if (error)
		return error;
	vm->line = line;
	for (i = 0; i < count; i++) {
		if (!infos[i].name) {
			vqs[i] = NULL;
			continue;
		}
		vqs[i] = vm_setup_queue(vm, queues++, &infos[i]);
		if (IS_ERR(vqs[i]))
			return PTR_ERR(vqs[i]);
	}
	return 0;
}

static int vm_find_vqs(struct virtio_device *vdev, unsigned int count, struct virtqueue *vqs[],
		       struct virtqueue_info infos[], struct irq_affinity *affinity)
{
	struct vm_device *vm = to_vm_device(vdev);
	int error;

	vm_find_doorbells(vm, count);
	if (__virtio_test_bit(vdev, msi_feature)) {
		error = vm_find_vqs_msi(vm, count, vqs, infos);
		if (!error)
			return 0;
		dev_info(&vdev->dev, "no message-signalled interrupts (%d), using the line\n",
			 error);
		vm_write(vm, VIRTIO_MMIO_REG_MSI_CMD, VIRTIO_MMIO_MSI_CMD_DISABLE);
		vm_del_vqs(vdev);
	}
	error = vm_find_vqs_line(vm, count, vqs, infos);
	if (error)
		vm_del_vqs(vdev);
	return error;
}

#ifdef VM_OLD_FIND_VQS
static int vm_find_vqs_old(struct virtio_device *vdev, unsigned int count,
			   struct virtqueue *vqs[], vq_callback_t *callbacks[],
			   const char *const names[], const bool *context,
			   struct irq_affinity *affinity)
{
	struct virtqueue_info *infos = kcalloc(count, sizeof(*infos), GFP_KERNEL);
	unsigned int i;
	int error;

	if (!infos)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		infos[i].name = names[i];
		infos[i].callback = callbacks[i];
		infos[i].ctx = context && context[i];
	}
	error = vm_find_vqs(vdev, count, vqs, infos, affinity);
	kfree(infos);
	return error;
}
#endif

static void vm_synchronize_cbs(struct virtio_device *vdev)
{
	struct vm_device *vm = to_vm_device(vdev);
	unsigned int vector;

	if (vm->line)
		synchronize_irq(vm->line);
	for (vector = 0; vector < vm->vectors; vector++)
		if (vm->vector[vector].requested)
			synchronize_irq(vm->vector[vector].irq);
}

static int vm_set_vq_affinity(struct virtqueue *vq, const struct cpumask *cpus)
{
	struct vm_device *vm = to_vm_device(vq->vdev);
	struct vm_queue *queue = vq->priv;

	if (queue->vector < 0)
		return -EINVAL;
	return irq_set_affinity_and_hint(vm->vector[queue->vector].irq, cpus);
}

static const struct virtio_config_ops vm_config_ops = {
	.get = vm_get,
	.set = vm_set,
	.generation = vm_generation,
	.get_status = vm_get_status,
	.set_status = vm_set_status,
	.reset = vm_reset,
#ifdef VM_OLD_FIND_VQS
	.find_vqs = vm_find_vqs_old,
#else
	.find_vqs = vm_find_vqs,
#endif
	.del_vqs = vm_del_vqs,
	.synchronize_cbs = vm_synchronize_cbs,
	.get_features = vm_get_features,
	.finalize_features = vm_finalize_features,
	.bus_name = vm_bus_name,
	.set_vq_affinity = vm_set_vq_affinity,
	.get_shm_region = vm_get_shm_region,
};

/* The platform device */

static void vm_release(struct device *dev)
{
	kfree(to_vm_device(dev_to_virtio(dev)));
}

static int vm_probe(struct platform_device *pdev)
{
	struct resource *registers;
	struct vm_device *vm;
	void __iomem *base;
	u32 version;
	int error;

	if (msi_feature < 0 || msi_feature > 63) {
		dev_err(&pdev->dev, "msi_feature=%d is not the number of a feature bit\n",
			msi_feature);
		return -EINVAL;
	}
	base = devm_platform_get_and_ioremap_resource(pdev, 0, &registers);
	if (IS_ERR(base))
		return PTR_ERR(base);
	if (readl(base + VIRTIO_MMIO_REG_MAGIC_VALUE) != VIRTIO_MMIO_EXPECT_MAGIC) {
		dev_err(&pdev->dev, "there is no virtio-mmio device\n");
		return -ENODEV;
	}
	version = readl(base + VIRTIO_MMIO_REG_VERSION);
	if (version != VIRTIO_MMIO_EXPECT_VERSION) {
		dev_err(&pdev->dev, "version %u is not supported\n", version);
		return -ENXIO;
	}
	if (dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64)))
		dev_warn(&pdev->dev, "no 64-bit DMA\n");

	vm = kzalloc(sizeof(*vm), GFP_KERNEL);
	if (!vm)
		return -ENOMEM;
	vm->pdev = pdev;
	vm->base = base;
	vm->size = resource_size(registers);
	spin_lock_init(&vm->lock);
	raw_spin_lock_init(&vm->msi_lock);
	INIT_LIST_HEAD(&vm->queues);
	vm->vdev.dev.parent = &pdev->dev;
	vm->vdev.dev.release = vm_release;
	vm->vdev.config = &vm_config_ops;
	vm->vdev.id.device = vm_read(vm, VIRTIO_MMIO_REG_DEVICE_ID);
	vm->vdev.id.vendor = vm_read(vm, VIRTIO_MMIO_REG_VENDOR_ID);
	if (!vm->vdev.id.device) {
		kfree(vm);		/* a place without a device */
		return -ENODEV;
	}
	platform_set_drvdata(pdev, vm);
	error = register_virtio_device(&vm->vdev);
	if (error)
		put_device(&vm->vdev.dev);
	return error;
}

static VM_REMOVE_RESULT vm_remove(struct platform_device *pdev)
{
	struct vm_device *vm = platform_get_drvdata(pdev);

	unregister_virtio_device(&vm->vdev);
	return (VM_REMOVE_RESULT)0;
}

static int __maybe_unused vm_freeze(struct device *dev)
{
	struct vm_device *vm = dev_get_drvdata(dev);

	return virtio_device_freeze(&vm->vdev);
}

static int __maybe_unused vm_restore(struct device *dev)
{
	struct vm_device *vm = dev_get_drvdata(dev);

	return virtio_device_restore(&vm->vdev);
}

static SIMPLE_DEV_PM_OPS(vm_pm_ops, vm_freeze, vm_restore);

static const struct of_device_id vm_of_match[] = {
	{ .compatible = "virtio,mmio-msi" },
	{ }
};
MODULE_DEVICE_TABLE(of, vm_of_match);

#ifdef CONFIG_ACPI
static const struct acpi_device_id vm_acpi_match[] = {
	{ "LNRO0005" },
	{ }
};
MODULE_DEVICE_TABLE(acpi, vm_acpi_match);
#endif

static struct platform_driver vm_driver = {
	.probe = vm_probe,
	.remove = vm_remove,
	.driver = {
		.name = "virtio-mmio-msi",
		.of_match_table = vm_of_match,
		.acpi_match_table = ACPI_PTR(vm_acpi_match),
		.pm = pm_sleep_ptr(&vm_pm_ops),
	},
};
module_platform_driver(vm_driver);

MODULE_DESCRIPTION("Virtio over memory-mapped I/O with message-signalled interrupts");
MODULE_LICENSE("GPL");
