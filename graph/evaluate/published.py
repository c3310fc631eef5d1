"""A file as the service would publish it: loaded, resolved, and made into arrays and an index, by the code that publishes."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from graph.links.entities import make_entities
from graph.resolve.table import make_facts, make_table
from graph.statements.home import Home
from graph.statements.load_writing import write_load
from graph.statements.loads import Origin, active, open_statements
from graph.views import array_building, search
from graph.views.arrays import Arrays
from graph.views.bilingual import read_bridge
from graph.views.bridge import Bridge
from graph.views.publishing import load_schemes
from graph.views.search import Search
from ontology.statement import Item


@dataclass(frozen=True, slots=True)
class Published:
    """Arrays, bridge and index of what was loaded."""

    arrays: Arrays
    bridge: Bridge
    index: Search


def publish_alone(kind: str, items: Iterable[Item], work: Path) -> Published:
    """Load records, with the shipped schemes and nothing else; bodies stay as each record names them, as they are asked for by nobody.

    :param kind: under which they were read
    :param work: an empty directory
    :raises graph.statements.home.HomeError: where the disk is full
    """
    home = Home(work / "home")
    load_schemes(home)
    write_load(home, Origin("evaluation", kind, "evaluation"), items)
    with open_statements(home, active(home)) as con:
        make_entities(con)
        make_facts(con)
        make_table(con)
        array_building.build(con, "resolved", work / "arrays")
        search.build(con, "resolved", work / "search")
    return Published(Arrays(work / "arrays"), Bridge(read_bridge(work / "arrays")), Search(work / "search"))
