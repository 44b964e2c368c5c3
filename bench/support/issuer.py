"""An issuer of tokens on loopback, for measuring what it costs to check them. Signs with `openssl`."""

import base64
import contextlib
import http.server
import json
import subprocess
import threading
import time
from collections.abc import Iterator

from .options import ROOT, Failure

KEY = ROOT / "tests" / "fixtures" / "keys" / "first.pem"
AUDIENCE = "ocotillo-bench"
EVERY_ROLE = ["AMP.Admin", "Lexicon.Editor", "OGC.Internal"]


def openssl(*arguments: str, given: bytes = b"") -> bytes:
    done = subprocess.run(["openssl", *arguments], input=given, capture_output=True, timeout=20)
    if done.returncode != 0:
        raise Failure(f"openssl: {done.stderr.decode().strip()}")
    return done.stdout


def part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def published() -> bytes:
    """The public half of the key, as an issuer publishes it."""
    modulus = openssl("rsa", "-in", str(KEY), "-noout", "-modulus").decode().strip().partition("=")[2]
    key = {"kty": "RSA", "kid": "bench", "use": "sig", "alg": "RS256", "n": part(bytes.fromhex(modulus)), "e": "AQAB"}
    return json.dumps({"keys": [key]}).encode()


class Issuer:
    """A running issuer."""

    def __init__(self, port: int):
        self.name = f"http://127.0.0.1:{port}/"

    def token(self, subject: str = "bench") -> str:
        """A token for an hour, of somebody who holds every role."""
        header = {"alg": "RS256", "kid": "bench", "typ": "JWT"}
        now = int(time.time())
        claims = {"iss": self.name, "aud": AUDIENCE, "sub": subject, "name": subject, "groups": EVERY_ROLE, "iat": now, "exp": now + 3600}
        signed = ".".join(part(json.dumps(content).encode()) for content in (header, claims))
        return f"{signed}.{part(openssl('dgst', '-sha256', '-sign', str(KEY), given=signed.encode()))}"

    def variables(self) -> dict[str, str]:
        """What a server needs to believe it."""
        return {
            "OCOTILLO_AUTH_MODE": "required",
            # One caller asks for as much as the machine gives.
            "OCOTILLO_LIMITS_CALLER_RATE": "0",
            "OCOTILLO_AUTH_ISSUER": self.name,
            "OCOTILLO_AUTH_AUDIENCE": AUDIENCE,
            "OCOTILLO_AUTH_JWKS_URL": f"{self.name}jwks",
        }


@contextlib.contextmanager
def started() -> Iterator[Issuer]:
    keys = published()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-length", str(len(keys)))
            self.end_headers()
            self.wfile.write(keys)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield Issuer(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()
