// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// The program around the harness as Verilator compiles it; what cocotb's own verilator.cpp is to other designs, in the same
// order of regions, but the clock is made here instead of by a timer of the VPI, and variables of the harness can be
// reached as memory, written and watched without the VPI. tb/cocotbext/virtio/fast/verilator_native.py is the other side of it.
//
// Arguments: --trace writes waves, to the file behind --trace-file.

#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "Vtop.h"
#include "verilated.h"
#include "verilated_sym_props.h"
#include "verilated_vpi.h"
#if VM_TRACE
#include "verilated_fst_c.h"
#endif

extern "C" void vlog_startup_routines_bootstrap();

extern "C" uint64_t harness_now;  // in steps
uint64_t harness_now = 0;

namespace {

constexpr uint64_t NEVER = ~0ULL;
uint64_t half_period = 0, next_edge = NEVER;
uint8_t *clock_signal = nullptr;

// What Python writes to inputs of 17 to 32 bits, without the VPI: it is put there when the VPI's own writes are.
struct Put {
    uint32_t value, given;  // Python writes both at once
    const VerilatedVar *variable;
};
std::deque<Put> given_values;  // their addresses stay
bool put_done = false;

// Bits of the harness that Python waits for all the time, and what to call when they change.
struct Watch {
    const uint8_t *bit;
    uint8_t before;
    void (*changed)();
};
std::vector<Watch> watches;

VerilatedVar *variable(const char *scope, const char *name) {
    const VerilatedScope *found = Verilated::scopeFind(scope);
    return found ? found->varFind(name) : nullptr;
}

// Verilator starts them with random values. With a random level of aresetn there would be an edge when Python writes its first
// one, while what it writes to other inputs may not have arrived yet: the transactors would begin with lists nobody gave.
void clear_inputs() {
    for (auto &entry : *Verilated::scopeFind("TOP")->varsp())
        if (entry.second.vldir() == VLVD_IN) std::memset(entry.second.datap(), 0, entry.second.totalSize());
}

void call_value_callbacks() {
    while (VerilatedVpi::callValueCbs()) {}
    for (size_t n = 0; n < watches.size(); ++n)     // a call may add one
        if (*watches[n].bit != watches[n].before) {
            watches[n].before = *watches[n].bit;
            watches[n].changed();
        }
}

void do_puts() {
    VerilatedVpi::doInertialPuts();
    for (auto &put : given_values)
        if (put.given) {
            put.given = 0;
            *static_cast<uint32_t *>(put.variable->datap()) = put.value;
            put_done = true;
        }
}

bool eval_needed() { return put_done || VerilatedVpi::evalNeeded(); }

void settle(Vtop &top) {
    do {
        do {
            top.eval_step();
            VerilatedVpi::clearEvalNeeded();
            put_done = false;
            do_puts();
            call_value_callbacks();
        } while (eval_needed());
        VerilatedVpi::callCbs(cbReadWriteSynch);
        do_puts();
        if (eval_needed()) call_value_callbacks();
    } while (eval_needed());
    VerilatedVpi::callCbs(cbReadOnlySynch);
}

}  // namespace

double sc_time_stamp() { return harness_now; }

extern "C" {

// Start the clock, low, with its first edge after half a period, in steps.
void harness_clock(uint64_t half) {
    half_period = half;
    next_edge = harness_now + half;
    *clock_signal = 0;
}

// Where the bits of a variable are, least significant first; null if there is no such variable.
void *harness_memory(const char *scope, const char *name) {
    const VerilatedVar *found = variable(scope, name);
    return found ? found->datap() : nullptr;
}

// Where to write the next value of a variable of 17 to 32 bits: as the lower half of 64 bits whose upper half is not 0.
void *harness_put(const char *scope, const char *name) {
    const VerilatedVar *found = variable(scope, name);
    for (auto &put : given_values)
        if (put.variable == found) return &put;
    given_values.push_back({0, 0, found});
    return &given_values.back();
}

// Call a function whenever a variable of one bit has changed, behind the callbacks of the VPI, in the order of these calls.
void harness_watch(const char *scope, const char *name, void (*changed)()) {
    const auto *bit = static_cast<uint8_t *>(variable(scope, name)->datap());
    watches.push_back({bit, *bit, changed});
}

}  // extern "C"

int main(int argc, char **argv) {
    Verilated::commandArgs(argc, argv);
    auto top = std::make_unique<Vtop>("");
    Verilated::fatalOnVpiError(false);
#if VM_TRACE
    std::unique_ptr<VerilatedFstC> waves;
    Verilated::traceEverOn(true);
    for (int n = 1; n + 1 < argc; ++n)
        if (!std::strcmp(argv[n], "--trace-file")) {
            waves = std::make_unique<VerilatedFstC>();
            top->trace(waves.get(), 99);
            waves->open(argv[n + 1]);
        }
#endif
    clear_inputs();
    clock_signal = static_cast<uint8_t *>(variable("TOP", "aclk")->datap());
    vlog_startup_routines_bootstrap();
    VerilatedVpi::callCbs(cbStartOfSimulation);
    call_value_callbacks();
    while (!Verilated::gotFinish()) {
        settle(*top);
        top->eval_end_step();
#if VM_TRACE
        if (waves) waves->dump(harness_now);
#endif
        const uint64_t timed = VerilatedVpi::cbNextDeadline();
        harness_now = timed < next_edge ? timed : next_edge;
        if (harness_now == NEVER) break;
        VerilatedVpi::callCbs(cbNextSimTime);
        if (harness_now == timed) {
            // What timers do in the time step of an edge is done before it.
            VerilatedVpi::callTimedCbs();
            call_value_callbacks();
            top->eval_step();
            do_puts();
        }
        if (harness_now == next_edge) {
            next_edge += half_period;
            *clock_signal = !*clock_signal;
        }
        // Python sees an edge before the design does: it samples what was there before.
        call_value_callbacks();
    }
    top->final();
    VerilatedVpi::callCbs(cbEndOfSimulation);
#if VM_TRACE
    if (waves) waves->close();
#endif
    return Verilated::threadContextp()->errorCount() > 0;
}
