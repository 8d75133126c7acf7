"""A progress for tests of inpainters that take long."""


class RecordedProgress:
    """Adds up the units that are done."""

    def __init__(self) -> None:
        self.done = 0

    def begin(self, what: str, total: int | None, unit: str = "frame") -> None: ...

    def stage(self, name: str) -> None: ...

    def advance(self, count: int) -> None:
        self.done += count

    def end(self) -> None: ...
