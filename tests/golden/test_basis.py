"""What a run stands on, and what is another than the last time."""

from typing import Any

from appliance.golden import basis
from appliance.golden.basis import MOST_NAMED, Basis, Change, differences


def stood(**facts: Any) -> Basis:
    plain: dict[str, Any] = {
        "documents": {"d1": ("Regimento", "t1"), "d2": ("Calendário", "t1")},
        "settings": {"mode": "x", "refusal": "y"},
        "questions": {"g1": "t1"},
        "model": "mistral",
        "embedder": "e5",
        "version": "0.7.0",
    }
    return Basis(**plain | facts)


def test_nothing_that_changed_is_no_change() -> None:
    assert differences(stood(), stood()) == []


def test_documents_that_came_went_and_were_read_again_are_named() -> None:
    now = stood(documents={"d1": ("Regimento", "t2"), "d3": ("Portaria", "t2")})

    assert differences(stood(), now) == [
        Change(kind="documents_added", names=("Portaria",), count=1),
        Change(kind="documents_removed", names=("Calendário",), count=1),
        Change(kind="documents_changed", names=("Regimento",), count=1),
    ]


def test_a_new_title_alone_changes_nothing() -> None:
    documents = {"d1": ("Outro título", "t1"), "d2": ("Calendário", "t1")}

    assert differences(stood(), stood(documents=documents)) == []


def test_settings_are_named_questions_counted() -> None:
    now = stood(settings={"mode": "z", "refusal": "y"}, questions={"g1": "t2", "g2": "t1"})

    assert differences(stood(), now) == [
        Change(kind="settings", names=("mode",), count=1),
        Change(kind="questions", names=(), count=2),
    ]


def test_model_embedder_and_version_tell_before_and_after() -> None:
    now = stood(model="", embedder="bge", version="0.8.0")

    assert differences(stood(), now) == [
        Change(kind="model", names=("mistral", ""), count=1),
        Change(kind="embedder", names=("e5", "bge"), count=1),
        Change(kind="version", names=("0.7.0", "0.8.0"), count=1),
    ]


def test_of_many_documents_some_are_named_and_all_counted() -> None:
    many = {f"d{n}": (f"Documento {n:03}", "t1") for n in range(100)}
    (change,) = differences(stood(documents={}), stood(documents=many))

    assert (len(change.names), change.count) == (MOST_NAMED, 100)
    assert change.names[0] == "Documento 000"


def test_a_mark_is_short_and_the_same_for_the_same() -> None:
    assert basis.mark({"a": [1], "b": None}) == basis.mark({"b": None, "a": [1]})
    assert basis.mark("a") != basis.mark("b")
    assert len(basis.mark("a")) == 16
