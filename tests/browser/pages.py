"""Every page of the service, out of its own routes: what answers a browser with HTML, with something of the sample to show on each."""

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote, urlencode

import httpx

from api.sessions import TOKEN_COOKIE
from graph.questions.named import registers
from graph.statements.home import today
from tests.app_routes import got

TECHNOLOGY = "TdT5APT7asje"
PERSON = "kfWkR3QbnhDA"
TEXT = "xử lý nước thải"
_FILE = re.compile(r"\.(json|jsonld|ttl|rdf|csv|xlsx|nq|bib|docx|\{\w+\})$")
_NO_PAGES = re.compile(r"/(api|reconcile|\.well-known|cypher/schema|sparql|cypher|healthz|readyz|metrics|openapi)\b")
"""What serves machines: data, protocols, probes. ``/sparql`` and ``/cypher`` show browsers the workbench."""


@dataclass(frozen=True)
class Page:
    """A page: a name for its picture, its address, and whether one has to be signed in for it."""

    name: str
    path: str
    signed_in: bool = False


def examples(client: httpx.Client, technology: str = TECHNOLOGY, text: str = TEXT) -> dict[str, list[str]]:
    """Route → addresses that show something. A new route with a parameter needs one here.

    :param technology: that has an owner and was brokered; as it is, one of the sample
    :param text: that finds routes
    """
    typed = {"q": text}
    routes = client.get("/api/transfer", params={"text": text, "limit": 3}).json()["routes"]
    compared = [("q", text), *(("route", route["key"]) for route in routes)]
    first = routes[0]
    entity = client.get(f"/api/entities/{technology}").json()
    record = entity["facts"][0]["sources"][0]["record"]
    snapshot = client.get("/api/snapshots").json()["snapshot"]
    kinds = [first["holder"], first["intermediary"], first["firm"], first["need"]]
    ends = {
        "technology": first["technology"]["id"],
        "intermediary": first["intermediary"]["id"],
        "firm": first["firm"]["id"],
    }
    results = [entry["result"]["id"] for entry in client.get("/api/rights").json()["entries"]]
    return {
        "/": ["/", f"/?{urlencode(typed)}", f"/?{urlencode({**typed, 'region': 'VN-HN', 'trl': 8, 'offset': 10})}",
              f"/?{urlencode({**typed, 'price': 1})}"],
        "/route": [f"/route?{urlencode({**typed, 'route': first['key']})}"],
        "/compare": ["/compare", f"/compare?{urlencode(compared)}"],
        "/map": ["/map", "/map?within=VN-HN&shown=tasks"],
        "/search": ["/search", "/search?q=hoc", "/search?q=qqqxxq"],
        "/experts": ["/experts", "/experts?q=" + quote("nước")],
        "/partners": ["/partners", f"/partners?intermediary={first['intermediary']['id']}"],
        "/id/{identifier}": [f"/id/{technology}", *(f"/id/{one['id']}" for one in kinds if one)],
        "/record/{identifier}": [f"/record/{record}"],
        "/scheme/{path:path}": ["/scheme/trl/1", "/scheme/trl/1/7"],
        "/ontology/{path}": ["/ontology/RightsHolding"],
        "/questions/{name}": ["/questions/firms_in_park"],
        "/networks/{name}": ["/networks/broker_firm"],
        "/around/{identifier:path}": [f"/around/{technology}", f"/around/{first['intermediary']['id']}"],
        "/timeline/{identifier:path}": [f"/timeline/{first['intermediary']['id']}"],
        "/history/{identifier:path}": [f"/history/{technology}"],
        "/analysis/{name}": [f"/analysis/{name}" for name in ("betweenness", "communities", "concentration")],
        "/registers/{name}": [f"/registers/{name}" for name in sorted(registers())],
        "/rights/{identifier}": [f"/rights/{result}" for result in results[:1]],
        "/rights": ["/rights", f"/rights?{urlencode({'technology': technology, 'to': ends['firm']})}"],
        "/whatif": ["/whatif", "/whatif?add_field=1.4&add_place=VN-HN"],
        "/diff": ["/diff", "/diff?from=2026-01-01&to=2026-11-24&by=as_of"],
        "/reviewers": ["/reviewers", "/reviewers?q=" + quote("nước")],
        "/dossier": [f"/dossier?{urlencode(ends)}"],
        # tried with its own test, which has a case to show
        "/cases/{identifier}": [],
        "/persons/{identifier}": [f"/persons/{PERSON}"],
        "/notices/stop/{token}": [],
        "/notices/confirm/{token}": [],
        "/snapshots/{name}": [f"/snapshots/{snapshot}"],
        "/loads/{number}": ["/loads/000001"],
        "/loads/files/{identifier}": [],
        # with a link that leads nowhere; with one that does, by its own test
        "/join/{secret}": [],
        "/claims": ["/claims", f"/claims?organization={first['intermediary']['id']}"],
        "/audit": ["/audit", "/audit?proved=true"],
        "/workbench": ["/workbench", "/workbench?on=cypher&query=" + quote("MATCH (n:Park) RETURN n.name_vi LIMIT 5")],
    }  # fmt: skip


def asked(client: httpx.Client, path: str, headers: Mapping[str, str] = MappingProxyType({})) -> httpx.Response:
    """The answer, once what it needs is prepared."""
    for _ in range(120):
        answer = client.get(path, headers={"accept": "text/html", **headers})
        if answer.status_code not in (202, 503):
            break
        time.sleep(0.5)
    return answer


def _own_data(client: httpx.Client, token: str) -> str:
    """The page of a person, which a link opens that a curator made."""
    path, cookie = f"/persons/{PERSON}", {"cookie": f"{TOKEN_COOKIE}={token}"}
    form = client.get(path, headers=cookie).text.split('name="form_token" value="')[1].split('"')[0]
    until = (date.fromisoformat(today()) + timedelta(days=2)).isoformat()
    made = client.post(path, headers=cookie, data={"form_token": form, "action": "link", "until": until})
    return re.findall(r"<code>http://[^/]+(/own-data/[\w-]+)</code>", made.text)[0]


def addresses(home: Path, known: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    """What may be a page: a name for its picture, and its address.

    :param known: route → addresses
    :raises AssertionError: where nothing is known to show on a route with a parameter
    """
    for route in got(home):
        if _NO_PAGES.match(route) or _FILE.search(route):
            continue
        assert route in known or "{" not in route, f"tests/browser/pages.py has no example for {route}"
        name = re.sub(r"\W+", "-", route).strip("-") or "front"
        for number, path in enumerate(known.get(route, [route])):
            yield f"{name}-{number}" if number else name, path


def pages(client: httpx.Client, home: Path, token: str) -> list[Page]:
    """All pages. A route is a page where it answers HTML to a browser; with a role in hand where it asks for one.

    :param token: a curator's
    """
    found = []
    known = examples(client) | {"/own-data/{secret}": [_own_data(client, token)]}
    for name, path in addresses(home, known):
        answer = asked(client, path)
        signed_in = answer.status_code in (401, 403)
        if signed_in:
            answer = asked(client, path, {"cookie": f"{TOKEN_COOKIE}={token}"})
        if answer.headers.get("content-type", "").startswith("text/html"):
            # an error must not stand for a page
            assert answer.status_code < 400, (path, answer.status_code)
            found.append(Page(name, path, signed_in))
    found.append(Page("error", "/nowhere"))
    return found
