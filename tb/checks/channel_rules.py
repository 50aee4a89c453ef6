"""Valid/ready rules of a channel."""

from tb.checks.violation import fail


class ChannelRules:
    """VALID stays until READY, the payload is stable meanwhile, and nothing of it is unknown.

    Args:
        channel: the channel's monitor, which sees all this on its way.
        report: called with (cycle, text) on a violation.
    """

    def __init__(self, channel, report=fail):
        channel.on_violation(report)
