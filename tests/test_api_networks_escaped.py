"""The page and the files of a network whose nodes have names of every kind of mischief."""

import csv
import io
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from graph.questions.analysis import ROLES
from graph.questions.communities import Overview, overview
from graph.questions.named import NamedQuestion
from graph.questions.networks import Network, Projection, network_of
from graph.statements.home import Home
from graph.views.entity import NodeRef
from tests.test_api_app import served

NASTY = "<img src=x onerror=alert(1)> \"'&{{7*7}}{} =1+1 \x07"
FORMULA = '=HYPERLINK("http://198.51.100.1/","x")'
NAMES = {"a" * 12: NASTY, "b" * 12: FORMULA}


class Mischief:
    """A snapshot of two nodes with such names."""

    snapshot = "0" * 12

    def current(self) -> "Mischief":
        return self

    def ready(self) -> tuple[bool, str]:
        return True, ""

    def close(self) -> None: ...

    def network(self, projection: Projection, as_of: str) -> Network:
        source, target = NAMES
        return network_of(projection, [{"source": source, "target": target, "year": 2020, "weight": 1}])

    def overview(self, projection: Projection, as_of: str, since: int | None, until: int | None) -> Overview:
        return overview(self.network(projection, as_of).between(since, until))

    def question(self, asked: NamedQuestion, given: dict[str, str]) -> SimpleNamespace:
        return SimpleNamespace(rows=[{"broker": next(iter(NAMES)), "year": 2020} | dict.fromkeys(ROLES, 1)])

    def ref(self, identifier: str, language: str) -> NodeRef:
        return NodeRef(identifier, NAMES[identifier], "Organization")

    def illustrative(self, identifier: str) -> bool:
        return True


@pytest.fixture
def client(tmp_path: Path) -> Iterator[httpx.Client]:
    with served(Home(tmp_path), Mischief()) as client:  # type: ignore[arg-type]
        yield client


@pytest.mark.parametrize("language", ["vi", "en"])
def test_names_are_escaped_on_the_page(client: httpx.Client, language: str) -> None:
    page = client.get("/networks/broker_firm", params={"lang": language}, headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "<img" not in page.text
    assert "&lt;img src=x onerror=alert(1)&gt;" in page.text
    # both ends of the tie, both members of the community, and the broker
    assert page.text.count('class="made-up"') == 2 + 2 + 1


def test_what_is_asked_for_is_escaped_too(client: httpx.Client) -> None:
    for path in ("/networks/<img>", '/networks/broker_firm?from="><img>', '/networks/broker_firm?as_of="><img>'):
        page = client.get(path, headers={"accept": "text/html"})
        assert page.status_code in (404, 422)
        assert "<img" not in page.text


def test_names_are_neutralised_in_files(client: httpx.Client) -> None:
    rows = list(csv.reader(io.StringIO(client.get("/api/networks/broker_firm?format=csv").text, newline="")))
    assert rows[1][1] == NASTY
    assert rows[1][3] == f"'{FORMULA}"
    for kind, name in (("gexf", "label"), ("graphml", "")):
        root = ET.fromstring(client.get(f"/api/networks/broker_firm?format={kind}").content)
        nodes = [node for node in root.iter() if node.tag.endswith("}node")]
        found = [node.get(name) if name else "".join(node.itertext()) for node in nodes]
        assert found == [NASTY.replace("\x07", "\ufffd"), FORMULA]
