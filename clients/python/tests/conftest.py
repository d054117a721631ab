"""A live server for the tests: the built program, started once, on a port of the system's choosing."""

import os
import pathlib
import subprocess
import tempfile
import time

import numpy as np
import pytest

from jadevectordb import Client

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAM = os.environ.get("JADEVECTORDB", str(ROOT / ".build/release/jadevectordb"))


class Running:
    """A server that a test may stop and start again on the same port and data."""

    def __init__(self, folder, port=0):
        self.folder = folder
        self.port = port
        self.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        port_file = pathlib.Path(self.folder) / "port"
        port_file.unlink(missing_ok=True)
        self.log = open(pathlib.Path(self.folder) / "log", "ab")
        command = [PROGRAM, "serve", "--dev", "--data-directory", f"{self.folder}/data", "--port", str(self.port), "--port-file", str(port_file)]
        self.process = subprocess.Popen(command + os.environ.get("JADE_SERVE_FLAGS", "").split(), stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + 60
        while not (port_file.exists() and port_file.read_text().strip()):
            assert self.process.poll() is None, pathlib.Path(self.log.name).read_text()
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.05)
        self.port = int(port_file.read_text())

    def stop(self):
        self.process.terminate()
        self.process.wait(60)
        self.log.close()


@pytest.fixture(scope="session")
def server():
    if not os.path.exists(PROGRAM):
        pytest.exit(f"{PROGRAM} is not built", 2)
    with tempfile.TemporaryDirectory() as folder:
        running = Running(folder)
        yield running
        running.stop()


@pytest.fixture
def client(server):
    with Client(server.url) as client:
        yield client
        for database in client.databases():
            client.database(database["name"]).drop()


@pytest.fixture
def rows():
    return np.random.default_rng(7).standard_normal((500, 16)).astype("f4")
