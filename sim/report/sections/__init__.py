"""The sections of the page, one module each, with a function that makes it of what was loaded."""
