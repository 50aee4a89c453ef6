/* SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Included in front of every file: whatever the kernel allocates lies in the memory that the device sees. */
#ifndef PRELUDE_H
#define PRELUDE_H

#include <stdlib.h>

void *arena_allocate(size_t size);
void arena_release(void *place);

#define malloc(size) arena_allocate(size)
#define free(place) arena_release(place)

/* Only tells the kernel's race detector something. The user-space headers of some releases lack it. */
#ifndef data_race
#define data_race(expression) (expression)
#endif

#endif
