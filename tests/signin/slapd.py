"""A real directory for the tests: Debian's slapd, on this machine alone, with TLS.

It has the people of a school, groups in groups (one of them in a circle), and an account that
may look things up but not read passwords. A page of it holds 600 entries at most, as an
Active Directory's holds a thousand.
"""

import shutil
import socket
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.mailhouse import certificate, free_port
from tests.whole.running import eventually

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import ldap3

BASE = "dc=escola,dc=example"
PEOPLE, GROUPS = f"ou=pessoas,{BASE}", f"ou=grupos,{BASE}"
ADMIN, SECRET = f"cn=admin,{BASE}", "segredo-de-quem-cuida"
ACCOUNT, PASSWORD = f"cn=balcao,{BASE}", "consulta-77"
SCHEMA = Path("/etc/ldap/schema")
PAGE = 600

CONF = """
include {schema}/core.schema
include {schema}/cosine.schema
include {schema}/nis.schema
include {schema}/inetorgperson.schema
attributetype ( 1.3.6.1.4.1.99999.1.1 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.3.6.1.4.1.99999.1.2 NAME 'userPrincipalName' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.3.6.1.4.1.99999.1.3 NAME 'objectGUID' EQUALITY octetStringMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )
attributetype ( 1.3.6.1.4.1.99999.1.4 NAME 'userAccountControl' EQUALITY integerMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
objectclass ( 1.3.6.1.4.1.99999.2.1 NAME 'user' SUP inetOrgPerson STRUCTURAL
  MAY ( sAMAccountName $ userPrincipalName $ objectGUID $ userAccountControl ) )
objectclass ( 1.3.6.1.4.1.99999.2.2 NAME 'computer' SUP user STRUCTURAL )
pidfile {folder}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
moduleload ppolicy
TLSCertificateFile {certificate}
TLSCertificateKeyFile {key}
sizelimit size.soft={page} size.hard={page} size.prtotal=unlimited
database mdb
directory {folder}/db
suffix "{base}"
rootdn "{admin}"
rootpw {secret}
dbnosync
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
overlay memberof
memberof-group-oc groupOfNames
overlay ppolicy
"""


class Slapd:
    """``port`` speaks TLS from the first byte, ``plain`` is for STARTTLS and for the tests
    themselves; ``authority`` is the certificate that vouches for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths = certificate(folder)
        self.port, self.plain = free_port(), free_port()
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "db").mkdir()
        (folder / "slapd.conf").write_text(
            CONF.format(
                schema=SCHEMA, folder=folder, certificate=self.paths[0], key=self.paths[1],
                page=PAGE, base=BASE, admin=ADMIN, secret=SECRET,
            )
        )  # fmt: skip
        # A copy: Debian's profile of AppArmor lets the one in /usr/sbin into no folder of ours.
        shutil.copy("/usr/sbin/slapd", folder / "slapd")

    @property
    def authority(self) -> str:
        return self.paths[0].read_text()

    def start(self, *, secure: bool = True) -> None:
        """Come up, and only then return."""
        addresses = f"ldap://127.0.0.1:{self.plain}"
        if secure:
            addresses += f" ldaps://127.0.0.1:{self.port}"
        self._process = subprocess.Popen(
            [self.folder / "slapd", "-d", "0", "-f", self.folder / "slapd.conf", "-h", addresses],
            stderr=subprocess.DEVNULL,
        )
        ports = [self.plain, self.port] if secure else [self.plain]
        eventually(lambda: all(map(listens, ports)), "slapd did not come up")

    def stop(self) -> None:
        """Be away."""
        if self._process is None:
            return
        self._process.terminate()
        self._process.wait(timeout=20)
        self._process = None

    @contextmanager
    def opened(self) -> Iterator[Any]:
        """The directory in the hands of whoever looks after it."""
        server = ldap3.Server("127.0.0.1", self.plain, get_info=ldap3.NONE)
        with ldap3.Connection(server, ADMIN, SECRET, check_names=False) as connection:
            yield connection

    def add(self, place: str, kinds: list[str], **values: Any) -> None:
        with self.opened() as connection:
            assert connection.add(place, kinds, values), connection.result

    def person(self, uid: str, name: str, *, more: Any = None, **values: Any) -> str:
        """Somebody, whose password is their name twice; where they are."""
        place = f"uid={uid},{PEOPLE}"
        known = {"cn": name, "sn": name.split()[-1], "mail": f"{uid}@escola.example"}
        known |= {"userPassword": f"{uid}-{uid}", "displayName": name} | values
        kinds = ["inetOrgPerson", "shadowAccount"]
        self.add(place, more or kinds, **{key: one for key, one in known.items() if one})
        return place

    def group(self, name: str, *members: str) -> str:
        place = f"cn={name},{GROUPS}"
        self.add(place, ["groupOfNames"], member=list(members))
        return place

    def change(self, place: str, **values: Any) -> None:
        """Set attributes; an empty list takes them away."""
        changes = {
            name: [(ldap3.MODIFY_REPLACE, value if isinstance(value, list) else [value])]
            for name, value in values.items()
        }
        with self.opened() as connection:
            assert connection.modify(place, changes), connection.result

    def remove(self, place: str) -> None:
        with self.opened() as connection:
            assert connection.delete(place), connection.result

    def founded(self) -> "Slapd":
        """With the school in it."""
        self.add(BASE, ["dcObject", "organization"], o="Escola", dc="escola")
        for unit in (PEOPLE, GROUPS):
            self.add(unit, ["organizationalUnit"])
        self.add(ACCOUNT, ["organizationalRole", "simpleSecurityObject"], userPassword=PASSWORD)
        bia = self.person("bia", "Bia Lima")
        caio = self.person("caio", "Caio Reis")
        self.person("sem", "Sem Regra")
        legal = self.group("juridico", bia)
        self.group("advogados", caio)
        self.group("direcao", legal)
        circle = self.group("circulo", bia)
        other = self.group("outro", circle)
        self.change(circle, member=[bia, other])
        return self


@contextmanager
def directory(folder: Path) -> Iterator[Slapd]:
    """A directory with the people of a school."""
    folder.mkdir(parents=True, exist_ok=True)
    slapd = Slapd(folder)
    slapd.start()
    try:
        yield slapd.founded()
    finally:
        slapd.stop()


def listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
