# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""Foreign text: what a test, a tool or a design printed, made fit for every format that it is put into."""

import re

# What a terminal obeys and does not show: colours, titles, the cursor.
_TERMINAL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")
# What XML 1.0 cannot hold, what a console would obey, and what splits or turns a line without being seen.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def printable(text: str) -> str:
    """The text without a terminal's commands; any other character that is not shown stands as an escape, such as \\x00.

    The result fits XML 1.0, a console, Markdown and UTF-8. Tabs and line feeds stay.
    """
    return _UNPRINTABLE.sub(lambda found: _escape(found.group()), _TERMINAL.sub("", text.replace("\r\n", "\n")))


def printable_xml(text: str) -> str:
    """A document, as printable() has it, that may hold references to characters that XML cannot, such as &#27;."""
    text = re.sub(r"#x1B(\[[0-?]*[ -/]*[@-~])", "\x1b\\1", text)  # cocotb's way to write an escape
    return printable(re.sub(r"&#(?:x([0-9a-fA-F]+)|([0-9]+));", _reference, text))


def _reference(found: re.Match) -> str:
    number = int(found[1], 16) if found[1] else int(found[2])
    if number > 0x10FFFF or _UNPRINTABLE.match(chr(number)) or number & 0xFFFE == 0xFFFE:
        return _escape(chr(number)) if number <= 0x10FFFF else "?"
    return found.group()


def _escape(letter: str) -> str:
    number = ord(letter)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def lines(text: str) -> list[str]:
    """The lines of a log, as an editor counts them: only a line feed ends one."""
    found = printable(text).split("\n")
    return found[:-1] if found and not found[-1] else found


def fenced(content: list[str]) -> list[str]:
    """Lines as a code block of Markdown, whatever they hold: the fence is longer than any in them."""
    ticks = max((len(run) for line in content for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, ticks + 1)
    return [fence, *content, fence]


def plain_markdown(text: str) -> str:
    """A text of one line that Markdown shows as it is, in a table, too."""
    line = " ".join(printable(text).split())
    return "".join(f"\\{letter}" if letter in "\\`*_<>|#[]~&" else letter for letter in line)
