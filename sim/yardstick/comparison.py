# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What the two sides showed, beside each other and beside what is known."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from sim.yardstick.model import DIFFERENCES, Model
from sim.yardstick.scenarios import Difference, Scenario
from sim.yardstick.steps import BRING_UP, Observation, Sequence

QEMU, ENDPOINT = "QEMU", "endpoint"


@dataclass(frozen=True)
class Compared:
    """A scenario that both sides have been through.

    Attributes:
        qemu, endpoint: an observation for each step.
        found: all that differs.
    """

    scenario: Scenario
    qemu: list[Observation]
    endpoint: list[Observation]
    found: tuple[Difference, ...]

    @classmethod
    def of(cls, scenario: Scenario, qemu: list[Observation], endpoint: list[Observation]) -> "Compared":
        """Compares them step by step."""
        return cls(scenario, qemu, endpoint, tuple(differences(qemu, endpoint)))

    @property
    def rules(self) -> list[str]:
        """The rules that explain what differs."""
        expected = self.scenario.expected
        return list(dict.fromkeys(expected[each] for each in self.found if each in expected))

    def problems(self) -> Iterator[str]:
        """A line for each difference that is not expected, or that is and is not there."""
        steps, expected = self.scenario.steps, self.scenario.expected
        for each in self.found:
            if each not in expected:
                yield (
                    f"unexpected difference: {self.scenario.name}: step {each.step}, '{steps[each.step]}': "
                    f"{each.what}: QEMU {each.qemu}, endpoint {each.endpoint}"
                )
        for each, rule in expected.items():
            if each not in self.found:
                yield (
                    f"expected difference not seen: {self.scenario.name}: step {each.step}, '{steps[each.step]}': "
                    f"{each.what}: QEMU {each.qemu}, endpoint {each.endpoint} ({rule})"
                )


def differences(qemu: list[Observation], endpoint: list[Observation]) -> Iterator[Difference]:
    """All fields of all steps that are not the same on both sides."""
    assert len(qemu) == len(endpoint), (len(qemu), len(endpoint))
    for step, (there, here) in enumerate(zip(qemu, endpoint, strict=True)):
        for what in dict.fromkeys([*there, *here]):
            if there.get(what) != here.get(what):
                yield Difference.of(step, what, there.get(what), here.get(what))


@dataclass
class Differential:
    """What random sequences showed.

    Attributes:
        sequences, steps: how many.
        events: steps in which something happened in the device.
        differing: steps after which the two sides were not the same.
        needed: rule -> sequences that nobody could explain without it.
        problems: a line for each sequence that is not as expected.
    """

    sequences: int = 0
    steps: int = 0
    events: int = 0
    differing: int = 0
    needed: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def add(
        self,
        number: int,
        sequence: Sequence,
        qemu: list[Observation],
        endpoint: list[Observation],
        known: Collection[str],
    ) -> None:
        """Judge one sequence: each side must do what is expected of it.

        Args:
            number: of the sequence.
            known: names of the known differences.
        """
        has = [name for name in DIFFERENCES if name in known]
        self.sequences += 1
        self.steps += len(sequence)
        self.events += sum(step.startswith(("used", "change")) for step in sequence)
        self.differing += len({each.step for each in differences(qemu, endpoint)})
        expected = Model(has).run(sequence)
        for name in has:
            without = Model([other for other in has if other != name]).run(sequence)
            self.needed[name] = self.needed.get(name, 0) + (without != expected)
        for side, seen, predicted in ((QEMU, qemu, expected), (ENDPOINT, endpoint, Model(()).run(sequence))):
            wrong = next(differences(_merged(sequence, seen), _merged(sequence, predicted)), None)
            if wrong:
                steps = [BRING_UP, *sequence]
                self.problems.append(
                    f"sequence {number}, step {wrong.step}, '{steps[wrong.step]}': {wrong.what} of the {side}: "
                    f"{wrong.qemu}, expected {wrong.endpoint}; steps: {', '.join(sequence[: wrong.step])}"
                )


def _merged(sequence: Sequence, observations: list[Observation]) -> list[Observation]:
    """The same, with each message of an "on" once: events that are handed over may share one or not (rules 4, 9)."""
    return [
        observation | {"messages": sorted(set(observation["messages"]))} if step == "on" else observation  # type: ignore[call-overload]
        for step, observation in zip([BRING_UP, *sequence], observations, strict=True)
    ]
