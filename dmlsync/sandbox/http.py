"""The application over HTTP, for other programs on this machine only."""

from __future__ import annotations

import html
import io
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote_to_bytes

from dmlsync.sandbox.messages import body_limit

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

ADDRESS = "127.0.0.1"
IDLE_SECONDS = 60
"""How long a connection may say nothing."""

_LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


class SandboxServer:
    """A server of one application on a port of the loopback interface; port 0 takes a free one."""

    def __init__(self, app: WSGIApplication, port: int) -> None:
        handler = cast(Any, type("Handler", (_Handler,), {"app": staticmethod(app)}))
        self._server = _Threads((ADDRESS, port), handler)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """The address of the API."""
        return f"http://{ADDRESS}:{self.port}"

    def serve_forever(self) -> None:
        """Serves until `shutdown` is called from another thread."""
        self._server.serve_forever(poll_interval=0.05)

    def shutdown(self) -> None:
        """Stops serving and frees the port. Must not be called from the thread that serves."""
        self._server.shutdown()
        self._server.server_close()

    def close(self) -> None:
        """Frees the port of a server that is not serving (any more)."""
        self._server.server_close()


class _Threads(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is no event, nor is an answer lost on purpose; the rest is shown."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    """One connection: turns its requests into calls of the application."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    wbufsize = -1  # the head and the body of an answer leave in one piece
    disable_nagle_algorithm = True
    app: Callable[..., Any]

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name is the base class's
        """Says nothing: an address may hold an API key."""

    def handle_expect_100(self) -> bool:
        """Refuses the expectation, as the Web API does."""
        self._refuse(417, "Expect header is not supported")
        return False

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answers what is no request that the server knows in the way of the Web API, without a page."""
        self._refuse(int(code), "Method is not implemented" if code == 501 else html.escape(message or "Bad request"))

    def do_GET(self) -> None:
        """Answers a request of any method."""
        length = self.headers.get("Content-Length") or "0"
        if not self._is_for_loopback():
            self._refuse(403, "This server answers only requests to this machine's own addresses")
        elif self.headers.get("Transfer-Encoding"):
            self._refuse(411, "Length Required")
        elif not (length.isascii() and length.isdigit()):
            self._refuse(400, "Invalid Content-Length")
        elif int(length[:15]) > body_limit(self.path):
            self._refuse(413, "Request body too large")
        else:
            self._run(self._environ(self.rfile.read(int(length))))

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET  # noqa: N815

    def _is_for_loopback(self) -> bool:
        """Whether the request names this machine: a web page that was given another name may not look in here."""
        host = self.headers.get("Host", "")
        name, _, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
        return (name if name and port.isdigit() else host).lower() in _LOOPBACK_NAMES

    def _environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        address = cast(tuple[str, int], self.server.server_address)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": ADDRESS,
            "SERVER_PORT": str(address[1]),
            "SERVER_PROTOCOL": self.request_version,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            environ.setdefault("HTTP_" + name.upper().replace("-", "_"), value)
        return environ

    def _run(self, environ: dict[str, Any]) -> None:
        for part in self.app(environ, self._start_response):
            self.wfile.write(part)

    def _start_response(
        self,
        status: str,
        headers: list[tuple[str, str]],
        exc_info: tuple[type[BaseException], BaseException, TracebackType] | None = None,
    ) -> Callable[[bytes], object]:
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        return self.wfile.write

    def _refuse(self, code: int, message: str) -> None:
        """Answers without the application; what follows on the connection cannot be told from the body."""
        self.close_connection = True
        body = message.encode()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=UTF-8")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
