"""Every error a user can meet, as one tree.

    VidinpaintError            anything below; the command line prints one line and exits with `exit_code`
    |-- SettingError           an unknown or absurd setting, pipeline, config, filler or flow
    |   `-- GraphError         a pipeline whose stages do not fit together
    |-- ClipError              a clip that cannot be read: missing, empty, truncated, no video in it
    |-- ImageError             a single picture that cannot be read or is of no kind that can be painted
    |-- MaskError              a mask that cannot be read, or does not match the clip
    |   `-- MaskCoverageError          holes that leave nothing to work from
    |-- WeightsError           weights of a network that are missing, damaged or of another network
    |-- OutputError            an output that cannot be written: exists, no permission, disk full
    |-- StorageError           a place that cannot be reached: no such bucket, no rights, no network
    |-- StageError             a stage failed on one window; says clip, window and stage
    |-- WorkerError            workers died or hung on the same piece of work again and again
    |-- BatchError             some clips of a batch failed, the others are done; exits with 4
    `-- CheckError             the output is written, but with --strict a window stayed bad; exits with 3

Each message says what was expected, what actual, and what to do.
"""


class VidinpaintError(Exception):
    """An error with a remedy. `expected` and `actual` are phrases, `remedy` is a sentence.

    details   where there is more than one thing to say: a line each
    """

    exit_code = 2
    details: tuple[str, ...] = ()

    def __init__(self, expected: str, actual: str, remedy: str) -> None:
        super().__init__(expected, actual, remedy)  # all three, so that the error survives pickling
        self.expected, self.actual, self.remedy = expected, actual, remedy

    def __str__(self) -> str:
        return f"expected {self.expected}, got {self.actual}. {self.remedy}"


class SettingError(VidinpaintError):
    """An unknown or absurd setting."""


class GraphError(SettingError):
    """A pipeline whose stages do not fit together."""


class ClipError(VidinpaintError):
    """A clip that cannot be read."""


class ImageError(VidinpaintError):
    """A single picture that cannot be read or painted."""


class MaskError(VidinpaintError):
    """A mask that cannot be read, or does not match the clip."""


class MaskCoverageError(MaskError):
    """Holes that leave nothing to work from."""


class WeightsError(VidinpaintError):
    """Weights of a network that are missing, damaged or of another network; or no torch to run it with."""


class OutputError(VidinpaintError):
    """An output that cannot be written."""


class StageError(VidinpaintError):
    """A stage failed on one window of one clip."""


class StorageError(VidinpaintError):
    """A place that cannot be reached."""


class WorkerError(VidinpaintError):
    """Workers died or hung on one piece of work again and again."""


class BatchError(VidinpaintError):
    """Some clips of a batch failed; the others are done."""

    exit_code = 4


class CheckError(VidinpaintError):
    """What was painted would be noticed; the output is written all the same."""

    exit_code = 3
