"""A server whose answers are known beforehand, by path."""

from http.server import BaseHTTPRequestHandler

BODY = b"x" * 300_000


class Canned(BaseHTTPRequestHandler):
    """Answers by path."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        getattr(self, f"send_{self.path[1:]}")()

    def send_whole(self) -> None:
        self.start(200, "content-length", str(len(BODY)))
        self.wfile.write(BODY)

    def send_chunked(self) -> None:
        self.start(200, "transfer-encoding", "chunked")
        for part in (BODY[:100_000], BODY[100_000:], b""):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))

    def send_unmodified(self) -> None:
        self.start(304, "etag", '"1"')

    def send_refused(self) -> None:
        self.start(503, "content-length", "0")

    def send_broken(self) -> None:
        self.start(200, "content-length", str(len(BODY)))
        self.wfile.write(BODY[:1000])
        self.close_connection = True

    def start(self, status: int, name: str, value: str) -> None:
        self.send_response(status)
        self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
