"""What administrators set is kept by section, and an odd value never closes the house."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import msgspec
import pytest

from appliance import options, sections
from appliance.database import Database
from appliance.errors import BadRequest
from appliance.sections import Field, Line, Lines, Paragraph, Secret, Section


class Post(Section, frozen=True):
    SECTION: ClassVar[str] = "post"
    TIED: ClassVar[Mapping[str, tuple[str, ...]]] = {"password": ("host",)}

    host: Line = ""
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)] = 587
    safety: Literal["tls", "none"] = "tls"
    active: bool = False
    password: Secret = ""
    footer: Paragraph = ""
    copies: Lines = ()

    def check(self) -> None:
        if self.active and not self.host:
            raise BadRequest("bad_option", field="host", reason="empty")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with contextlib.closing(Database(tmp_path / "appliance.db")) as opened:
        opened.migrate()
        yield opened


def test_a_section_that_nobody_set_has_its_defaults(database: Database) -> None:
    assert options.read(database, Post) == Post()


def test_a_section_is_kept_whole(database: Database) -> None:
    post = Post(host="correio.escola.example", port=25, copies=("a@b.example",))
    with database.write() as writer:
        options.store(writer, Post(host="antigo.example"))
        options.store(writer, post)

    assert options.read(database, Post) == post


def test_values_that_do_not_go_together_are_not_kept(database: Database) -> None:
    with pytest.raises(BadRequest), database.write() as writer:
        options.store(writer, Post(active=True))

    assert options.read(database, Post) == Post()


def test_a_value_that_this_version_does_not_take_stands_at_its_default(
    database: Database,
) -> None:
    older = {"host": "correio.example", "port": 0, "safety": "starttls", "gone": 1}
    with database.write() as writer:
        writer.run(
            "insert into options values ('post', :value, '2026')",
            {"value": msgspec.json.encode(older).decode()},
        )

    assert options.read(database, Post) == Post(host="correio.example")


def test_some_fields_change_and_the_rest_stays() -> None:
    post = Post(host="a.example", port=25)

    assert sections.changed(post, {"port": 465}) == Post(host="a.example", port=465)


def test_a_secret_does_not_follow_to_another_server() -> None:
    post = Post(host="a.example", password="sealed")

    assert sections.changed(post, {"port": 25}).password == "sealed"
    assert sections.changed(post, {"host": "a.example"}).password == "sealed"
    assert sections.changed(post, {"host": "b.example"}).password == ""
    assert sections.changed(post, {"host": "b.example", "password": "new"}).password == "new"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"port": 0}, "port"),
        ({"port": "587"}, "port"),
        ({"safety": "starttls"}, "safety"),
        ({"active": 1}, "active"),
        ({"host": "a\r\nb"}, "host"),
        ({"copies": ["a", 3]}, "copies"),
        ({"copies": "a"}, "copies"),
    ],
)
def test_a_field_that_does_not_take_a_value_is_named(
    changes: dict[str, object], field: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        sections.changed(Post(), changes)

    assert refused.value.code == "bad_option"
    assert refused.value.facts["field"] == field


def test_an_unknown_field_is_refused_by_its_name() -> None:
    with pytest.raises(BadRequest) as refused:
        sections.changed(Post(), {"pasword": "x"})

    assert (refused.value.code, refused.value.facts) == ("unknown_field", {"field": "pasword"})


def test_fields_say_how_a_form_draws_them() -> None:
    assert sections.fields(Post) == [
        Field(name="host", shape="line"),
        Field(name="port", shape="number", least=1, most=65_535),
        Field(name="safety", shape="choice", choices=("none", "tls")),
        Field(name="active", shape="switch"),
        Field(name="password", shape="secret"),
        Field(name="footer", shape="paragraph"),
        Field(name="copies", shape="lines"),
    ]
    assert sections.secrets(Post) == {"password"}
