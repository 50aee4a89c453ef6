// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// Replays recorded inputs on the selectable design and tells where the outputs of a mutant differ from the original's.
//
//   replay PORTS_FILE...  < mutant numbers      prints "<file's number> <mutant> <cycle>" for each that differs
//
// ports.h, made beside it, has FOR_INPUTS(f), f(name) each, and FOR_OUTPUTS(f), f(name, counts) each.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "Vtop.h"
#include "ports.h"

static int chosen;

extern "C" int mutant_number() { return chosen; }

using Row = std::vector<uint64_t>;

static std::vector<Row> load(const char* name) {
    std::vector<Row> rows;
    std::ifstream file(name);
    for (std::string line, word; std::getline(file, line);) {
        std::istringstream words(line);
        Row row;
        while (words >> word) row.push_back(word.find_first_not_of("0123456789abcdef") == word.npos ? std::stoull(word, nullptr, 16) : 0);
        rows.push_back(row);
    }
    return rows;
}

// Runs a mutant, -1 for none, until its outputs differ from those expected; returns that cycle, or -1.
// Without expectations it writes them.
static long run(int number, const std::vector<Row>& rows, std::vector<uint64_t>& outputs, bool write) {
    chosen = number;
    VerilatedContext context;
    context.randReset(2);
    context.randSeed(1);
    Vtop top(&context);
    for (size_t cycle = 0; cycle < rows.size(); ++cycle) {
        const uint64_t* value = rows[cycle].data();
        top.aclk = 0;
#define SET(name) top.name = *value++;
        FOR_INPUTS(SET)
        top.eval();
        uint64_t sum = 0;
#define ADD(name, counts) sum = (sum ^ ((counts) ? uint64_t(top.name) : 0)) * 0x9e3779b97f4a7c15u + 1;
        FOR_OUTPUTS(ADD)
        if (write) outputs.push_back(sum);
        else if (outputs[cycle] != sum) return cycle;
        top.aclk = 1;
        top.eval();
    }
    return -1;
}

int main(int argc, char** argv) {
    std::vector<int> numbers;
    for (int number; std::cin >> number;) numbers.push_back(number);
    for (int file = 1; file < argc; ++file) {
        std::vector<Row> rows = load(argv[file]);
        std::vector<uint64_t> expected;
        run(-1, rows, expected, true);
        for (int number : numbers) {
            long cycle = run(number, rows, expected, false);
            if (cycle >= 0) std::printf("%d %d %ld\n", file - 1, number, cycle);
        }
        std::fflush(stdout);
    }
}
