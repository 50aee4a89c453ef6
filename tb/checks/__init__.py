"""Always-on checks: rules of the ports that hold in every test, whatever it does."""

from tb.checks.always_on import AlwaysOn
from tb.checks.violation import Violation

__all__ = ["AlwaysOn", "Violation"]
