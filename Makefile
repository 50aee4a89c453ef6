# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
# Every target sets up what it needs and calls `python -m sim`; see there for --help. sim/make.py says what a target takes.

PYTHON ?= python3

# What is given as NAME=value, as it was typed: make does not expand it and no shell reads it.
GIVEN := $(foreach name,$(.VARIABLES),$(if $(filter command line,$(origin $(name))),$(name)))
$(foreach name,$(filter-out PYTHON,$(GIVEN)),$(eval export MAKE_$(name) := $$(value $(name))))
unexport $(filter-out MAKEFLAGS,$(GIVEN))
export MAKE_GIVEN := $(GIVEN)
# The same from the environment: SIM=icarus make sim
NAMES = SIM CONFIG TEST SEED BUS TRACE TIMEOUT LIMITS LOG RECORD WAVES GATES ARGS FILTER SEEDS SUMMARY CLUSTER PYTEST ROUNDS SECONDS ONLY \
	SIZES DEVICES MODES PEERS TARGETS SIZE N MODULE ENGINE PLAN BUFFERS GUEST DUT CHECK ARCHITECTURE KERNEL JOBS
$(foreach name,$(filter-out $(GIVEN),$(NAMES)),$(if $(filter environment,$(origin $(name))),$(eval export MAKE_$(name) := $$(value $(name)))))

RUN = @$(PYTHON) sim/bootstrap.py && .venv/bin/python -m sim make $@

.DEFAULT_GOAL = help

.PHONY: help
help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 12

.PHONY: sim
sim: ## Simulate: the main job, or [SIM=icarus|verilator|all] [CONFIG=name] [TEST=name] [SEED=n] [WAVES=1] [BUS=fast] [GATES=1] [TRACE=file.csv] [RECORD=file.csv]
	$(RUN)

.PHONY: timeline
timeline: ## Draw one run as a page: TEST=module:test [SEED=n] [CONFIG=name] [SIM=name], or LOG=file of a run
	$(RUN)

.PHONY: waves
waves: ## Dump the waves of one run and say how to open them: TEST=module:test [SEED=n] [CONFIG=name] [SIM=name]
	$(RUN)

.PHONY: regress
regress: ## Simulate with many seeds, resumed when interrupted [SEEDS=n] [FILTER=regex] [SIM=] [CONFIG=] [TEST=] [SEED=] [JOBS=n] [SUMMARY=file] [ARGS="--until-fail"]
	$(RUN)

.PHONY: shrink
shrink: ## Reduce a failing run to the few accesses and events, or buffers, it takes: TEST=module:test SEED=n [CONFIG=name] [SIM=name]
	$(RUN)

.PHONY: quick
quick: ## Check a change of the RTL in two minutes: the directed tests on two configurations [SIM=name] [SEED=n]
	$(RUN)

.PHONY: test
test: ## Run all tests [SEED=n] [PYTEST="arguments"]
	$(RUN)

.PHONY: lint
lint: ## Check the RTL with three tools over a matrix of parameters, the generated files and the Python code
	$(RUN)

.PHONY: bench
bench: ## Measure how fast the testbench is, beside others [SIM=name] [ROUNDS=n] [SECONDS=s] [ONLY=names]
	$(RUN)

.PHONY: formal
formal: ## Prove the RTL: the part of the task matrix and of the seeded faults that CI runs
	$(RUN)

.PHONY: formal-all
formal-all: ## Prove the RTL: all tasks, all seeded faults
	$(RUN)

.PHONY: syn
syn: ## Size and clock in FPGAs: a table [SIZES=2/3,...] [DEVICES=ecp5] [MODES=0|1] [SEEDS=n] [PEERS=folder] [TARGETS=0]
	$(RUN)

.PHONY: coverage
coverage: ## Functional and code coverage of the tests [CONFIG=names] [TEST=modules] [SEEDS=n]; page in build/coverage/index.html
	$(RUN)

.PHONY: reliability
reliability: ## 10^6 random register accesses and 10^6 events in each mode [SIZE=n] [SIM=icarus|verilator] [BUS=fast|signals]
	$(RUN)

.PHONY: rings
rings: ## Linux's ring code against the disk in RTL, 10^5 buffers in each mode of the rings [BUFFERS=n] [MODES=names] [JOBS=n]
	$(RUN)

.PHONY: mutate
mutate: ## Change the RTL in [N=50] places, one at a time, and list what the tests do not notice [SEED=n] [MODULE=names] [ENGINE=1] [PLAN=all|ci|entries: their faults]
	$(RUN)

.PHONY: conformance
conformance: ## Which rules of virtio does a device in RTL break? DUT=my_disk.toml [CHECK=names] [SIM=name|all] [SEED=n] [WAVES=1]
	$(RUN)

.PHONY: cosim
cosim: ## Run guests on QEMU with the RTL as their device [GUEST=uboot|aavmf|linux|linux-msi|linux-root|linux-msi-root|linux-x86|linux-msi-x86|linux-x86-root|linux-msi-x86-root] [CONFIG=names | DUT=my_disk.toml] [KERNEL=bookworm-backports] [SEED=n] [WAVES=1] [RECORD=file.csv]
	$(RUN)

.PHONY: yardstick
yardstick: ## What stock QEMU's own virtio devices do differently, and why [SEED=n] [N=40: random sequences] [SIM=name]
	$(RUN)

.PHONY: driver
driver: ## Build the Linux driver for Debian 12's kernel [ARCHITECTURE=arm64|amd64] [KERNEL=bookworm-backports]
	$(RUN)

.PHONY: regs
regs: ## Generate everything made from rtl/virtio_mmio.rdl
	$(RUN)

.PHONY: report
report: ## One page of everything known: build/report/index.html, from what the other targets have left in build/
	$(RUN)

.PHONY: docs
docs: ## Build the documents as a site with an API reference: build/docs/index.html
	$(RUN)

.PHONY: clean
clean: ## Remove everything that was built
	@rm -rf build
