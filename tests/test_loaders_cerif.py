"""CERIF-XML: what each entity says, worked out by hand from small files; keys, deletions, and files that are not what they seem."""

from pathlib import Path

import pytest

from loaders.reading import open_file
from loaders.table_reading import FileRefused
from ontology.statement import ABOUT, Gone, Record, Reject, mention_id
from tests.said import items_of, records_of, said_of

CERIF = "https://www.openaire.eu/cerif-profile/1.2/"
TYPES = "https://w3id.org/cerif/vocab/OrganisationTypes#"
FUNDING = "https://www.openaire.eu/cerif-profile/vocab/OpenAIRE_Funding_Types#"


DELETED = ("", " status='deleted'")


def write(tmp_path: Path, *entities: str, version: str = CERIF) -> Path:
    path = tmp_path / "entities"
    path.write_text(f'<CERIF xmlns="{version}">\n{"".join(entities)}</CERIF>', encoding="utf-8")
    return path


def oai(tmp_path: Path, *records: tuple[str, str]) -> Path:
    path = tmp_path / "answer"
    parts = [
        f"<record><header{DELETED[not metadata]}><identifier>{identifier}</identifier></header>"
        + (f"<metadata>{metadata}</metadata>" if metadata else "")
        + "</record>\n"
        for identifier, metadata in records
    ]
    path.write_text(
        f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>\n{"".join(parts)}</ListRecords></OAI-PMH>',
        encoding="utf-8",
    )
    return path


def entity(name: str, identifier: str, content: str = "") -> str:
    return f'<{name} xmlns="{CERIF}" id="{identifier}">{content}</{name}>'


def said(tmp_path: Path, text: str) -> set[tuple[str, str, str]]:
    (record,) = records_of("cerif", write(tmp_path, text))
    return said_of(record)


ORGANISATION = f"""<OrgUnit id="O/1"><Type>{TYPES}University</Type><Acronym>ĐHVD</Acronym>
  <Name xml:lang="vi">Đại học Ví Dụ</Name><Name xml:lang="en">Example University</Name>
  <Name xml:lang="EN">University of Examples</Name>
  <RORID>https://ror.org/02hpadn98</RORID><GRID>grid.7491.b</GRID>
  <FundRefID>https://doi.org/10.13039/501100000780</FundRefID>
  <ElectronicAddress>https://vidu.example</ElectronicAddress><ElectronicAddress>mailto:hoi@vidu.example</ElectronicAddress>
  <ElectronicAddress>tel:+84200000000</ElectronicAddress><ElectronicAddress>javascript:alert(1)</ElectronicAddress>
  <PartOf><OrgUnit id="O/2"><Name xml:lang="vi">Bộ Ví Dụ</Name></OrgUnit></PartOf></OrgUnit>"""


def test_an_organisation(tmp_path: Path) -> None:
    one, above = "University Đại học Ví Dụ", "Organization Bộ Ví Dụ"
    assert said(tmp_path, ORGANISATION) == {
        (one, "hasIdentifier", "oai/test O/1"),
        (one, "name", "Đại học Ví Dụ@vi"),
        (one, "name", "Example University@en"),
        (one, "alternativeName", "University of Examples@en"),
        (one, "acronym", "ĐHVD"),
        (one, "hasIdentifier", "ror 02hpadn98"),
        (one, "hasIdentifier", "grid grid.7491.b"),
        (one, "hasIdentifier", "fundref 501100000780"),
        (one, "homepage", "https://vidu.example"),
        ("ContactPoint", "contactKind", "email"),
        ("ContactPoint", "contactValue", "hoi@vidu.example"),
        ("ContactPoint", "contactKind", "telephone"),
        ("ContactPoint", "contactValue", "+84200000000"),
        ("ContactPoint", "contactOf", one),
        (one, "unitOf", above),
        (above, "name", "Bộ Ví Dụ@vi"),
        (above, "hasIdentifier", "oai/test O/2"),
    }


def test_a_person_and_where_the_person_works(tmp_path: Path) -> None:
    text = """<Person id="P/1"><PersonName><FamilyNames>Nguyễn</FamilyNames><FirstNames>Văn Ví</FirstNames></PersonName>
      <ORCID>https://orcid.org/0000-0002-1825-0097</ORCID><ISNI>0000 0003 9448 2436</ISNI><ScopusAuthorID>77</ScopusAuthorID>
      <Identifier type="https://www.wikidata.org/wiki/Q5797148">70025425-8</Identifier>
      <ElectronicAddress>mailto:secret@vidu.example</ElectronicAddress><ElectronicAddress>tel:+841</ElectronicAddress>
      <Affiliation startDate="2015-09" endDate="2019"><OrgUnit id="O/1"><Acronym>ĐHVD</Acronym></OrgUnit></Affiliation></Person>"""
    one, body = "Person Văn Ví Nguyễn", "Organization ĐHVD"
    assert said(tmp_path, text) == {
        (one, "hasIdentifier", "oai/test P/1"),
        (one, "name", "Văn Ví Nguyễn"),
        (one, "alternativeName", "Nguyễn Văn Ví"),
        (one, "hasIdentifier", "orcid 0000-0002-1825-0097"),
        (one, "hasIdentifier", "isni 0000000394482436"),
        (one, "hasIdentifier", "scopus-author 77"),
        (body, "hasIdentifier", "oai/test O/1"),
        (body, "name", "ĐHVD"),
        (body, "acronym", "ĐHVD"),
        ("Membership", "member", one),
        ("Membership", "organization", body),
        ("Membership", "validFrom", "2015-09-01"),
        ("Membership", "validUntil", "2019-12-31"),
    }


def test_an_identifier_of_another_register_that_cannot_be_right_is_left_out(tmp_path: Path) -> None:
    text = """<Person id="P/1"><PersonName><FamilyNames>A</FamilyNames></PersonName><ORCID>0000-0002-1825-0098</ORCID></Person>"""
    assert said(tmp_path, text) == {("Person A", "hasIdentifier", "oai/test P/1"), ("Person A", "name", "A")}


def test_a_project(tmp_path: Path) -> None:
    text = f"""<Project id="J/1"><Acronym>VD</Acronym><Title xml:lang="vi">Nhiệm vụ ví dụ</Title><Title xml:lang="en">Example task</Title>
      <Identifier type="https://w3id.org/cerif/vocab/IdentifierTypes#ProjectReference">283595</Identifier>
      <Identifier type="">http://vidu.example</Identifier>
      <StartDate>2011-12-01</StartDate><EndDate>2014-05</EndDate>
      <Consortium><Coordinator><OrgUnit id="O/1"><Name>Host</Name></OrgUnit></Coordinator>
        <Partner><OrgUnit><Name>Partner</Name></OrgUnit></Partner></Consortium>
      <Team><PrincipalInvestigator><DisplayName>An B.</DisplayName><Person id="P/1"/></PrincipalInvestigator>
        <Member><Person><PersonName><FamilyNames>C</FamilyNames></PersonName></Person></Member></Team>
      <Funded><By><OrgUnit id="O/3"><Name>Payer</Name></OrgUnit></By>
        <As><Funding id="F/3"><Type>{FUNDING}Contract</Type><Name xml:lang="en">Money</Name><Amount currency="VND">5000000</Amount>
          <PartOf><Funding id="F/2"><Type>{FUNDING}Call</Type><Name xml:lang="en">The call</Name>
            <PartOf><Funding id="F/1"><Type>{FUNDING}FundingProgramme</Type><Acronym>H9</Acronym></Funding></PartOf></Funding></PartOf>
          <Duration startDate="2012" endDate="2013-06"/></Funding></As></Funded>
      <Abstract xml:lang="en">What is done.</Abstract><Keyword xml:lang="en">open access</Keyword></Project>"""
    task, host, partner = "STTask Nhiệm vụ ví dụ", "Organization Host", "Organization Partner"
    payer, head, member = "Organization Payer", "Person An B.", "Person C"
    role = "scheme/participation-role/1/"
    assert said(tmp_path, text) == {
        (task, "hasIdentifier", "oai/test J/1"),
        (task, "name", "Nhiệm vụ ví dụ@vi"),
        (task, "name", "Example task@en"),
        (task, "acronym", "VD"),
        (task, "number", "283595"),
        (task, "startDate", "2011-12-01"),
        (task, "endDate", "2014-05-31"),
        (task, "description", "What is done.@en"),
        (task, "hostedBy", host),
        (host, "name", "Host"),
        (host, "hasIdentifier", "oai/test O/1"),
        (partner, "name", "Partner"),
        (head, "name", "An B."),
        (head, "hasIdentifier", "oai/test P/1"),
        (member, "name", "C"),
        ("TaskParticipation", "task", task),
        ("TaskParticipation", "organization", partner),
        ("TaskParticipation", "role", f"{role}partner"),
        ("TaskParticipation", "person", head),
        ("TaskParticipation", "role", f"{role}principal-investigator"),
        ("TaskParticipation", "person", member),
        ("TaskParticipation", "role", f"{role}investigator"),
        ("Funding Money", "task", task),
        ("Funding Money", "funder", payer),
        ("Funding Money", "name", "Money@en"),
        ("Funding Money", "amount", "5000000"),
        ("Funding Money", "validFrom", "2012-01-01"),
        ("Funding Money", "validUntil", "2013-06-30"),
        (payer, "name", "Payer"),
        (payer, "hasIdentifier", "oai/test O/3"),
        (task, "partOf", "Programme The call"),
        ("Programme The call", "name", "The call@en"),
        ("Programme The call", "partOf", "Programme H9"),
        ("Programme H9", "name", "H9"),
        ("Programme H9", "acronym", "H9"),
    }


def test_money_in_another_currency_is_not_kept(tmp_path: Path) -> None:
    text = f"""<Funding id="F/1"><Type>{FUNDING}FundingProgramme</Type><Name xml:lang="en">FP</Name>
      <Amount currency="EUR">50500000000</Amount><Duration startDate="2007-01-01" endDate="2013-12-31"/></Funding>"""
    one = "Programme FP"
    assert said(tmp_path, text) == {
        (one, "name", "FP@en"),
        (one, "startDate", "2007-01-01"),
        (one, "endDate", "2013-12-31"),
    }


def test_money_whose_amount_is_not_kept_leaves_the_programme(tmp_path: Path) -> None:
    text = f"""<Project id="J/1"><Title>Task</Title><Funded><By><OrgUnit id="O/3"><Name>Payer</Name></OrgUnit></By>
      <As><Funding id="F/3"><Type>{FUNDING}Grant</Type><Amount currency="EUR">5</Amount>
      <PartOf><Funding id="F/1"><Type>{FUNDING}Call</Type><Name>The call</Name></Funding></PartOf></Funding></As></Funded></Project>"""
    assert said(tmp_path, text) == {
        ("STTask Task", "hasIdentifier", "oai/test J/1"),
        ("STTask Task", "name", "Task"),
        ("STTask Task", "partOf", "Programme The call"),
        ("Programme The call", "name", "The call"),
    }


def test_a_stay_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    affiliation = '<Affiliation startDate="2019" endDate="2018"><OrgUnit id="O/1"/></Affiliation>'
    (item,) = items_of("cerif", write(tmp_path, f'<Person id="P/1">{affiliation}</Person>'))
    assert isinstance(item, Reject)
    assert (item.line, item.field) == (2, "endDate")


def test_a_patent(tmp_path: Path) -> None:
    text = """<Patent id="T/1"><Title xml:lang="en">Device</Title><RegistrationDate>2013-11-14</RegistrationDate>
      <ApprovalDate>2014-11-13</ApprovalDate><CountryCode>WO</CountryCode>
      <Issuer><OrgUnit id="O/9"><Name xml:lang="en">Office</Name></OrgUnit></Issuer><PatentNumber>WO2014</PatentNumber>
      <Inventors><Inventor><Person id="P/1"><PersonName><FamilyNames>Zanin</FamilyNames>
        <FirstNames>Max</FirstNames></PersonName></Person></Inventor></Inventors>
      <Holders><Holder><OrgUnit id="O/1"><Name xml:lang="en">Firm</Name></OrgUnit></Holder></Holders>
      <Abstract xml:lang="en">A device.</Abstract>
      <Subject>https://data.epo.org/linked-data/def/cpc/A01B5-150755</Subject>
      <Subject>https://data.epo.org/linked-data/def/ipc/A01B1-00</Subject>
      <Subject>https://data.epo.org/linked-data/def/cpc/Q99Z1-00</Subject></Patent>"""
    technology, patent, firm, office = "Technology Device", "Patent", "Organization Firm", "Organization Office"
    assert said(tmp_path, text) == {
        (technology, "name", "Device@en"),
        (technology, "description", "A device.@en"),
        (technology, "hasPatentClass", "scheme/ipc/2024/A01B"),
        (technology, "inventor", "Person Max Zanin"),
        ("Person Max Zanin", "name", "Max Zanin"),
        ("Person Max Zanin", "alternativeName", "Zanin Max"),
        ("Person Max Zanin", "hasIdentifier", "oai/test P/1"),
        (patent, "hasIdentifier", "oai/test T/1"),
        (patent, "protects", technology),
        (patent, "number", "WO2014"),
        (patent, "filedOn", "2013-11-14"),
        (patent, "grantedOn", "2014-11-13"),
        (patent, "issuedBy", office),
        (office, "name", "Office@en"),
        (office, "hasIdentifier", "oai/test O/9"),
        ("RightsHolding", "holder", firm),
        ("RightsHolding", "over", technology),
        ("RightsHolding", "power", "scheme/power/1/own"),
        ("RightsHolding", "validFrom", "2014-11-13"),
        (firm, "name", "Firm@en"),
        (firm, "hasIdentifier", "oai/test O/1"),
    }


PAPER = """<Publication id="U/1"><Title xml:lang="en">Paper</Title><PublicationDate>2016-03</PublicationDate>
  <DOI>10.1000/ABC</DOI><Authors><Author><DisplayName>An</DisplayName><Person id="P/1"/>
  <Affiliation><OrgUnit id="O/1"><Name>Body</Name></OrgUnit></Affiliation></Author></Authors>{}</Publication>"""
OF_ITS_MAKERS = {
    ("Person An", "name", "An"),
    ("Person An", "hasIdentifier", "oai/test P/1"),
    ("Organization Body", "name", "Body"),
    ("Organization Body", "hasIdentifier", "oai/test O/1"),
    ("Membership", "member", "Person An"),
    ("Membership", "organization", "Organization Body"),
    ("Membership", "validFrom", "2016-03-01"),
    ("Membership", "validUntil", "2016-03-31"),
}


def test_a_paper_that_no_task_brought_forth_says_of_its_makers_alone(tmp_path: Path) -> None:
    assert said(tmp_path, PAPER.format("")) == OF_ITS_MAKERS


def test_a_paper_of_a_task_is_its_result(tmp_path: Path) -> None:
    origin = '<OriginatesFrom><Project id="J/1"><Acronym>VD</Acronym></Project></OriginatesFrom>'
    assert said(tmp_path, PAPER.format(origin)) == OF_ITS_MAKERS | {
        ("ResearchResult Paper", "name", "Paper@en"),
        ("ResearchResult Paper", "hasIdentifier", "oai/test U/1"),
        ("ResearchResult Paper", "hasIdentifier", "doi 10.1000/abc"),
        ("ResearchResult Paper", "resultOf", "STTask VD"),
        ("STTask VD", "name", "VD"),
        ("STTask VD", "acronym", "VD"),
        ("STTask VD", "hasIdentifier", "oai/test J/1"),
    }


def test_equipment(tmp_path: Path) -> None:
    text = """<Equipment id="82"><Name xml:lang="en">Plane</Name><Identifier type="x">98/1999</Identifier>
      <Owner><OrgUnit id="O/1"><Acronym>CNR</Acronym></OrgUnit></Owner></Equipment>"""
    assert said(tmp_path, text) == {
        ("Facility Plane", "hasIdentifier", "oai/test 82"),
        ("Facility Plane", "name", "Plane@en"),
        ("Facility Plane", "number", "98/1999"),
        ("Facility Plane", "organization", "Organization CNR"),
        ("Organization CNR", "name", "CNR"),
        ("Organization CNR", "acronym", "CNR"),
        ("Organization CNR", "hasIdentifier", "oai/test O/1"),
    }


def test_a_file_and_a_harvest_say_the_same_of_the_same(tmp_path: Path) -> None:
    (alone,) = records_of("cerif", write(tmp_path, ORGANISATION), "cris.example.org")
    wrapped = ORGANISATION.replace("<OrgUnit id=", f'<OrgUnit xmlns="{CERIF}" id=', 1)
    reading = open_file("cerif", oai(tmp_path, ("oai:cris.example.org:O/1", wrapped)))
    (answered,) = reading.items
    assert (reading.source, reading.one_issuer) == ("cris.example.org", True)
    assert isinstance(answered, Record)
    assert (answered.key, answered.fingerprint()) == (alone.key, alone.fingerprint())
    assert answered.statements[0].subject == mention_id("cris.example.org", "O/1", ABOUT)


def test_a_deletion_is_a_record_that_is_gone(tmp_path: Path) -> None:
    path = oai(tmp_path, ("oai:r:O/1", entity("OrgUnit", "O/1", "<Name>A</Name>")), ("oai:r:O/2", ""))
    one, two = items_of("cerif", path)
    assert isinstance(one, Record) and two == Gone("O/2")


def test_refusals_say_where_and_why(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '<OrgUnit id="O/1"/>\n',
        "<OrgUnit><Name>A</Name></OrgUnit>\n",
        '<OrgUnit id="O/1"/>',
        '<Event id="E"/>',
    )
    one, two, three = items_of("cerif", path)
    assert isinstance(one, Record) and one.line == 2
    assert isinstance(two, Reject) and (two.line, two.field) == (3, "id") and "is empty" in two.reason
    assert isinstance(three, Reject) and (three.line, three.row) == (4, "O/1") and "of line 2" in three.reason
    (strange,) = [
        item for item in items_of("cerif", oai(tmp_path, ("a", entity("Event", "E")), ("b", "<dc/>"))) if item
    ]
    assert isinstance(strange, Reject) and (strange.field, strange.row) == ("metadata", "b")


def test_order_and_namespace_version_change_nothing(tmp_path: Path) -> None:
    other = '<OrgUnit id="O/2"><Name>B</Name></OrgUnit>'
    first = {record.key: record.fingerprint() for record in records_of("cerif", write(tmp_path, ORGANISATION, other))}
    older = write(tmp_path, other, "<!-- a comment -->", ORGANISATION, version=f"{CERIF[:-4]}1.1/")
    assert {record.key: record.fingerprint() for record in records_of("cerif", older)} == first
    assert len(first) == 2


@pytest.mark.parametrize(
    "content",
    [
        "<r/>",
        "no xml",
        "{}",
        f'<!DOCTYPE x><CERIF xmlns="{CERIF}"/>',
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><Identify/></OAI-PMH>',
        "<",
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "file"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FileRefused, match="file"):
        open_file("cerif", path)


def test_an_entity_bomb_and_a_canary(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    canary.write_text("secret", encoding="utf-8")
    path = tmp_path / "file"
    path.write_text(
        f'<CERIF xmlns="{CERIF}"><OrgUnit id="1"/><!DOCTYPE x [<!ENTITY e SYSTEM "{canary.as_uri()}">]></CERIF>',
        encoding="utf-8",
    )
    with pytest.raises(FileRefused):
        items_of("cerif", path)


def test_hostile_texts_are_kept_word_for_word(tmp_path: Path) -> None:
    name = "Robby' WITH true MATCH (n) DETACH DELETE n // &lt;img onerror=x&gt; =1+1"
    (record,) = records_of("cerif", write(tmp_path, f'<OrgUnit id="../../x"><Name>{name}</Name></OrgUnit>'))
    assert record.key == "../../x"
    shown = name.replace("&lt;", "<").replace("&gt;", ">")
    assert [s.value for s in record.statements if s.property == "name"] == [shown]
