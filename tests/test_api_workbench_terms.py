"""What the editors complete is computed from the ontology, all of it that is public, and nothing besides."""

from api.cypher.guard import checked
from api.workbench.terms import terms
from ontology.model import KN, ontology


def test_all_classes_and_public_properties_are_there_and_no_others() -> None:
    known = terms()
    public = {one.name for one in ontology().properties.values() if one.visibility == "public"}
    assert [one["name"] for one in known["classes"]] == list(ontology().classes)
    assert {one["name"] for one in known["properties"]} == public
    assert public < set(ontology().properties)


def test_every_term_says_what_it_is_in_both_languages() -> None:
    for one in (*terms()["classes"], *terms()["properties"]):
        for texts in (one["label"], one["definition"]):
            assert set(texts) >= {"vi", "en"}, one["name"]
            assert all(texts.values()), one["name"]


def test_a_property_is_a_relationship_type_or_has_keys() -> None:
    known = {one["name"]: one for one in terms()["properties"]}
    assert known["hostedBy"]["type"] == "HOSTED_BY"
    assert known["hostedBy"]["keys"] == []
    assert (known["name"]["type"], known["name"]["keys"]) == (None, ["name_vi", "name_en"])
    assert known["validFrom"]["keys"] == ["validFrom"]
    for name, one in known.items():
        edge = ontology().properties[name].is_edge
        assert (bool(one["type"]), bool(one["keys"])) == (edge, not edge), name
        assert one["to"] == ontology().properties[name].range


def test_prefixes_lead_to_what_they_say() -> None:
    assert terms()["prefixes"] == {
        "kn": str(KN),
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }


def test_words_and_functions_of_cypher_pass_the_guard() -> None:
    cypher = terms()["cypher"]
    assert {"MATCH", "OPTIONAL", "RETURN", "AND", "EXISTS"} <= set(cypher["words"])
    assert "LOAD" not in cypher["words"] and "CREATE" not in cypher["words"]
    assert {"count", "coalesce", "date"} <= set(cypher["functions"])
    assert checked("MATCH (n) OPTIONAL MATCH (n)--(m) RETURN count(n), coalesce(m.id, '')")
