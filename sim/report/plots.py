# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Plots as SVG, in the colours of the page they are put into."""

import math
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

_WIDTH, _LEFT, _TOP, _BOTTOM = 560, 52, 26, 40  # pixels


@dataclass(frozen=True)
class Series:
    """Points of one kind, (x, y) each, joined by a line."""

    name: str
    points: list[tuple[float, float]]


def lines(series: list[Series], x_label: str, y_label: str, height: int = 250) -> Markup:
    """Points over a logarithmic x axis; y begins at 0."""
    points = [point for each in series for point in each.points]
    if not points:
        return Markup("")
    low, high = (bound(math.log2(x) for x, _ in points) for bound in (min, max))
    step = _step(max(y for _, y in points) or 1)
    top = step * math.ceil(max(y for _, y in points) / step + 0.1)
    bottom = height - _BOTTOM

    def place(x: float, y: float) -> tuple[float, float]:
        share = (math.log2(x) - low) / (high - low) if high > low else 0.5
        return _LEFT + 14 + share * (_WIDTH - _LEFT - 40), bottom - y / top * (bottom - _TOP)

    parts = [_open(height, f"{y_label} over {x_label}")]
    for number in range(round(top / step) + 1):
        _, y = place(2**low, number * step)
        parts.append(
            f'<line class="rule" x1="{_LEFT}" x2="{_WIDTH - 8}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="soft end" x="{_LEFT - 6}" y="{y + 4:.1f}">{number * step:g}</text>'
        )
    last = -100.0
    for x in sorted({x for x, _ in points}):
        at, _ = place(x, 0)
        if at - last > 30:
            last = at
            parts.append(f'<text class="soft middle" x="{at:.1f}" y="{bottom + 16}">{x:g}</text>')
    parts.append(
        f'<text class="soft middle" x="{(_LEFT + _WIDTH) / 2}" y="{height - 6}">{escape(x_label)}</text>'
        f'<text class="soft" x="2" y="{_TOP - 14}">{escape(y_label)}</text>'
    )
    for number, each in enumerate(series):
        placed = [place(x, y) for x, y in sorted(each.points)]
        parts.append(f'<polyline class="line s{number}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in placed)}"/>')
        parts += [
            f'<circle class="dot s{number}" cx="{px:.1f}" cy="{py:.1f}" r="3.5">'
            f"<title>{escape(each.name)}: {x:g}: {y:g}</title></circle>"
            for (px, py), (x, y) in zip(placed, sorted(each.points))
        ]
    return Markup("".join([*parts, "</svg>", _key([each.name for each in series])]))


def bars(rows: list[tuple[str, float, str]]) -> Markup:
    """Horizontal bars on a logarithmic scale, for values above 0: (name, value, the value as it is written) each."""
    values = [value for _, value, _ in rows]
    low = 10 ** math.floor(math.log10(min(values) / 2))
    row, left, room = 24, 250, 165
    height = row * len(rows) + 8
    parts = [_open(height, "rates")]
    for number, (name, value, text) in enumerate(rows):
        y = 4 + number * row
        width = math.log(value / low) / math.log(max(values) / low) * room
        parts.append(
            f'<text class="end" x="{left - 8}" y="{y + 15}">{escape(name)}</text>'
            f'<rect class="bar s0" x="{left}" y="{y + 3}" width="{width:.1f}" height="{row - 8}" rx="2"/>'
            f'<text class="soft" x="{left + width + 6:.1f}" y="{y + 15}">{escape(text)}</text>'
        )
    return Markup("".join([*parts, "</svg>"]))


def stacks(rows: list[tuple[str, list[int]]], names: list[str]) -> Markup:
    """Horizontal bars, each of parts that follow one another: (name, sizes of the parts in the order of `names`)."""
    most = max((sum(sizes) for _, sizes in rows), default=0) or 1
    row, left, room = 20, 190, 300
    parts = [_open(row * len(rows) + 6, ", ".join(names))]
    for number, (name, sizes) in enumerate(rows):
        x, y = float(left), 3 + number * row
        parts.append(f'<text class="end" x="{left - 8}" y="{y + 13}">{escape(name)}</text>')
        for kind, size in enumerate(sizes):
            width = size / most * room
            if size:
                parts.append(
                    f'<rect class="bar m{kind}" x="{x:.1f}" y="{y + 2}" width="{width:.1f}" height="{row - 6}">'
                    f"<title>{escape(name)}: {size} {escape(names[kind])}</title></rect>"
                )
            x += width
        parts.append(f'<text class="soft" x="{x + 6:.1f}" y="{y + 13}">{sum(sizes)}</text>')
    return Markup("".join([*parts, "</svg>", _key(names, "m")]))


def _open(height: int, title: str) -> str:
    return f'<svg class="plot" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}">'


def _key(names: list[str], kind: str = "s") -> str:
    return (
        '<p class="key">'
        + "".join(f'<span><i class="{kind}{number}"></i>{escape(name)}</span>' for number, name in enumerate(names))
        + "</p>"
    )


def _step(most: float) -> float:
    """A round number, of which four or so make up the most."""
    power = 10 ** math.floor(math.log10(most / 4))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= most / 4)
