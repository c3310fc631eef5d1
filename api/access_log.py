"""Links that are secrets do not stand in the log of requests."""

import logging
import re

_SECRET = re.compile(r"^(/(?:join|own-data|notices/stop|notices/confirm)/)[^/?#]+")
"""Addresses that end in a secret."""


class _Masked(logging.Filter):
    """Puts a sign in the place of the secret; a line's arguments are (client, method, address, version, status)."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple) and len(record.args) > 2 and isinstance(record.args[2], str):
            address = _SECRET.sub(r"\1…", record.args[2])
            record.args = (*record.args[:2], address, *record.args[3:])
        return True


def mask_secrets() -> None:
    """Let the server's log of requests leave secrets out."""
    log = logging.getLogger("uvicorn.access")
    if not any(isinstance(one, _Masked) for one in log.filters):
        log.addFilter(_Masked())
