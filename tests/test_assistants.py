"""The assistants: their names, what they read, and what changes of them."""

import pytest

from appliance import assistants, collections
from appliance.errors import BadRequest, NotFound
from appliance.reach import Reach


def collection(database, name="Secretaria"):
    with database.write() as db:
        return collections.create(db, name).id


def created(database, name="Secretaria", **settings):
    chosen = settings.pop("collections", None) or [collection(database)]
    with database.write() as db:
        return assistants.create(db, name=name, language="pt", collections=chosen, **settings)


def test_a_new_assistant_is_closed_to_other_sites_and_balanced(database):
    made = created(database)

    assert made.origins == ()
    assert made.strictness == "balanced"
    assert made.mode is None
    assert assistants.get(database, made.id) == made


def test_an_assistant_keeps_what_it_was_given(database):
    made = created(database, suggestions=["Quando?", "Onde?"], origins=["https://escola.example"])

    assert made.suggestions == ("Quando?", "Onde?")
    assert made.origins == ("https://escola.example",)


def test_two_assistants_of_one_name_have_two_slugs(database):
    slugs = [created(database, "Secretaria Acadêmica").slug for _ in range(3)]

    assert slugs == ["secretaria-academica", "secretaria-academica-2", "secretaria-academica-3"]


@pytest.mark.parametrize(
    ("name", "slug"), [("Ação & Direito", "acao-direito"), ("日本", "assistant")]
)
def test_a_slug_is_made_for_addresses(name, slug):
    assert assistants.slug(name) == slug


def test_an_assistant_is_found_by_any_of_its_names(database):
    made = created(database)

    for name in (made.id, made.slug, made.public_id, made.name):
        assert assistants.named(database, name) == made
    with pytest.raises(NotFound):
        assistants.named(database, "Portaria")


def test_an_assistant_reads_only_collections_that_exist(database):
    with pytest.raises(BadRequest) as refusal:
        created(database, collections=["nowhere"])

    assert refusal.value.facts == {"collection": "nowhere"}
    assert assistants.every(database) == []


def test_a_change_leaves_the_rest_as_it_was(database):
    made = created(database, greeting="Bom dia!")

    with database.write() as db:
        changed = assistants.change(db, made.id, {"name": "Portaria"})

    assert (changed.name, changed.greeting, changed.slug) == ("Portaria", "Bom dia!", made.slug)
    assert changed.collections == made.collections


def test_an_assistant_can_read_other_collections(database):
    made, other = created(database), collection(database, "Diretoria")

    with database.write() as db:
        changed = assistants.change(db, made.id, {"collections": [other]})

    assert changed.collections == (other,)
    assert assistants.get(database, made.id) == changed


def test_a_removed_assistant_leaves_its_collection(database):
    made = created(database)

    with database.write() as db:
        assert assistants.remove(db, made.id)
        assert not assistants.remove(db, made.id)

    assert collections.get(database, made.collections[0]).name == "Secretaria"
    with pytest.raises(NotFound):
        assistants.get(database, made.id)


def test_changing_an_assistant_that_is_gone_is_refused(database):
    with pytest.raises(NotFound), database.write() as db:
        assistants.change(db, "gone", {"name": "Portaria"})


def test_assistants_are_listed_in_the_order_they_were_made(database):
    made = [created(database, name).id for name in ("A", "B", "C")]

    first = assistants.every(database, limit=2)

    assert [one.id for one in first] == made[:2]
    assert [one.id for one in assistants.every(database, after=first[-1].id)] == made[2:]


def test_assistants_are_listed_that_have_something_within_reach_or_read_nothing_yet(database):
    walled, plain = collection(database), collection(database, "Aberta")
    alone, mixed = (
        created(database, name, collections=ids).id
        for name, ids in (("A", [walled]), ("B", [walled, plain]))
    )
    with database.write() as db:
        empty = assistants.create(db, name="C", language="pt", collections=[]).id
    reach = Reach(closed=frozenset([walled]), within=None)

    assert [one.id for one in assistants.every(database, reach=reach)] == [mixed, empty]
    assert [one.id for one in assistants.every(database, these=[alone, empty])] == [alone, empty]


def test_what_assistants_tell_the_model_is_each_thing_once_and_the_newest_first(database):
    with database.write() as db:
        for name, language, instructions, mode in (
            ("A", "pt", "Seja breve.", None),
            ("B", "pt", "Seja cordial.", "generate"),
            ("C", "es", "Seja breve.", None),
            ("D", "pt", "Seja breve.", None),
            ("E", "pt", "Nunca lida.", "quote"),
        ):
            assistants.create(
                db, name=name, language=language, collections=[],
                instructions=instructions, mode=mode,
            )  # fmt: skip
    told = [("pt", "Seja breve."), ("es", "Seja breve."), ("pt", "Seja cordial.")]

    assert assistants.instructed(database, 9) == told
    assert assistants.instructed(database, 2) == told[:2]
