# Every target sets up what it needs and calls `python -m sim`; see there for --help.

PYTHON ?= python3
SETUP = @$(PYTHON) sim/bootstrap.py &&
RUN = .venv/bin/python -m sim

# What is given on the command line, as options: make sim SIM=icarus SEED=7
OPTIONS = $(foreach name,SIM CONFIG TEST SEED BUS TRACE RECORD TIMEOUT,$(if $($(name)),$(call option,$(name))))
option = --$(shell echo $(1) | tr A-Z a-z)='$($(1))'
REGRESS_OPTIONS = $(foreach name,FILTER SEEDS JOBS SUMMARY CLUSTER,$(if $($(name)),$(call option,$(name))))
SYN_OPTIONS = $(foreach name,SIZES DEVICES MODES SEEDS PEERS JOBS,$(if $($(name)),$(call option,$(name))))
WAVES_ON = $(if $(filter-out 0,$(WAVES)),--waves)
GATES_ON = $(if $(filter-out 0,$(GATES)),--gates)

.DEFAULT_GOAL = help

.PHONY: help
help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

.PHONY: sim
sim: ## Simulate: the main job, or [SIM=icarus|verilator|all] [CONFIG=name] [TEST=name] [SEED=n] [WAVES=1] [BUS=fast] [GATES=1] [TRACE=file.csv] [RECORD=file.csv]
	$(SETUP) $(RUN) run $(OPTIONS) $(WAVES_ON) $(GATES_ON)

.PHONY: timeline
timeline: ## Draw one run as a page: TEST=module:test [SEED=n] [CONFIG=name] [SIM=name]
	$(SETUP) $(RUN) timeline $(OPTIONS)

.PHONY: waves
waves: ## Dump the waves of one run and say how to open them: TEST=module:test [SEED=n] [CONFIG=name] [SIM=name]
	$(SETUP) $(RUN) waves $(OPTIONS)

.PHONY: regress
regress: ## Simulate with many seeds, resumed when interrupted [SEEDS=n] [FILTER=regex] [SIM=] [CONFIG=] [TEST=] [SEED=] [JOBS=n] [SUMMARY=file] [ARGS="--until-fail"]
	$(SETUP) $(RUN) regress $(OPTIONS) $(REGRESS_OPTIONS) $(ARGS)

.PHONY: shrink
shrink: ## Reduce a failing run to the few accesses and events it takes: TEST=module:test SEED=n [CONFIG=name] [SIM=name]
	$(SETUP) $(RUN) shrink $(OPTIONS)

.PHONY: test
test: ## Run all tests [SEED=n] [PYTEST="arguments"]
	$(SETUP) $(RUN) test $(if $(SEED),--seed='$(SEED)') -- $(PYTEST)

.PHONY: lint
lint: ## Check the RTL with three tools over a matrix of parameters, the generated files and the Python code
	$(SETUP) $(RUN) lint

.PHONY: bench
bench: ## Measure how fast the testbench is, beside others [SIM=name] [ROUNDS=n] [SECONDS=s] [ONLY=names]
	$(SETUP) $(RUN) bench $(foreach name,SIM ROUNDS SECONDS ONLY,$(if $($(name)),$(call option,$(name))))

.PHONY: formal
formal: ## Prove the RTL: the part of the task matrix and of the seeded faults that CI runs
	$(SETUP) $(RUN) formal

.PHONY: formal-all
formal-all: ## Prove the RTL: all tasks, all seeded faults
	$(SETUP) $(RUN) formal --all

.PHONY: syn
syn: ## Size and clock in FPGAs: a table [SIZES=2/3,...] [DEVICES=ecp5] [MODES=0|1] [SEEDS=n] [PEERS=folder] [JOBS=n] [TARGETS=0]
	$(SETUP) $(RUN) syn $(SYN_OPTIONS) $(if $(filter 0,$(TARGETS)),--no-targets)

.PHONY: coverage
coverage: ## Functional and code coverage of the tests [CONFIG=names] [TEST=modules] [SEEDS=n]; page in build/coverage/index.html
	$(SETUP) $(RUN) coverage $(foreach name,CONFIG TEST SEEDS,$(if $($(name)),$(call option,$(name))))

.PHONY: reliability
reliability: ## 10^6 random register accesses and 10^6 events in each mode [SIZE=n] [SIM=icarus|verilator] [BUS=fast|signals]
	$(SETUP) $(RUN) reliability $(foreach name,SIZE SIM BUS,$(if $($(name)),$(call option,$(name))))

.PHONY: mutate
mutate: ## Change the RTL in [N=50] places, one at a time, and list what the tests do not notice [SEED=n] [MODULE=name]
	$(SETUP) $(RUN) mutation $(if $(N),--count '$(N)') $(if $(SEED),--seed '$(SEED)') $(if $(MODULE),--module '$(MODULE)')

.PHONY: cosim
cosim: ## Run guests on QEMU with the RTL as their device [GUEST=uboot|linux|linux-msi] [CONFIG=names] [SEED=n] [WAVES=1] [RECORD=file.csv]
	$(SETUP) $(RUN) cosim run $(if $(GUEST),--guest '$(GUEST)') $(OPTIONS) $(WAVES_ON)

.PHONY: driver
driver: ## Build the Linux driver for Debian 12's arm64 kernel
	$(SETUP) $(RUN) cosim driver

.PHONY: regs
regs: ## Generate everything made from rtl/virtio_mmio.rdl
	$(SETUP) $(RUN) regs

.PHONY: report
report: ## One page of everything known: build/report/index.html, from what the other targets have left in build/
	$(SETUP) $(RUN) report

.PHONY: clean
clean: ## Remove everything that was built
	@rm -rf build
