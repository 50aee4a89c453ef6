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
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.apidoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
root_doc = "index"
html_theme = "furo"
html_title = project
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
apidoc_modules = [
    {
        "path": "../tb/cocotbext",
        "destination": "api",
        "implicit_namespaces": True,
        "separate_modules": True,
        "automodule_options": {"members", "show-inheritance", "ignore-module-all"},
    }
]
napoleon_use_ivar = True
suppress_warnings = ["ref.python", "autosummary"]  # short names in docstrings that several modules have
autodoc_member_order = "bysource"
autodoc_typehints = "description"
# Docstrings are plain text with ``literals``; a word between single backquotes is a name, not a reference.
default_role = "literal"


def link_outside(app, name, source):
    """Turn links to files outside of docs/ into plain paths: the site has only the documents."""
    source[0] = re.sub(r"\[([^\]]+)\]\((?:\.\./)+([^)#]+)(?:#[^)]*)?\)", r"\1 (`\2`)", source[0])


def setup(app):
    """Register the hook."""
    app.connect("source-read", link_outside)
