"""What the views of a publish say on a real Neo4j: nothing private, every claim, old ids, and one content in both graphs."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest

from graph.resolve.snapshots import directory, segments
from graph.statements.home import Home
from graph.statements.judgements import judge_pair
from graph.views.engine import Engine
from ontology.model import BASE, KN, ROOT, ontology
from ontology.text import fold
from tests.conftest import ketnoi
from tests.publishing_house import (
    FLOOR,
    HOLDER,
    PHONE,
    RDF_TYPE,
    SECRET,
    House,
    broker,
    files_of_a,
    firm,
    home_with_a,
    house,
    house_of,
    right,
    same_as_a_rebuild,
    technology,
)

pytestmark = [pytest.mark.neo4j, pytest.mark.long]

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return home_with_a(tmp_path_factory.mktemp("template") / "home")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A small world that tests may add to."""
    with house(tmp_path_factory.mktemp("world") / "home") as it:
        it.send_all(files_of_a(), "a")
        it.build()
        yield it


def test_what_is_private_is_nowhere(world: House) -> None:
    """The expert's telephone, the floor price, the confidential need: no view holds them, by no name."""
    secrets = {
        PHONE,
        PHONE[1:],
        "rieng-tu",
        FLOOR,
        SECRET,
        fold(SECRET),
        "Zyxwort",
        "zyxwort",
        firm(9)["Tên doanh nghiệp"],
    }
    spaced = re.compile(r"0?97[ .]?314[ .]?62[ .]?85")
    number = world.engine.current()
    assert number is not None
    exported = world.export().decode()
    _, nodes = world.engine.graph.read("MATCH (n) RETURN labels(n), properties(n)")
    _, edges = world.engine.graph.read("MATCH ()-[e]->() RETURN type(e), properties(e)")
    table = "\n".join(str(pq.read_table(path).to_pylist()) for path in segments(world.home).glob("*.parquet"))
    arrays = b"\n".join(path.read_bytes() for path in (directory(world.home, number) / "arrays").iterdir())
    places = {
        "export": exported,
        "nodes": str(nodes),
        "edges": str(edges),
        "table": table,
        "arrays": arrays.decode("latin-1"),
    }
    for name, text in places.items():
        assert {secret for secret in secrets if secret in text} == set(), name
        assert not spaced.search(text), name
    assert "CG-1" in exported, "the experts themselves are there"
    for directory_of in ("search", "arrays"):
        for path in (directory(world.home, number) / directory_of).iterdir():
            held = path.read_bytes()
            assert not any(secret.encode() in held for secret in secrets), path.name
    views = world.views()
    for word in (PHONE, "zyxwort", SECRET, FLOOR, "rieng-tu"):
        assert all(fold("zyxwort") not in fold(hit.name + hit.snippet) for hit in views.search(word, 100))
    assert views.search("zyxwort") == []
    # what both a confidential and a public record say is public
    assert [hit.name for hit in views.search(firm(0)["Tên doanh nghiệp"], 1)] == [firm(0)["Tên doanh nghiệp"]]


def test_competing_claims(template: Path, tmp_path: Path) -> None:
    """Two answers to a question with one answer: one wins or neither, and both are on the page with their records."""
    with house_of(template, tmp_path) as it:
        technology_id, firm_id = it.named(technology(2)["Tên công nghệ"]), it.named(firm(3)["Tên doanh nghiệp"])
        assert it.views().entity(technology_id).claims == it.views().entity(firm_id).claims == ()  # type: ignore[union-attr]
        other = "Trường Đại học Tây Hải"
        it.send("rights.csv", "city", [right(2, other, 2)], "b/rights")
        it.send("firms.csv", "enterprise", [firm(3, **{"Số lao động": "999"})], "b/firms")
        it.build()
        views = it.views()
        page = views.entity(firm_id)
        assert page is not None
        assert [fact.value for fact in page.facts if fact.property == "employees"] == ["999"], "the newest"
        assert [(claim.property, claim.value) for claim in page.claims] == [("employees", "103")]
        assert [source.source for claim in page.claims for source in claim.sources] == ["a/firms"]
        page = views.entity(technology_id)
        assert page is not None
        assert {(claim.property, claim.object.name) for claim in page.claims if claim.object} == {
            ("holder", HOLDER),
            ("holder", other),
        }
        it.check()
        # a later load that speaks of the technology only leaves the claims where they are
        it.send("technologies.csv", "university", [technology(2, **{"Mô tả": "Lời khác"})], "a/technologies")
        it.build()
        assert len(it.views().entity(technology_id).claims) == 2  # type: ignore[union-attr]
        it.check()
        # holders that are one body agree
        judge_pair(it.home, it.named(other), it.named(HOLDER), True, "an", "one body by two names")
        it.build()
        assert it.views().entity(technology_id).claims == ()  # type: ignore[union-attr]
        same_as_a_rebuild(it)


def test_old_ids_answer(template: Path, tmp_path: Path) -> None:
    """The id of a merged body leads to the one that stands; a split gives it back."""
    with house_of(template, tmp_path) as it:
        earlier, later = sorted(
            (it.named(firm(at)["Tên doanh nghiệp"]) for at in (4, 5)),
            key=lambda node: it.views().record(next(iter(it.views().sources(node, "type"))).record).line or 0,
        )
        assert it.views().redirect(later) is None
        judge_pair(it.home, later, earlier, True, "an", "one firm")
        it.build()
        assert it.views().redirect(later) == earlier
        assert it.views().redirect(earlier) is None
        assert it.views().entity(later) is None
        _, rows = it.engine.graph.read(f"MATCH (n:{ROOT}) WHERE n.id IN $ids RETURN n.id", {"ids": [earlier, later]})
        assert rows == [(earlier,)]
        it.check()
        judge_pair(it.home, later, earlier, False, "binh", "two firms after all")
        it.build()
        assert it.views().redirect(later) is None
        assert it.named(firm(5)["Tên doanh nghiệp"]) == later
        same_as_a_rebuild(it)


def test_merged_holders_merge_their_events(template: Path, tmp_path: Path) -> None:
    """Equal rights of two bodies that turn out to be one are one right; so are their contact points."""
    with house_of(template, tmp_path) as it:
        other = "Viện Nghiên cứu Chế biến Bắc Hải"
        it.send("rights.csv", "city", [right(1, other, 1)], "b/rights")
        it.send("brokers.csv", "city", [broker(3, **{"Điện thoại": broker(0)["Điện thoại"]})], "b/brokers")
        it.build()
        pairs = [(other, HOLDER), (broker(3)["Tên tổ chức"], broker(0)["Tên tổ chức"])]
        for later, earlier in pairs:
            judge_pair(it.home, it.named(later), it.named(earlier), True, "an", "one body")
        it.build()
        it.check()
        _, rows = it.engine.graph.read(
            "MATCH (h:RightsHolding)-[:OVER]->(t:Technology {name_vi: $name}) RETURN count(DISTINCT h)",
            {"name": technology(1)["Tên công nghệ"]},
        )
        assert rows == [(1,)]
        same_as_a_rebuild(it)


# Two graphs, one content


def quads_of(home: Path, scratch: Path) -> Iterator[ox.Quad]:
    out = scratch / "exported.nq"
    ketnoi(home, "export", "nquads", "--out", str(out))
    return iter(ox.parse(path=str(out), format=ox.RdfFormat.N_QUADS))


def short(node: Any) -> str:
    path = str(node.value).removeprefix(BASE)
    return path.removeprefix("id/")


def relationship(local: str) -> str:
    return re.sub("(?<=[a-z0-9])([A-Z])", r"_\1", local).upper()


def native(literal: ox.Literal) -> Any:
    """What Neo4j holds for a literal: dates as DATE, whole numbers as integers, fractions as doubles, the rest as text."""
    kind = literal.datatype.value.removeprefix(XSD)
    if kind == "date":
        return date.fromisoformat(literal.value)
    if kind in ("integer", "gYear"):
        return int(literal.value)
    if kind in ("double", "decimal"):
        return float(literal.value)
    return literal.value == "true" if kind == "boolean" else literal.value


Graph = tuple[set[tuple[str, str]], set[tuple[str, str, Any]], set[tuple[str, str, str]]]


def by_rdf(quads: list[ox.Quad]) -> Graph:
    """Labels, values and edges as the default graph says them."""
    labels, values, edges = set(), set(), set()
    for quad in quads:
        if isinstance(quad.graph_name, ox.NamedNode):
            continue
        subject, local = short(quad.subject), quad.predicate.value.removeprefix(str(KN))
        if quad.predicate.value == RDF_TYPE:
            labels.add((subject, str(quad.object.value).removeprefix(str(KN))))  # type: ignore[union-attr]
        elif isinstance(quad.object, ox.Literal):
            key = f"{local}_{quad.object.language}" if quad.object.language else local
            values.add((subject, key, native(quad.object)))
        else:
            edges.add((subject, relationship(local), short(quad.object)))
    return labels, values, edges


def by_bolt(it: Engine) -> tuple[Graph, dict[tuple[str, str, str], list[str]], dict[str, list[str]]]:
    """The same out of Neo4j, with the sources of edges and nodes."""
    labels, values, edges = set(), set(), {}
    told = {}
    _, rows = it.graph.read(f"MATCH (n:{ROOT}) RETURN labels(n), properties(n)", timeout=120)
    for classes, properties in rows:
        node = properties.pop("id")
        told[node] = properties.pop("sources", [])
        labels |= {(node, name) for name in classes}
        for key, value in properties.items():
            several = not ontology().properties[key.split("_")[0]].single
            assert isinstance(value, list) == several, (node, key, value)
            if several:
                assert value == sorted(value) and len(set(value)) == len(value), (node, key, value)
            values |= {(node, key, one) for one in (value if several else [value])}
    _, rows = it.graph.read(f"MATCH (a:{ROOT})-[e]->(b:{ROOT}) RETURN a.id, type(e), b.id, properties(e)", timeout=120)
    for a, kind, b, properties in rows:
        assert (a, kind, b) not in edges, "each once"
        assert set(properties) == {"sources"}
        edges[a, kind, b] = properties["sources"]
    return (labels, values, set(edges)), edges, told


def compare(it: Engine, quads: list[ox.Quad]) -> None:
    expected, (found, edges, told) = by_rdf(quads), by_bolt(it)
    for what, of_rdf, of_neo4j in zip(("label", "value", "edge"), expected, found, strict=True):
        assert (what, sorted(of_rdf - of_neo4j, key=str)[:5], sorted(of_neo4j - of_rdf, key=str)[:5]) == (what, [], [])
    assert all(found), "all three kinds occur"
    classes = defaultdict(set)
    for node, label in found[0]:
        classes[node].add(label)
    stated, spoken = defaultdict(set), defaultdict(set)
    for quad in quads:
        if isinstance(quad.graph_name, ox.NamedNode):
            record = quad.graph_name.value.removeprefix(f"{BASE}record/")
            if quad.predicate.value == RDF_TYPE:
                spoken[short(quad.subject)].add(record)
            elif not isinstance(quad.object, ox.Literal):
                kind = relationship(quad.predicate.value.removeprefix(str(KN)))
                stated[short(quad.subject), kind, short(quad.object)].add(record)
    # what Ketnoi itself says of records, sources, claims and concepts without a scheme is in no record's graph
    own = {node for node, names in classes.items() if names & {"SourceRecord", "Source", "CompetingClaim"}}
    for edge, sources in edges.items():
        assert sources == sorted(set(sources))
        if edge[0] not in own:
            assert set(sources) == stated.pop(edge), edge
    for node, sources in told.items():
        if node not in own and (node in spoken or not node.startswith("scheme/")):
            assert set(sources) == spoken[node], node
    # every edge that a record states is an edge, but for what lost to another answer
    single = {relationship(p.name) for p in ontology().properties.values() if p.is_edge and p.single}
    assert {edge for edge in stated if edge not in edges and edge[1] not in single} == set()


def test_two_graphs_have_one_content_on_the_sample(sample_home: Path, tmp_path: Path) -> None:
    engine = Engine(Home(sample_home))
    try:
        compare(engine, list(quads_of(sample_home, tmp_path)))
    finally:
        engine.close()


def test_two_graphs_have_one_content_after_differences(world: House, tmp_path: Path) -> None:
    world.send("b.csv", "enterprise", [firm(at, **{"Số lao động": "5"}) for at in range(6, 14)], "b/firms")
    world.send("b2.csv", "city", [right(3, "Trường Đại học Tây Hải", 3)], "b/rights")
    world.build()
    compare(world.engine, list(quads_of(world.path, tmp_path)))


# Seen whole or not at all
