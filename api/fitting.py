"""Answers that stay light: how many of a list one holds, and where the rest of it is."""

from collections.abc import Iterable
from itertools import accumulate, takewhile

from fastapi import Request

HEAVIEST = 300_000
"""Bytes of an answer or a page, uncompressed. Files to take away are whole."""
_AROUND = 1_000
"""Bytes left for commas, and for what the answer says of the list."""


def fitting(sizes: Iterable[int], spent: int) -> int:
    """How many items an answer holds: at least one, or a client that follows the pages would never come to the end.

    :param sizes: bytes of each item, in their order
    :param spent: bytes of the answer without them
    """
    room = HEAVIEST - _AROUND - spent
    return max(1, sum(1 for _ in takewhile(lambda total: total <= room, accumulate(size + 1 for size in sizes))))


def following(request: Request, offset: int) -> dict[str, str]:
    """The header that leads to the next page of an answer (RFC 8288).

    :param offset: of its first item
    """
    return {"link": f'<{request.url.include_query_params(offset=offset)}>; rel="next"'}
