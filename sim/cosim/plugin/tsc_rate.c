// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
/*
 * Prints how many thousand times a second this machine's time stamp counter counts. QEMU without a hypervisor shows
 * the guest this counter, and a guest without another clock cannot find its rate.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#define ATTEMPTS 100
#define PAUSE 100000			/* microseconds between the two readings */

static uint64_t nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_RAW, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

/* The counter, and the time at which it was read: of the attempt that was interrupted least. */
static uint64_t counter(uint64_t *time)
{
	uint64_t result = 0, least = UINT64_MAX;

	for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
		uint64_t before = nanoseconds(), count = __rdtsc(), after = nanoseconds();

		if (after - before < least) {
			least = after - before;
			result = count;
			*time = before + least / 2;
		}
	}
	return result;
}

int main(void)
{
	uint64_t start, end, first = counter(&start), last;

	usleep(PAUSE);
	last = counter(&end);
	printf("%llu\n", (unsigned long long)((last - first) * 1000000 / (end - start)));
	return 0;
}
