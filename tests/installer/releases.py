"""Servers for the tests of upgrading: releases of a program, a root, and what stands for systemd.

The scripts, the files, the renames and the signals are real. The set-up is one that takes no
time, and ``systemctl`` a program that starts and stops what the unit would, for that root alone.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from tests.installer.conftest import CHECKOUT

SCRIPTS = ("install.sh", "releases.sh", "balcao.service")

# A Python environment in no time: one that is there, over the sources of the release.
SETUP = """#!/bin/sh
set -e
commands=$(dirname "$(dirname "$(readlink -f "$0")")")/.venv/bin
mkdir -p "$commands"
cat >"$commands/python" <<'END'
#!/bin/sh
here=$(readlink -f "$0")
PYTHONPATH=${here%/.venv/bin/python} exec PYTHON "$@"
END
cat >"$commands/appliance" <<'END'
#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/python" -P -m appliance "$@"
END
chmod 755 "$commands/python" "$commands/appliance"
"""

# As systemd does it for a unit of Type=notify: ``restart`` waits until it answers, or has ended.
SYSTEMCTL = f"""#!{os.path.realpath(sys.executable)} -IS
import os, pathlib, signal, socket, subprocess, sys, time
root, port, environment = pathlib.Path(ROOT), PORT, ENVIRONMENT
noted = root / "run" / "balcao.pid"

def alive():
    try:
        pid = int(noted.read_text())
        state = pathlib.Path(f"/proc/{{pid}}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, ValueError):
        return 0
    return 0 if state in "ZX" else pid

def stop():
    if pid := alive():
        os.kill(pid, signal.SIGTERM)
        while alive():
            time.sleep(0.02)

def start():
    for one in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(one, signal.SIG_DFL)
    program = root / "opt/balcao/current/.venv/bin/appliance"
    with (root / "run" / "journal").open("ab") as journal:
        started = subprocess.Popen([program, "serve"], env=os.environ | environment, cwd="/",
            stdin=subprocess.DEVNULL, stdout=journal, stderr=journal, start_new_session=True)
    noted.write_text(str(started.pid))
    while started.poll() is None:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    sys.exit("Job for balcao.service failed.")

words = [one for one in sys.argv[1:] if not one.startswith("-")]
match words:
    case ["is-active", _]:
        sys.exit(0 if alive() else 3)
    case ["stop" | "disable", _]:
        stop()
    case ["start", _]:
        alive() or start()
    case ["restart", _]:
        stop()
        start()
"""

# A program that behaves as far as an upgrade looks. Its data has a schema, which a newer one
# brings up at its start, and which an older one refuses.
PROGRAM = """
import http.server, json, os, pathlib, sys, tomllib
from appliance import HOW, SCHEMA, __version__
from appliance.settings import load

load({}, pathlib.Path(os.environ["APPLIANCE_CONFIG"]))
settings = tomllib.loads(pathlib.Path(os.environ["APPLIANCE_CONFIG"]).read_text())
data = pathlib.Path(os.environ["APPLIANCE_DATA_DIR"])
file = data / "appliance.db"

def written(content, place=file):
    beside = place.with_suffix(".new")
    beside.write_text(json.dumps(content))
    beside.replace(place)

def known():
    content = json.loads(file.read_text()) if file.exists() else {"schema": SCHEMA, "has": []}
    if content["schema"] > SCHEMA:
        sys.exit("The data is of a newer version, and this one does not touch it.")
    return content

def upgrade():
    content = known()
    if HOW == "loses":
        sys.exit("The data could not be brought to this version and is as it was.")
    if content["schema"] < SCHEMA:
        written(content, data / f"snapshot-{content['schema']}")
        written(content | {"schema": SCHEMA})
    elif not file.exists():
        written(content)

class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(503 if HOW == "silent" else 200)
        self.end_headers()
        self.wfile.write(__version__.encode())
    def log_message(self, *told):
        pass

match sys.argv[1:]:
    case ["serve"]:
        if HOW == "dies":
            sys.exit("a fault of this release")
        upgrade()
        http.server.ThreadingHTTPServer(("127.0.0.1", settings["port"]), Pages).serve_forever()
    case ["upgrade", "--check"]:
        known()
    case ["upgrade"]:
        upgrade()
    case ["rollback"]:
        if not (snapshots := sorted(data.glob("snapshot-*"))):
            sys.exit("There is no snapshot of an older version.")
        print("No longer in the data:", len(known()["has"]), "document(s)")
        snapshots[-1].replace(file)
    case ["setup-code"]:
        print("ABCD-1234")
"""
SETTINGS = """
import tomllib
class BadSettings(ValueError): ...
def load(environment, file):
    for name in tomllib.loads(file.read_text()):
        if name not in KNOWN:
            raise BadSettings(f"{file}: Object contains unknown field `{name}`")
"""


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def lay_out(folder: Path, python: str) -> Path:
    """A checkout with our scripts and the set-up that takes no time."""
    (folder / "installer").mkdir(parents=True)
    for name in SCRIPTS:
        shutil.copy2(CHECKOUT / "installer" / name, folder / "installer" / name)
    setup = folder / "installer" / "setup.sh"
    setup.write_text(SETUP.replace("exec PYTHON", f"exec {python}"))
    setup.chmod(0o755)
    return folder


def small_release(
    folder: Path, version: str, *, schema: int, how: str = "well", knows: str = ""
) -> Path:
    """A checkout of the small program; ``knows`` is a setting that only it has."""
    appliance = lay_out(folder, f"{os.path.realpath(sys.executable)} -S") / "appliance"
    appliance.mkdir()
    (appliance / "__init__.py").write_text(
        f'__version__ = "{version}"\nSCHEMA = {schema}\nHOW = "{how}"\n'
    )
    (appliance / "__main__.py").write_text(PROGRAM)
    known = {"port", "language", "data_dir", knows}
    (appliance / "settings.py").write_text(f"KNOWN = {known!r}\n{SETTINGS}")
    shutil.copy2(CHECKOUT / "appliance" / "preflight.py", appliance / "preflight.py")
    shutil.copytree(CHECKOUT / "appliance" / "sentences", appliance / "sentences")
    return folder


class Server:
    """A root on which releases are installed, with its service."""

    def __init__(self, root: Path, port: int, **environment: str) -> None:
        self.root, self.port = root, port
        self.data = root / "var" / "lib" / "appliance"
        self.program = root / "opt" / "balcao"
        self.answers = root.parent / f"{root.name}.toml"
        self.answer()
        for folder in ("etc", "run"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        for name, line in (("passwd", "root:x:0:0::/root:/bin/sh"), ("group", "root:x:0:")):
            if not (root / "etc" / name).exists():
                (root / "etc" / name).write_text(line + "\n")
        self.environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(root.parent),
            "LANG": "C.UTF-8",
            "BALCAO_PYTHON": os.path.realpath(shutil.which("python3.11") or "python3"),
            "BALCAO_SYSTEMCTL": str(self._systemctl(environment)),
        }

    def _systemctl(self, environment: dict[str, str]) -> Path:
        told = environment | {
            "APPLIANCE_CONFIG": str(self.root / "etc" / "balcao" / "appliance.toml"),
            "APPLIANCE_DATA_DIR": str(self.data),
        }
        script = self.root.parent / f"{self.root.name}.systemctl"
        text = SYSTEMCTL.replace("ROOT", repr(str(self.root))).replace("PORT", str(self.port))
        script.write_text(text.replace("ENVIRONMENT", repr(told)))
        script.chmod(0o755)
        return script

    def answer(self, more: str = "") -> None:
        """What the file of answers says from now on."""
        self.answers.write_text(f'language = "en"\nport = {self.port}\n{more}')

    def run(
        self, checkout: Path, *arguments: str, **variables: str
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [checkout / "installer" / "install.sh", *arguments, "--root", self.root],
            env=self.environment | variables, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=300, cwd="/",
        )  # fmt: skip

    def install(self, checkout: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
        return self.run(checkout, "--config", str(self.answers), **variables)

    def rollback(self, **variables: str) -> "subprocess.CompletedProcess[str]":
        return self.run(self.program / "current", "rollback", **variables)

    def systemctl(self, act: str) -> None:
        subprocess.run(
            [self.environment["BALCAO_SYSTEMCTL"], act, "balcao"], check=True, timeout=120
        )

    def says(self) -> str:
        """What the service answers to whoever asks whether it is ready."""
        address = f"http://127.0.0.1:{self.port}/health/ready"
        with urllib.request.urlopen(address, timeout=30) as answer:
            assert answer.status == 200
            return str(answer.read().decode())

    def has(self) -> Any:
        """What the small program's data holds."""
        return json.loads((self.data / "appliance.db").read_text("utf-8"))

    def add(self, document: str) -> None:
        content = self.has()
        (self.data / "appliance.db").write_text(
            json.dumps(content | {"has": [*content["has"], document]})
        )

    def releases(self) -> list[str]:
        """The versions that are there."""
        found = (self.program / "releases").iterdir()
        return sorted(one.name.partition("-")[0] for one in found)

    def current(self) -> str:
        return (self.program / "current").readlink().name.partition("-")[0]

    def copied(self, to: Path) -> "Server":
        """The same server in another folder, while its service is stopped."""
        shutil.copytree(self.root, to, symlinks=True)
        return Server(to, self.port)
