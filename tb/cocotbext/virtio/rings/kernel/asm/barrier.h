/* SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stands in front of the kernel's own barriers: simulated time passes inside each of them. */
#include <stdlib.h>

void simulated_barrier(void);

#define barrier() __asm__ volatile("" ::: "memory")
#define virt_mb() do { barrier(); simulated_barrier(); barrier(); } while (0)
#define virt_rmb() virt_mb()
#define virt_wmb() virt_mb()
#define virt_store_mb(var, value) do { WRITE_ONCE(var, value); virt_mb(); } while (0)
#define mb() virt_mb()
#define dma_rmb() virt_mb()
#define dma_wmb() virt_mb()
