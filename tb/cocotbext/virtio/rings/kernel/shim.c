/* SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Linux's virtio_ring.c as a library: one queue of a device, over memory that somebody else provides. */
#include <linux/virtio.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>

#define CLASSES 32 /* sizes of blocks: powers of two */
#define HEADER 16  /* in front of each block: its class */
#define MOST_PARTS 64

int step_out(void); /* steps.c: 1 when that was where the caller of the step is */
dma_addr_t virtqueue_get_desc_addr(struct virtqueue *vq);
dma_addr_t virtqueue_get_avail_addr(struct virtqueue *vq);
dma_addr_t virtqueue_get_used_addr(struct virtqueue *vq);
bool virtqueue_kick_prepare(struct virtqueue *vq);

void *__kmalloc_fake, *__kfree_ignore_start, *__kfree_ignore_end; /* of the kernel's headers, unused */

static char *arena, *arena_end;
static void *blocks[CLASSES]; /* released ones, by class; each begins with the next one's address */
static void (*time_passes)(void);
static unsigned long barriers, every = 1;

void simulation_open(void *memory, size_t size, void (*callback)(void))
{
	arena = (char *)(((unsigned long)memory + 63) & ~63ul);
	arena_end = (char *)memory + size;
	memset(blocks, 0, sizeof(blocks));
	time_passes = callback;
	barriers = 0;
}

/* The callback is called in every barrier whose number is a multiple of count. */
void simulation_every(unsigned long count)
{
	every = count;
}

unsigned long simulation_barriers(void)
{
	return barriers;
}

void simulated_barrier(void)
{
	if (++barriers % every == 0 && !step_out())
		time_passes();
}

void *arena_allocate(size_t size)
{
	unsigned int class = 6;
	char *block;

	while ((1ul << class) < size + HEADER)
		class++;
	block = blocks[class];
	if (block) {
		blocks[class] = *(void **)block;
	} else {
		if (arena_end - arena < (long)(1ul << class)) {
			fprintf(stderr, "the simulated memory is used up\n");
			abort();
		}
		block = arena;
		arena += 1ul << class;
	}
	memset(block, 0, size + HEADER); /* __GFP_ZERO is 0 here */
	*(unsigned int *)(block + HEADER - 8) = class;
	return block + HEADER;
}

void arena_release(void *place)
{
	char *block = (char *)place - HEADER;
	unsigned int class;

	if (!place)
		return;
	class = *(unsigned int *)(block + HEADER - 8);
	*(void **)block = blocks[class];
	blocks[class] = block;
}

static bool notified(struct virtqueue *vq)
{
	return true; /* virtqueue_kick_prepare() has said so; Python kicks */
}

static void called_back(struct virtqueue *vq)
{
}

struct virtqueue *queue_create(unsigned int entries, u64 features, int weak_barriers)
{
	struct virtio_device *device = arena_allocate(sizeof(*device));

	device->features = features;
	INIT_LIST_HEAD(&device->vqs);
	spin_lock_init(&device->vqs_list_lock);
	return vring_create_virtqueue(0, entries, 64, device, weak_barriers, false, false, notified, called_back, "simulated");
}

void queue_delete(struct virtqueue *vq)
{
	struct virtio_device *device = vq->vdev;

	vring_del_virtqueue(vq);
	arena_release(device);
}

u64 queue_area(struct virtqueue *vq, int which)
{
	if (which == 0)
		return virtqueue_get_desc_addr(vq);
	return which == 1 ? virtqueue_get_avail_addr(vq) : virtqueue_get_used_addr(vq);
}

unsigned int queue_free(struct virtqueue *vq)
{
	return vq->num_free;
}

/* parts: address, length of each; the readable ones first. */
int queue_add(struct virtqueue *vq, const u64 *parts, unsigned int readable, unsigned int writable, unsigned long token)
{
	struct scatterlist lists[MOST_PARTS], *pointers[MOST_PARTS];
	unsigned int index;

	if (readable + writable > MOST_PARTS)
		return -EINVAL;
	for (index = 0; index < readable + writable; index++) {
		sg_init_one(&lists[index], (void *)(unsigned long)parts[2 * index], parts[2 * index + 1]);
		pointers[index] = &lists[index];
	}
	return virtqueue_add_sgs(vq, pointers, readable, writable, (void *)token, 0);
}

/* Whether the device wants to be told. */
int queue_kick(struct virtqueue *vq)
{
	return virtqueue_kick_prepare(vq);
}

/* The token of a used buffer, 0 when there is none. */
unsigned long queue_get(struct virtqueue *vq, unsigned int *length)
{
	return (unsigned long)virtqueue_get_buf(vq, length);
}

void queue_disable_callbacks(struct virtqueue *vq)
{
	virtqueue_disable_cb(vq);
}

/* 0: buffers were used in the meantime, look again. */
int queue_enable_callbacks(struct virtqueue *vq, int delayed)
{
	return delayed ? virtqueue_enable_cb_delayed(vq) : virtqueue_enable_cb(vq);
}
