"""What was filled in goes on: by letter, and to a program that the house lets wait for it.

Each way is a job of its own whose subject is the handover: nothing of what was filled in is
copied on the way, and what was erased meanwhile is sent to nobody. A server that is away is
waited for; one that refuses ends the job with its reason. A payload goes only to an origin
that the administrator opened (``open_hosts``), signed (``hooks``), and follows no redirect.
"""

import time
from typing import Any

import msgspec

from appliance import assistants, flows, handovers, hooks, net, options, outgoing
from appliance.database import Database
from appliance.errors import (
    BadRequest,
    Conflict,
    NotAllowed,
    NotFound,
    Refusal,
    Unavailable,
    Unreadable,
    sentence,
)
from appliance.forms import Form
from appliance.handovers import Handover
from appliance.jobs import ledger, post
from appliance.jobs.watch import SubjectGone, Watch
from appliance.mail import ADDRESS, Letter, Mail
from appliance.net import Gate
from appliance.reach import EVERYWHERE
from appliance.records import Assistant, Job
from appliance.settings import Settings
from appliance.vault import Vault

MAIL, HOOK = "form_mail", "form_hook"
PURPOSE = "form"
ANSWER_BYTES = 64_000
LATER = {408, 425, 429}  # RFC 9110, 6585: too early, or too often


def way(settings: Settings, database: Database) -> Gate:
    """The way out of payloads: to what the administrator opened, and nowhere else."""
    return Gate(
        purpose=PURPOSE,
        opened=net.origins(settings.open_hosts),
        proxy=settings.proxy,
        limit=ANSWER_BYTES,
        record=lambda origin, purpose: outgoing.record(database, origin, purpose),
        refuse=lambda origin, purpose: outgoing.refuse(database, origin, purpose),
    )


def check(form: Form, settings: Settings, database: Database, assistant_id: str) -> None:
    """Raise ``BadRequest`` (``form_bad_mail_to``, ``form_mail_not_set``, ``bad_address``),
    ``NotAllowed`` (``host_not_open``) and ``Conflict`` (``form_hook_without_secret``) for a form
    that could not be sent on."""
    if form.mail_to and not ADDRESS.fullmatch(form.mail_to):
        raise BadRequest("form_bad_mail_to", address=form.mail_to)
    if form.mail_to and not options.read(database, Mail).is_set:
        raise BadRequest("form_mail_not_set")
    if not form.webhook:
        return
    way(settings, database).check(form.webhook)
    if hooks.made_at(database, assistant_id) is None:
        raise Conflict("form_hook_without_secret")


def begin(database: Database, form: Form, handover_id: str) -> list[Job]:
    """Open the jobs that send on what was filled in, within the caller's transaction; deliver
    them after the commit."""
    kinds = [kind for kind, to in ((MAIL, form.mail_to), (HOOK, form.webhook)) if to]
    return [ledger.open(database, kind, handover_id) for kind in kinds]


def begin_again(database: Database, job: Job) -> bool:
    """Whether a retried job has something to send: the handover is still there."""
    return _handover(database, job.subject) is not None


class Forwarding:
    """Does the jobs of the kinds "form_mail" and "form_hook", whose subject is a handover."""

    def __init__(self, database: Database, settings: Settings, vault: Vault) -> None:
        self.database = database
        self.settings = settings
        self.vault = vault

    def mail(self, job: Job, watch: Watch) -> None:
        """Send what was filled in by letter. Raises as ``post.send_now`` does, and
        ``SubjectGone`` where nobody wants it any more."""
        found, assistant, form = self._wanted(job, watch)
        if not form.mail_to:
            raise SubjectGone
        post.send_now(self.database, self.vault, _letter(form, found, assistant, self.settings))

    def hook(self, job: Job, watch: Watch) -> None:
        """Send what was filled in to the program that waits for it. Raises ``Unavailable``
        (``form_hook_later``, ``host_not_reached``) for what may pass, ``Unreadable``
        (``form_hook_refused``, ``host_not_open`` …) for what will not, and ``SubjectGone``."""
        found, assistant, form = self._wanted(job, watch)
        if not form.webhook:
            raise SubjectGone
        body, moment = msgspec.json.encode(_payload(found, assistant)), int(time.time())
        try:
            vouched = hooks.signed(self.database, self.vault, assistant.id, body, moment)
            answer = way(self.settings, self.database).send(
                "POST", form.webhook, headers=vouched | {"Content-Type": "application/json"},
                body=body, redirects=False,
            )  # fmt: skip
        except (NotAllowed, Conflict, BadRequest) as refusal:
            raise Unreadable(refusal.code, **refusal.facts) from refusal
        _judge(net.origin(form.webhook), answer.status)

    def _wanted(self, job: Job, watch: Watch) -> tuple[Handover, Assistant, Form]:
        watch.check()
        found = _handover(self.database, job.subject)
        if found is None:
            raise SubjectGone
        assistant = assistants.get(self.database, found.assistant)
        return found, assistant, flows.of(self.database, assistant.id).form


def _handover(database: Database, handover_id: str) -> Handover | None:
    try:
        return handovers.get(database, handover_id, reach=EVERYWHERE)
    except NotFound:
        return None


def _letter(form: Form, found: Handover, assistant: Assistant, settings: Settings) -> Letter:
    filled = "\n\n".join(f"{one.label}\n{one.value}" for one in found.answers)
    link = f"{settings.address}/#/handovers"
    told = {"form": found.form, "assistant": assistant.name, "filled": filled, "link": link}
    language = assistant.language
    return Letter(
        to=form.mail_to,
        subject=sentence("letter_form_subject", told, language),
        text=sentence("letter_form", told, language) + "\n",
    )


def _payload(found: Handover, assistant: Assistant) -> dict[str, Any]:
    return {
        "event": "form.sent",
        "id": found.id,
        "sent_at": found.created_at,
        "assistant": {"id": assistant.id, "name": assistant.name},
        "conversation": found.conversation,
        "form": found.form,
        "answers": [{"label": one.label, "value": one.value} for one in found.answers],
    }


def _judge(origin: str, status: int) -> None:
    if status < 300:
        return
    kind: type[Refusal] = Unavailable if status >= 500 or status in LATER else Unreadable
    code = "form_hook_later" if kind is Unavailable else "form_hook_refused"
    raise kind(code, origin=origin, status=status)
