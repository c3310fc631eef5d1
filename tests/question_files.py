"""A question's three files, written by tests to say just what they are about."""

from pathlib import Path

WORDS = '{vi = "Chữ", en = "Words"}'
TOML = f"""
number = 1
audience = "B"
order = ["name"]
title = {WORDS}
definition = {WORDS}
[parameters.text]
type = "text"
label = {WORDS}
[columns.name]
type = "text"
label = {WORDS}
[example]
text = "x"
"""
CYPHER = "RETURN $text AS name"
SPARQL = "SELECT (?text AS ?name) WHERE {\n  #@ text\n}"


def write_question(
    directory: Path, name: str = "echo", toml: str = TOML, cypher: str = CYPHER, sparql: str = SPARQL
) -> None:
    """Write the three files of a question."""
    for suffix, text in (("toml", toml), ("cypher", cypher), ("rq", sparql)):
        (directory / f"{name}.{suffix}").write_text(text, encoding="utf-8")
