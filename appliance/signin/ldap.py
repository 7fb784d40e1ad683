"""LDAP: asking the company's directory who somebody is, and whether a password is theirs.

Promises. Nothing is said before TLS stands and the server's certificate was checked; there is
no other way. A name that somebody typed is a value in a question, never a part of it, and a
password that is empty goes nowhere: to many a server, a name with an empty password is a
stranger who may come in (RFC 4513, 5.1.2). Each connection is written down before it is made,
and a server that keeps silent is waited for by seconds.
"""

import contextlib
import ssl
import time
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from appliance.errors import Unavailable
from appliance.records import Record
from appliance.signin.directory import Directory, trust

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of pyasn1, whose old names it knows
    import ldap3
    from ldap3.core.exceptions import LDAPExceptionError, LDAPStartTLSError
    from ldap3.strategy.sync import SyncStrategy
    from ldap3.utils.conv import escape_filter_chars

PURPOSE = "sign-in"
CONNECT_SECONDS, ANSWER_SECONDS = 4, 8
PAGE = 500  # Active Directory answers a question with a thousand entries at most
MOST_GROUPS = 2000  # of one person
AT_ONCE = 40  # names in one question about groups
LONGEST_NAME = 256

_SUCCESS, _TOO_MANY, _NOBODY = 0, 4, 32
# What a server answers a bind whose password is not one to come in with (RFC 4511, A.2):
# constraintViolation, inappropriateAuthentication, invalidCredentials,
# insufficientAccessRights, unwillingToPerform.
_WRONG = {19, 48, 49, 50, 53}
_PAGED = "1.2.840.113556.1.4.319"
_IN_CHAIN = "1.2.840.113556.1.4.1941"  # a member, or a member of a member, and so on
_DISABLED = 2  # of userAccountControl
_LOCKED = b"000001010000Z"  # of pwdAccountLockedTime: until an administrator says otherwise

_IDS = ("objectGUID", "entryUUID", "nsUniqueId")
_ASKED = [
    *_IDS, "mail", "userPrincipalName", "displayName", "cn", "uid", "memberOf",
    "userAccountControl", "pwdAccountLockedTime", "nsAccountLock", "shadowExpire",
]  # fmt: skip

Told = Callable[[str, str], None]  # (origin, purpose), before each connection


class Entry(Record, frozen=True):
    """Somebody in the directory. ``subject`` is theirs for ever; ``place`` (the distinguished
    name) and the rest change. ``groups`` are those that the entry itself names."""

    subject: str
    place: str
    name: str
    email: str
    disabled: bool
    uid: str = ""
    groups: tuple[str, ...] = ()


class Session:
    """The directory, open under the appliance's own account."""

    def __init__(self, section: Directory, connection: Any, account: tuple[str, str]) -> None:
        self.section = section
        self._connection = connection
        self._account = account

    def find(self, name: str) -> Entry | None:
        """Whoever signs in by a name; None for nobody, and where it could be two."""
        name = name.strip()
        if self.section.kind == "active_directory":
            name = name.rpartition("\\")[2]  # ESCOLA\bia
        if not name or len(name) > LONGEST_NAME or "\0" in name or not _is_whole(name):
            return None
        found = list(self._people(by_name(self.section, name), most=2))
        return found[0] if len(found) == 1 else None

    def everybody(self) -> Iterator[Entry]:
        """All who could sign in, page by page."""
        return self._people(everyone(self.section))

    def is_password(self, entry: Entry, password: str) -> bool:
        """Whether a password is somebody's; an empty one is nobody's, and is not asked about."""
        if not sayable(password) or not entry.place:
            return False
        code = self._bind(entry.place, password)
        if code == _SUCCESS:
            self._bind(*self._account)
            return True
        if code in _WRONG:
            return False
        raise self._answered("ldap_answer")

    def groups(self, entry: Entry) -> set[str]:
        """The distinguished names of the groups that somebody is in, by way of others, too."""
        if self.section.kind == "active_directory":
            question = f"(member:{_IN_CHAIN}:={_value(entry.place)})"
            return set(entry.groups) | {place for place, _ in self._search(self._below, question)}
        found, coming = set(entry.groups), [entry.place, *entry.groups]
        uid = entry.uid
        while coming and len(found) < MOST_GROUPS:
            asked, coming = coming[:AT_ONCE], coming[AT_ONCE:]
            question, uid = members(asked, uid), ""
            fresh = {place for place, _ in self._search(self._below, question)} - found
            found |= fresh
            coming += sorted(fresh)
        return found

    @property
    def _below(self) -> str:
        return self.section.groups or self.section.people

    def _people(self, question: str, *, most: int = 0) -> Iterator[Entry]:
        for place, values in self._search(self.section.people, question, most=most):
            if (entry := _entry(place, values)) is not None:
                yield entry

    def _search(
        self, below: str, question: str, *, most: int = 0
    ) -> Iterator[tuple[str, Mapping[str, list[bytes]]]]:
        cookie = None
        while True:
            self._connection.search(
                below,
                question,
                attributes=_ASKED,
                size_limit=most,
                time_limit=ANSWER_SECONDS,
                paged_size=None if most else PAGE,
                paged_cookie=cookie,
            )
            self._check(most=most)
            for one in self._connection.response or ():
                if one["type"] == "searchResEntry":
                    yield one["dn"], one["raw_attributes"]
            controls = self._connection.result.get("controls") or {}
            cookie = controls.get(_PAGED, {}).get("value", {}).get("cookie")
            if not cookie:
                return

    def _check(self, *, most: int) -> None:
        code = self._connection.result["result"]
        if code == _NOBODY:
            raise self._answered("ldap_base")
        if code != _SUCCESS and not (most and code == _TOO_MANY):
            raise self._answered("ldap_answer")

    def _bind(self, place: str, password: str) -> int:
        self._connection.rebind(user=place, password=_raw(password))
        return int(self._connection.result["result"])

    def _answered(self, code: str) -> Unavailable:
        return Unavailable(code, host=self.section.host, reason=_said(self._connection))


@contextmanager
def opened(section: Directory, password: str, record: Told) -> Iterator[Session]:
    """The directory, open under the account of the settings, whose opened password this is.

    Raises ``Unavailable``: ``ldap_not_reached``, ``ldap_not_safe`` (the certificate),
    ``ldap_account`` (the account or its password), ``ldap_base``, ``ldap_answer``.
    """
    tls = _Checked(section)
    connection = _connection(section, tls, password)
    record(section.origin, PURPOSE)
    with _refusals(section, tls):
        try:
            _secure(connection, section, tls)
            if not sayable(password) or not connection.bind():
                reason = _said(connection)
                raise Unavailable("ldap_account", host=section.host, reason=reason)
            yield Session(section, connection, (section.account, password))
        finally:
            _close(connection)


def sayable(password: str) -> bool:
    """Whether a password may be asked about: not an empty or a blank one, nor one that ends
    for the server before it ends for us."""
    return bool(password.strip()) and "\0" not in password and _is_whole(password)


def everyone(section: Directory) -> str:
    """The question for all who could sign in."""
    kinds = "(|(objectClass=person)(objectClass=posixAccount))"
    if section.kind == "active_directory":
        kinds = "(objectClass=user)(!(objectClass=computer))"
    return f"(&{kinds}{section.people_filter})"


def by_name(section: Directory, name: str) -> str:
    """The question for whoever signs in by a name."""
    names = ["uid", "mail"]
    if section.kind == "active_directory":
        names = ["sAMAccountName", "userPrincipalName", "mail"]
    ways = "".join(f"({one}={_value(name)})" for one in names)
    return f"(&{everyone(section)}(|{ways}))"


def members(places: list[str], uid: str = "") -> str:
    """The question for the groups of these people and groups; ``uid`` is for groups of Unix,
    whose members are names."""
    ways = "".join(f"(member={_value(one)})(uniqueMember={_value(one)})" for one in places)
    return f"(|{ways}{f'(memberUid={_value(uid)})' if uid else ''})"


class _Checked(ldap3.Tls):  # type: ignore[misc]
    """TLS as this house wants it: what the library itself does checks names by a function that
    Python no longer has, and takes any certificate by default."""

    def __init__(self, section: Directory) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self.context = trust(section.authority)
        self.fault = ""

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        """Shake hands, or say why not."""
        try:
            connection.socket = self.context.wrap_socket(
                connection.socket, server_hostname=connection.server.host
            )
        except ssl.SSLError as fault:
            self.fault = getattr(fault, "verify_message", "") or str(fault)
            raise


def _close(connection: Any) -> None:
    kept = connection.socket
    with contextlib.suppress(LDAPExceptionError, OSError):
        connection.unbind()
    if kept is not None:
        kept.close()  # a handshake that failed leaves it open


class _Tidy(SyncStrategy):  # type: ignore[misc]
    """Closes the sockets that led nowhere; the library leaves them."""

    def _open_socket(self, *wanted: Any, **more: Any) -> None:
        try:
            super()._open_socket(*wanted, **more)
        except LDAPExceptionError:
            if self.connection.socket is not None:
                self.connection.socket.close()
            raise


def _connection(section: Directory, tls: _Checked, password: str) -> Any:
    server = ldap3.Server(
        section.host,
        section.port,
        use_ssl=section.safety == "tls",
        tls=tls,
        get_info=ldap3.NONE,
        connect_timeout=CONNECT_SECONDS,
    )
    connection = ldap3.Connection(
        server,
        section.account,
        _raw(password),
        client_strategy=ldap3.SYNC,
        auto_referrals=False,  # to other servers, with this account's password
        check_names=False,
        read_only=True,
        receive_timeout=ANSWER_SECONDS,
    )
    connection.strategy = _Tidy(connection)
    return connection


def _secure(connection: Any, section: Directory, tls: _Checked) -> None:
    connection.open()
    if section.safety == "starttls":
        try:
            connection.start_tls()
        except LDAPStartTLSError as fault:
            tls.fault = tls.fault or str(fault)
            raise


@contextmanager
def _refusals(section: Directory, tls: _Checked) -> Iterator[None]:
    try:
        yield
    except (LDAPExceptionError, OSError) as fault:
        if tls.fault:
            raise Unavailable("ldap_not_safe", host=section.host, reason=tls.fault) from fault
        why = " ".join(str(fault).split())[:300] or type(fault).__name__
        raise Unavailable(
            "ldap_not_reached", host=section.host, port=section.port, reason=why
        ) from fault


def _entry(place: str, values: Mapping[str, list[bytes]]) -> Entry | None:
    known = {name.casefold(): found for name, found in values.items()}
    subject = _subject(known)
    if not subject:
        return None  # whom nothing tells from a namesake
    first = {
        name: _text(known[name.casefold()][0]) for name in _ASKED if known.get(name.casefold())
    }
    return Entry(
        subject=subject,
        place=place,
        name=first.get("displayName") or first.get("cn") or first.get("uid") or place,
        email=first.get("mail") or first.get("userPrincipalName") or "",
        disabled=_is_disabled(known),
        uid=first.get("uid", ""),
        groups=tuple(_text(one) for one in known.get("memberof", [])),
    )


def _subject(known: Mapping[str, list[bytes]]) -> str:
    guid = known.get("objectguid")
    if guid and len(guid[0]) == 16:
        return str(uuid.UUID(bytes_le=guid[0]))
    return next((_text(known[one.casefold()][0]).lower() for one in _IDS[1:]
                 if known.get(one.casefold())), "")  # fmt: skip


def _is_disabled(known: Mapping[str, list[bytes]]) -> bool:
    def number(name: str) -> int:
        text = _text((known.get(name) or [b"0"])[0])
        return int(text) if text.lstrip("-").isdecimal() else 0

    return (
        bool(number("useraccountcontrol") & _DISABLED)
        or _LOCKED in known.get("pwdaccountlockedtime", [])
        or [one.upper() for one in known.get("nsaccountlock", [])] == [b"TRUE"]
        or 0 < number("shadowexpire") <= time.time() // 86_400
    )


def _value(text: str) -> str:
    return str(escape_filter_chars(text))


def _raw(password: str) -> bytes:
    # As bytes, or the library prepares it, and refuses what a server would have taken.
    return password.encode("utf-8", "replace")


def _is_whole(text: str) -> bool:
    """Whether it holds no half of a character, which a program may send and no server knows."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _said(connection: Any) -> str:
    result = connection.result or {}
    words = f"{result.get('description', '')} {result.get('message', '')}"
    words = words if words.strip() else str(connection.last_error or "")
    return " ".join("".join(one if one.isprintable() else " " for one in words).split())[:300]
