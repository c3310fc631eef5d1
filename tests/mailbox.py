"""A mail server on loopback that keeps what it is given, and fails as it is told to."""

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Literal

Fault = Literal["", "busy", "no_such_user", "dies_after_text"]


class _Conversation(socketserver.StreamRequestHandler):
    server: "Mailbox"

    def handle(self) -> None:
        self._say("220 mailbox.example")
        to = ""
        for line in self.rfile:
            word = line.decode("ascii").strip()
            verb = word.split(" ")[0].split(":")[0].upper()
            if verb == "EHLO":
                self._say("250 mailbox.example")
            elif verb == "RCPT":
                to = word.split("<")[1].split(">")[0]
                if self.server.fault == "no_such_user":
                    self._say("550 no such user")
                else:
                    self._say("451 try again later" if self.server.fault == "busy" else "250 ok")
            elif verb == "DATA":
                self._say("354 go on")
                content = self._text()
                self.server.raw.append(content)
                self.server.given.append((to, message_from_bytes(content, policy=policy.default)))  # type: ignore[arg-type]
                if self.server.fault == "dies_after_text":
                    return
                self._say("250 kept")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _text(self) -> bytes:
        lines: list[bytes] = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class Mailbox(socketserver.ThreadingTCPServer):
    """The server; ``given`` is what came, with whom it is for, and ``raw`` the same as it came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.given: list[tuple[str, EmailMessage]] = []
        self.raw: list[bytes] = []
        self.fault: Fault = ""
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def settings(self, url: str) -> dict[str, str]:
        """The settings, as environment, by which a service at an address uses it."""
        return {
            "KETNOI_SMTP_HOST": "127.0.0.1",
            "KETNOI_SMTP_PORT": str(self.port),
            "KETNOI_SMTP_FROM": "bao-tin@ketnoi.example",
            "KETNOI_SMTP_STARTTLS": "0",
            "KETNOI_URL": url,
        }

    def __exit__(self, *_: Any) -> None:
        self.shutdown()
        self.server_close()
