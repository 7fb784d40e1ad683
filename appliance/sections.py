"""Sections: what administrators set in the console, as Structs.

A *section* is one frozen Struct, each of its fields with a default; ``options`` keeps it as
one row of JSON. Whoever owns the matter declares it (``class Mail(sections.Section)``) and
names it in ``SECTION``. A field of type ``Secret`` holds what the vault has sealed for the
purpose "section.field", never the secret itself.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeVar

import msgspec
from msgspec import inspect

from appliance.errors import BadRequest
from appliance.records import Record

Secret = Annotated[str, msgspec.Meta(max_length=4000, extra={"shape": "secret"})]
Line = Annotated[str, msgspec.Meta(max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")]
Paragraph = Annotated[str, msgspec.Meta(max_length=10_000, extra={"shape": "paragraph"})]
Lines = Annotated[tuple[Line, ...], msgspec.Meta(max_length=100)]

Shape = Literal["line", "paragraph", "lines", "secret", "number", "switch", "choice"]


class Section(Record, frozen=True, forbid_unknown_fields=True):
    """The base of all sections."""

    SECTION: ClassVar[str] = ""
    # Of a secret, the fields that say to whom it is told: a change of these forgets it, or
    # whoever may change them could have it sent to themselves.
    TIED: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def check(self) -> None:
        """Raise ``BadRequest`` for values that do not go together; by default all do."""


Some = TypeVar("Some", bound=Section)


class Field(Record, frozen=True):
    """One field as a form draws it. ``least`` and ``most`` bound a number."""

    name: str
    shape: Shape
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None


def changed(section: Some, changes: Mapping[str, Any]) -> Some:
    """The section with some of its fields changed, and without the secrets tied to them.

    Raises ``BadRequest``: ``unknown_field``; ``bad_option`` with the field and what it wants.
    """
    kind = type(section)
    for name in changes:
        if name not in kind.__struct_fields__:
            raise BadRequest("unknown_field", field=name[:60])
    try:
        after = msgspec.convert(msgspec.to_builtins(section) | dict(changes), kind)
    except msgspec.ValidationError as fault:
        expected, _, place = str(fault).partition(" - at `$.")
        field = place.rstrip("`").partition("[")[0] or next(iter(changes), "")
        raise BadRequest("bad_option", field=field, reason=expected) from fault
    forgotten = {
        secret: ""
        for secret, fields in kind.TIED.items()
        if secret not in changes and any(getattr(section, f) != getattr(after, f) for f in fields)
    }
    return msgspec.structs.replace(after, **forgotten)


def fields(kind: type[Section]) -> list[Field]:
    """The fields of a section, in the order in which they were declared."""
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType)  # noqa: S101 - a section is one
    return [_field(one.name, one.type) for one in described.fields]


def secrets(kind: type[Section]) -> frozenset[str]:
    """The names of the fields that hold something sealed."""
    return frozenset(one.name for one in fields(kind) if one.shape == "secret")


def what_still_fits(kind: type[Some], stored: Mapping[str, Any]) -> Some:
    """The section of what is stored, but for the fields that this version no longer takes."""
    section = kind()
    for name, value in stored.items():
        try:
            section = changed(section, {name: value})
        except BadRequest:
            continue
    return section


def _field(name: str, kind: inspect.Type) -> Field:
    shape: Shape = "line"
    if isinstance(kind, inspect.Metadata):
        shape = (kind.extra or {}).get("shape", shape)
        kind = kind.type
    if isinstance(kind, inspect.BoolType):
        return Field(name=name, shape="switch")
    if isinstance(kind, inspect.IntType):
        return Field(name=name, shape="number", least=kind.ge, most=kind.le)
    if isinstance(kind, inspect.LiteralType):
        return Field(name=name, shape="choice", choices=tuple(str(one) for one in kind.values))
    if isinstance(kind, inspect.VarTupleType):
        return Field(name=name, shape="lines")
    return Field(name=name, shape=shape)
