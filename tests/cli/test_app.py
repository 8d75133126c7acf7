"""The command line as a whole: help, mistakes, exit codes, start-up, completion."""

import os
import re
import subprocess
import sys
import types
from pathlib import Path

import click
import pytest

from vidinpaint.cli import app as application
from vidinpaint.cli import main
from vidinpaint.cli.app import SECTIONS, app

COMMANDS = [name for names in SECTIONS.values() for name in names]
MASK = "10,8,14,12"


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def command_of(name: str) -> click.Command:
    command = app.get_command(click.Context(app), name)
    assert command is not None
    return command


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_describes_itself_and_every_option(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(name, "--help") == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.startswith(f"Usage: vidinpaint {name} ")
    assert "Examples:\n  " in shown.out
    assert max(map(len, shown.out.splitlines())) <= 120
    command = command_of(name)
    assert command.help
    assert command.name == name
    for param in command.params:
        assert getattr(param, "help", None), param.name


def test_every_module_with_a_command_is_listed() -> None:
    """Every module that defines a command is listed under its own name."""
    folder = Path(application.__file__).parent
    modules = {path.stem for path in folder.glob("*.py") if re.search(r"^def command\(", path.read_text(), re.M)}
    assert modules == {name.replace("-", "_") for name in COMMANDS}


def test_help_groups_commands_and_options(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    shown = capsys.readouterr().out
    assert all(f"{title}:\n" in shown for title in SECTIONS)
    assert all(re.search(rf"^  {name}  +\S", shown, re.M) for name in COMMANDS)
    for name in ("inpaint", "batch"):
        assert run(name, "-h") == 0
        shown = capsys.readouterr().out
        for title in ("Masks", "Method", "Output", "Execution", "Reports and debugging"):
            assert f"\n{title}:\n" in shown


def test_inpaint_and_batch_share_their_options() -> None:
    """An option of both commands has the same names, type, default and help text in both."""
    inpaint, batch = ({param.name: param for param in command_of(name).params} for name in ("inpaint", "batch"))
    shared = inpaint.keys() & batch.keys()
    assert len(shared) > 15
    for name in shared - {"mask", "output", "runner", "overwrite", "strict"}:
        a, b = inpaint[name], batch[name]
        assert isinstance(a, click.Option)
        assert isinstance(b, click.Option)
        assert (a.opts, a.help, a.default, a.type.name) == (b.opts, b.help, b.default, b.type.name)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", "expected a command, found none. See `vidinpaint --help`."),
        ("inpiant", "expected a command of vidinpaint, found 'inpiant'. Did you mean 'inpaint'? Choose one of: batch,"),
        ("inpaint", "expected CLIP, found none. See `vidinpaint inpaint --help`."),
        ("inpaint clip.mp4", "expected --output OUT, found none. See"),
        ("inpaint clip.mp4 -o out.mp4", "expected at least one mask, found none. Name an image,"),
        ("inpaint clip.mp4 --mask m.png", "expected --output OUT, found none. See"),
        ("inpaint --colour red", "expected an option of `vidinpaint inpaint`, found '--colour'."),
        ("inpaint --overwrit", "Did you mean --overwrite?"),
        ("inpaint clip.mp4 --crf high", "expected --crf as a whole number, found 'high'."),
        ("inpaint clip.mp4 --rate 0", "expected --rate as a rate of 0.001 to 1000 frames per second, found '0'."),
        ("batch list.csv --stall long", "expected --stall as a number, found 'long'."),
        ("inpaint clip.mp4 --crf", "expected a value after --crf, found none. See"),
        ("inpaint a.mp4 b.mp4 --mask m.png -o c.mp4", "expected no further argument, found 'b.mp4'. See"),
        ("inpaint clip.mp4 --quiet=1", "--quiet"),
        ("completion tcsh", "tcsh"),
        ("batch list.csv", "expected clips and an output, LIST -o DIR, found no output. See `vidinpaint batch"),
        ("batch -o out", "expected clips and an output, LIST -o DIR, found no clips."),
    ],
)
def test_a_mistake_is_one_line_with_exit_code_2(words: str, expected: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(*words.split()) == 2
    shown = capfd.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 1
    assert shown.err.startswith("vidinpaint: expected ")
    assert expected in shown.err


def test_an_unexpected_error_is_one_line_with_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail() -> dict[str, str]:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("vidinpaint.weights.catalogue.lines", fail)
    assert run("models") == 1
    assert capfd.readouterr().err == (
        "vidinpaint: unexpected RuntimeError: two lines. Run again with --verbose and report it.\n"
    )
    assert run("models", "--verbose") == 1
    assert "Traceback" in capfd.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert re.fullmatch(r"\d+\.\d+\S*\n|not installed\n", capsys.readouterr().out)


@pytest.mark.parametrize("words", ["--help", "inpaint --help", "batch --help"])
def test_help_starts_fast_because_nothing_heavy_is_imported(words: str) -> None:
    heavy = "{'numpy', 'cv2', 'numba', 'av', 'torch', 'ray', 'logging', 'tqdm'}"
    code = (
        f"import sys, time; from vidinpaint.cli import main; main({words.split()}); "
        f"print({heavy} & {{*sys.modules}}, time.process_time(), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported, seconds = done.stderr.split()
    assert imported == "set()"
    assert float(seconds) < 0.6  # of processor time; 0.12 on the machine on which this was written


def complete(*words: str) -> list[str]:
    environment = {
        **os.environ, "_VIDINPAINT_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(("vidinpaint", *words)),
        "COMP_CWORD": str(len(words)),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "vidinpaint"], env=environment, capture_output=True, text=True, check=True
    )
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("inp",), {"inpaint"}),
        (("inpaint", "--pipeline", "object"), {"object_removal"}),
        (("inpaint", "--config", "b"), {"balanced", "best"}),
        (("inpaint", "--method", "tel"), {"telea"}),
        (("inpaint", "--fill", "temporal"), {"temporal_median"}),
        (("image", "--method", "temporal"), set()),
        (("inpaint", "--flow", "di"), {"dis"}),
        (("batch", "--runner", "pro"), {"processes"}),
        (("inpaint", "--codec", "h"), {"h264", "hevc"}),
        (("train", "raf"), {"raft"}),
        (("train", "raft", "--config", "raft"), {"raft_paper", "raft_small"}),
        (("inpaint", "--gr"), {"--grow"}),
    ],
)
def test_names_complete(words: tuple[str, ...], expected: set[str]) -> None:
    assert set(complete(*words)) == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("completion", shell) == 0
    shown = capsys.readouterr().out
    assert "_VIDINPAINT_COMPLETE" in shown
    assert "vidinpaint" in shown


def test_warm_up_calls_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    module = types.ModuleType("vidinpaint.execution.warm_up")
    module.warm_up = calls.append  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "vidinpaint.execution.warm_up", module)
    assert run("warm-up") == run("warm-up", "--quiet") == 0
    assert [type(progress).__name__ for progress in calls] == ["ProgressBar", "SilentProgress"]
