"""Results on Ray equal those of one process, also after the loss of a worker, a node or the driver.

All cases share a cluster of three nodes; every batch is a process of its own, as a user starts it.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ray.cluster_utils import Cluster

import vidinpaint
from tests.execution.batch.batches import MASK, QUICK, clips, damage, decoded, events, listing, pixels, stable_records
from tests.execution.jobs.fake_pool import inpainting, job
from vidinpaint.cli import main
from vidinpaint.core.errors import SettingError, WorkerError
from vidinpaint.execution.jobs.scheduler import Scheduler
from vidinpaint.execution.jobs.worker import Task
from vidinpaint.execution.jobs.worker_options import WorkerOptions, open_pool


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    for _ in range(2):
        cluster.add_node(num_cpus=1)
    yield cluster
    cluster.shutdown()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source") / "in"
    clips(folder, 3, frames=72)
    return folder


@pytest.fixture(scope="module")
def undisturbed(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of one process without any disturbance."""
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    assert main(["batch", str(source / "*.mp4"), "--mask", MASK, "-o", str(out), *QUICK, "--workers", "1"]) == 0
    return out


def start(cluster: Cluster, source: Path, out: Path, workers: int = 3) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "vidinpaint", "batch", str(source / "*.mp4"), "--mask", MASK, "-o", str(out),
               *QUICK, "--runner", "ray", "--address", cluster.address, "--workers", str(workers)]  # fmt: skip
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def wait(running: subprocess.Popen[str]) -> None:
    """Wait for success."""
    _, shown = running.communicate(timeout=120)
    assert running.returncode == 0, shown


def inpainted(out: Path, at_least: int) -> list[dict[str, Any]]:
    """The events of inpainted windows, once there are that many."""
    deadline = time.monotonic() + 60
    while not (out / ".vidinpaint" / "events.jsonl").exists() or len(events_so_far(out)) < at_least:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return events_so_far(out)


def events_so_far(out: Path) -> list[dict[str, Any]]:
    text = (out / ".vidinpaint" / "events.jsonl").read_text()
    lines = text[: text.rfind("\n") + 1].splitlines()
    return [event for event in map(json.loads, lines) if event["event"] == "inpainted"]


def same(out: Path, undisturbed: Path) -> None:
    assert pixels(out) == pixels(undisturbed)
    assert decoded(out) == decoded(undisturbed)


@pytest.mark.parametrize("workers", [1, 3])
def test_three_nodes_give_what_one_process_gives(
    cluster: Cluster, source: Path, undisturbed: Path, tmp_path: Path, workers: int
) -> None:
    wait(start(cluster, source, tmp_path / "out", workers))
    same(tmp_path / "out", undisturbed)
    assert len({event["by"] for event in events(tmp_path / "out", "inpainted")}) == workers
    assert len(events(tmp_path / "out", "inpainted")) == 36


def test_a_worker_that_is_killed(cluster: Cluster, source: Path, undisturbed: Path, tmp_path: Path) -> None:
    running = start(cluster, source, tmp_path / "out")
    os.kill(int(inpainted(tmp_path / "out", 3)[-1]["by"].rpartition(":")[2]), signal.SIGKILL)
    wait(running)
    assert len(events(tmp_path / "out", "lost")) == 1
    assert len(events(tmp_path / "out", "inpainted")) == 36
    same(tmp_path / "out", undisturbed)


def test_a_driver_that_is_killed(cluster: Cluster, source: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    running = start(cluster, source, out)
    inpainted(out, 6)
    running.kill()
    running.wait()
    stored = len(stable_records(out))  # its workers end after their current tasks
    finished = len(list(out.glob("*.mp4")))
    before = len(events_so_far(out))
    wait(start(cluster, source, out))
    assert len(events_so_far(out)) - before == 36 - 12 * finished - stored
    same(out, undisturbed)


def test_a_node_that_is_lost(cluster: Cluster, source: Path, undisturbed: Path, tmp_path: Path) -> None:
    running = start(cluster, source, tmp_path / "out")
    inpainted(tmp_path / "out", 3)
    cluster.remove_node(cluster.list_all_nodes()[-1], allow_graceful=False)
    _, shown = running.communicate(timeout=120)
    if running.returncode == 0:
        assert len(events(tmp_path / "out", "lost")) >= 1
    else:  # all nodes have one address here, so the driver may have joined the lost one and end with it
        assert "Raylet is terminated" in shown
        wait(start(cluster, source, tmp_path / "out"))
    same(tmp_path / "out", undisturbed)
    cluster.add_node(num_cpus=1)


def test_clips_that_fail_do_not_stop_the_others(cluster: Cluster, tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    clips(source, 10)
    manifest = listing(source, damage(source, [1, 3, 5, 7, 9]))
    options = [*QUICK, "--runner", "ray", "--address", cluster.address, "--workers", "3"]
    done = subprocess.run([sys.executable, "-m", "vidinpaint", "batch", str(manifest), "-o", str(out), *options],
                          capture_output=True, text=True, timeout=120, check=False)  # fmt: skip
    assert done.returncode == 4, done.stderr
    assert sum(line.startswith("  line ") for line in done.stderr.splitlines()) == 5
    assert len(list(out.glob("*.mp4"))) == 5


def test_a_local_ray_for_one_clip(source: Path, tmp_path: Path) -> None:
    settings = {"plan": {"length": 12, "context": 4}}
    for runner in ("serial", "ray"):
        report = vidinpaint.inpaint(
            source / "00.mp4", MASK, tmp_path / f"{runner}.mp4", runner=runner, workers=2, settings=settings
        )
        assert (report.frames, report.runner) == (72, runner)
        assert report.checks
    assert decoded(tmp_path)["ray.mp4"] == decoded(tmp_path)["serial.mp4"]


FAKE = "tests.execution.runners.ray_cases:make_fake"


def make_fake() -> Any:
    """A worker that checks on which kind of machine it runs."""
    import ray

    gpus = bool(ray.get_gpu_ids())

    def work(task: Task) -> Any:
        assert gpus == (task.kind == "inpaint" and bool(task.job.needs)), "on the wrong machine"
        return inpainting(0, task)

    return work


def test_windows_that_need_a_gpu_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fake GPU: Ray does not check the number that it is given."""
    monkeypatch.setattr(
        "vidinpaint.execution.jobs.worker_options._own_cores", lambda *_: {"num_cpus": 3, "num_gpus": 1}
    )
    jobs = [job("learned", 6, frozenset({"gpu"})), job("plain", 3)]
    with open_pool(WorkerOptions("ray", 1, "local", gpus_per_worker=0.5), jobs, FAKE) as (pool, workers):
        assert workers == {"cpu": 1, "gpu": 2}
        assert [state.status for state in Scheduler(pool, workers).run(jobs)] == ["done", "done"]


def test_no_gpu_and_no_cluster() -> None:
    jobs = [job("learned", 6, frozenset({"gpu"}))]
    with pytest.raises(SettingError, match="GPU"), open_pool(WorkerOptions("ray", 1, "local"), jobs, FAKE):
        pass
    with (
        pytest.raises(WorkerError, match="cluster that answers"),
        open_pool(WorkerOptions("ray", 1, "127.0.0.1:1"), jobs),
    ):
        pass
