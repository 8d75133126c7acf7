"""Few threads in every process of the tests, and fixtures for several folders of them."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OPENCV_FOR_THREADS_NUM": "1", "NUMBA_NUM_THREADS": "2"}
"""Tests run in several processes side by side, one per core: with a thread per core in each of them they would wait for
one another. Libraries read these variables when they are imported; processes that tests start inherit them. Numba has
two threads, so that a result that depends on their number is found on any machine."""

for _name, _count in THREADS.items():
    os.environ.setdefault(_name, _count)
os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # idle threads sleep and leave their core to the other processes


@pytest.fixture(scope="session", autouse=True)
def weights_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty folder for weights: what a user has there changes no test."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("weights")
        patch.setenv("VIDINPAINT_WEIGHTS", str(folder))
        yield folder


@pytest.fixture(scope="session")
def small_weights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Settings of the learned inpainters that let them run small networks of random weights."""
    from tests.small_networks import write_small_weights

    return write_small_weights(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of a server that speaks S3, on loopback, with nothing behind it but memory."""
    moto = pytest.importorskip("moto.server")
    pytest.importorskip("s3fs")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an empty bucket; also for processes that are started."""
    for name, value in {
        "AWS_ENDPOINT_URL": s3_server, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "VIDINPAINT_CACHE": str(tmp_path / "cache"),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    import s3fs

    system = s3fs.S3FileSystem(use_listings_cache=False, skip_instance_cache=True)
    system.mkdir("clips")
    yield "s3://clips"
    system.rm("clips", recursive=True)
