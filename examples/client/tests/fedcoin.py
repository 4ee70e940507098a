"""A `fedcoin` process for tests."""

import json
import os
import signal
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

PROGRAM = os.environ.get("FEDCOIN_BIN")
# A program that does not stop is killed after this many seconds.
PATIENCE = 60


class Fedcoin:
    """A node with a folder of its own, on a free port."""

    def __init__(self, *options: str) -> None:
        assert PROGRAM is not None
        self.folder = tempfile.TemporaryDirectory()
        self.log = Path(self.folder.name) / "log"
        command = [PROGRAM, "-p", "0", "--data-dir", "data", *options]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FEDCOIN_")}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder.name, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip().rstrip("/")
        if not self.url.startswith("http://"):
            self.close()
            raise RuntimeError("the node did not start: " + self.log.read_text())

    @property
    def peer_url(self) -> str:
        """The address for other nodes."""
        return self.url.replace("http", "ws") + "/ws"

    def get(self, path: str) -> Any:
        """An answer of the API."""
        with urllib.request.urlopen(f"{self.url}/api/v1{path}", timeout=PATIENCE) as answer:
            return json.load(answer)

    def close(self) -> None:
        """Stops the process. Raises if it panicked."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        log = self.log.read_text()
        self.folder.cleanup()
        if "panicked" in log:
            raise RuntimeError("the node panicked:\n" + log)

    def __enter__(self) -> "Fedcoin":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
