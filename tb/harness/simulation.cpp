// The program around the harness as Verilator compiles it; what cocotb's own verilator.cpp is to other designs, in the same
// order of regions, but the clock is made here instead of by a timer of the VPI, and variables of the harness can be
// reached as memory or watched. tb/fast/program.py is the other side of it.
//
// Arguments: --trace writes waves, to the file behind --trace-file.

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

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

// A bit of the harness that Python waits for all the time, and what to call when it changes.
const uint8_t *watched = nullptr;
uint8_t watched_before = 0;
void (*watched_changed)() = nullptr;

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
    if (watched && *watched != watched_before) {
        watched_before = *watched;
        watched_changed();
    }
}

void settle(Vtop &top) {
    do {
        do {
            top.eval_step();
            VerilatedVpi::clearEvalNeeded();
            VerilatedVpi::doInertialPuts();
            call_value_callbacks();
        } while (VerilatedVpi::evalNeeded());
        VerilatedVpi::callCbs(cbReadWriteSynch);
        VerilatedVpi::doInertialPuts();
        if (VerilatedVpi::evalNeeded()) call_value_callbacks();
    } while (VerilatedVpi::evalNeeded());
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

// Call a function whenever a variable of one bit has changed, behind the callbacks of the VPI; one variable at a time.
void harness_watch(const char *scope, const char *name, void (*changed)()) {
    watched = static_cast<uint8_t *>(variable(scope, name)->datap());
    watched_before = *watched;
    watched_changed = changed;
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
            VerilatedVpi::doInertialPuts();
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
