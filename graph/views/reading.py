"""Reads one published snapshot: entity pages from the dataset, search, arrays, and what an old id means today."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path

import pyoxigraph as ox

from graph.links.strings.bodies import Body
from graph.resolve.snapshots import Snapshot, attach_table, directory, read_snapshot, snapshot_in
from graph.statements.home import Home
from graph.statements.loads import connect
from graph.statements.tombstones import Tombstone, tombstone_of
from graph.views.arrays import Arrays
from graph.views.bilingual import read_bridge
from graph.views.bodies import Identified, read_bodies, read_identifiers
from graph.views.bridge import Bridge, Bridged
from graph.views.entity import EntityPage, Fact, Member, NodeRef, RecordRef
from graph.views.errors import NotReady
from graph.views.expert_arrays import ExpertArrays
from graph.views.expert_arrays import read as read_expert_arrays
from graph.views.facets import Narrowed
from graph.views.history import Beginning, History, HistoryReader
from graph.views.rdf import Dataset, identifier_of, iri
from graph.views.search import Found, Hit, Search, most_specific
from graph.views.surroundings import Around, around
from ontology.model import BASE, KN, ontology

_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_DEFAULT = ox.DefaultGraph()
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_SOURCES = 12
"""Records that are named for one fact; a page that needs all asks the named graphs."""
_TOLD = 4_000
"""Nodes of which is kept what the default graph says: an answer asks several things of each of its bodies."""
_SURROUNDED = 32
"""Nodes of which is kept what stands around them: who turns a page or expands a picture asks again."""
_MEMBERS = 20_000
"""Concepts of one scheme that are listed."""
_SHOWN_AS_NAME = ("identifierValue", "contactValue", "notation", "number", "recordKey", "file", "claimProperty")


@cache
def _predicates(prop: str) -> tuple[ox.NamedNode, ...]:
    """A property as it is stated: by itself, or by one that is demoted to it."""
    demoted = (_term(one.name) for one in ontology().properties.values() if one.demotes_to == prop)
    return _TYPE if prop == "type" else _term(prop), *demoted


def _term(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{KN}{name}")


def _by_number(code: str) -> list[str]:
    """A code's parts so that 2.10 comes after 2.9; codes of letters stay in the order of letters."""
    return [part.zfill(8) if part.isdigit() and "." in code else part for part in code.split(".")]


class SnapshotViews:
    """The views of one publish.

    :raises NotReady: where the publish is no longer on disk
    """

    def __init__(self, home: Home, number: int) -> None:
        made_of = read_snapshot(home, number)
        if made_of is None:
            raise NotReady(f"the views of publish {number} are not in this home; run «ketnoi publish --rebuild»")
        self._home = home
        self._open(directory(home, number), made_of)

    def _open(self, path: Path, made_of: Snapshot) -> None:
        self.made_of = made_of
        self.snapshot = made_of.snapshot
        self._path = path
        self.store = ox.Store.read_only(str(path / "rdf"))
        self.index = Search(path / "search")
        self.triples = lru_cache(maxsize=_TOLD)(self._triples)
        self.name = lru_cache(maxsize=50_000)(self._name)
        self.record = lru_cache(maxsize=20_000)(self._record)
        self._surrounded = lru_cache(maxsize=_SURROUNDED)(partial(around, self))

    @property
    def home(self) -> Home:
        """The home that it is in."""
        return self._home

    @property
    def path(self) -> Path:
        """The directory of its views."""
        return self._path

    @property
    def dataset(self) -> Dataset:
        """The dataset, for those that query it in a process of their own."""
        return Dataset(self.snapshot, self._path / "rdf")

    @cached_property
    def arrays(self) -> Arrays:
        return Arrays(self._path / "arrays")

    @property
    def expert_arrays(self) -> ExpertArrays:
        """What speaks for experts.

        :raises NotReady: where it was published before there were such arrays
        """
        return read_expert_arrays(self._path / "arrays")

    @cached_property
    def bridge(self) -> Bridge:
        """The phrases that are known in both languages."""
        return Bridge(read_bridge(self._path / "arrays"))

    def search(
        self,
        text: str,
        limit: int = 20,
        classes: Sequence[str] = (),
        language: str = "vi",
        bridged: Sequence[Bridged] = (),
    ) -> list[Hit]:
        """The best hits for a text.

        :param bridged: phrases of it that are looked for in the other language too
        """
        return self.index.find(text, limit, classes, language, bridged=bridged)

    def narrow(
        self,
        text: str,
        narrowed: Narrowed,
        limit: int = 20,
        offset: int = 0,
        language: str = "vi",
        bridged: Sequence[Bridged] = (),
    ) -> Found:
        """A page of the hits for a text, narrowed by facets, and what it can be narrowed by further."""
        return self.index.narrow(text, narrowed, limit, offset, language, bridged)

    def suggest(self, text: str, limit: int = 8, language: str = "vi") -> list[Hit]:
        """Nodes whose name may be what somebody is typing."""
        return self.index.suggest(text, limit, language)

    def tombstone(self, identifier: str) -> Tombstone | None:
        """What is left of something that was erased; it is gone from past and kept snapshots too."""
        return tombstone_of(self._home, identifier)

    def redirect(self, identifier: str) -> str | None:
        """The entity that an id means today, where it is another one: the id of a merged mention."""
        if "/" in identifier:
            return None
        with connect() as con:
            for name in ("entities-extra.parquet", "entities.parquet"):
                row = con.execute(
                    "SELECT entity FROM read_parquet($file) WHERE subject = $subject",
                    {"file": str(self._path / name), "subject": identifier},
                ).fetchone()
                if row is not None:
                    break
        return None if row is None or row[0] == identifier else str(row[0])

    @cached_property
    def _counts(self) -> dict[str, int]:
        with connect() as con:
            attach_table(con, self._home, self.made_of, "resolved")
            return dict(
                con.execute("SELECT value, count(*) FROM resolved WHERE property = 'type' GROUP BY value").fetchall()
            )

    @cached_property
    def bodies(self) -> list[Body]:
        """The organisations, as strings are linked to them."""
        with connect() as con:
            attach_table(con, self._home, self.made_of, "resolved")
            return read_bodies(con, "resolved")

    @cached_property
    def identified(self) -> Identified:
        """The organisations by their identifiers."""
        with connect() as con:
            attach_table(con, self._home, self.made_of, "resolved")
            return read_identifiers(con, "resolved")

    def counts(self) -> dict[str, int]:
        """Class → number of its nodes, subclasses included."""
        return dict(self._counts)

    def _triples(self, identifier: str) -> tuple[ox.Quad, ...]:
        """What the default graph says of an entity."""
        return tuple(self.store.quads_for_pattern(ox.NamedNode(iri(identifier)), None, None, _DEFAULT))

    def types(self, identifier: str) -> list[str]:
        """The classes of a node, the most specific first."""
        found = [
            str(quad.object.value).removeprefix(str(KN))
            for quad in self.triples(identifier)
            if quad.predicate == _TYPE and isinstance(quad.object, ox.NamedNode)
        ]
        known = ontology().classes
        return sorted((name for name in found if name in known), key=lambda name: (-len(known[name].ancestors), name))

    def values(self, identifier: str, prop: str) -> list[str]:
        """The values or targets of a property, as text or ids."""
        term = _term(prop)
        return [self._plain(quad.object) for quad in self.triples(identifier) if quad.predicate == term]

    def values_alone(self, identifier: str, prop: str) -> list[str]:
        """As :meth:`values`, without reading what else is said of the node: a quarter of the time where nothing else is asked of it."""
        quads = self.store.quads_for_pattern(ox.NamedNode(iri(identifier)), _term(prop), None, _DEFAULT)
        return [self._plain(quad.object) for quad in quads]

    def _plain(self, term: object) -> str:
        if isinstance(term, ox.NamedNode):
            return identifier_of(term.value) or term.value
        return str(getattr(term, "value", term))

    def _name(self, identifier: str, language: str) -> str:
        names: dict[str, str] = {}
        other: dict[str, str] = {}
        types = []
        for quad in self.triples(identifier):
            prop = quad.predicate.value.removeprefix(str(KN))
            if prop == "name" and isinstance(quad.object, ox.Literal):
                names[quad.object.language or ""] = quad.object.value
            elif prop in _SHOWN_AS_NAME and isinstance(quad.object, ox.Literal):
                other[prop] = quad.object.value
            elif quad.predicate == _TYPE:
                types.append(self._plain(quad.object).removeprefix("ontology#"))
        for key in (language, "", "vi", "en"):
            if names.get(key):
                return names[key]
        if names:
            return next(iter(names.values()))
        kind = most_specific(types) if types else ""
        if kind in ontology().classes and ontology().classes[kind].event:
            return self._event_name(identifier, kind, language)
        if not any(prop in other for prop in _SHOWN_AS_NAME):
            for node in self.values(identifier, "hasIdentifier"):
                other["identifierValue"] = next(iter(self.values(node, "identifierValue")), "")
        return next((other[prop] for prop in _SHOWN_AS_NAME if other.get(prop)), "") or self._event_name(
            identifier, kind, language
        )

    def _own_name(self, identifier: str, language: str) -> str | None:
        """What a node is called in a language, or in any."""
        quads = self.store.quads_for_pattern(ox.NamedNode(iri(identifier)), _term("name"), None, _DEFAULT)
        names = {quad.object.language or "": quad.object.value for quad in quads if isinstance(quad.object, ox.Literal)}
        return next((names[key] for key in (language, "", "vi", "en", *sorted(names)) if key in names), None)

    def _event_name(self, identifier: str, kind: str, language: str) -> str:
        """An event is called by its class and its ends."""
        ends: list[str] = []
        for quad in sorted(self.triples(identifier), key=lambda quad: quad.predicate.value):
            target = identifier_of(quad.object.value) if isinstance(quad.object, ox.NamedNode) else None
            prop = ontology().properties.get(quad.predicate.value.removeprefix(str(KN)))
            if target and prop and prop.is_edge and not target.startswith(("scheme/", "record/")) and len(ends) < 2:
                name = self._own_name(target, language)
                ends += [name] if name else []
        label = ontology().label(kind, language) if kind else identifier
        return f"{label}: {' – '.join(ends)}" if ends else label

    def ref(self, identifier: str, language: str) -> NodeRef:
        """A node to link to."""
        types = self.types(identifier)
        return NodeRef(identifier, self.name(identifier, language), types[0] if types else "Entity")

    def illustrative(self, identifier: str) -> bool:
        return "true" in self.values(identifier, "illustrative")

    def _record(self, record: str) -> RecordRef:
        said = {quad.predicate.value.removeprefix(str(KN)): quad.object for quad in self.triples(f"record/{record}")}
        source = said.get("fromSource")
        name = self.values(self._plain(source), "name")[:1] if source else []
        line = said.get("line")
        return RecordRef(
            record,
            name[0] if name else "",
            getattr(said.get("file"), "value", None),
            int(str(getattr(line, "value", 0))) if line else None,
            getattr(said.get("retrievedOn"), "value", None),
        )

    def sources(
        self, identifier: str, prop: str, value: Term | None = None, limit: int = _SOURCES
    ) -> tuple[RecordRef, ...]:
        """The records that state a fact of an entity, at most ``limit``."""
        found: list[RecordRef] = []
        for predicate in _predicates(prop):
            for quad in self.store.quads_for_pattern(ox.NamedNode(iri(identifier)), predicate, value):
                if isinstance(quad.graph_name, ox.NamedNode):
                    found.append(self.record(quad.graph_name.value.removeprefix(f"{BASE}record/")))
                    if len(found) >= limit:
                        return tuple(found)
        return tuple(found)

    def edge_sources(self, identifier: str, prop: str, target: str, limit: int = _SOURCES) -> tuple[RecordRef, ...]:
        """The records that state an edge between two nodes, at most ``limit``."""
        return self.sources(identifier, prop, ox.NamedNode(iri(target)), limit)

    def value_sources(self, identifier: str, prop: str, limit: int = _SOURCES) -> tuple[RecordRef, ...]:
        """The records that state any value of a property, at most ``limit``."""
        return self.sources(identifier, prop, None, limit)

    def entity(self, identifier: str, language: str = "vi", limit: int = 25) -> EntityPage | None:
        """Everything that one page shows of an entity, or ``None`` where there is none."""
        types = self.types(identifier)
        if not types:
            return None
        claims = [
            fact
            for claim in self.subjects("claimAbout", identifier, limit=200)
            for fact in self._claim(claim, language)
        ]
        incoming, counts = self._incoming(identifier, language, limit)
        return EntityPage(
            id=identifier,
            name=self.name(identifier, language),
            types=tuple(types),
            illustrative=self.illustrative(identifier),
            facts=tuple(self._facts(identifier, language)),
            incoming=tuple(incoming),
            incoming_counts=counts,
            claims=tuple(claims),
        )

    def _facts(self, identifier: str, language: str) -> Iterator[Fact]:
        order = {name: at for at, name in enumerate(ontology().properties)}
        quads = [quad for quad in self.triples(identifier) if quad.predicate != _TYPE]
        for quad in sorted(
            quads, key=lambda quad: (order.get(quad.predicate.value.removeprefix(str(KN)), 0), str(quad.object))
        ):
            prop = quad.predicate.value.removeprefix(str(KN))
            yield self._fact(prop, quad.object, self.sources(identifier, prop, quad.object), language)

    def _fact(self, prop: str, term: Term, sources: tuple[RecordRef, ...], language: str) -> Fact:
        if isinstance(term, ox.Literal):
            return Fact(prop, term.value, term.language, None, sources)
        return Fact(prop, None, None, self.ref(self._plain(term), language), sources)

    def _claim(self, claim: str, language: str) -> Iterator[Fact]:
        prop = next(iter(self.values(claim, "claimProperty")), "")
        sources = self.sources_of_claim(claim, prop)
        for value in self.values(claim, "claimValue"):
            yield Fact(prop, value, None, None, sources)
        for target in self.values(claim, "claimObject"):
            yield Fact(prop, None, None, self.ref(target, language), sources)

    def sources_of_claim(self, claim: str, prop: str) -> tuple[RecordRef, ...]:
        """The records behind a competing claim."""
        about = next(iter(self.values(claim, "claimAbout")), "")
        value = next(iter(self.values(claim, "claimValue")), None)
        quads = self.store.quads_for_pattern(ox.NamedNode(iri(about)), _term(prop), None)
        return tuple(
            self.record(quad.graph_name.value.removeprefix(f"{BASE}record/"))
            for quad in quads
            if isinstance(quad.graph_name, ox.NamedNode) and getattr(quad.object, "value", None) == value
        )

    def subjects(self, prop: str, identifier: str, limit: int = 1000) -> list[str]:
        """Nodes from which an edge points to an entity."""
        found: list[str] = []
        for quad in self.store.quads_for_pattern(None, _term(prop), ox.NamedNode(iri(identifier)), _DEFAULT):
            found.append(self._plain(quad.subject))
            if len(found) >= limit:
                break
        return found

    def edges(self, prop: str) -> Iterator[tuple[str, str]]:
        """All edges of a property: from whom, to whom."""
        for quad in self.store.quads_for_pattern(None, _term(prop), None, _DEFAULT):
            yield self._plain(quad.subject), self._plain(quad.object)

    def around(self, identifier: str) -> Around:
        """What stands around a node: neighbours, and days."""
        return self._surrounded(identifier)

    def history(self, identifier: str, offset: int = 0, limit: int = 50) -> History:
        """What records said of a node, load by load, and which links made its mentions one; the newest first."""
        return HistoryReader(self._home, self.made_of.loads, self._path).read(identifier, offset, limit)

    def beginning(self, identifier: str) -> Beginning:
        """Since when there is a node, by the loads of this snapshot."""
        return HistoryReader(self._home, self.made_of.loads, self._path).beginning(identifier)

    def instances(self, cls: str) -> list[str]:
        """The nodes of a class, subclasses included."""
        return [self._plain(q.subject) for q in self.store.quads_for_pattern(None, _TYPE, _term(cls), _DEFAULT)]

    def members(self, scheme: str, language: str = "vi") -> list[Member]:
        """The concepts of a scheme (``scheme/trl/1``), by code."""
        found = self.subjects("inScheme", scheme, limit=_MEMBERS)
        own = set(found)
        members = [
            Member(
                concept,
                next(iter(self.values(concept, "notation")), ""),
                self.name(concept, language),
                next((parent for parent in self.values(concept, "broader") if parent in own), None),
            )
            for concept in found
        ]
        return sorted(members, key=lambda member: [*_by_number(member.code), member.id])

    def _incoming(self, identifier: str, language: str, limit: int) -> tuple[list[tuple[str, NodeRef]], dict[str, int]]:
        shown: list[tuple[str, NodeRef]] = []
        counts: Counter[str] = Counter()
        for quad in self.store.quads_for_pattern(None, None, ox.NamedNode(iri(identifier)), _DEFAULT):
            prop = quad.predicate.value.removeprefix(str(KN))
            if prop == "claimAbout" or quad.predicate == _TYPE:
                continue
            counts[prop] += 1
            if counts[prop] <= limit:
                shown.append((prop, self.ref(self._plain(quad.subject), language)))
        return shown, dict(counts)

    def said(self, record: str, limit: int = 500) -> Iterator[tuple[str, str, Term]]:
        """What a record said, as it said it: id of whom, property, value or target."""
        quads = self.store.quads_for_pattern(None, None, None, ox.NamedNode(iri(record)))
        for at, quad in enumerate(quads):
            if at == limit:
                return
            prop = "type" if quad.predicate == _TYPE else quad.predicate.value.removeprefix(str(KN))
            yield self._plain(quad.subject), prop, quad.object

    def fact(self, prop: str, term: Term, language: str) -> Fact:
        """A statement of a record as a fact."""
        if prop == "type":
            return Fact(
                prop, ontology().label(str(getattr(term, "value", "")).removeprefix(str(KN)), language), None, None, ()
            )
        return self._fact(prop, term, (), language)


class StoredViews(SnapshotViews):
    """The views of a snapshot in a directory of its own, beside those that are published: of a past day, or kept.

    :param path: the directory
    """

    def __init__(self, home: Home, path: Path) -> None:
        self._home = home
        self._open(path, snapshot_in(path))

    @cached_property
    def _counts(self) -> dict[str, int]:
        # its table went with the publish that it was made of, or never was; the dataset says the same
        quads = self.store.quads_for_pattern(None, _TYPE, None, _DEFAULT)
        return dict(Counter(self._plain(quad.object).removeprefix("ontology#") for quad in quads))
