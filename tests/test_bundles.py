"""An assistant as one signed file: what travels, what never does, and what is refused."""

import json

import pytest

from appliance import (
    approved,
    assistants,
    bundles,
    flows,
    golden,
    logos,
    signatures,
    widgets,
)
from appliance.egress import signing
from appliance.errors import Conflict, TooLarge, Unreadable
from appliance.flows import Flows, ToPerson
from appliance.forms import Form, FormField
from appliance.looks import Look, Said
from appliance.reach import Reach
from tests.pictures import picture, size
from tests.test_assistants import collection, created

SEED = signatures.new_seed()
OTHER = signatures.new_seed()


@pytest.fixture
def dressed(database):
    made = created(
        database, "Secretaria", greeting="Olá!", suggestions=["Quando?"],
        origins=["https://escola.example"], instructions="Seja breve.",
    )  # fmt: skip
    with database.write() as db:
        logo = logos.keep(db, made.id, logos.drawn(picture(50, 40)))
        look = Look(logo=logo, position="left", words={"en": Said(greeting="Hello!")})
        widgets.address_to(db, made.id, "minors")
        return assistants.change(db, made.id, {"look": look})


def signed(contents: dict, seed: str = SEED, purpose: bytes = bundles.PURPOSE) -> bytes:
    return signatures.signed_file("assistant", contents, seed, purpose=purpose).encode()


def contents(database, dressed) -> dict:
    return json.loads(bundles.packed(database, dressed, SEED))["assistant"]


def test_an_assistant_comes_out_as_it_went_in(database, dressed):
    file = bundles.opened(bundles.packed(database, dressed, SEED).encode())
    with database.write() as db:
        made = bundles.take_in(db, file, collections=[collection(database, "Nova")])

    same = [name for name in bundles.COPIED if getattr(made, name) == getattr(dressed, name)]
    assert same == list(bundles.COPIED)
    assert made.name == "Secretaria"
    assert widgets.audience(database, made.id) == "minors"
    assert size(logos.picture(database, made.id, made.look.logo)) == (50, 40)


def test_it_comes_in_closed_and_with_nobodys_rights(database, dressed):
    with database.write() as db:
        assistants.change(db, dressed.id, {"access": "signed_in"})
    file = bundles.opened(bundles.packed(database, dressed, SEED).encode())
    with database.write() as db:
        made = bundles.take_in(db, file, collections=[])

    assert (made.origins, made.engine, made.editors, made.groups) == ((), None, (), ())


@pytest.mark.guarantee("SEC-16")
def test_the_file_holds_no_id_no_site_and_no_secret_of_the_house(database, dressed):
    file = bundles.packed(database, dressed, SEED)

    for private in (SEED, dressed.id, dressed.public_id, "escola.example", *dressed.collections):
        assert private not in file


def test_one_changed_byte_is_refused(database, dressed):
    file = bundles.packed(database, dressed, SEED)

    for changed in (file.replace("Seja breve", "Seja longo"), file + " ", file.replace("  ", "\t")):
        with pytest.raises(Unreadable) as refusal:
            bundles.opened(changed.encode())
        assert refusal.value.code == "bundle_changed"


@pytest.mark.parametrize(
    "file",
    [b"", b"[]", b"null", b'{"assistant": 1}', b"\xff\xfe", b'{"report": {}, "signature": {}}'],
)
def test_something_else_is_refused(file: bytes) -> None:
    with pytest.raises(Unreadable) as refusal:
        bundles.opened(file)

    assert refusal.value.code == "bundle_no_assistant"


def test_a_file_of_a_later_form_is_refused_with_its_programs_version(database, dressed):
    later = contents(database, dressed) | {"form": bundles.FORM + 1, "program": "9.0.0", "flow": 1}

    with pytest.raises(Unreadable) as refusal:
        bundles.opened(signed(later))

    assert (refusal.value.code, refusal.value.facts) == ("bundle_newer", {"program": "9.0.0"})


@pytest.mark.parametrize(
    "changes",
    [{"role": "admin"}, {"accent": "red;}"}, {"name": ""}, {"mode": "magic"},
     {"look": {"logo": "../../x"}}, {"instructions": "a" * 9000}],
)  # fmt: skip
def test_a_signed_file_stays_within_the_bounds_of_the_api(database, dressed, changes):
    wrong = contents(database, dressed)
    wrong["settings"] |= changes

    with pytest.raises(Unreadable) as refusal:
        bundles.opened(signed(wrong))

    assert refusal.value.code == "bundle_no_assistant"


@pytest.mark.parametrize("logo", ["no base64", "PHN2Zy8+", "AAAA"])
def test_a_picture_in_a_file_is_looked_at_like_any_other(database, dressed, logo):
    file = bundles.opened(signed(contents(database, dressed) | {"logo": logo}))

    with pytest.raises(Unreadable), database.write() as db:
        bundles.take_in(db, file, collections=[])

    assert len(assistants.every(database)) == 1


def test_a_file_of_another_house_wants_its_fingerprint_confirmed(database, dressed):
    file = bundles.opened(signed(contents(database, dressed) | {"made_by": "Escola B"}, OTHER))
    own = signatures.fingerprint(signatures.public_key(SEED))

    with pytest.raises(Conflict) as refusal:
        bundles.recognise(file, own=own, confirmed="")

    assert refusal.value.facts == {"name": "Escola B", "fingerprint": file.fingerprint}
    with pytest.raises(Conflict):
        bundles.recognise(file, own=own, confirmed=own)
    bundles.recognise(file, own=own, confirmed=file.fingerprint)


def test_a_file_of_one_kind_does_not_pass_for_one_of_another(database, dressed):
    told = contents(database, dressed)

    with pytest.raises(Unreadable):
        bundles.opened(signed(told, purpose=b""))
    as_report = bundles.packed(database, dressed, SEED).replace('"assistant": {', '"report": {', 1)
    with pytest.raises(Unreadable) as refusal:
        signing.check(as_report.encode())
    assert refusal.value.code == "egress_changed"


def test_a_copy_is_closed_to_sites_and_keeps_what_protects_its_visitors(database, dressed):
    with database.write() as db:
        widgets.set_limits(db, dressed.id, widgets.Limits(per_day=7))
        before = assistants.change(db, dressed.id, {"access": "signed_in"})
        made = bundles.copied(
            db, database, before, "Cópia", collections=before.collections, editors=(), engine=None
        )

    assert (made.name, made.origins, made.access) == ("Cópia", (), "signed_in")
    assert made.collections == dressed.collections
    assert made.public_id != dressed.public_id
    assert made.look == dressed.look
    assert widgets.limits(database, made.id).per_day == 7
    assert widgets.audience(database, made.id) == "minors"


@pytest.fixture
def taught(database, dressed):
    """The same with flows, an approved answer that cites a page, and golden questions."""
    shelf = dressed.collections[0] if dressed.collections else collection(database, "Regras")
    form = Form(
        on=True, title="Pedir vaga", fields=(FormField(label="Nome"),),
        mail_to="ana@escola.example", webhook="https://crm.escola.example/forms",
    )  # fmt: skip
    with database.write() as db:
        db.run(
            """
            insert into documents (id, collection, title, file_name, media_type, bytes, sha256,
                state, created_at)
            values ('regimento-da-casa', :shelf, 'Regimento', 'r.txt', 'text/plain', 1, 'x',
                'ready', '')
            """,
            {"shelf": shelf},
        )
        flows.store(db, dressed.id, Flows(person=ToPerson(on=True), form=form))
        answer = approved.Draft(questions=("Qual o CEP?", "CEP?"), text="01310-100.", active=False)
        approved.create(db, dressed.id, answer)
        cites = approved.Draft(
            questions=("Há multa?",), text="Há.", document="regimento-da-casa", page=2
        )
        approved.create(db, dressed.id, cites)
        golden.add(
            db, dressed.id, golden.Wanted(question="Quando?", document="regimento-da-casa", page=3)
        )
        refused = golden.Wanted(question="E a senha?", must_refuse=True, phrases=("não",))
        golden.add(db, dressed.id, refused)
    return dressed


def told(database, assistant_id: str) -> list:
    answers = approved.every(database, assistant_id)
    return [(one.questions, one.text, one.active, one.cited) for one in answers]


def asked(database, assistant_id: str) -> list:
    return [
        (one.question, one.document, one.page, one.phrases, one.must_refuse)
        for one in golden.every(database, assistant_id)
    ]


def test_what_it_was_taught_travels_without_pages_and_ids(database, taught):
    file = bundles.packed(database, taught, SEED)
    with database.write() as db:
        made = bundles.take_in(db, bundles.opened(file.encode()), collections=[])

    assert told(database, made.id) == [
        (("Há multa?",), "Há.", True, None),
        (("Qual o CEP?", "CEP?"), "01310-100.", False, None),
    ]
    assert asked(database, made.id) == [
        ("Quando?", "Regimento", 3, (), False), ("E a senha?", "", None, ("não",), True),
    ]  # fmt: skip
    assert "regimento-da-casa" not in file
    assert "crm.escola" not in file
    assert "ana@escola" not in file


def test_flows_travel_but_for_where_the_form_is_sent_on_to(database, taught):
    file = bundles.opened(bundles.packed(database, taught, SEED).encode())
    with database.write() as db:
        made = bundles.take_in(db, file, collections=[])
        copy = bundles.copied(db, database, taught, "Outra", collections=taught.collections)

    was, came, beside = (flows.of(database, one.id) for one in (taught, made, copy))
    assert came.person == beside.person == was.person
    assert came.form.fields == beside.form.fields == was.form.fields
    assert (came.form.mail_to, came.form.webhook) == ("", "")
    assert (beside.form.mail_to, beside.form.webhook) == ("ana@escola.example", "")


def test_a_copy_was_taught_the_same(database, taught):
    with database.write() as db:
        copy = bundles.copied(db, database, taught, "Outra", collections=taught.collections)

    assert told(database, copy.id) == told(database, taught.id)
    assert asked(database, copy.id) == asked(database, taught.id)


@pytest.mark.guarantee("SEC-20")
def test_an_answer_that_cites_what_is_closed_to_whoever_asks_stays(database, taught):
    closed = Reach(closed=frozenset(taught.collections), within=None)
    file = bundles.opened(bundles.packed(database, taught, SEED, reach=closed).encode())

    assert [one.text for one in file.contents.approved] == ["01310-100."]


def test_more_than_a_file_takes_is_refused(database, taught, monkeypatch):
    monkeypatch.setattr(bundles, "MOST_BYTES", 200)
    with pytest.raises(TooLarge) as refusal:
        bundles.packed(database, taught, SEED)

    assert refusal.value.code == "bundle_too_large"


def test_a_file_from_before_flows_travelled_is_taken_in(database, dressed):
    old = contents(database, dressed)
    for name in ("flows", "approved", "golden"):
        del old[name]
    with database.write() as db:
        made = bundles.take_in(db, bundles.opened(signed(old)), collections=[])

    assert flows.of(database, made.id) == Flows()
    assert told(database, made.id) == []
