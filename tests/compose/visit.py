"""Asks the service in its container, over loopback, what a visitor asks first, and says what came back."""

from __future__ import annotations

import http.client
import json
import re
import sys
import time
from urllib.parse import urlencode

TEXT = "xử lý nước thải"  # a need that the sample answers
PATIENCE = 120  # seconds until the loaded sample must be seen


def main() -> int:
    """Visit the page, the main question and the readiness of the graph. Returns the exit status."""
    port = int(sys.argv[1])
    page = wait(port, "/")
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    if title is None:
        return fail(f"the page has no title: {page[:200]}")
    built = re.search(r'src="(/static/built/[^"]+)"', wait(port, "/workbench"))
    if built is None:
        return fail("the workbench has no editors: the image lacks the front end")
    wait(port, built[1])
    answer = json.loads(wait(port, "/api/transfer?" + urlencode({"text": TEXT})))
    found = len(answer["routes"])
    if not found:
        return fail(f"no route for “{TEXT}”: is the sample loaded? {str(answer)[:300]}")
    wait(port, "/readyz")
    say(f"the workbench and its script {built[1]} were answered")
    say("/readyz was answered: the Neo4j container holds the snapshot")
    say(f"/api/transfer?text={TEXT} was answered (HTTP 200, {found} routes, snapshot {answer['snapshot']})")
    say(f"the page was answered by the container (HTTP 200, {len(page.encode())} bytes, title “{title[1].strip()}”)")
    return 0


def wait(port: int, path: str) -> str:
    """The body of ``path``; 503 (a publish is under way) is waited for, anything else but 200 is an error."""
    until = time.monotonic() + PATIENCE
    while True:
        status, body = get(port, path)
        if status == 200:
            return body
        if status != 503 or time.monotonic() > until:
            raise SystemExit(fail(f"{path} was answered with HTTP {status}: {body[:300]}"))
        time.sleep(1)


def get(port: int, path: str) -> tuple[int, str]:
    """Status and body of one GET."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8")
    finally:
        connection.close()


def fail(text: str) -> int:
    """Say what is wrong; the exit status of a failure."""
    say(text)
    return 1


def say(text: str) -> None:
    """One line of the test's output."""
    sys.stdout.write(f"compose-test: {text}\n")


if __name__ == "__main__":
    sys.exit(main())
