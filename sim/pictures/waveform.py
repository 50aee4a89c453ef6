# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A waveform as SVG, from samples of the endpoint's ports."""

from collections.abc import Callable

from cocotbext.virtio.config import EVENT_CONFIG
from cocotbext.virtio.registers import command_name, name_of

CYCLE, ROW, HEIGHT = 21, 27, 15  # pixels: width of a cycle, distance of rows, height of a trace
LEFT, TOP = 150, 66
STYLE = """
  .card { fill: #fbfcfd; stroke: #9aa5b1; }
  text { font: 12px ui-monospace, "DejaVu Sans Mono", monospace; fill: #1f2933; }
  .name { text-anchor: end; }
  .number { font-size: 10px; fill: #7b8794; text-anchor: middle; }
  .group { font-weight: bold; fill: #52606d; font-size: 11px; }
  .grid { stroke: #e4e7eb; }
  .trace { fill: none; stroke: #0b7a4b; stroke-width: 1.6; }
  .value { fill: #d7efe3; stroke: #0b7a4b; stroke-width: 1.3; }
  .span { stroke: #b4540a; stroke-width: 1.5; }
  .note { fill: #b4540a; font-size: 12px; }
"""


def draw(samples: list[dict[str, int]]) -> str:
    """The whole picture. A column is one cycle; what is sampled at its right edge is drawn in it."""
    rows = [
        ("aclk", _clock),
        ("driver", None),
        ("s_axil_awvalid", _level("s_axil_awvalid")),
        ("s_axil_awaddr", _values("s_axil_awvalid", lambda sample: name_of(sample["s_axil_awaddr"]))),
        ("s_axil_wdata", _values("s_axil_awvalid", lambda sample: command_name(sample["s_axil_wdata"]))),
        ("s_axil_bvalid", _level("s_axil_bvalid")),
        ("device", None),
        ("event_valid", _level("event_valid")),
        ("event_index", _values("event_valid", _event)),
        ("messages", None),
        ("m_axil_awvalid", _level("m_axil_awvalid")),
        ("m_axil_wvalid", _level("m_axil_wvalid")),
        ("m_axil_awaddr", _values("m_axil_awvalid", lambda sample: f"0x{sample['m_axil_awaddr']:_x}")),
        ("m_axil_wdata", _values("m_axil_wvalid", lambda sample: f"0x{sample['m_axil_wdata']:_x}")),
        ("m_axil_bvalid", _level("m_axil_bvalid")),
        ("line", None),
        ("irq", _level("irq")),
    ]
    width, height = LEFT + len(samples) * CYCLE + 24, TOP + len(rows) * ROW + 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        "<title>One interrupt by message, then two events held by MASK and sent as one message at UNMASK</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="card" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="6"/>',
    ]
    for number in range(len(samples) + 1):
        x = LEFT + number * CYCLE
        parts.append(f'<line class="grid" x1="{x}" y1="{TOP - 6}" x2="{x}" y2="{height - 10}"/>')
        if number % 5 == 0:
            parts.append(f'<text class="number" x="{x}" y="{TOP - 12}">{number}</text>')
    place = {}
    for number, (name, trace) in enumerate(rows):
        y = place[name] = TOP + number * ROW
        kind = "name" if trace else "name group"
        parts.append(f'<text class="{kind}" x="{LEFT - 12}" y="{y + HEIGHT - 2}">{name}</text>')
        if trace:
            parts += trace(samples, y)
    parts += _notes(samples, place)
    return "\n".join([*parts, "</svg>", ""])


def _notes(samples: list[dict[str, int]], place: dict[str, int]) -> list[str]:
    """The latencies, measured in the samples, and what MASK does."""
    events = _starts(samples, "event_valid")
    messages = _starts(samples, "m_axil_awvalid")
    mask, unmask = _starts(samples, "s_axil_awvalid")
    y = place["messages"] + HEIGHT / 2
    parts = _span(events[0], messages[0], y, f"{messages[0] - events[0]} cycles")
    parts += _span(unmask, messages[1], y, f"{messages[1] - unmask} cycles")
    parts += _span(events[1], unmask, y, "")
    middle = (_edge(events[1]) + _edge(unmask)) / 2
    parts.append(f'<text class="note" x="{middle}" y="{y - 5}" text-anchor="middle">masked: two events held</text>')
    for number, text in ((events[0], "event accepted"), (mask, "MASK"), (unmask, "UNMASK: one message for both")):
        parts.append(f'<text class="note" x="{LEFT + number * CYCLE}" y="28">{text}</text>')
        parts.append(f'<line class="span" x1="{_edge(number)}" y1="34" x2="{_edge(number)}" y2="{TOP - 24}"/>')
    return parts


def _span(first: int, last: int, y: float, text: str) -> list[str]:
    """A dimension line between the edges at which two samples were taken."""
    a, b = _edge(first), _edge(last)
    ticks = "".join(f'<line class="span" x1="{x}" y1="{y - 5}" x2="{x}" y2="{y + 5}"/>' for x in (a, b))
    return [
        f'<line class="span" x1="{a}" y1="{y}" x2="{b}" y2="{y}"/>{ticks}',
        f'<text class="note" x="{b + 6}" y="{y + 4}">{text}</text>',
    ]


def _edge(number: int) -> int:
    return LEFT + (number + 1) * CYCLE


def _starts(samples: list[dict[str, int]], name: str) -> list[int]:
    """Where the signal rises."""
    levels = [sample[name] for sample in samples]
    return [number for number in range(1, len(levels)) if levels[number] and not levels[number - 1]]


def _event(sample: dict[str, int]) -> str:
    index = sample["event_index"]
    return "configuration" if index == EVENT_CONFIG else f"queue {index - 1}"


def _clock(samples: list[dict[str, int]], y: int) -> list[str]:
    points: list[tuple[float, float]] = []
    for number in range(len(samples)):
        x = LEFT + number * CYCLE
        points += [(x, y + HEIGHT), (x, y), (x + CYCLE / 2, y), (x + CYCLE / 2, y + HEIGHT), (x + CYCLE, y + HEIGHT)]
    return [_line(points)]


def _line(points: list[tuple[float, float]]) -> str:
    return f'<polyline class="trace" points="{" ".join(f"{x:g},{y:g}" for x, y in points)}"/>'


_Trace = Callable[[list[dict[str, int]], int], list[str]]  # the picture of a signal at a height


def _level(name: str) -> _Trace:
    def trace(samples: list[dict[str, int]], y: int) -> list[str]:
        points: list[tuple[float, float]] = []
        for number, sample in enumerate(samples):
            level = y if sample[name] else y + HEIGHT
            points += [(LEFT + number * CYCLE, level), (LEFT + (number + 1) * CYCLE, level)]
        return [_line(points)]

    return trace


def _values(valid: str, text: Callable[[dict[str, int]], str]) -> _Trace:
    """A bus: a box with its value while it is valid, a line while it is not."""

    def trace(samples: list[dict[str, int]], y: int) -> list[str]:
        middle = y + HEIGHT / 2
        parts = [f'<line class="trace" x1="{LEFT}" y1="{middle}" x2="{LEFT + len(samples) * CYCLE}" y2="{middle}"/>']
        for number, sample in enumerate(samples):
            if sample[valid]:
                x = LEFT + number * CYCLE
                parts.append(f'<rect class="value" x="{x}" y="{y}" width="{CYCLE}" height="{HEIGHT}" rx="3"/>')
                value = text(sample)
                parts.append(
                    f'<rect x="{x + CYCLE + 2}" y="{y}" width="{7.5 * len(value) + 4:g}" '
                    f'height="{HEIGHT}" fill="#fbfcfd"/>'
                    f'<text x="{x + CYCLE + 4}" y="{y + HEIGHT - 3}">{value}</text>'
                )
        return parts

    return trace
