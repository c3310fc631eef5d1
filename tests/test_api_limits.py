"""Limits of rate and size."""

import asyncio

from starlette.types import Message, Receive, Scope, Send

from api.limits import Buckets, SizeLimit


def test_a_client_gets_its_rate_and_then_waits() -> None:
    buckets = Buckets(rate=10)
    assert [buckets.wait("a", 0.0) for _ in range(10)] == [0.0] * 10
    assert 0 < buckets.wait("a", 0.0) <= 0.1
    assert buckets.wait("b", 0.0) == 0
    assert buckets.wait("a", 0.1) == 0
    assert buckets.wait("a", 0.1) > 0


def test_asking_too_often_does_not_lengthen_the_wait() -> None:
    buckets = Buckets(rate=1)
    assert buckets.wait("a", 0.0) == 0
    assert [buckets.wait("a", 0.5) for _ in range(100)] == [0.5] * 100
    assert buckets.wait("a", 1.0) == 0


def test_a_slow_rate_still_lets_one_through() -> None:
    buckets = Buckets(rate=0.1)
    assert buckets.wait("a", 0.0) == 0
    assert buckets.wait("a", 5.0) == 5


def test_buckets_are_bounded() -> None:
    buckets = Buckets(rate=1, clients=3)
    for client in "abcd":
        buckets.wait(client, 0.0)
    assert len(buckets._kept) == 3
    assert buckets.wait("a", 0.0) == 0


def _run(messages: list[Message]) -> tuple[list[Message], list[bytes]]:
    """What the limit sends, and the bodies that reach the app, for messages received."""
    sent: list[Message] = []
    reached: list[bytes] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append((await receive())["body"])

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "path": "/", "raw_path": b"/", "query_string": b"", "headers": [], "method": "POST"}
    asyncio.run(SizeLimit(app, max_body=10)(scope, receive, send))
    return sent, reached


def _part(body: bytes, more: bool) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_in_parts_arrives_whole() -> None:
    assert _run([_part(b"12345", True), _part(b"67890", False)]) == ([], [b"1234567890"])


def test_a_long_body_is_refused_after_it_was_read() -> None:
    messages = [_part(b"123456", True), _part(b"123456", True), _part(b"1", False)]
    sent, reached = _run(messages)
    assert [message.get("status") for message in sent] == [413, None]
    assert reached == []
    assert messages == []


def test_half_a_body_reaches_nobody() -> None:
    assert _run([_part(b"value=1", True), {"type": "http.disconnect"}]) == ([], [])
