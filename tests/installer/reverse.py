"""The reverse proxies of the manual, for real: each is started from the file that the manual
hands out, as a program of whoever runs the tests.

In the file only what its reader puts in is put in: the name, the certificate, and the ports,
which here have to be free ones of this machine alone.
"""

import getpass
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.installer.conftest import CHECKOUT
from tests.mailhouse import certificate, free_port
from tests.signin.slapd import listens
from tests.whole.running import eventually

FOLDER = CHECKOUT / "installer" / "proxy"
NAME = "balcao.escola.example"
PAPERS = "/etc/ssl/balcao/fullchain.pem", "/etc/ssl/balcao/privkey.pem"
TRUSTED = "127.0.0.1"


class Proxy:
    """A proxy before whatever listens on a port; ``address`` is where people go. ``plain`` is
    its port without TLS."""

    file: str
    # Each pattern stands in the file, and stands for what its reader changes.
    ports: Sequence[tuple[str, str]]

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.port, self.plain = free_port(), free_port()
        self.address = f"https://localhost:{self.port}"
        self.papers = certificate(folder)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, behind: int) -> None:
        """Come up, and only then return."""
        (self.folder / self.file).write_text(self.printed(behind))
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log)
        eventually(self._is_up, f"{self.file} did not come up")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=20)

    def printed(self, behind: int) -> str:
        """The manual's file with what is put into it."""
        text = (FOLDER / self.file).read_text("utf-8")
        values = {"port": self.port, "plain": self.plain, "behind": behind}
        changes = [(re.escape(NAME), "localhost"), *self.ports]
        changes += [
            (re.escape(old), str(new)) for old, new in zip(PAPERS, self.papers, strict=True)
        ]
        for pattern, put in changes:
            assert re.search(pattern, text), f"{self.file} has no {pattern}"
            text = re.sub(pattern, put.format_map(values), text)
        return text

    def command(self) -> list[str]:
        raise NotImplementedError

    def _is_up(self) -> bool:
        assert self.process
        assert self.process.poll() is None, (self.folder / "log").read_text()
        return listens(self.port)


class Nginx(Proxy):
    file = "nginx.conf"
    ports = (
        (r"listen 80;", "listen 127.0.0.1:{plain};"),
        (r"listen 443 ", "listen 127.0.0.1:{port} "),
        (r"listen \[::\].*;", ""),
        (r"127\.0\.0\.1:8080", "127.0.0.1:{behind}"),
    )

    def command(self) -> list[str]:
        """The rest of a configuration, as Debian's /etc/nginx/nginx.conf has it."""
        folders = "".join(
            f"{kind}_temp_path {self.folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (self.folder / "main.conf").write_text(
            f"user {getpass.getuser()};\ndaemon off;\npid {self.folder}/pid;\nevents {{}}\n"
            f"http {{\naccess_log off;\n{folders}include {self.folder}/{self.file};\n}}\n"
        )
        return ["/usr/sbin/nginx", "-e", "stderr", "-c", str(self.folder / "main.conf")]


class Apache(Proxy):
    file = "apache.conf"
    ports = (
        (r"\*:80>", "127.0.0.1:{plain}>"),
        (r"\*:443>", "127.0.0.1:{port}>"),
        (r"https://localhost/", "https://localhost:{port}/"),
        (r"127\.0\.0\.1:8080", "127.0.0.1:{behind}"),
    )
    MODULES = (
        "mpm_event", "authz_core", "alias", "socache_shmcb", "ssl", "proxy", "proxy_http",
        "headers",
    )  # fmt: skip

    def command(self) -> list[str]:
        """The rest of a configuration, as Debian's /etc/apache2 has it."""
        # It serves nothing as root.
        user = "www-data" if os.geteuid() == 0 else getpass.getuser()
        modules = "".join(
            f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"
            for name in self.MODULES
        )
        (self.folder / "main.conf").write_text(
            f"ServerRoot {self.folder}\nPidFile {self.folder}/pid\nErrorLog {self.folder}/error\n"
            f"DefaultRuntimeDir {self.folder}\n{modules}Mutex file:{self.folder}\n"
            f"User {user}\nListen 127.0.0.1:{self.port}\n"
            f"Listen 127.0.0.1:{self.plain}\nServerName localhost\n"
            f"Include {self.folder}/{self.file}\n"
        )
        return ["/usr/sbin/apache2", "-f", str(self.folder / "main.conf"), "-DFOREGROUND"]


class Caddy(Proxy):
    file = "Caddyfile"
    ports = (
        (r"\nlocalhost \{", "\nhttps://localhost:{port} {{"),
        (r"127\.0\.0\.1:8080", "127.0.0.1:{behind}"),
    )

    def printed(self, behind: int) -> str:
        """With the ports that Caddy knows by itself."""
        known = (
            f"{{\nadmin off\nhttp_port {self.plain}\nhttps_port {self.port}\n"
            f"storage file_system {self.folder}\n}}\n"
        )
        return known + super().printed(behind)

    def command(self) -> list[str]:
        """The whole configuration is the file."""
        file = str(self.folder / self.file)
        return ["/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", file]


EVERY = (Nginx, Apache, Caddy)


@contextmanager
def proxy(kind: type[Proxy], folder: Path) -> Iterator[Proxy]:
    """A proxy that is started by whoever knows what is behind it, and stopped at the end."""
    made = kind(folder)
    try:
        yield made
    finally:
        made.stop()
