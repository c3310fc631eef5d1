"""Keeps secrets that stand in addresses out of the log of requests."""

import logging
import re

_SECRET = re.compile(r"(/own-data/)[^/?#\s]+")


class WithoutSecrets(logging.Filter):
    """Blanks the secret of a person's link in the lines of the server's access log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line pass, without the secret."""
        if isinstance(record.args, tuple):
            record.args = tuple(_SECRET.sub(r"\1…", one) if isinstance(one, str) else one for one in record.args)
        return True


def install() -> None:
    """Look at every line that the server logs of requests."""
    logging.getLogger("uvicorn.access").addFilter(WithoutSecrets())
