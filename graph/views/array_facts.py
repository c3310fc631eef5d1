"""Columns of facts for ranking: holdings, deals, services, recognitions, needs, assessments, offers and who controls whom."""

from graph.views.array_files import ArrayWriter
from graph.views.arrays import NO_DAY


class FactTables(ArrayWriter):
    """Writes tables of facts, from the tables of a builder: ``typed`` (entity, class), ``edges`` (entity, property, object), ``vals`` (entity,
    property, value), and one that numbers the nodes of each kind.
    """

    def facts(self) -> None:
        """Write all of them."""
        self._holdings()
        self._deeds()
        self._services()
        self._recognitions()
        self._needs()
        self._assessments()
        self._offers()
        self._control()

    def _holdings(self) -> None:
        self.columns(
            "holding",
            f"SELECT t.i AS technology, o.i AS organisation, {_days(_value('validFrom'))} AS start FROM typed e JOIN edges h ON "
            f"h.entity = e.entity AND h.property = 'holder' JOIN edges v ON v.entity = e.entity AND v.property = 'over' "
            f"JOIN edges p ON p.entity = e.entity AND p.property = 'power' AND p.object LIKE '%/own' "
            f"JOIN organisation o ON o.entity = h.object JOIN technology t ON t.entity = v.object WHERE e.class = 'RightsHolding'",
        )

    def _deeds(self) -> None:
        self._numbered("deed_ids", "class IN ('ServiceEngagement', 'TechnologyTransfer')")
        self.columns(
            "deed",
            " UNION ALL ".join(
                f"SELECT ids.i AS deed, b.i AS broker, k.i AS client, coalesce(t.i, -1) AS technology, {_days(_value(day))} AS day, "
                f"{int(cls == 'TechnologyTransfer')} AS transfer FROM typed e JOIN deed_ids ids ON ids.entity = e.entity "
                f"JOIN edges bb ON bb.entity = e.entity AND bb.property = '{broker}' JOIN organisation b ON b.entity = bb.object "
                f"JOIN edges cc ON cc.entity = e.entity AND cc.property = '{client}' JOIN organisation k ON k.entity = cc.object "
                f"LEFT JOIN edges tt ON tt.entity = e.entity AND tt.property = '{thing}' LEFT JOIN technology t ON t.entity = tt.object "
                f"WHERE e.class = '{cls}'"
                for cls, broker, client, thing, day in (
                    ("ServiceEngagement", "provider", "client", "object", "date"),
                    ("TechnologyTransfer", "broker", "transferee", "object", "signedOn"),
                )
            ),
        )

    def _services(self) -> None:
        self._numbered("offering_ids", "class = 'ServiceOffering'")
        offering = "typed e JOIN offering_ids ids ON ids.entity = e.entity"
        self.columns(
            "offering",
            f"SELECT ids.i AS offering, o.i AS organisation, coalesce(k.i, -1) AS kind, {_days(_value('validFrom'))} AS start, "
            f"{_days(_value('validUntil'))} AS until FROM {offering} JOIN edges p ON p.entity = e.entity AND p.property = 'provider' "
            f"JOIN organisation o ON o.entity = p.object LEFT JOIN edges s ON s.entity = e.entity AND s.property = 'serviceKind' "
            f"LEFT JOIN concept k ON k.entity = s.object WHERE e.class = 'ServiceOffering'",
        )
        for name, prop in (
            ("offering_fields", "hasField"),
            ("offering_areas", "area"),
            ("offering_industries", "hasIndustry"),
        ):
            self.matrix(
                name,
                "offering_ids",
                "concept",
                f"SELECT ids.i, c.i, 1.0 AS v FROM {offering} JOIN edges f ON f.entity = e.entity AND "
                f"f.property = '{prop}' JOIN concept c ON c.entity = f.object WHERE e.class = 'ServiceOffering'",
            )

    def _recognitions(self) -> None:
        self.columns(
            "recognition",
            f"SELECT o.i AS organisation, {_days(_value('validFrom'))} AS start, {_days(_value('validUntil'))} AS until, "
            f"{_days(_value('revokedOn'))} AS revoked FROM typed e JOIN edges h ON h.entity = e.entity AND h.property = 'holder' "
            f"JOIN organisation o ON o.entity = h.object WHERE e.class = 'Recognition'",
        )

    def _needs(self) -> None:
        self.columns(
            "need",
            f"SELECT n.i AS need, coalesce(o.i, -1) AS organisation, coalesce(l.i, -1) AS level, "
            f"coalesce({_value('budget', 'n')}::BIGINT, -1) AS budget, {_days(_value('deadline', 'n'))} AS deadline, "
            f"{_days(_value('date', 'n'))} AS day FROM need n LEFT JOIN organisation o ON o.entity = {_end('needOf', 'n')} "
            f"LEFT JOIN concept l ON l.entity = {_end('requiredLevel', 'n')}",
        )

    def _assessments(self) -> None:
        self.columns(
            "level",
            f"SELECT t.i AS technology, l.i AS level, {_days(_value('date'))} AS day FROM typed e JOIN edges a ON a.entity = e.entity AND "
            f"a.property = 'assesses' JOIN technology t ON t.entity = a.object JOIN edges v ON v.entity = e.entity "
            f"AND v.property = 'level' JOIN concept l ON l.entity = v.object WHERE e.class = 'MaturityAssessment'",
        )

    def _offers(self) -> None:
        self.columns(
            "offer",
            f"SELECT t.i AS technology, coalesce({_value('price')}::BIGINT, -1) AS price, {_days(_value('validFrom'))} AS start, "
            f"{_days(_value('validUntil'))} AS until FROM typed e JOIN edges a ON a.entity = e.entity AND a.property = 'offers' "
            f"JOIN technology t ON t.entity = a.object WHERE e.class = 'TechnologyOffer'",
        )

    def _control(self) -> None:
        self.columns(
            "control",
            "SELECT a.i AS organisation, b.i AS controller FROM edges e JOIN organisation a ON a.entity = e.entity "
            "JOIN organisation b ON b.entity = e.object WHERE e.property IN ('controlledBy', 'unitOf')",
        )

    def _numbered(self, name: str, where: str) -> None:
        """Number the nodes of some classes, in the order of their ids."""
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT entity, (row_number() OVER (ORDER BY entity) - 1)::INTEGER AS i FROM "
            f"(SELECT DISTINCT entity FROM typed WHERE {where})"
        )
        ids = [row[0] for row in self.con.execute(f"SELECT entity FROM {name} ORDER BY i").fetchall()]
        self.sizes[name] = len(ids)
        self.text(name, ids)


def _end(prop: str, of: str = "e") -> str:
    """The first to whom an edge leads from the entity of a table."""
    return f"(SELECT min(x.object) FROM edges x WHERE x.entity = {of}.entity AND x.property = '{prop}')"


def _value(prop: str, of: str = "e") -> str:
    """The first value of a property of the entity of a table."""
    return f"(SELECT min(x.value) FROM vals x WHERE x.entity = {of}.entity AND x.property = '{prop}')"


def _days(expression: str) -> str:
    """A date as the arrays count days: from 1970-01-01."""
    return f"coalesce(date_diff('day', DATE '1970-01-01', ({expression})::DATE), {NO_DAY})::INTEGER"
