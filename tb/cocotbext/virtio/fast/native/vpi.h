/* SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The part of the Verilog programming interface (IEEE 1364-2005, annex G) that axi_memory.cpp uses: simulators bring
 * their own headers, and a test must not depend on where they are. */
#ifndef VPI_H
#define VPI_H

#include <cstdint>

extern "C" {

typedef uint32_t *vpiHandle;

struct s_vpi_time {
    int32_t type;
    uint32_t high, low;
    double real;
};

struct s_vpi_vecval {
    uint32_t aval, bval; /* 0: {0, 0}, 1: {1, 0}, z: {0, 1}, x: {1, 1} */
};

struct s_vpi_value {
    int32_t format;
    union {
        char *str;
        int32_t scalar;
        int32_t integer;
        double real;
        s_vpi_time *time;
        s_vpi_vecval *vector;
        void *strength;
        char *misc;
    } value;
};

struct s_cb_data {
    int32_t reason;
    int32_t (*cb_rtn)(s_cb_data *);
    vpiHandle obj;
    s_vpi_time *time;
    s_vpi_value *value;
    int32_t index;
    char *user_data;
};

enum { vpiIntVal = 6, vpiVectorVal = 9 };
enum { vpiSimTime = 2, vpiSuppressTime = 3 };
enum { vpiSize = 4, vpiNoDelay = 1 };
enum { cbValueChange = 1, cbReadWriteSynch = 6 };

vpiHandle vpi_register_cb(s_cb_data *data);
int32_t vpi_remove_cb(vpiHandle callback);
int32_t vpi_free_object(vpiHandle object);
vpiHandle vpi_handle_by_name(const char *name, vpiHandle scope);
int32_t vpi_get(int32_t property, vpiHandle object);
void vpi_get_value(vpiHandle object, s_vpi_value *value);
vpiHandle vpi_put_value(vpiHandle object, s_vpi_value *value, s_vpi_time *time, int32_t flags);

} /* extern "C" */

#endif
