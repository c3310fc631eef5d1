"""What the difference between two days is made of. ``/api/diff`` prints it as it stands."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from graph.answer.model import Ref, SourceRef

Clock = Literal["known_at", "as_of"]
View = Literal["tasks", "rights"]
Kind = Literal["added", "removed", "changed"]
_DAY = r"^\d{4}-\d{2}-\d{2}$"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True)


class DifferenceQuestion(_Part):
    """Two days, and by which clock they differ: by what was known at their ends, or by what was true on them.

    ``view`` compares lines of a report in place of single facts; ``class`` keeps the entities of a class.
    """

    first: str = Field(alias="from", pattern=_DAY)
    second: str = Field(alias="to", pattern=_DAY)
    by: Clock = "known_at"
    view: View | None = None
    class_: str | None = Field(None, alias="class", max_length=80)
    as_of: str | None = Field(None, pattern=_DAY)
    limit: int = Field(50, ge=1, le=10_000)
    offset: int = Field(0, ge=0)
    language: Literal["vi", "en"] = "vi"


class Value(_Part):
    """A value as text, or a node."""

    text: str | None = None
    node: Ref | None = None


class Change(_Part):
    """A line: of an entity that came, went or changed; of one that changed, one property. ``day`` is the day that the fact names.

    ``merged_into`` says where an entity that went is told of now; ``before_sources`` and ``after_sources`` are the records.
    """

    entity: Ref
    kind: Kind
    property: str | None
    label: str | None
    before: tuple[Value, ...]
    after: tuple[Value, ...]
    day: str | None = None
    merged_into: Ref | None = None
    before_sources: tuple[SourceRef, ...] = ()
    after_sources: tuple[SourceRef, ...] = ()


class Difference(_Part):
    """The difference. ``total`` lines, ``kinds`` counts them; the two snapshots are one where the clock is ``as_of``."""

    first: str = Field(serialization_alias="from")
    second: str = Field(serialization_alias="to")
    by: Clock
    view: View | None
    snapshots: tuple[str, str]
    total: int
    kinds: dict[str, int]
    changes: tuple[Change, ...]
    truncated: bool
