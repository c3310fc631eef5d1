"""Answers that stay light: how many of a list one holds, and where the rest of it is."""

from collections.abc import Iterable
from itertools import accumulate, takewhile, zip_longest

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

from api.negotiation import JSON

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


def light(
    request: Request, answer: BaseModel, held: str, offset: int, most: int | None = None, *, beside: str = ""
) -> Response:
    """An answer with as many of its items as one response holds, and where the others are.

    :param answer: that says whether it is ``truncated``
    :param held: the name of its items
    :param offset: of the first one
    :param most: items that can be asked for in all
    :param beside: the name of a second list that is paged along with the first
    """
    lists: dict[str, tuple[BaseModel, ...]] = {name: getattr(answer, name) for name in (held, beside) if name}
    # an answer is a checked model: written as it is, not checked and copied again
    whole = answer.model_dump_json(by_alias=True).encode()
    count = longest = max(map(len, lists.values()))
    if len(whole) > HEAVIEST:
        rest = answer.model_copy(update=dict.fromkeys(lists, ())).model_dump_json(by_alias=True)
        sizes = (sum(map(_size, places)) for places in zip_longest(*lists.values()))
        count = fitting(sizes, len(rest.encode()))
    behind = offset + min(count, longest)
    if count < longest:
        answer = answer.model_copy(update={name: items[:count] for name, items in lists.items()} | {"truncated": True})
        whole = answer.model_dump_json(by_alias=True).encode()
    more = getattr(answer, "truncated", False) and (most is None or behind < most)
    headers = following(request, behind) if more else {}
    return Response(whole, media_type=JSON, headers=headers)


def _size(item: BaseModel | None) -> int:
    """Bytes of an item with a comma; none of what is not there."""
    return len(item.model_dump_json(by_alias=True).encode()) + 1 if item else 0
