"""The OpenID provider of a house: signing in by it (authorization code with PKCE).

The provider is asked by the gate of ``net`` alone: at the issuer that an administrator named,
and at the addresses that the issuer names itself. What has to be known again when somebody
comes back (nonce, verifier) is made of the state by the master key, and lies nowhere.
"""

import base64
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from appliance import facts, net, options, outgoing
from appliance.database import Database
from appliance.errors import NotAllowed, NotSignedIn, Refusal, Unavailable
from appliance.federation import contacts, joining
from appliance.federation.joining import Admission, Vouched
from appliance.net import Answer, Gate
from appliance.records import Person, Problem, Record, timestamp
from appliance.settings import Settings
from appliance.signin import handshakes, mapping, oidc
from appliance.signin.oidc import Provider
from appliance.vault import Vault

PURPOSE = "sign-in"
ANSWER_SECONDS = 10.0  # from the first look at its name to the last byte
LOOK_EVERY = timedelta(minutes=15)
CHECKED = "provider_checked"
ANSWER_BYTES = 1_000_000
CALLBACK = "/api/session/oidc/callback"

log = logging.getLogger(__name__)


# What a request of the gate failed by, as it is told here; anything else led where it may not.
_CODES = {
    "host_not_reached": "oidc_not_reached",
    "answer_too_large": "oidc_too_large",
    "host_too_slow": "oidc_slow",
}


class Discovery(msgspec.Struct, frozen=True, kw_only=True):
    """Where a provider says that it is asked (OpenID Connect Discovery, 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class Begun(Record, frozen=True):
    """A sign-in that goes on at ``address``; ``browser`` is for this browser to keep."""

    address: str
    browser: str


class Reached(Record, frozen=True):
    """What a test of the provider found."""

    issuer: str
    keys: int


class Providers:
    """The provider of a house, by the settings of the moment."""

    def __init__(self, database: Database, vault: Vault, settings: Settings) -> None:
        self.database = database
        self.vault = vault
        self.settings = settings

    def is_on(self) -> bool:
        """Whether people sign in by it."""
        return self.section().enabled

    def section(self) -> Provider:
        """As it is set."""
        return options.read(self.database, Provider)

    @property
    def callback(self) -> str:
        """Where the provider sends people back to, and nowhere else."""
        return self.settings.address.rstrip("/") + CALLBACK

    @property
    def home(self) -> str:
        """Where the provider sends people who were signed out."""
        return self.settings.address.rstrip("/") + "/"

    def begin(self, following: str) -> Begun:
        """Begin a sign-in. Raises ``BadRequest`` (``bad_next``), ``NotAllowed`` (``oidc_off``) and
        ``Unavailable`` (``oidc_not_reached``, ``oidc_answer``)."""
        following, section = oidc.local_path(following), self._on()
        with self._noted():
            found = self._discovered(section)
        state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        asked = {
            "response_type": "code",
            "client_id": section.client,
            "redirect_uri": self.callback,
            "scope": section.scopes,
            "state": state,
            "nonce": self._made_of(state, "nonce"),
            "code_challenge": oidc.challenge(self._made_of(state, "verifier")),
            "code_challenge_method": "S256",
        }
        with self.database.write() as writer:
            handshakes.begin(writer, state=state, browser=browser, following=following)
        joint = "&" if "?" in found.authorization_endpoint else "?"
        return Begun(
            address=f"{found.authorization_endpoint}{joint}{urlencode(asked)}", browser=browser
        )

    def finish(
        self, *, state: str, browser: str, code: str, issuer: str = ""
    ) -> tuple[Person, str]:
        """Who came back, and where they go. ``issuer`` is what the answer says of itself.

        Raises ``NotSignedIn`` (``oidc_state``, ``oidc_code``, ``oidc_token``), ``NotAllowed``
        (``oidc_unverified``, ``oidc_off``), ``Unavailable``, and as ``joining.join`` does.
        """
        section = self._on()
        with self.database.write() as writer:
            following = handshakes.spend(writer, state=state, browser=browser)
        with self._noted():
            vouched = self._vouched(section, state, code, issuer)
        try:
            return joining.join(self.database, vouched, self._admission()), following
        except NotAllowed:
            # What whoever wrote the rules has to know, and cannot see: that none came, mostly.
            told = len(vouched.groups)
            log.warning("no rule fits; the provider named %d groups in %r", told, section.groups)
            raise

    def _vouched(self, section: Provider, state: str, code: str, issuer: str) -> Vouched:
        found = self._discovered(section)
        if not code or (issuer and issuer != found.issuer):  # RFC 9207
            raise NotSignedIn("oidc_code")
        told = self._exchanged(section, found, code, self._made_of(state, "verifier"))
        said = oidc.claims(
            str(told.get("id_token") or ""),
            self._keys(section, found),
            issuer=found.issuer,
            client=section.client,
            nonce=self._made_of(state, "nonce"),
        )
        said = self._more(section, found, said, str(told.get("access_token") or ""))
        return _vouched(section, found, said)

    def test(self) -> Reached:
        """Ask the provider where it is asked, and for its keys. Raises ``Unavailable``."""
        section = self.section()
        if not section.issuer:
            raise Unavailable("oidc_incomplete")
        with self._noted():
            found = self._discovered(section)
            return Reached(issuer=found.issuer, keys=len(self._keys(section, found)))

    def look(self, *, now: datetime | None = None) -> bool:
        """Ask the provider whether it is there, if that is due; whether it answered."""
        section, now = self.section(), now or datetime.now(UTC)
        last = facts.get(self.database, CHECKED)
        if not section.enabled or (last and now - datetime.fromisoformat(last) < LOOK_EVERY):
            return False
        with self.database.write() as writer:
            facts.put(writer, CHECKED, timestamp(now))
        try:
            with self._noted():
                self._discovered(section)
        except Unavailable as fault:
            log.warning("the OpenID provider could not be asked: %s", fault)
            return False
        return True

    def problem(self) -> Problem | None:
        """What is wrong with the provider, or None: nothing, or nobody signs in by it."""
        contact = contacts.read(self.database, "provider")
        return contact.problem if contact.is_away and self.is_on() else None

    def checked_at(self) -> str | None:
        """When the house asked for it by itself last."""
        return facts.get(self.database, CHECKED)

    def leaving(self) -> str:
        """Where somebody of the provider, signed out here, is signed out there as well (OpenID
        Connect RP-Initiated Logout, 2); "" where it offers none. Asks nobody."""
        section, ends_at = self.section(), contacts.read(self.database, "provider").ends_at
        if not (section.enabled and ends_at):
            return ""
        asked = {"client_id": section.client, "post_logout_redirect_uri": self.home}
        return f"{ends_at}{'&' if '?' in ends_at else '?'}{urlencode(asked)}"

    def _on(self) -> Provider:
        section = self.section()
        if not section.enabled:
            raise NotAllowed("oidc_off")
        return section

    def _made_of(self, state: str, what: str) -> str:
        return self.vault.sign(state.encode(), purpose=f"oidc.{what}")

    @contextmanager
    def _noted(self) -> Iterator[None]:
        try:
            yield
        except Unavailable as fault:
            contacts.failed(self.database, "provider", fault.problem)
            raise

    def _discovered(self, section: Provider) -> Discovery:
        address = section.issuer.rstrip("/") + "/.well-known/openid-configuration"
        found: Discovery = self._read(self._sent(section, "GET", address), Discovery)
        places = [found.authorization_endpoint, found.token_endpoint, found.jwks_uri]
        places += filter(None, [found.userinfo_endpoint, found.end_session_endpoint])
        safe = all(oidc.is_safe(one.partition("?")[0]) for one in places)
        if found.issuer.rstrip("/") != section.issuer.rstrip("/") or not safe:
            raise Unavailable("oidc_answer", issuer=section.issuer)
        contacts.worked(self.database, "provider", ends_at=found.end_session_endpoint)
        return found

    def _keys(self, section: Provider, found: Discovery) -> list[Any]:
        told = self._read(self._sent(section, "GET", found.jwks_uri), dict[str, Any])
        keys = told.get("keys")
        return keys if isinstance(keys, list) else []

    def _exchanged(
        self, section: Provider, found: Discovery, code: str, verifier: str
    ) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.callback,
            "code_verifier": verifier,
            "client_id": section.client,
        }
        headers = {"content-type": "application/x-www-form-urlencoded"}
        secret = self.vault.open(section.secret, purpose="oidc.secret")
        if secret and "client_secret_basic" in found.token_endpoint_auth_methods_supported:
            pair = f"{quote(section.client, safe='')}:{quote(secret, safe='')}"
            headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        elif secret:
            form["client_secret"] = secret
        body = urlencode(form).encode()
        answer = self._sent(section, "POST", found.token_endpoint, headers=headers, body=body)
        if answer.status != 200:
            raise NotSignedIn("oidc_code")
        told: dict[str, Any] = self._read(answer, dict[str, Any])
        return told

    def _more(
        self, section: Provider, found: Discovery, said: dict[str, Any], token: str
    ) -> dict[str, Any]:
        """What the ID token says, with what the provider tells on being asked, where it is
        about the same person; the signed word goes first."""
        whole = said.get("email") and oidc.groups_of(said, section.groups)
        if whole or not (found.userinfo_endpoint and token):
            return said
        headers = {"authorization": f"Bearer {token}"}
        answer = self._sent(section, "GET", found.userinfo_endpoint, headers=headers)
        if answer.status != 200 or "json" not in answer.headers.get("content-type", ""):
            return said
        told = self._read(answer, dict[str, Any])
        return told | said if told.get("sub") == said["sub"] else said

    def _sent(
        self,
        section: Provider,
        method: str,
        address: str,
        *,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        opened = net.origin(section.issuer)
        gate = Gate(
            purpose=PURPOSE,
            opened=frozenset({opened}),
            # Google has its keys elsewhere; what a provider names must be on the public network.
            public=frozenset({net.origin(address)} - {opened}),
            proxy=self.settings.proxy,
            limit=ANSWER_BYTES,
            record=lambda origin, purpose: outgoing.record(self.database, origin, purpose),
            refuse=lambda origin, purpose: outgoing.refuse(self.database, origin, purpose),
        )
        try:
            return gate.fetch(
                address, method=method, headers=headers or {}, body=body, seconds=ANSWER_SECONDS
            )
        except Refusal as fault:
            code = _CODES.get(fault.code, "oidc_elsewhere")
            if "CERTIFICATE_VERIFY_FAILED" in str(fault.facts.get("reason")):
                code = "oidc_not_safe"
            raise Unavailable(code, **fault.facts | {"issuer": section.issuer}) from fault

    def _read(self, answer: Answer, kind: Any) -> Any:
        try:
            return msgspec.json.decode(answer.body, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
            raise Unavailable("oidc_answer", issuer=urlsplit(answer.address).netloc) from fault

    def _admission(self) -> Admission:
        section = self.section()
        return Admission(
            rules=mapping.read(section.rules),
            others="member" if section.others == "member" else None,
            language=self.settings.language,
        )


def _vouched(section: Provider, found: Discovery, said: dict[str, Any]) -> Vouched:
    if said.get("email_verified") in (False, "false"):
        raise NotAllowed("oidc_unverified")
    address = str(said.get("email") or said.get("preferred_username") or "")
    return Vouched(
        origin="oidc",
        issuer=found.issuer,
        subject=said["sub"],
        name=str(said.get("name") or said.get("preferred_username") or address),
        email=address,
        groups=oidc.groups_of(said, section.groups),
    )
