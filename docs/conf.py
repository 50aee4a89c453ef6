# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Builds the documents as a site, with an API reference from the docstrings: `make docs`."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tb"))

project = "virtio-mmio with MSI"
copyright = "2026, the virtio-mmio-msi authors"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
root_doc = "index"
html_theme = "furo"
html_title = project
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
napoleon_use_ivar = True
suppress_warnings = ["ref.python", "ref.any"]  # short names that several modules have; names of pyuvm
autodoc_member_order = "bysource"
autodoc_typehints = "description"
# Docstrings are plain text with ``literals``; a word between single backquotes is a name, not a reference.
default_role = "literal"


def write_reference(app):
    """Write one page a package with all its modules; a package's own page would repeat the names that it re-exports."""
    package, pages = ROOT / "tb" / "cocotbext" / "virtio", []
    target = ROOT / "docs" / "api"
    target.mkdir(exist_ok=True)
    for folder in [package, *sorted(path for path in package.rglob("*") if path.is_dir())]:
        modules = sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))
        if not modules:
            continue
        name = ".".join(folder.relative_to(ROOT / "tb").parts)
        text = f"{name}\n{'=' * len(name)}\n"
        for path in modules:
            module = f"{name}.{path.stem}"
            text += (
                f"\n{module}\n{'-' * len(module)}\n\n.. automodule:: {module}\n   :members:\n   :show-inheritance:\n"
            )
        (target / f"{name}.rst").write_text(text)
        pages.append(name)
    contents = "\n".join(f"   {page}" for page in pages)
    (target / "index.rst").write_text(
        f"Reference of the package\n========================\n\n.. toctree::\n\n{contents}\n"
    )


def link_outside(app, name, source):
    """Turn links to files outside of docs/ into plain paths: the site has only the documents."""
    source[0] = re.sub(r"\[([^\]]+)\]\((?:\.\./)+([^)#]+)(?:#[^)]*)?\)", r"\1 (`\2`)", source[0])


def setup(app):
    """Register the hooks."""
    app.connect("builder-inited", write_reference)
    app.connect("source-read", link_outside)
