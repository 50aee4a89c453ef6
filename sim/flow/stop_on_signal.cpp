// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
//
// A simulation that Verilator made finishes at SIGINT as it does at $finish: its dump is closed and cocotb reports.
// Icarus does that by itself. sim/flow/time_limit.py sends the signal, to the thread that simulates.

#include <csignal>

#include "verilated.h"

namespace {

void finish(int) { Verilated::gotFinish(true); }

[[maybe_unused]] const auto before = std::signal(SIGINT, finish);

}  // namespace
