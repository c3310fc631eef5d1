"""Settings: one frozen object, built once from the environment (KETNOI_…) and the command line."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where the home is, which Neo4j is used, and what visitors may do.

    Without ``neo4j_uri`` Ketnoi starts a Neo4j of its own, with ``neo4j_java_options``, which are read where it is started.
    ``rate_limit`` is a client's requests a second on ``/sparql``, ``/cypher`` and ``/api``; 0 turns it off. ``url`` is the address
    at which people reach the pages; with it, ``smtp_host`` and ``smtp_from`` notices are mailed, over a connection that STARTTLS has
    to encrypt unless ``smtp_starttls`` is off.
    """

    model_config = SettingsConfigDict(env_prefix="KETNOI_", frozen=True)

    home: Path = Path("data")
    neo4j_uri: str | None = None
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr | None = None
    neo4j_java_options: str | None = None
    rate_limit: float = Field(default=100, ge=0)
    url: str | None = Field(default=None, pattern=r"^https?://[^\s/?#]+[^\s?#]*$")
    smtp_host: str | None = None
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_from: str | None = Field(default=None, pattern=r"^[^\s@<>]+@[^\s@<>]+$")
    smtp_starttls: bool = True

    @property
    def mails(self) -> bool:
        """Whether mails can be sent: a server, a sender, and an address for the links in them are named."""
        return bool(self.smtp_host and self.smtp_from and self.url)
