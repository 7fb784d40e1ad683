"""The OpenID provider of a house: signing in by it (authorization code with PKCE).

The provider is asked by the gate of ``net`` alone: at the issuer that an administrator named,
and at the addresses that the issuer names itself. What has to be known again when somebody
comes back (nonce, verifier) is made of the state by the master key, and lies nowhere.
"""

import base64
import secrets
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from appliance import net, options, outgoing
from appliance.database import Database
from appliance.errors import NotAllowed, NotSignedIn, Refusal, Unavailable
from appliance.federation import joining
from appliance.federation.joining import Admission, Vouched
from appliance.net import Answer, Gate
from appliance.records import Person, Record
from appliance.settings import Settings
from appliance.signin import handshakes, mapping, oidc
from appliance.signin.oidc import Provider
from appliance.vault import Vault

PURPOSE = "sign-in"
SILENCE_SECONDS = 8.0
ANSWER_BYTES = 1_000_000
CALLBACK = "/api/session/oidc/callback"


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

    def begin(self, following: str) -> Begun:
        """Begin a sign-in. Raises ``BadRequest`` (``bad_next``), ``NotAllowed`` (``oidc_off``) and
        ``Unavailable`` (``oidc_not_reached``, ``oidc_answer``)."""
        following, section = oidc.local_path(following), self._on()
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
        return joining.join(self.database, _vouched(section, found, said), self._admission()), (
            following
        )

    def test(self) -> Reached:
        """Ask the provider where it is asked, and for its keys. Raises ``Unavailable``."""
        section = self.section()
        if not section.issuer:
            raise Unavailable("oidc_incomplete")
        found = self._discovered(section)
        return Reached(issuer=found.issuer, keys=len(self._keys(section, found)))

    def _on(self) -> Provider:
        section = self.section()
        if not section.enabled:
            raise NotAllowed("oidc_off")
        return section

    def _made_of(self, state: str, what: str) -> str:
        return self.vault.sign(state.encode(), purpose=f"oidc.{what}")

    def _discovered(self, section: Provider) -> Discovery:
        address = section.issuer.rstrip("/") + "/.well-known/openid-configuration"
        found: Discovery = self._read(self._sent(section, "GET", address), Discovery)
        places = [found.authorization_endpoint, found.token_endpoint, found.jwks_uri]
        places += filter(None, [found.userinfo_endpoint, found.end_session_endpoint])
        safe = all(oidc.is_safe(one.partition("?")[0]) for one in places)
        if found.issuer.rstrip("/") != section.issuer.rstrip("/") or not safe:
            raise Unavailable("oidc_answer", issuer=section.issuer)
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
            return gate.send(method, address, headers=headers, body=body, silence=SILENCE_SECONDS)
        except Refusal as fault:
            raise Unavailable("oidc_not_reached", issuer=section.issuer, reason=str(fault)) from (
                fault
            )

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
