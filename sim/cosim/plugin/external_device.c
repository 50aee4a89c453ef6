// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * QEMU plugin: virtio-mmio devices that live in other processes.
 *
 * Loaded by a stock QEMU (it is neither patched nor rebuilt). It is compiled with PLUGIN_INTERFACE, the version of QEMU's
 * plugin interface: 1 for QEMU 7.2, 2 for QEMU 10. Arguments:
 *
 *     controller=TYPE                       QEMU's type of the interrupt controller, such as arm_gic
 *     device=ADDRESS:SIZE:INPUT:SOCKET      numbers in C notation, SOCKET a Unix stream socket to connect to
 *
 * For each device it maps a window of SIZE bytes at ADDRESS. An access of the guest becomes a request on the socket and waits for its
 * answer. The other side may send, at any time and in any order with answers, what its device does: writes to
 * guest memory, the level of the controller's INPUT, and messages (MSI), which are writes to whatever lies at their address.
 *
 * Everything arrives in the order in which it was sent. While a CPU waits for an answer it carries out what comes
 * before it; otherwise QEMU's main loop does. Both hold QEMU's big lock, so they never meet.
 *
 * The documented plugin interface has neither devices nor memory, so this uses functions that Debian's QEMU exports
 * for its own modules. They are declared here, since no package has their headers. A QEMU without them refuses to load
 * the plugin.
 */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* ---- QEMU's side, as of 7.2 and 10.0 ---- */

typedef struct MemoryRegion MemoryRegion;
typedef struct Object Object;
typedef struct DeviceState DeviceState;
typedef struct IRQState *qemu_irq;

struct MemoryRegionOps {
	uint64_t (*read)(void *opaque, uint64_t address, unsigned int size);
	void (*write)(void *opaque, uint64_t address, uint64_t data, unsigned int size);
	void *read_with_attrs, *write_with_attrs;
	int endianness;			/* 2: little */
	struct {
		unsigned int min_access_size, max_access_size;
		bool unaligned;
		void *accepts;
	} valid;
	struct {
		unsigned int min_access_size, max_access_size;
		bool unaligned;
	} impl;
};

void memory_region_init_io(MemoryRegion *region, Object *owner, const struct MemoryRegionOps *ops, void *opaque,
			   const char *name, uint64_t size);
void memory_region_add_subregion_overlap(MemoryRegion *region, uint64_t offset, MemoryRegion *subregion, int priority);
MemoryRegion *get_system_memory(void);
Object *object_resolve_path_type(const char *path, const char *type, bool *ambiguous);
qemu_irq qdev_get_gpio_in(DeviceState *device, int n);
void qemu_set_irq(qemu_irq irq, int level);
void cpu_physical_memory_rw(uint64_t address, void *buffer, uint64_t length, bool is_write);
void qemu_set_fd_handler(int fd, void (*fd_read)(void *), void (*fd_write)(void *), void *opaque);
void qemu_plugin_register_vcpu_init_cb(uint64_t id, void (*callback)(uint64_t id, unsigned int cpu));
void qemu_plugin_register_atexit_cb(uint64_t id, void (*callback)(uint64_t id, void *data), void *data);

#define REGION_STORAGE 8192		/* more than a MemoryRegion has */
#define OVER_EVERYTHING 10		/* priority of the windows */

/* ---- the protocol: little endian, 16 bytes each; sim/cosim/link.py is the other side ---- */

struct request {			/* the guest's */
	uint8_t kind;			/* 'R'ead, 'W'rite, 'S'ynchronous, 'B'ye: QEMU ends in order */
	uint8_t size;			/* bytes: 1, 2 or 4 */
	uint16_t unused;
	uint32_t offset;
	uint64_t value;
};

struct order {				/* the device's */
	uint8_t kind;			/* 'A'nswer, 'I'nterrupt line, 'M'essage, 'D'ata to memory (they follow), 'S'ynchronise */
	uint8_t unused[3];
	uint32_t word;			/* I: level; M: data; D: bytes */
	uint64_t value;			/* A: what was read; M, D: address */
};

struct device {
	int socket, input;
	uint64_t address, size;
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
};

#define MOST_DEVICES 8
static struct device devices[MOST_DEVICES];
static int device_count;
static char controller_type[64];

static void __attribute__((noreturn, format(printf, 1, 2))) end(const char *format, ...)
{
	va_list arguments;

	fputs("cosim plugin: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	_exit(3);			/* no farewell: the simulations see the connection break */
}

static void receive(struct device *device, void *buffer, size_t length)
{
	while (length) {
		ssize_t got = recv(device->socket, buffer, length, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			end("the simulation of the device at 0x%llx is gone", (unsigned long long)device->address);
		buffer = (char *)buffer + got;
		length -= got;
	}
}

static void say(struct device *device, uint8_t kind, uint8_t size, uint32_t offset, uint64_t value)
{
	struct request request = { .kind = kind, .size = size, .offset = offset, .value = value };

	/* Far less than a socket's buffer, and one at a time: it goes out whole. What fails here fails in receive() too. */
	if (send(device->socket, &request, sizeof(request), MSG_NOSIGNAL) < 0 && kind != 'B')
		end("the simulation of the device at 0x%llx is gone", (unsigned long long)device->address);
}

static void carry_out(struct device *device, struct order *order)
{
	static uint8_t data[1 << 16];
	static DeviceState *controller;

	switch (order->kind) {
	case 'I':
		if (!controller)		/* made after the CPUs */
			controller = (DeviceState *)object_resolve_path_type("", controller_type, NULL);
		if (!controller)
			end("this machine has no %s, or more than one", controller_type);
		qemu_set_irq(qdev_get_gpio_in(controller, device->input), order->word);
		break;
	case 'M':
		cpu_physical_memory_rw(order->value, &order->word, sizeof(order->word), true);
		break;
	case 'D':
		while (order->word) {
			uint32_t part = order->word < sizeof(data) ? order->word : sizeof(data);

			receive(device, data, part);
			cpu_physical_memory_rw(order->value, data, part, true);
			order->value += part;
			order->word -= part;
		}
		break;
	case 'S':
		say(device, 'S', 0, 0, 0);
		break;
	default:
		end("order 0x%02x is unknown, or an answer nobody waits for", order->kind);
	}
}

static uint64_t exchange(struct device *device, uint8_t kind, unsigned int size, uint64_t offset, uint64_t value)
{
	struct order order;

	say(device, kind, size, offset, value);
	for (;;) {
		receive(device, &order, sizeof(order));
		if (order.kind == 'A')
			return order.value;
		carry_out(device, &order);
	}
}

static uint64_t guest_reads(void *opaque, uint64_t offset, unsigned int size)
{
	return exchange(opaque, 'R', size, offset, 0);
}

static void guest_writes(void *opaque, uint64_t offset, uint64_t value, unsigned int size)
{
	exchange(opaque, 'W', size, offset, value);
}

static const struct MemoryRegionOps operations = {
	.read = guest_reads,
	.write = guest_writes,
	.endianness = 2,
	.valid = { .min_access_size = 1, .max_access_size = 8 },
	.impl = { .min_access_size = 1, .max_access_size = 4 },
};

/* In the main loop. A CPU may have been faster, then there is nothing left to read. */
static void orders_waiting(void *opaque)
{
	struct device *device = opaque;
	struct pollfd poller = { .fd = device->socket, .events = POLLIN };
	struct order order;

	while (poll(&poller, 1, 0) > 0) {
		receive(device, &order, sizeof(order));
		carry_out(device, &order);
	}
}

static void connect_device(struct device *device)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	MemoryRegion *window = calloc(1, REGION_STORAGE);

	memcpy(name.sun_path, device->path, sizeof(name.sun_path));
	device->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (!window || device->socket < 0 || connect(device->socket, (struct sockaddr *)&name, sizeof(name)))
		end("cannot connect to %s: %s", device->path, strerror(errno));
	memory_region_init_io(window, NULL, &operations, device, "cosim", device->size);
	memory_region_add_subregion_overlap(get_system_memory(), device->address, window, OVER_EVERYTHING);
	qemu_set_fd_handler(device->socket, orders_waiting, NULL, device);
}

/* The first moment at which there is a machine, in the main thread with the big lock held. */
static void cpu_made(uint64_t id, unsigned int cpu)
{
	if (cpu)
		return;
	for (int i = 0; i < device_count; i++)
		connect_device(&devices[i]);
}

static void qemu_exits(uint64_t id, void *data)
{
	for (int i = 0; i < device_count; i++)
		say(&devices[i], 'B', 0, 0, 0);
}

static bool add_device(const char *argument)
{
	struct device *device = &devices[device_count];
	unsigned long long address, size;
	int path;

	if (device_count == MOST_DEVICES || sscanf(argument, "device=%lli:%lli:%i:%n", &address, &size, &device->input, &path) != 3 ||
	    strlen(argument + path) >= sizeof(device->path))
		return false;
	device->address = address;
	device->size = size;
	strcpy(device->path, argument + path);
	device_count++;
	return true;
}

__attribute__((visibility("default"))) int qemu_plugin_version = PLUGIN_INTERFACE;

__attribute__((visibility("default"))) int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		if (sscanf(argv[i], "controller=%63s", controller_type) != 1 && !add_device(argv[i])) {
			fprintf(stderr, "cosim plugin: bad argument '%s'\n", argv[i]);
			return -1;
		}
	}
	qemu_plugin_register_vcpu_init_cb(id, cpu_made);
	qemu_plugin_register_atexit_cb(id, qemu_exits, NULL);
	return 0;
}
