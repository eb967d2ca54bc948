"""A small OpenID Connect provider that runs as its own process, checks PKCE, and can misbehave in named ways.

    python provider_process.py PORT MODE CLAIMS-AS-JSON

Modes: right; slow (never answers in time); garbage-discovery; list-discovery; garbage-token; no-id-token;
wrong-nonce; wrong-key; wrong-issuer; wrong-audience; other-subject; denied.
"""

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

PORT, MODE, CLAIMS = int(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
HOME = f"http://127.0.0.1:{PORT}"
KEY, OTHER_KEY = (rsa.generate_private_key(65537, 2048) for _ in range(2))
JWK = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True) | {"kid": "1", "alg": "RS256", "use": "sig"}
GIVEN: dict[str, dict[str, str]] = {}
ASKED: list[dict[str, str]] = []


class Provider(BaseHTTPRequestHandler):
    """Discovery, keys, authorization without asking, token with PKCE, userinfo."""

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        asked = {name: values[0] for name, values in query.items()}
        if MODE == "slow" and path != "/asked":
            time.sleep(8)
        match path:
            case "/.well-known/openid-configuration":
                self._discovery()
            case "/jwks":
                self._json({"keys": [JWK]})
            case "/authorize":
                self._authorize(asked)
            case "/userinfo":
                self._json(CLAIMS | ({"sub": "somebody-else"} if MODE == "other-subject" else {}))
            case "/asked":
                self._json(ASKED)
            case _:
                self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        asked = {name: values[0] for name, values in parse_qs(body).items()}
        ASKED.append(asked)
        given = GIVEN.pop(asked.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(asked.get("code_verifier", "").encode()).digest())
        if given is None or challenge.rstrip(b"=").decode() != given["code_challenge"]:
            self._json({"error": "invalid_grant"}, 400)
            return
        if MODE == "garbage-token":
            self._text("<html>maintenance</html>", "text/html")
            return
        answer = {"access_token": secrets.token_hex(8), "token_type": "Bearer", "expires_in": 60}
        if MODE != "no-id-token":
            answer["id_token"] = self._id_token(given)
        self._json(answer)

    def _id_token(self, given: dict[str, str]) -> str:
        now = int(time.time())
        told = CLAIMS | {
            "iss": "http://127.0.0.1:1" if MODE == "wrong-issuer" else HOME,
            "aud": "somebody-else" if MODE == "wrong-audience" else given["client_id"],
            "iat": now, "exp": now + 60,
            "nonce": "another" if MODE == "wrong-nonce" else given.get("nonce", ""),
        }  # fmt: skip
        return jwt.encode(told, OTHER_KEY if MODE == "wrong-key" else KEY, "RS256", headers={"kid": "1"})

    def _discovery(self) -> None:
        if MODE == "garbage-discovery":
            self._text("not json at all", "text/plain")
        elif MODE == "list-discovery":
            self._json([1, 2, 3])
        else:
            self._json({
                "issuer": HOME, "authorization_endpoint": f"{HOME}/authorize", "token_endpoint": f"{HOME}/token",
                "userinfo_endpoint": f"{HOME}/userinfo", "jwks_uri": f"{HOME}/jwks",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            })  # fmt: skip

    def _authorize(self, asked: dict[str, str]) -> None:
        code = secrets.token_hex(8)
        GIVEN[code] = asked
        told = {"error": "access_denied"} if MODE == "denied" else {"code": code}
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(told | {'state': asked['state']})}")
        self.end_headers()

    def _json(self, told: Any, status: int = 200) -> None:
        self._text(json.dumps(told), "application/json", status)

    def _text(self, text: str, media: str, status: int = 200) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


ThreadingHTTPServer(("127.0.0.1", PORT), Provider).serve_forever()
