"""Every error a user can meet, as one tree.

    VidinpaintError            anything below; the command line prints one line and exits with `exit_code`
    |-- SettingError           an unknown setting, pipeline, config or method, or a value that is out of range
    |   `-- GraphError         a pipeline whose stages do not fit together
    |-- ClipError              a clip that cannot be read: missing, empty, truncated, without video
    |-- ImageError             an image that cannot be read, or is of a kind that cannot be inpainted
    |-- MaskError              a mask that cannot be read, or does not match the clip
    |   `-- MaskCoverageError  masks that cover everything, so that no pixel is left to work from
    |-- WeightsError           weights of a network that are missing, damaged or of another network
    |-- OutputError            an output that cannot be written: it exists, no permission, disk full
    |-- StorageError           a path or URL that cannot be reached: no such bucket, no permission, no network
    |-- StageError             a stage failed on one window; names clip, window and stage
    |-- WorkerError            workers died or stopped responding repeatedly on the same piece of work
    |-- BatchError             some clips of a batch failed, the others are done; exits with 4
    `-- CheckError             the output is written, but with --strict a window failed the check; exits with 3

Each message says what was expected, what was found, and what to do.
"""


class VidinpaintError(Exception):
    """An error with a remedy: "expected X, found Y. Remedy."

    expected  what was expected, a phrase
    actual    what was found instead, a phrase
    remedy    what to do, one or more sentences
    details   further lines where one sentence is not enough, such as one per failed clip
    """

    exit_code = 2
    details: tuple[str, ...] = ()

    def __init__(self, expected: str, actual: str, remedy: str) -> None:
        super().__init__(expected, actual, remedy)  # all three, so that the error can be pickled
        self.expected, self.actual, self.remedy = expected, actual, remedy

    def __str__(self) -> str:
        return f"expected {self.expected}, found {self.actual}. {self.remedy}"


class SettingError(VidinpaintError):
    """A setting that is unknown or out of range."""


class GraphError(SettingError):
    """A pipeline whose stages do not fit together."""


class ClipError(VidinpaintError):
    """A clip that cannot be read."""


class ImageError(VidinpaintError):
    """An image that cannot be read or inpainted."""


class MaskError(VidinpaintError):
    """A mask that cannot be read, or does not match the clip."""


class MaskCoverageError(MaskError):
    """Masks that leave no pixel to work from."""


class WeightsError(VidinpaintError):
    """Weights of a network that are missing, damaged or of another network; or torch is not installed."""


class OutputError(VidinpaintError):
    """An output that cannot be written."""


class StageError(VidinpaintError):
    """A stage failed on one window of one clip."""


class StorageError(VidinpaintError):
    """A path or URL that cannot be reached."""


class WorkerError(VidinpaintError):
    """Workers died or stopped responding repeatedly on one piece of work."""


class BatchError(VidinpaintError):
    """Some clips of a batch failed; the others are done."""

    exit_code = 4


class CheckError(VidinpaintError):
    """A window failed the check; the output is written all the same."""

    exit_code = 3
