// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// The limit: the accesses of sim/bench/simulated.py from a loop in C++, without VPI and Python.
// Arguments: seconds to run; 1 to let accesses overlap, one a cycle, 0 to wait for each response.
// Prints: accesses, seconds, cycles.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "Vtop.h"
#include "verilated.h"

namespace {

constexpr uint32_t QUEUE_SEL = 0x30, QUEUE_NUM_MAX = 0x34;  // written with 0 and 1, and read
constexpr int BATCH = 200;                                  // accesses between two looks at the watch

Vtop *top;
uint64_t cycles = 0;
uint32_t expected = 0;

// Inputs set before it are sampled at the rising edge; afterwards the outputs are those of the next cycle.
void cycle() {
    top->aclk = 1;
    top->eval();
    top->aclk = 0;
    top->eval();
    ++cycles;
}

void check(uint32_t data) {
    if (!expected) expected = data;
    if (!data || data != expected) {
        std::fprintf(stderr, "read %u, expected %u\n", data, expected);
        std::exit(1);
    }
}

void write(uint32_t value) {
    top->s_axil_awaddr = QUEUE_SEL;
    top->s_axil_wdata = value;
    top->s_axil_awvalid = top->s_axil_wvalid = 1;
    do {
        const bool aw = top->s_axil_awvalid && top->s_axil_awready, w = top->s_axil_wvalid && top->s_axil_wready;
        const bool answered = top->s_axil_bvalid;
        cycle();
        if (aw) top->s_axil_awvalid = 0;
        if (w) top->s_axil_wvalid = 0;
        if (answered) return;
    } while (true);
}

void read() {
    top->s_axil_araddr = QUEUE_NUM_MAX;
    top->s_axil_arvalid = 1;
    do {
        const bool taken = top->s_axil_arvalid && top->s_axil_arready, answered = top->s_axil_rvalid;
        const uint32_t data = top->s_axil_rdata;
        cycle();
        if (taken) top->s_axil_arvalid = 0;
        if (answered) return check(data);
    } while (true);
}

void one_by_one() {
    for (int number = 0; number < BATCH / 2; ++number) {
        write(number & 1);
        read();
    }
}

void overlapping() {
    int writes = BATCH / 2, reads = BATCH / 2, write_answers = BATCH / 2, read_answers = BATCH / 2;
    while (write_answers || read_answers) {
        top->s_axil_awaddr = QUEUE_SEL;
        top->s_axil_wdata = writes & 1;
        top->s_axil_awvalid = top->s_axil_wvalid = writes > 0;
        top->s_axil_araddr = QUEUE_NUM_MAX;
        top->s_axil_arvalid = reads > 0;
        top->eval();
        if (writes && top->s_axil_awready && top->s_axil_wready) --writes;
        else top->s_axil_awvalid = top->s_axil_wvalid = 0;  // both or none: the endpoint takes them together when it is free
        if (reads && top->s_axil_arready) --reads;
        if (top->s_axil_bvalid) --write_answers;
        if (top->s_axil_rvalid) {
            --read_answers;
            check(top->s_axil_rdata);
        }
        cycle();
    }
    top->s_axil_awvalid = top->s_axil_wvalid = top->s_axil_arvalid = 0;
}

}  // namespace

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    const double limit = std::atof(argv[1]);
    const bool overlap = std::atoi(argv[2]);
    top = new Vtop;
    top->device_idle = top->queue_stop_done = top->s_axil_bready = top->s_axil_rready = 1;
    top->s_axil_wstrb = 0xF;
    for (int n = 0; n < 50; ++n) {
        top->aresetn = n >= 5;
        cycle();
    }
    overlap ? overlapping() : one_by_one();
    cycles = 0;
    uint64_t accesses = 0;
    const std::clock_t started = std::clock();  // processor time
    double seconds = 0;
    while (seconds < limit) {
        for (int n = 0; n < 20; ++n) overlap ? overlapping() : one_by_one();
        accesses += 20 * BATCH;
        seconds = double(std::clock() - started) / CLOCKS_PER_SEC;
    }
    std::printf("%llu %f %llu\n", (unsigned long long)accesses, seconds, (unsigned long long)cycles);
    return 0;
}
