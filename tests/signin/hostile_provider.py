"""An OpenID provider that lies: a small HTTP server of its own, whose every answer a test bends."""

import json
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "balcao", "segredo-do-cliente-77-escola-agora"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True) | {"kid": "1"}
PEM = KEY.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)
Answer = Callable[["Asked"], None]


class Asked(BaseHTTPRequestHandler):
    """One request; ``provider`` says what it is answered."""

    provider: "HostileProvider"
    provider_stopped: threading.Event

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""

    def do(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        form = parse_qs(self.rfile.read(length).decode())
        path = urlsplit(self.path).path
        self.provider.asked.append((path, form))
        self.provider.answers.get(path, lambda asked: asked.json({}, 404))(self)

    do_GET = do_POST = do

    def json(self, value: Any, status: int = 200) -> None:
        self.whole(json.dumps(value).encode(), status)

    def whole(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, told in ({"content-type": "application/json"} | headers).items():
            self.send_header(name, told)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class HostileProvider:
    """It answers as a good one until a test says otherwise: ``claims`` differ from the good
    ones (None leaves one out), ``sign`` makes the token of them, ``answers`` are by path."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.nonce = ""
        self.claims: dict[str, Any] = {}
        self.sign: Callable[[dict[str, Any]], str] = signed()
        self.asked: list[tuple[str, dict[str, list[str]]]] = []
        self.answers: dict[str, Answer] = {
            "/.well-known/openid-configuration": lambda asked: asked.json(self.discovery()),
            "/keys": lambda asked: asked.json({"keys": [PUBLIC]}),
            "/token": lambda asked: asked.json({"id_token": self.sign(self.said())}),
        }

    def discovery(self, **fields: str) -> dict[str, str]:
        places = {"authorization": "enter", "token": "token", "end_session": "out"}
        return {
            "issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys",
            **{f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in places.items()},
        } | fields  # fmt: skip

    def weaken(self) -> None:
        """Sign with a key that could be guessed, and list it."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
        weak = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": "1"}
        self.answers["/keys"] = lambda asked: asked.json({"keys": [weak]})

        def sign(said: dict[str, Any]) -> str:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", jwt.warnings.InsecureKeyLengthWarning)
                return jwt.encode(said, key, algorithm="RS256", headers={"kid": "1"})

        self.sign = sign

    def said(self) -> dict[str, Any]:
        now = int(time.time())
        good = {
            "iss": self.issuer, "aud": CLIENT, "sub": "7001", "iat": now, "exp": now + 300,
            "nonce": self.nonce, "name": "Bia Lima", "email": "bia@escola.example",
            "email_verified": True, "groups": ["legal"],
        }  # fmt: skip
        return {name: told for name, told in (good | self.claims).items() if told is not None}


def signed(key: Any = KEY, algorithm: str = "RS256", kid: str = "1") -> Any:
    """Signs what is said, with a key and as an algorithm."""
    return lambda said: jwt.encode(said, key, algorithm=algorithm, headers={"kid": kid})


def by_public_key(said: dict[str, Any]) -> str:
    """HS256 with the public key as the secret, by hand: the library refuses to help."""
    parts = [{"alg": "HS256", "typ": "JWT", "kid": "1"}, said]
    text = ".".join(jwt.utils.base64url_encode(json.dumps(one).encode()).decode() for one in parts)
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    return f"{text}.{jwt.utils.base64url_encode(algorithm.sign(text.encode(), PEM)).decode()}"


def dripping(asked: Asked) -> None:
    """Sends a byte now and then, for ever: it is never silent for long."""
    asked.send_response(200)
    asked.send_header("content-type", "application/json")
    asked.end_headers()
    try:
        while not asked.provider_stopped.wait(0.1):
            asked.wfile.write(b" ")
            asked.wfile.flush()
    except OSError:
        return  # nobody listens any more


@contextmanager
def hostile() -> Iterator[HostileProvider]:
    """A provider on a free port of this machine."""
    stopped = threading.Event()
    handler = type("Handler", (Asked,), {"provider_stopped": stopped})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        provider = HostileProvider(f"http://127.0.0.1:{server.server_address[1]}")
        handler.provider = provider  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield provider
        finally:
            stopped.set()
            server.shutdown()
            thread.join()
