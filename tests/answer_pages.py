"""The pages of an answer of the API, by the links that lead from one to the next."""

from collections.abc import Iterator
from typing import Any

import httpx


def answer_pages(client: httpx.Client, path: str, parameters: Any = None) -> Iterator[dict[str, Any]]:
    """Each page of an answer."""
    answer = client.get(path, params=parameters)
    while True:
        assert answer.status_code == 200, answer.text[:300]
        content: dict[str, Any] = answer.json()
        yield content
        if "next" not in answer.links:
            return
        assert content["truncated"]
        answer = client.get(answer.links["next"]["url"])


def all_rows(client: httpx.Client, path: str, parameters: Any = None) -> list[dict[str, Any]]:
    """The rows of all pages."""
    return [row for page in answer_pages(client, path, parameters) for row in page["rows"]]
