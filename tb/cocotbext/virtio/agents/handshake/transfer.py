"""One transfer on a valid/ready channel."""


class Transfer:
    """A payload offered, and later taken, on a valid/ready channel; times are clock cycles."""

    __slots__ = ("payload", "presented", "taken")

    def __init__(self, presented: int, payload: tuple[int, ...]):
        self.presented = presented
        self.payload = payload
        self.taken: int | None = None
