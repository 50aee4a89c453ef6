# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Which mutants show at the ports in which simulations: a mutant that does not cannot fail there.

Each simulation runs once without a mutant, with its inputs recorded (icarus_mutants.py). These inputs are then
replayed on all
mutants, compiled into one program (mutant_mux.py, replay.cpp), at hundreds of thousands of cycles a second. Until
the outputs differ for
the first time, the testbench would have done the same with the mutant. So where they never differ, and it is not
about unknown values,
which the replay does not have, the test need not be run on the mutant.
"""

import json
import shutil
from importlib.resources import files
from pathlib import Path

from sim.flow import build, icarus, processes, tools
from sim.flow.configs import configurations
from sim.flow.errors import FlowError
from sim.flow.modules import PACKAGE
from sim.flow.run import Simulation, simulate
from sim.mutation import icarus_mutants, mutant_mux, red_tests
from sim.mutation.mutants import Mutant
from sim.mutation.plan import Trial

build.SIMULATORS[icarus_mutants.KEY] = icarus_mutants
SEED = 1
_SECONDS = 3600

# What of an output counts only while another one is 1.
PAYLOAD = {
    "s_axil_bresp": "s_axil_bvalid",
    "s_axil_rdata": "s_axil_rvalid",
    "s_axil_rresp": "s_axil_rvalid",
    "m_axil_awaddr": "m_axil_awvalid",
    "m_axil_awprot": "m_axil_awvalid",
    "m_axil_wdata": "m_axil_wvalid",
    "m_axil_wstrb": "m_axil_wvalid",
    "notify_queue": "notify_valid",
    "notify_data": "notify_valid",
    "config_we": "config_en",
    "config_addr": "config_en",
    "config_wdata": "config_en",
    "msi_error_vector": "msi_error_valid",
    # of the virtqueue engine
    "m_axi_awaddr": "m_axi_awvalid",
    "m_axi_awlen": "m_axi_awvalid",
    "m_axi_awcache": "m_axi_awvalid",
    "m_axi_wdata": "m_axi_wvalid",
    "m_axi_wstrb": "m_axi_wvalid",
    "m_axi_wlast": "m_axi_wvalid",
    "m_axi_arid": "m_axi_arvalid",
    "m_axi_araddr": "m_axi_arvalid",
    "m_axi_arlen": "m_axi_arvalid",
    "m_axi_arcache": "m_axi_arvalid",
    "event_index": "event_valid",
    "req_slot": "req_valid",
    "req_queue": "req_valid",
    "req_readable": "req_valid",
    "req_writable": "req_valid",
    "none_queue": "none_valid",
    "rd_data": "rd_valid",
    "rd_keep": "rd_valid",
    "rd_last": "rd_valid",
    "rd_error": "rd_valid",
    "wrote_slot": "wrote_valid",
    "wrote_error": "wrote_valid",
    "fault_code": "fault_valid",
    "fault_queue": "fault_valid",
    "fault_head": "fault_valid",
    # of its modules alone, as the engine uses them
    "element_address": "element_valid",
    "element_data": "element_valid",
    "element_size": "element_valid",
    "element_part": "element_valid",
    "element_slot": "element_valid",
    "given_slot": "given_valid",
    "renewed_slot": "renewed_valid",
    "release_slot": "release_valid",
    "release_queue": "release_valid",
    "publish_queue": "publish_valid",
    "publish_position": "publish_valid",
    "index_address": "index_valid",
    "index_data": "index_valid",
    "read_address": "read_valid",
    "read_bytes": "read_valid",
    "arm_address": "arm_valid",
    "arm_data": "arm_valid",
    "head": "head_valid",
    "took_count": "took_valid",
    "pick_queue": "pick_valid",
    "pick_pull": "pick_valid",
    "pick_limit": "pick_valid",
    "out_queue": "out_valid",
    "chunk_address": "chunk_valid",
    "chunk_bytes": "chunk_valid",
    "chunk_last": "chunk_valid",
    "chunk_fill": "chunk_valid",
}


class Replay:
    """The mutants of a design on one configuration.

    Attributes:
        configuration: its name.
        numbers: the mutants that can be chosen: those that stand in the text and that the tools take.

    Args:
        rtl: the design; mutants: those wanted.
        folder: for files, of this set of mutants, this configuration and these tests alone. What is there is not
        made again.
    """

    def __init__(self, rtl: Path, mutants: dict[int, Mutant], configuration: str, folder: Path) -> None:
        self.configuration, self._folder = configuration, folder.absolute()
        self._design = configurations().design(configuration, self._folder / "rtl")
        done = self._folder / "numbers"
        if not done.exists():
            shutil.rmtree(self._folder, ignore_errors=True)
            numbers = self._build(rtl, dict(mutants))
            done.write_text("\n".join(map(str, numbers)))
        self.numbers = [int(number) for number in done.read_text().split()]

    def simulation(self, trial: Trial) -> Simulation:
        """A simulation that runs any of the mutants."""
        return Simulation(
            icarus_mutants.KEY,
            self.configuration,
            f"{PACKAGE}.{trial.test}",
            SEED,
            tests=trial.tests,
            timeout=_SECONDS,
            rtl=self._folder / "rtl",
        )

    def differences(self, trials: list[Trial]) -> dict[int, dict[Trial, int]]:
        """For each number, the trials in which the mutant differs at the ports, and in which cycle first.

        Raises:
            FlowError: a trial fails without a mutant.
        """
        result = self._folder / "differences.json"
        known = json.loads(result.read_text()) if result.exists() else {}
        for trial in trials:
            if str(trial) not in known:
                known[str(trial)] = self._run(self._record(trial))
                result.write_text(json.dumps(known))
        return {
            number: {trial: known[str(trial)][str(number)] for trial in trials if str(number) in known[str(trial)]}
            for number in self.numbers
        }

    def seconds(self, trial: Trial) -> float:
        """How long the trial takes without a mutant."""
        return 1 + float((self._folder / f"{trial.file}.seconds").read_text())

    def durations(self, trial: Trial) -> dict[str, float]:
        """The simulated time of each test of the trial without a mutant, in ns."""
        return json.loads((self._folder / f"{trial.file}.durations").read_text())

    def _record(self, trial: Trial) -> Path:
        simulation = self.simulation(trial)
        result = simulate(simulation)
        if result.failures:
            raise FlowError(f"{trial} fails without a mutant: {result.failures[0].message}")
        kept = self._folder / f"{trial.file}.inputs"
        shutil.move(result.simulation.directory / icarus_mutants.INPUTS, kept)
        (self._folder / f"{trial.file}.seconds").write_text(str(result.seconds))
        (self._folder / f"{trial.file}.durations").write_text(json.dumps(red_tests.simulated(result)))
        shutil.rmtree(result.simulation.directory)
        return kept

    def _run(self, recorded: Path) -> dict[str, int]:
        log = self._folder / "replay.log"
        command = ["sh", "-c", 'exec "$0" "$1" < numbers', self._folder / "obj" / "replay", recorded]
        if processes.run(command, log, self._folder, tools.environment(), _SECONDS):
            raise FlowError(f"the replay failed; see {log}")
        recorded.unlink()
        return {number: int(cycle) for _, number, cycle in map(str.split, log.read_text().splitlines())}

    def _build(self, rtl: Path, left: dict[int, Mutant]) -> list[int]:
        """Build the program of the replay; returns the mutants that it has."""
        while True:
            shutil.rmtree(self._folder / "rtl", ignore_errors=True)
            places = mutant_mux.write(rtl, left, self._folder / "rtl")
            for number, command in enumerate((self._icarus(), self._verilator())):
                log = self._folder / f"build-{number}.log"
                if processes.run(command, log, self._folder, tools.environment(), _SECONDS):
                    refused = mutant_mux.refused(log.read_text(), places)
                    if not refused:
                        raise FlowError(f"the design with all mutants does not build; see {log}")
                    left = {number: mutant for number, mutant in left.items() if number not in refused}
                    break
            else:
                break
        log = self._folder / "make.log"
        make = ["make", "-C", self._folder / "obj", "-f", "Vtop.mk", "CFG_CXXFLAGS_PCH_I=-include"]
        if processes.run(make, log, self._folder, tools.environment(), _SECONDS):
            raise FlowError(f"the design with all mutants does not build; see {log}")
        return sorted(places)

    def _icarus(self) -> list:
        """Only checks."""
        choice = self._folder / "mutant_choice.v"
        choice.write_text("module mutant_choice;\ninteger number;\nendmodule\n")
        return [*icarus.lint_command(self._design), "-DMUTANT=mutant_choice.number", "-s", "mutant_choice", choice]

    def _verilator(self) -> list:
        source, package = self._folder / "replay.cpp", self._folder / "mutated.sv"
        source.write_text(files("sim.mutation").joinpath("replay.cpp").read_text())
        # A package is seen from every module; mutant_number is in replay.cpp.
        package.write_text(
            'package mutated;\nimport "DPI-C" function int mutant_number();\nint number = '
            "mutant_number();\nendpackage\n"
        )
        inputs = [f"f({name})" for name in icarus_mutants.ports(self._design, "input")]
        names = icarus_mutants.ports(self._design, "output")
        outputs = [f"f({name}, {f'top.{PAYLOAD[name]}' if PAYLOAD.get(name) in names else 'true'})" for name in names]
        header = self._folder / "ports.h"
        header.write_text(f"#define FOR_INPUTS(f) {' '.join(inputs)}\n#define FOR_OUTPUTS(f) {' '.join(outputs)}\n")
        return [
            "verilator",
            "--cc",
            "--exe",
            "--prefix",
            "Vtop",
            "-Mdir",
            self._folder / "obj",
            "-o",
            "replay",
            "-Wno-fatal",
            "-Wno-lint",
            "-O3",
            "--x-assign",
            "unique",
            "--x-initial",
            "unique",
            "-CFLAGS",
            f"-O1 -I{self._folder}",
            "-DMUTANT=mutated::number",
            "--top-module",
            self._design.top,
            *(f"-I{folder}" for folder in self._design.includes()),
            *(f"-G{parameter}" for parameter in self._design.parameters()),
            source,
            package,
            *self._design.sources(),
        ]
