"""One signed file, from which Balcão is installed without a network; one changed byte, and not."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.installer.conftest import CHECKOUT, wheel

# What the installer of the bundle's program would be told: the arguments, and what pip and apt see.
PROGRAM = """#!/bin/sh
echo "installing $*"
echo "pip: $PIP_NO_INDEX, $(ls $PIP_FIND_LINKS)"
apt-get update 2>&1 | grep -v "^Reading"
apt-cache policy balcao-trial | grep Candidate
"""


def gpg(home: Path, *arguments: str) -> str:
    """GnuPG over a folder of keys of its own."""
    done = subprocess.run(
        ["gpg", "--batch", "--homedir", home, *arguments],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two keys without a passphrase: the maker's, and a stranger's."""
    home = tmp_path_factory.mktemp("keys")
    home.chmod(0o700)
    for name in ("maker", "stranger"):
        gpg(home, "--passphrase", "", "--quick-generate-key", f"{name}@balcao.example", "ed25519")
    return home


def debian_package(folder: Path, name: str) -> Path:
    """A Debian package that holds nothing."""
    tree = folder / f"{name}.tree"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN" / "control").write_text(
        f"Package: {name}\nVersion: 1:2.0\nArchitecture: all\n"
        "Maintainer: x <x@balcao.example>\nDescription: nothing\n"
    )
    file = folder / f"{name}_1%3a2.0_all.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "--build", tree, file], check=True, capture_output=True
    )
    shutil.rmtree(tree)
    return file


class Maker:
    """A checkout that is committed, over packages small enough to be bundled in seconds.

    Only the two programs that fetch are not the real ones: ``apt-get`` and pip's ``download``
    give what lies in a folder, as they would what lies on a server.
    """

    def __init__(self, folder: Path, keys: Path) -> None:
        self.root, self.keys, self.out = folder / "checkout", keys, folder / "out"
        stock, tools = folder / "stock", folder / "bin"
        for path in (self.root / "installer", stock, tools):
            path.mkdir(parents=True)
        wheel(stock, "small_part", "1.2", {"small_part.py": ""})
        debian_package(stock, "balcao-trial")
        (stock / "llama_cpp_python-0.3.36.tar.gz").write_bytes(b"source")
        for name in ("bundle.sh", "offline.sh", "sbom.py"):
            shutil.copy2(CHECKOUT / "installer" / name, self.root / "installer" / name)
        self.script("installer/install.sh", PROGRAM)
        for name in ("", "-build", "-torch", "-test", "-providers"):
            (self.root / f"requirements{name}.txt").write_text("small-part==1.2\n")
        for name in ("static", "models", "appliance"):
            (self.root / name).mkdir()
            (self.root / name / "__init__.py").write_text('__version__ = "9.8.7"\n')
        (self.root / "models" / "catalogue.toml").write_text(
            '[[model]]\nname = "mistral-small"\nfile = "mistral.gguf"\n'
        )
        for name in ("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", ".gitignore"):
            (self.root / name).write_text(".venv\n")
        python = CHECKOUT / ".venv" / "bin" / "python"
        self.script(
            ".venv/bin/python",
            f'#!/bin/sh\n[ "$1" = -P ] && exec {python} "$@"\n'
            'while [ "$1" != --dest ]; do shift; done\n'
            f'cp {stock}/*.whl {stock}/*.tar.gz "$2"\n',
        )
        apt = tools / "apt-get"
        apt.write_text(
            '#!/bin/sh\nfor one; do case "$one" in Dir::Cache::archives=*)\n'
            f'cp {stock}/*.deb "${{one#*=}}";; esac; done\n'
        )
        apt.chmod(0o755)
        self.environment = os.environ | {
            "PATH": f"{tools}:/usr/sbin:/usr/bin:/sbin:/bin",
            "GNUPGHOME": str(keys),
        }
        for line in ("init -q", "add -A", "-c user.name=x -c user.email=x@x commit -qm all"):
            subprocess.run(["git", *line.split()], cwd=self.root, check=True)

    def script(self, name: str, text: str) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)

    def bundle(self, *arguments: object) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [self.root / "installer" / "bundle.sh", *map(str, arguments)],
            env=self.environment, capture_output=True, text=True, timeout=300,
        )  # fmt: skip


@pytest.fixture(scope="module")
def maker(tmp_path_factory: pytest.TempPathFactory, keys: Path) -> Maker:
    return Maker(tmp_path_factory.mktemp("maker"), keys)


@pytest.fixture(scope="module")
def archive(maker: Maker) -> Path:
    """The bundle, as it goes to a customer."""
    models = maker.root.parent / "models"
    models.mkdir()
    (models / "mistral.gguf").write_bytes(b"GGUF")
    outcome = maker.bundle("--key", "maker@balcao.example", "--models", models, maker.out)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    (file,) = maker.out.glob("balcao-9.8.7-*.tar")
    return file


@pytest.fixture
def unpacked(archive: Path, tmp_path: Path) -> Path:
    """The bundle on the server, for the system that the tests call this machine."""
    subprocess.run(["tar", "-xf", archive, "-C", tmp_path], check=True)
    return tmp_path / archive.name.removesuffix(".tar")


def install(folder: Path, *arguments: str, system: str = "") -> "subprocess.CompletedProcess[str]":
    """The bundle's own installer, where nothing of this machine's can be changed by it: the
    installer of the program in it is one that only says what it was told."""
    release = folder.parent / "os-release"
    release.write_text(system or Path("/etc/os-release").read_text("utf-8"))
    root = [] if os.geteuid() == 0 else ["unshare", "-r"]
    return subprocess.run(
        [*root, folder / "install.sh", "--root", "/nowhere", *arguments],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "BALCAO_OS_RELEASE": str(release)},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.mark.guarantee("INS-01")
def test_a_bundle_is_one_file_with_a_signature_that_its_key_confirms(
    archive: Path, keys: Path
) -> None:
    signature = archive.with_name(archive.name + ".sig")
    key = archive.with_name("release.gpg")

    checked = subprocess.run(
        ["gpgv", "--keyring", key, signature, archive], capture_output=True, text=True, timeout=60
    )

    assert checked.returncode == 0, checked.stderr
    assert "maker@balcao.example" in checked.stderr


@pytest.mark.guarantee("INS-01")
def test_what_is_in_it_is_listed_with_name_version_and_checksum(unpacked: Path) -> None:
    listed = json.loads((unpacked / "sbom.cdx.json").read_text("utf-8"))

    assert (listed["bomFormat"], listed["metadata"]["component"]["version"]) == (
        "CycloneDX",
        "9.8.7",
    )
    assert {one.get("purl", one["name"]) for one in listed["components"]} == {
        "pkg:pypi/small-part@1.2",
        "pkg:pypi/llama-cpp-python@0.3.36",
        "pkg:deb/debian/balcao-trial@1:2.0",
        "mistral",
    }
    assert all(len(one["hashes"][0]["content"]) == 64 for one in listed["components"])


@pytest.mark.guarantee("INS-01")
def test_it_installs_from_itself_alone(unpacked: Path) -> None:
    outcome = install(unpacked, "--config", "answers.toml")

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert "Signed by " in outcome.stdout
    assert "installing --root /nowhere --config answers.toml" in outcome.stdout
    assert "pip: 1, llama_cpp_python-0.3.36.tar.gz\nsmall_part-1.2-py3-none-any.whl" in (
        outcome.stdout
    )
    assert "Candidate: 1:2.0" in outcome.stdout


@pytest.mark.guarantee("INS-01")
@pytest.mark.parametrize(
    "file", ["program/README.md", "wheels/small_part-1.2-py3-none-any.whl", "SHA256SUMS"]
)
def test_one_changed_byte_is_refused_before_anything_is_done(unpacked: Path, file: str) -> None:
    changed = bytearray((unpacked / file).read_bytes())
    changed[-2] ^= 1
    (unpacked / file).write_bytes(changed)

    outcome = install(unpacked)

    assert outcome.returncode == 5
    assert "Fetch it again" in outcome.stderr or "fetch it again" in outcome.stderr
    assert "installing" not in outcome.stdout


@pytest.mark.guarantee("INS-01")
def test_a_file_that_somebody_laid_beside_is_refused(unpacked: Path) -> None:
    (unpacked / "wheels" / "small_part-9.9-py3-none-any.whl").write_bytes(b"newer, and not ours")

    outcome = install(unpacked)

    assert outcome.returncode == 5
    assert "wheels/small_part-9.9-py3-none-any.whl does not belong to this bundle" in outcome.stderr


@pytest.mark.guarantee("INS-01")
def test_a_bundle_that_a_stranger_signed_anew_fails_at_the_makers_key(
    unpacked: Path, keys: Path
) -> None:
    signature = unpacked / "SHA256SUMS.sig"
    signature.unlink()
    made = ("--output", str(signature), "--detach-sign", str(unpacked / "SHA256SUMS"))
    gpg(keys, "--local-user", "stranger@balcao.example", *made)

    outcome = install(unpacked)

    assert outcome.returncode == 5
    assert "the signature of this bundle is not that of" in outcome.stderr


def test_a_bundle_for_another_system_says_which_one_it_is_for(unpacked: Path) -> None:
    outcome = install(unpacked, system='ID=ubuntu\nVERSION_ID="24.04"\n')

    assert outcome.returncode == 3
    assert "and this server is ubuntu 24.04 " in outcome.stderr


# What the server's command would be told, and what the service's user reads of it.
COMMAND = """#!/bin/sh
echo "$1 $2 $3 $4"
exec setpriv --reuid 65534 --regid 65534 --clear-groups cat "$5"
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_its_model_comes_in_though_it_was_unpacked_where_only_root_sees(
    unpacked: Path, tmp_path: Path
) -> None:
    tmp_path.chmod(0o700)
    for part in ("etc", "local"):
        (tmp_path / part / "upper").mkdir(parents=True)
        (tmp_path / part / "work").mkdir()
    (tmp_path / "etc" / "upper" / "balcao").mkdir()
    command = tmp_path / "local" / "upper" / "bin" / "appliance"
    command.parent.mkdir()
    command.write_text(COMMAND)
    command.chmod(0o755)
    elsewhere = "\n".join(
        f"mount -t overlay overlay -o lowerdir={place},upperdir={tmp_path}/{part}/upper,"
        f"workdir={tmp_path}/{part}/work {place}"
        for part, place in (("etc", "/etc"), ("local", "/usr/local"))
    )

    outcome = subprocess.run(
        ["unshare", "--mount", "sh", "-ec", f"{elsewhere}\nexec {unpacked}/install.sh"],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert "models import --name mistral-small\nGGUF" in outcome.stdout
    assert (tmp_path / "etc" / "upper" / "balcao" / "release.gpg").is_file()


def test_a_model_that_no_server_would_take_is_not_bundled(maker: Maker, tmp_path: Path) -> None:
    (tmp_path / "mine.gguf").write_bytes(b"GGUF")

    outcome = maker.bundle("--key", "maker@balcao.example", "--models", tmp_path, maker.out)

    assert outcome.returncode == 1
    assert "mine.gguf is the file of no model" in outcome.stderr


def test_what_is_not_committed_is_not_bundled(maker: Maker) -> None:
    beside = maker.root / "static" / "not-yet.js"
    beside.write_text("")

    outcome = maker.bundle("--key", "maker@balcao.example", maker.out)

    beside.unlink()
    assert outcome.returncode == 1
    assert "not committed" in outcome.stderr


def test_a_bundle_needs_a_key_that_is_here(maker: Maker) -> None:
    outcome = maker.bundle("--key", "nobody@balcao.example", maker.out)

    assert outcome.returncode == 1
    assert "no secret key nobody@balcao.example" in outcome.stderr
    assert maker.bundle(maker.out).returncode == 2
