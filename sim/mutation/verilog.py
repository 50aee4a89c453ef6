# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Verilog text as tokens, and the parts of it that compute something: where a mutation makes sense.

This is no parser of Verilog, but one of the style in which rtl/ is written: Verilog-2005, ANSI headers, no macros with
arguments, no tasks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/|`(?:default_nettype|include|define|undef|ifdef|elsif|else|endif)[^\n]*)
      | (?P<string>"[^"]*")
      | (?P<number>\d*'[sS]?[bdhBDH][0-9a-fA-F_xzXZ]+|\d[\d_]*)
      | (?P<macro>`\w+)
      | (?P<name>[A-Za-z_$][\w$]*)
      | (?P<operator><<<|>>>|===|!==|&&|\|\||==|!=|<=|>=|<<|>>|\+:|-:|[-+*/%&|^~!<>=?:;,.\#@()\[\]{}])""",
    re.VERBOSE | re.DOTALL,
)
OPENING, CLOSING = "([{", ")]}"

# Binary operators from the loosest to the tightest; what is not listed binds tighter still.
_LEVELS = ({"?", ":", ",", ";"}, {"||"}, {"&&"}, {"|"}, {"^"}, {"&"})
_LOOSEST = {operator: level for level, operators in enumerate(_LEVELS) for operator in operators}


@dataclass(frozen=True)
class Token:
    """A word of the text, at text[start:end]."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Region:
    """An expression: tokens first to last - 1.

    kind is "condition" (of if and case), "assign" (continuous, or blocking), "register" (non-blocking), "constant"
    (localparam) or "port" (of an instance; then module and port name it).
    """

    kind: str
    first: int
    last: int
    module: str = ""
    port: str = ""


def tokenize(text: str) -> list[Token]:
    """The tokens, without white space, comments and directives. Raises ValueError for what is none."""
    tokens, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            raise ValueError(f"line {text.count(chr(10), 0, at) + 1}: not understood: {text[at : at + 20]!r}")
        kind = match.lastgroup or ""
        if kind != "space":
            tokens.append(Token(kind, match.group(), at, match.end()))
        at = match.end()
    return tokens


class Source:
    """One Verilog file.

    Attributes:
        tokens: all of them; regions: the expressions, in the order of the text.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self._partner = self._match_brackets()
        self.regions = list(self._find_regions())

    def close(self, index: int) -> int:
        """The bracket that belongs to the one at index."""
        return self._partner[index]

    def unary(self, index: int) -> bool:
        """Is the operator at index one with a single operand?"""
        before = self.tokens[index - 1]
        return before.kind == "operator" and before.text not in CLOSING

    def operand(self, region: Region, index: int, step: int) -> int:
        """The last token, going from the binary operator at index in steps of 1 or -1, of its operand on that side."""
        level = _LOOSEST.get(self.tokens[index].text, len(_LEVELS))
        at = index
        while region.first <= at + step < region.last:
            text = self.tokens[at + step].text
            if text in (CLOSING if step > 0 else OPENING):
                break
            if text in (OPENING if step > 0 else CLOSING):
                at = self._partner[at + step]
                continue
            if _LOOSEST.get(text, len(_LEVELS)) <= level and not self.unary(at + step):
                break
            at += step
        return at

    def otherwise(self, region: Region, index: int) -> int:
        """The ":" that belongs to the "?" at index."""
        nested, at = 0, index + 1
        while True:
            text = self.tokens[at].text
            if text in OPENING:
                at = self._partner[at]
            elif text == "?":
                nested += 1
            elif text == ":":
                if not nested:
                    return at
                nested -= 1
            at += 1

    def branch_end(self, region: Region, colon: int) -> int:
        """The last token of the expression behind the ":" of a "? :"."""
        at = colon
        while at + 1 < region.last and self.tokens[at + 1].text not in (*CLOSING, ",", ";"):
            at += 1
            if self.tokens[at].text in OPENING:
                at = self._partner[at]
        return at

    def target(self, region: Region) -> int:
        """The first token of what a non-blocking assignment writes."""
        at = region.first - 2
        while self.tokens[at].text in CLOSING:
            at = self._partner[at]
            if self.tokens[at].text == "[":
                at -= 1
        return at

    def counts_copies(self, region: Region, index: int) -> bool:
        """Is the token in the number of a replication, as in {(N - 1){1'b0}}?"""
        for at in range(index, region.first - 1, -1):
            if self.tokens[at].text == "{" and self._partner[at] > index:
                inner = at + 1
                while self.tokens[inner].text not in ("{", ",") and inner < self._partner[at]:
                    inner = self._partner[inner] + 1 if self.tokens[inner].text in OPENING else inner + 1
                return self.tokens[inner].text == "{" and inner > at + 1 and index < inner
        return False

    def _match_brackets(self) -> dict[int, int]:
        partner, stack = {}, []
        for index, token in enumerate(self.tokens):
            if token.text in OPENING and token.kind == "operator":
                stack.append(index)
            elif token.text in CLOSING and token.kind == "operator":
                partner[index] = stack.pop()
                partner[partner[index]] = index
        return partner

    def _find_regions(self) -> Iterator[Region]:
        tokens, at, kind, instance = self.tokens, 0, "assign", ""
        while at < len(tokens):
            text = tokens[at].text
            if text == "module":  # header: no expressions
                while tokens[at].text != ";":
                    at += 1
            elif text in ("if", "case", "casez") and tokens[at + 1].text == "(":
                yield Region("condition", at + 2, self._partner[at + 1])
                at = self._partner[at + 1]
            elif text in ("for", "always", "function"):
                while tokens[at].text not in ("(", "*", ";"):
                    at += 1
                at = self._partner.get(at, at)
            elif text == "#" and tokens[at + 1].text == "(":
                instance = tokens[at - 1].text
                at = self._partner[at + 1]
            elif text == "." and tokens[at + 2].text == "(":
                yield Region("port", at + 3, self._partner[at + 2], instance, tokens[at + 1].text)
                at = self._partner[at + 2]
            elif text in ("localparam", "wire", "reg", "assign"):
                kind = "constant" if text == "localparam" else "assign"
            elif text in ("=", "<="):
                name = tokens[at - 1].text
                last = self._end(at + 1)
                if name != "unused" and not name.startswith("unused_"):
                    yield Region("register" if text == "<=" else kind, at + 1, last)
                at = last
                kind = "assign" if tokens[at].text == ";" else kind
            elif [token.kind for token in tokens[at : at + 2]] == ["name", "name"] and text != "end":
                instance = text  # without parameters
            elif text in ("[", "{"):  # a range, or what is written to
                at = self._partner[at]
            at += 1

    def _end(self, at: int) -> int:
        while self.tokens[at].text not in (";", ","):
            at = self._partner[at] + 1 if self.tokens[at].text in OPENING else at + 1
        return at
