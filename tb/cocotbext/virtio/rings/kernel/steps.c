/* SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The kernel's functions in steps, each up to the next barrier: on a stack of their own, which is left in a barrier and
 * entered again when simulated time has passed. A simulator that cannot be run from within a callback needs that. */
#include <stdint.h>
#include <ucontext.h>

#define STACK (256 * 1024)

enum { ADD, KICK, GET, DISABLE_CALLBACKS, ENABLE_CALLBACKS };

int queue_add(void *vq, const uint64_t *parts, unsigned int readable, unsigned int writable, unsigned long token);
int queue_kick(void *vq);
unsigned long queue_get(void *vq, unsigned int *length);
void queue_disable_callbacks(void *vq);
int queue_enable_callbacks(void *vq, int delayed);

static char stack[STACK] __attribute__((aligned(64)));
static ucontext_t outside, inside;
static int is_inside;

static struct {
	int function;
	void *vq, *place;
	unsigned int readable, writable;
	unsigned long token;
	long result;
	int done;
} call;

static void work(void)
{
	switch (call.function) {
	case ADD:
		call.result = queue_add(call.vq, call.place, call.readable, call.writable, call.token);
		break;
	case KICK:
		call.result = queue_kick(call.vq);
		break;
	case GET:
		call.result = (long)queue_get(call.vq, call.place);
		break;
	case DISABLE_CALLBACKS:
		queue_disable_callbacks(call.vq);
		break;
	default:
		call.result = queue_enable_callbacks(call.vq, (int)call.token);
	}
	call.done = 1;
}

/* Go on to the next barrier; 1: the function has returned. */
int step_on(void)
{
	is_inside = 1;
	swapcontext(&outside, &inside);
	is_inside = 0;
	return call.done;
}

/* Begin a function; place: of parts, or of a used buffer's length; token: of the buffer, or whether delayed. */
int step_begin(int function, void *vq, void *place, unsigned int readable, unsigned int writable, unsigned long token)
{
	call.function = function;
	call.vq = vq;
	call.place = place;
	call.readable = readable;
	call.writable = writable;
	call.token = token;
	call.result = 0;
	call.done = 0;
	getcontext(&inside);
	inside.uc_stack.ss_sp = stack;
	inside.uc_stack.ss_size = sizeof(stack);
	inside.uc_link = &outside;
	makecontext(&inside, work, 0);
	return step_on();
}

long step_result(void)
{
	return call.result;
}

int step_out(void)
{
	if (!is_inside)
		return 0;
	swapcontext(&inside, &outside);
	return 1;
}
