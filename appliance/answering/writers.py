"""Which language model writes for an assistant: the built-in one, or an engine beside it.

An engine is used only while everything is as it should be: its very hosts are opened in the
settings, its key and its package are there. Where not, the assistant quotes; it is never
moved to another engine behind its owner's back. Every request is written down before it is
sent, and each answer knows whether something left the building for it.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from appliance import engines, net, outgoing
from appliance.database import Database
from appliance.engines import Engine
from appliance.errors import BadRequest, Conflict, Refusal
from appliance.models import Generator, Prompt, Sampling, Turn
from appliance.models.providers import HostedChat, missing
from appliance.models.remote import EngineGenerator, Stream
from appliance.models.upstreams import SiteChat, Upstreams
from appliance.net import Gate
from appliance.records import Assistant, Problem, Record
from appliance.settings import Settings

log = logging.getLogger(__name__)
PURPOSE = "generate"
MOST_BYTES = 20_000_000  # of one answer
ASKED = Prompt(system="", turns=(Turn(role="user", text="1 + 1 ="),))
FEW_TOKENS = Sampling(max_tokens=16)


class Reached(Record, frozen=True):
    """How one address of an engine was, the last time that anybody asked it."""

    address: str
    state: str  # unknown | up | down
    problem: Problem | None = None


class Checked(Record, frozen=True):
    """What came of trying an engine: ``problem`` None means that it writes."""

    problem: Problem | None
    first_token_ms: float | None


class Writers:
    """The language models of the assistants. ``built_in()`` gives the appliance's own."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        built_in: Callable[[], Generator | None],
    ) -> None:
        self.database = database
        self.settings = settings
        self.built_in = built_in
        self._lock = threading.Lock()
        self._upstreams: dict[str, tuple[tuple[str, ...], Upstreams]] = {}

    def of(self, assistant: Assistant) -> Generator | None:
        """The model that writes for an assistant; None where it has to quote."""
        if assistant.engine is None:
            return self.built_in()
        try:
            engine = engines.get(self.database, assistant.engine)
            self.examine(engine, self._key(engine))
        except Refusal as refusal:
            log.warning("the engine of %s cannot be used: %s", assistant.slug, refusal)
            return None
        return self._generator(engine)

    def examine(self, engine: Engine, key: str) -> None:
        """Whether an engine may be used with this key.

        Raises ``BadRequest`` (``bad_address``, ``engine_without_address``,
        ``engine_not_secret``, ``engine_key_missing``), ``NotAllowed`` (``host_not_open``)
        and ``Conflict`` (``engine_not_installed``).
        """
        if not engine.addresses:
            raise BadRequest("engine_without_address", name=engine.name)
        gate = self._gate(engine, lambda: None)
        for address in engine.addresses:
            gate.check(address)
            if engine.leaves_building and not _secret(address):
                raise BadRequest("engine_not_secret", address=address)
        if not engine.leaves_building:
            return
        if package := missing(engine.kind):
            raise Conflict("engine_not_installed", name=engine.name, package=package)
        if not key:
            raise BadRequest("engine_key_missing", name=engine.name)

    def obstacle(self, engine: Engine) -> Problem | None:
        """Why an engine that is kept may or can not be used now; None where it can."""
        try:
            self.examine(engine, self._key(engine))
        except Refusal as refusal:
            return refusal.problem
        return None

    def reached(self, engine: Engine) -> list[Reached]:
        """How the addresses of an engine were when they were last asked."""
        if engine.leaves_building:
            return [Reached(address=one, state="unknown") for one in engine.addresses]
        return [
            Reached(
                address=one.address,
                state=one.state,
                problem=_of_address(one.address, one.fault) if one.fault else None,
            )
            for one in self._of_site(engine).every
        ]

    def check(self, engine: Engine) -> Checked:
        """Ask every address of an engine how it is, then for a few words."""
        try:
            self.examine(engine, self._key(engine))
            if not engine.leaves_building:
                asyncio.run(self._site(engine, self._gate(engine, lambda: None)).look())
            began = time.monotonic()
            writing = self._generator(engine).generate(ASKED, FEW_TOKENS)
            try:
                next(iter(writing), None)
            finally:
                writing.close()
        except Refusal as refusal:
            return Checked(problem=refusal.problem, first_token_ms=None)
        took = (time.monotonic() - began) * 1000
        return Checked(problem=None, first_token_ms=round(took, 1))

    def _generator(self, engine: Engine) -> EngineGenerator:
        """The engine for one question, which knows what it sent away."""
        sent = threading.Event()
        stream = self._stream(engine, self._gate(engine, sent.set))
        return EngineGenerator(
            engine.model,
            engine.context,
            stream,
            left=lambda: engine.leaves_building and sent.is_set(),
        )

    def _stream(self, engine: Engine, gate: Gate) -> Stream:
        if engine.kind == "site":
            return self._site(engine, gate).stream
        address, key = engine.addresses[0], self._key(engine)
        return HostedChat(engine.name, engine.kind, address, engine.model, key, gate).stream

    def _site(self, engine: Engine, gate: Gate) -> SiteChat:
        key = self._key(engine)
        return SiteChat(engine.name, engine.model, key, self._of_site(engine), gate)

    def _of_site(self, engine: Engine) -> Upstreams:
        """The engine's addresses with what is known of them, as long as they stay the same."""
        with self._lock:
            addresses, upstreams = self._upstreams.get(engine.id, ((), Upstreams([])))
            if addresses != engine.addresses:
                upstreams = Upstreams(engine.addresses)
                self._upstreams[engine.id] = engine.addresses, upstreams
        return upstreams

    def _gate(self, engine: Engine, sent: Callable[[], None]) -> Gate:
        """The way to an engine's own hosts, as far as the settings open them, and to no other:
        a redirect would take the key along."""

        def record(origin: str, purpose: str) -> None:
            outgoing.record(self.database, origin, purpose)
            sent()

        named = frozenset(net.origin(address) for address in engine.addresses)
        return Gate(
            purpose=PURPOSE,
            opened=net.origins(self.settings.open_hosts) & named,
            within=not engine.leaves_building,
            proxy=self.settings.proxy,
            limit=MOST_BYTES,
            record=record,
            refuse=lambda origin, purpose: outgoing.refuse(self.database, origin, purpose),
        )

    def _key(self, engine: Engine) -> str:
        return engines.key(self.settings.data, engine.id)


def _of_address(address: str, fault: Refusal) -> Problem:
    """What is wrong with one address; that none of them answers is not known from one."""
    if fault.code == "engine_unreachable":
        return Problem(code="engine_address_silent", facts={"address": address})
    return fault.problem


def _secret(address: str) -> bool:
    """Whether what is sent to an address stays unread on the way."""
    url = urlsplit(address)
    return url.scheme == "https" or (url.hostname or "") in ("127.0.0.1", "::1", "localhost")
