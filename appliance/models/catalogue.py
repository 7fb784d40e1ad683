"""The models this product knows, as ``models/catalogue.toml`` lists them.

An entry says what a model is, where it comes from, what it needs, and how its
prompts are put together. A checksum is either the one stated there or, where the
catalogue states none, the one recorded when the file was imported: none is invented.
"""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from appliance.errors import NotFound
from appliance.places import catalogue_file
from appliance.records import LANGUAGES, Language

Weight = Annotated[float, msgspec.Meta(ge=0, le=10)]


class Fusion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much each signal counts when this embedder's hits are joined with keywords; the
    signals are those of ``index.fusion``."""

    words: Weight
    coverage: Weight
    names: Weight
    bigrams: Weight
    grams: Weight
    sentence: Weight
    wording: Weight
    meaning: Weight
    brevity: Weight


class Evidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The constants that judge with this embedder whether there is an answer at all; the
    facts are those of ``answering.evidence``."""

    constant: float
    words: float
    coverage: float
    sentence_coverage: float
    score: float
    gap: float
    lead: float
    unknown: float
    sentence_meaning: float
    meaning: float


class Template(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The control text around a prompt's parts; see ``templates`` for how it is laid.

    ``system`` says where the assistant's instructions go: into a turn of their own,
    before the text of the first user turn, or nowhere. ``turns`` says whether the
    model was trained on conversations or on one question.
    """

    start: str = ""
    system: Literal["own_turn", "first_user", "none"] = "first_user"
    system_open: str = ""
    system_close: str = ""
    user_open: str
    user_close: str
    answer_open: str = ""
    answer_close: str
    turns: Literal["all", "last"] = "all"


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model. ``context`` is in tokens, ``ram_mb`` and ``size`` in 2**20 and 1 bytes.

    ``size`` 0 and ``sha256`` "" mean: recorded on first import. ``source`` is the address of
    the folder that holds ``file`` and the ``files`` beside it; "" where none is known.
    """

    name: str
    kind: Literal["embedder", "language"]
    licence: str
    description: dict[Language, str] = {}
    package: str = ""
    folder: str = ""
    source: str = ""
    file: str
    files: tuple[str, ...] = ()
    size: Annotated[int, msgspec.Meta(ge=0)] = 0
    sha256: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")] = ""
    context: Annotated[int, msgspec.Meta(ge=64, le=1_048_576)]
    ram_mb: Annotated[int, msgspec.Meta(ge=1)]
    languages: tuple[Language, ...] = LANGUAGES
    tests_only: bool = False
    dimensions: Annotated[int, msgspec.Meta(ge=0, le=8192)] = 0
    query_prefix: str = ""
    passage_prefix: str = ""
    fusion: Fusion | None = None
    evidence: Evidence | None = None
    template: Template | None = None

    @property
    def all_files(self) -> tuple[str, ...]:
        """Every file of the model, the weights first."""
        return (self.file, *self.files)

    def home(self, folder: Path) -> Path:
        """Where its files lie in ``folder``: a language model's file there itself, an
        embedder's in a folder of their own."""
        return folder if self.kind == "language" else folder / self.name

    @property
    def stamp(self) -> str:
        """Name and version of an embedder: vectors of different stamps never meet."""
        return f"{self.name}@{self.sha256[:16] or 'unversioned'}"


class Site(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An origin that files are asked of, and the ``hosts`` (origins too) it sends on to."""

    origin: str
    hosts: tuple[str, ...]


class Models(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    model: tuple[Entry, ...]
    site: tuple[Site, ...] = ()


# msgspec learns a type at its first use, and crashes when two threads use it first at once,
# as those that load a runner's models do: it learns them here, in one.
msgspec.json.Decoder(Models)


def entries(file: Path | None = None) -> tuple[Entry, ...]:
    """All entries. Raises ``msgspec.ValidationError`` for a file that is not well formed,
    ``OSError`` for one that is not there."""
    known = msgspec.toml.decode((file or catalogue_file()).read_bytes(), type=Models).model
    for entry in known:
        _check(entry)
    return known


def hosts_of(origin: str) -> frozenset[str]:
    """The origins that the files of an origin really come from."""
    sites = msgspec.toml.decode(catalogue_file().read_bytes(), type=Models).site
    return frozenset(host for site in sites if site.origin == origin for host in site.hosts)


def _check(entry: Entry) -> None:
    if entry.kind == "language" and entry.template is None:
        raise msgspec.ValidationError(f"{entry.name}: a language model needs a template")
    if entry.kind == "embedder" and not (entry.dimensions and entry.fusion):
        raise msgspec.ValidationError(f"{entry.name}: an embedder needs dimensions and fusion")
    for file in entry.all_files:
        if file.startswith("/") or ".." in file.split("/"):
            raise msgspec.ValidationError(f"{entry.name}: {file} lies outside its folder")


def offered(kind: Literal["embedder", "language"]) -> tuple[Entry, ...]:
    """The entries people may choose from: those that are not for tests alone."""
    return tuple(entry for entry in entries() if entry.kind == kind and not entry.tests_only)


def find(name: str, kind: Literal["embedder", "language"] | None = None) -> Entry:
    """The entry of that name. Raises ``NotFound`` (``unknown_model``) naming those there are."""
    known = [entry for entry in entries() if kind in (None, entry.kind)]
    for entry in known:
        if entry.name == name:
            return entry
    names = ", ".join(entry.name for entry in known if not entry.tests_only)
    raise NotFound("unknown_model", name=name, known=names)


def configured(choice: str, folder: Path) -> tuple[Entry, Path]:
    """A language model as settings name it: ``NAME`` for the file imported into
    ``folder``, or ``NAME=PATH`` for a file elsewhere. Gives its entry and its file.

    Raises ``NotFound`` (``unknown_model``).
    """
    name, _, path = choice.partition("=")
    entry = find(name.strip(), "language")
    return entry, Path(path.strip()).expanduser() if path else folder / entry.file
