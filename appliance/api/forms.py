"""The form of an assistant over HTTP: what it asks, what was filled in, and what signs it where
it is sent on."""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from appliance import audit, conversations, handovers, hooks
from appliance.answering import filling
from appliance.answering.flows import open_to
from appliance.api import rights
from appliance.api.chat import ASKERS
from appliance.api.flows import WHO, Taken
from appliance.database import Database
from appliance.errors import NotAllowed, sentence
from appliance.forms import Form, FormField
from appliance.jobs import forwarding
from appliance.jobs.queue import Queue
from appliance.records import Assistant, Caller
from appliance.vault import Vault

SIGNING = "/api/assistants/{assistant_id:str}/form-secret"
FORM = "/api/conversations/{conversation_id:str}/form"
Value = Annotated[str, msgspec.Meta(max_length=4000)]


class FormSheet(msgspec.Struct, frozen=True, kw_only=True):
    """A form as it is filled in; ``sent`` says that this was done in the conversation."""

    title: str
    fields: tuple[FormField, ...]
    sent: bool


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """When a secret was made; None: there is none."""

    made_at: str | None


class Sending(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What was typed, by the labels of the fields."""

    values: Annotated[dict[str, Value], msgspec.Meta(max_length=40)]


@get(FORM, who=ASKERS, sync_to_thread=True)
def show(
    conversation_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> FormSheet:
    """The form that may be filled in within one's own conversation."""
    _, form = _of(database, caller, conversation_id)
    sent = handovers.sent(database, conversation_id, form.title)
    return FormSheet(title=form.title, fields=form.fields, sent=sent)


@post(FORM, who=ASKERS, sync_to_thread=True)
def send(
    conversation_id: FromPath[str],
    data: JSONBody[Sending],
    database: NamedDependency[Database],
    queue: NamedDependency[Queue],
    caller: NamedDependency[Caller],
) -> Taken:
    """Send what was filled in to the house's people. Where a field does not fit nothing is
    kept, and the refusal says in ``fields`` what to do about each."""
    assistant, form = _of(database, caller, conversation_id)
    answers = filling.filled(form, data.values)
    with database.write() as db:
        made = handovers.ask(
            db, conversations.owner(caller), conversation_id, form=form.title, answers=answers
        )
        audit.record(db, caller, "form.send", assistant.id, collections=assistant.collections)
        jobs = forwarding.begin(database, form, made)
    for job in jobs:
        queue.deliver(job.id)
    return Taken(said=form.thanks or sentence("form_taken", {}, assistant.language))


def _of(database: Database, caller: Caller, conversation: str) -> tuple[Assistant, Form]:
    """The form of one's own conversation's assistant. Raises ``NotFound``, ``NotAllowed``
    (``form_off``)."""
    found = conversations.get(database, caller, conversation)
    assistant = rights.assistant(database, caller, found.assistant)
    form = open_to(database, caller, assistant).form
    if not form.on:
        raise NotAllowed("form_off")
    return assistant, form


@get(SIGNING, who=WHO, sync_to_thread=True)
def secret(
    assistant_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Known:
    """When the secret was made that signs what is sent on."""
    found = rights.assistant(database, caller, assistant_id, to_change=True)
    return Known(made_at=hooks.made_at(database, found.id))


@post(SIGNING, who=WHO, sync_to_thread=True)
def renew(
    assistant_id: FromPath[str],
    database: NamedDependency[Database],
    vault: NamedDependency[Vault],
    caller: NamedDependency[Caller],
) -> hooks.HookSecret:
    """Make the secret that signs what is sent on, in the place of the one there was; it is
    told only now."""
    found = rights.assistant(database, caller, assistant_id, to_change=True)
    with database.write() as db:
        made = hooks.renew(db, vault, found.id)
        audit.record(db, caller, "form.secret", found.id, collections=found.collections)
    return made


routes = [show, send, secret, renew]
