"""Everything an operator can set, in one table.

``load`` reads ``appliance.toml``, then lets ``APPLIANCE_*`` from the environment
win. An unknown key is refused by name: a typo must not do nothing.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

PREFIX = "APPLIANCE_"
NOT_SETTINGS = {"APPLIANCE_CONFIG", "APPLIANCE_BACKUP_PASSPHRASE", "APPLIANCE_CRASH_AT"}


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Each field is explained under its name in ``installer/README.md``."""

    data_dir: str = "data"
    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 8080
    tls: bool = False  # a certificate of its own (``certificates``); else a proxy has one
    public_url: str = ""  # empty: http://host:port, or https with ``tls``
    language: Literal["pt", "en", "es"] = "pt"
    upload_limit_mb: Annotated[int, msgspec.Meta(ge=1, le=4096)] = 200
    question_limit: Annotated[int, msgspec.Meta(ge=100, le=20_000)] = 4000
    passages_per_answer: Annotated[int, msgspec.Meta(ge=1, le=20)] = 6
    reader_memory_mb: Annotated[int, msgspec.Meta(ge=256, le=16_384)] = 1024
    reader_seconds: Annotated[int, msgspec.Meta(ge=5, le=3600)] = 120
    embedder: str = "minilm"
    language_model: str = ""  # a catalogue name; empty: answers quote
    open_hosts: str = ""  # what this server may ask, with spaces between
    model_mirrors: str = ""  # asked instead of the catalogue's sources, in turn
    import_folder: str = ""  # such as where a USB stick is mounted; empty: not by the console
    source_folders: str = ""  # folders that sources may read, with : between; empty: none
    trash_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 30
    backup_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 90  # how long copies are kept
    source_sites: str = ""  # what sources may crawl, with spaces between; empty: nothing
    trusted_proxies: str = ""  # whose X-Forwarded-* is believed, with spaces between
    proxy: str = ""  # for all that leaves; the environment's proxies are not used
    uploads_per_hour: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 900
    key_questions_per_minute: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 6000
    session_hours: Annotated[int, msgspec.Meta(ge=1, le=12)] = 12
    threads: Annotated[int, msgspec.Meta(ge=0, le=256)] = 0  # 0: the physical cores
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def data(self) -> Path:
        """The one folder that holds everything."""
        return Path(self.data_dir).resolve()

    @property
    def address(self) -> str:
        """Where people reach the appliance, without a slash at the end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"


class BadSettings(ValueError):
    """The file or the environment holds something that is no setting; says which."""


def load(environment: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """Settings from ``file`` (else $APPLIANCE_CONFIG, else ./appliance.toml if there),
    overridden by the environment.

    Raises ``BadSettings`` with one sentence that names the file or variable.
    """
    environment = os.environ if environment is None else environment
    named = environment.get("APPLIANCE_CONFIG")
    path = file or Path(named or "appliance.toml")
    values: dict[str, Any] = {}
    if file or named or path.exists():
        try:
            values = tomllib.loads(path.read_text("utf-8"))
        except OSError as fault:
            remedy = "see whether it is there, and run as root or as the user of the service"
            raise BadSettings(f"{path} cannot be read ({fault.strerror}): {remedy}.") from fault
        except tomllib.TOMLDecodeError as fault:
            raise BadSettings(f"{path}: {fault}") from fault
        _convert(values, str(path), strict=True)
    values |= {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and name not in NOT_SETTINGS
    }
    return _convert(values, "environment (APPLIANCE_*)", strict=False)


def _convert(values: dict[str, Any], where: str, *, strict: bool) -> Settings:
    try:
        return msgspec.convert(values, Settings, strict=strict)
    except msgspec.ValidationError as fault:
        raise BadSettings(f"{where}: {fault}") from fault
