"""Writes a network as an edge list (CSV), as GEXF with intervals and as GraphML; the same network gives the same bytes."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from types import MappingProxyType
from xml.sax.saxutils import escape, quoteattr

from graph.questions.networks import Network, Tie

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
_HEADERS = ("source", "source_name", "target", "target_name", "year", "weight")

Writer = Callable[[Network, Mapping[str, str], str], Iterator[str]]
"""From a network, the names of its nodes by id, and a line that says what it is, to the pieces of a file."""


def edge_list(network: Network, names: Mapping[str, str], note: str) -> Iterator[str]:
    """A CSV with a row for each pair and year; the year is empty where no day is on record."""
    yield _line(_HEADERS)
    for tie in network.ties:
        ends = (tie.source, _cell(names[tie.source]), tie.target, _cell(names[tie.target]))
        yield _line((*ends, "" if tie.year is None else tie.year, tie.weight))


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _line(cells: tuple[object, ...]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def gexf(network: Network, names: Mapping[str, str], note: str) -> Iterator[str]:
    """GEXF 1.2 with intervals: an edge a pair, with a spell and a weight for each of its years, and the weight of all.

    A pair without a dated tie has no spell; its weight stands under ``undated``.
    """
    kind = "directed" if network.projection.directed else "undirected"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n'
    yield f"<meta><creator>Ketnoi</creator><description>{_text(note)}</description></meta>\n"
    yield f'<graph defaultedgetype="{kind}" mode="dynamic" timeformat="date">\n'
    yield '<attributes class="edge" mode="dynamic"><attribute id="yearly" title="yearly" type="integer"/></attributes>\n'
    yield '<attributes class="edge" mode="static"><attribute id="undated" title="undated" type="integer"/></attributes>\n<nodes>\n'
    for node in network.nodes():
        yield f"<node id={_quoted(node)} label={_quoted(names[node])}/>\n"
    yield "</nodes>\n<edges>\n"
    for at, ((source, target), group) in enumerate(groupby(network.ties, key=lambda tie: (tie.source, tie.target))):
        ties = list(group)
        weight = sum(tie.weight for tie in ties)
        yield f'<edge id="{at}" source={_quoted(source)} target={_quoted(target)} weight="{weight}">'
        yield f"<attvalues>{''.join(map(_value, ties))}</attvalues>"
        spells = "".join(f"<spell {_interval(tie.year)}/>" for tie in ties if tie.year is not None)
        yield f"{f'<spells>{spells}</spells>' if spells else ''}</edge>\n"
    yield "</edges>\n</graph>\n</gexf>\n"


def _value(tie: Tie) -> str:
    if tie.year is None:
        return f'<attvalue for="undated" value="{tie.weight}"/>'
    return f'<attvalue for="yearly" value="{tie.weight}" {_interval(tie.year)}/>'


def _interval(year: int) -> str:
    return f'start="{year:04d}-01-01" end="{year:04d}-12-31"'


def graphml(network: Network, names: Mapping[str, str], note: str) -> Iterator[str]:
    """GraphML: an edge for each pair and year, with ``year`` (left out where no day is on record) and ``weight``."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    yield f"<desc>{_text(note)}</desc>\n"
    yield '<key id="name" for="node" attr.name="name" attr.type="string"/>\n'
    yield '<key id="year" for="edge" attr.name="year" attr.type="int"/>\n'
    yield '<key id="weight" for="edge" attr.name="weight" attr.type="int"/>\n'
    yield f'<graph edgedefault="{"directed" if network.projection.directed else "undirected"}">\n'
    for node in network.nodes():
        yield f'<node id={_quoted(node)}><data key="name">{_text(names[node])}</data></node>\n'
    for at, tie in enumerate(network.ties):
        year = "" if tie.year is None else f'<data key="year">{tie.year}</data>'
        yield f'<edge id="e{at}" source={_quoted(tie.source)} target={_quoted(tie.target)}>{year}<data key="weight">{tie.weight}</data></edge>\n'
    yield "</graph>\n</graphml>\n"


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))


def _quoted(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", text))


WRITERS: Mapping[str, Writer] = MappingProxyType({"csv": edge_list, "gexf": gexf, "graphml": graphml})
"""By the name of the format, which is the file's suffix too."""
