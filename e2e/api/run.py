"""Executes examples/lesson.ipynb against a relay, then holds the relay's API against its own document.

FEDCOIN_BIN names the relay. The packages are those of requirements.txt.
"""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
NOTEBOOK = HERE.parent.parent / "examples" / "lesson.ipynb"
GENESIS_PUBLIC_KEY = (
    "3059301306072a8648ce3d020106082a8648ce3d030107034200043f3bd6d16ce4bde95a8237170aaa10638848549823"
    "4a3dca5d0c273d907c03c3e72017bec13cf6e893e96da0f9d6c7037c79b40cb006aff12ae88adae1b0bb7e"
)
# A program that does not stop is killed after this many seconds.
PATIENCE = 60


@contextlib.contextmanager
def relay(folder, *arguments):
    """A relay of the course's network on a free port; returns its URL."""
    command = [os.environ["FEDCOIN_BIN"], "--network", "classroom", "-p", "0", "--data-dir", "data", *arguments]
    own = {name: value for name, value in os.environ.items() if not name.startswith("FEDCOIN_")}
    with open(folder / "relay.log", "ab") as log:
        process = subprocess.Popen(command, cwd=folder, env=own, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        url = process.stdout.readline().strip().rstrip("/")
        if not url.startswith("http://"):
            raise RuntimeError("the relay did not start: " + (folder / "relay.log").read_text())
        yield url
        if process.poll() is not None:
            raise RuntimeError("the relay has ended: " + (folder / "relay.log").read_text())
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def execute(notebook, url):
    """Runs the notebook's code cells in order, like Jupyter; returns what they defined."""
    os.environ["FEDCOIN_NODE"] = url
    names = {"__name__": "__main__"}
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    for number, source in enumerate(sources, 1):
        print(f"--- {notebook.name}, code cell {number} of {len(sources)}", flush=True)
        exec(compile(source, f"{notebook.name}, code cell {number}", "exec"), names)
    return names


def leave_one_waiting(names, url):
    """A relay that does not mine keeps a payment in its mempool."""
    names["API"] = url + "/api/v1"
    _, payment = names["create_signed_transaction"](names["GENESIS_KEY"], names["key_a"], "1")
    code, answer = names["post_signed_transaction"](payment)
    assert code == 201, answer


def hold_against_document(folder, url):
    """Runs schemathesis; true if it found nothing."""
    program = "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())"
    options = ["--config-file", str(HERE / "schemathesis.toml"), "run", url + "/api/v1/openapi.json"]
    # The operator may use all operations.
    options += ["--header", "Authorization: Bearer " + (folder / "data" / "cookie").read_text().strip()]
    command = [sys.executable, "-c", program, *options, "--no-color", "--warnings", "off"]
    return subprocess.run(command, cwd=folder).returncode == 0


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "miner.txt").write_text(GENESIS_PUBLIC_KEY)
        with relay(folder, "-pk", "miner.txt") as url:
            names = execute(NOTEBOOK, url)
        # The same chain without mining, so that answers stay true between requests.
        with relay(folder) as url:
            leave_one_waiting(names, url)
            good = hold_against_document(folder, url)
        log = (folder / "relay.log").read_text()
        if "panicked" in log:
            sys.exit("the relay has panicked:\n" + log)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
