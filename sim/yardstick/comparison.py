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


@dataclass(frozen=True)
class Failure:
    """A sequence after which a side was not as expected.

    Attributes:
        number: of the sequence.
        steps: without the bring-up.
        side: QEMU or ENDPOINT.
        wrong: the first difference, with what was seen as "qemu" and what was expected as "endpoint".
    """

    number: int
    steps: Sequence
    side: str
    wrong: Difference

    def __str__(self) -> str:
        wrong, steps = self.wrong, [BRING_UP, *self.steps]
        return (
            f"sequence {self.number}, step {wrong.step}, '{steps[wrong.step]}': {wrong.what} of the {self.side}: "
            f"{wrong.qemu}, expected {wrong.endpoint}; steps: {', '.join(self.steps[: wrong.step])}"
        )


def first_wrong(steps: Sequence, seen: list[Observation], known: Collection[str]) -> Difference | None:
    """What a side with these known differences should not have shown, as Failure has it; None if all is well."""
    expected = Model([name for name in DIFFERENCES if name in known]).run(steps)
    return next(differences(_merged(steps, seen), _merged(steps, expected)), None)


@dataclass
class Differential:
    """What random sequences showed.

    Attributes:
        sequences, steps: how many.
        events: steps in which something happened in the device.
        differing: steps after which the two sides were not the same.
        needed: rule -> sequences that nobody could explain without it.
        failures: what was not as expected.
        shrunk: the first of these with the steps that it takes.
    """

    sequences: int = 0
    steps: int = 0
    events: int = 0
    differing: int = 0
    needed: dict[str, int] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    shrunk: Failure | None = None

    @property
    def problems(self) -> list[str]:
        """A line for each failure."""
        return list(map(str, self.failures))

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
        for side, seen, differs in ((QEMU, qemu, has), (ENDPOINT, endpoint, [])):
            wrong = first_wrong(sequence, seen, differs)
            if wrong:
                self.failures.append(Failure(number, sequence, side, wrong))


def _merged(sequence: Sequence, observations: list[Observation]) -> list[Observation]:
    """The same, with each message of an "on" once: events that are handed over may share one or not (rules 4, 9)."""
    return [
        observation | {"messages": sorted(set(observation["messages"]))} if step == "on" else observation  # type: ignore[call-overload]
        for step, observation in zip([BRING_UP, *sequence], observations, strict=True)
    ]
