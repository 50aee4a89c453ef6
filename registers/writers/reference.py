"""Writes the register reference, as a Markdown overview and as one HTML page with every field."""

from html import escape

from registers.description import Description, Register

_ACCESS = {"r": "read", "w": "write", "rw": "read, write"}

_STYLE = """
body { font: 15px/1.45 sans-serif; margin: 2em auto; max-width: 64em; padding: 0 1em; color: #222; }
code, td:first-child { font-family: monospace; }
table { border-collapse: collapse; margin: .6em 0 1.4em; width: 100%; }
th, td { border: 1px solid #ccc; padding: .25em .6em; text-align: left; vertical-align: top; }
th { background: #f2f2f2; }
h2 { border-bottom: 1px solid #ccc; margin-top: 2em; }
""".strip()


def markdown(description: Description, notice: str) -> str:
    """Text of docs/registers.md."""
    lines = [f"<!-- {notice} -->", "# Registers", ""]
    for paragraph in description.paragraphs:
        lines += [paragraph, ""]
    lines += ["Every field is described in [registers/index.html](registers/index.html).", ""]
    lines += _markdown_table(
        ["Offset", "Name", "Access", "Reset", "Meaning"],
        [
            [f"0x{register.offset:03x}", register.title, _ACCESS[register.access], _reset(register), register.meaning]
            for register in description.registers
        ]
        + [_window_row(description)],
    )
    for prefix, rows in _value_tables(description):
        lines += ["", f"## {prefix}", ""]
        lines += _markdown_table(["Value", "Name", "Meaning"], rows)
    return "\n".join(lines) + "\n"


def html(description: Description, notice: str) -> str:
    """Text of docs/registers/index.html: complete in itself, no script and no other file."""
    title = escape(description.title)
    lines = ["<!DOCTYPE html>", f"<!-- {notice} -->", '<html lang="en">', "<head>", '<meta charset="utf-8">']
    lines += [f"<title>{title}: registers</title>", f"<style>\n{_STYLE}\n</style>", "</head>", "<body>"]
    lines += [f"<h1>{title}: registers</h1>", *(f"<p>{escape(text)}</p>" for text in description.paragraphs)]
    lines += _html_table(
        ["Offset", "Name", "Access", "Reset"],
        [
            [
                f"0x{register.offset:03x}",
                f'<a href="#{register.name}">{register.title}</a>',
                _ACCESS[register.access],
                _reset(register),
            ]
            for register in description.registers
        ]
        + [[escape(cell) for cell in _window_row(description)[:4]]],
    )
    for register in description.registers:
        lines += [f'<h2 id="{register.name}">0x{register.offset:03x} {register.title}</h2>']
        lines += [f"<p>{escape(register.meaning)}</p>"]
        lines += _html_table(
            ["Bits", "Field", "Access", "Meaning"],
            [
                [_bits(field), field.name, _ACCESS[field.access], escape(field.meaning)]
                for field in sorted(register.fields, key=lambda field: -field.low)
            ],
        )
    for prefix, rows in _value_tables(description):
        lines += [f"<h2>{escape(prefix)}</h2>"]
        lines += _html_table(["Value", "Name", "Meaning"], [[escape(cell) for cell in row] for row in rows])
    lines += ["</body>", "</html>"]
    return "\n".join(lines) + "\n"


def _value_tables(description: Description):
    for register, field in description.encoded_fields():
        yield f"Values of {register.title}", [
            (f"0x{code.value:x}", code.name.upper(), code.meaning) for code in field.values
        ]
    yield "Feature bits", [(str(bit.value), bit.name, bit.meaning) for bit in description.feature_bits]


def _window_row(description: Description) -> list[str]:
    window = description.config_window
    return [f"0x{window.offset:03x}...", window.title, _ACCESS["rw"], "device", window.meaning]


def _reset(register: Register) -> str:
    if "r" not in register.access:
        return "-"
    if register.reset_from:
        return "parameter"
    return f"0x{register.reset:x}"


def _bits(field) -> str:
    return str(field.low) if field.width == 1 else f"{field.low + field.width - 1}:{field.low}"


def _markdown_table(heads: list[str], rows: list) -> list[str]:
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    return lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]


def _html_table(heads: list[str], rows: list) -> list[str]:
    """Cells are HTML already."""
    lines = ["<table>", "<tr>" + "".join(f"<th>{head}</th>" for head in heads) + "</tr>"]
    lines += ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows]
    return lines + ["</table>"]
