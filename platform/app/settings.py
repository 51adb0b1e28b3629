"""The master's settings, read once from the environment (`PROTEINX_*`, listed in `.env.example`)."""

from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

REPOSITORY = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="PROTEINX_", env_file=".env", extra="ignore")

    home: Path = REPOSITORY / "var"
    """Folder of the state (database, secrets, MLflow's database) unless `state_dir` says otherwise."""
    state_dir: Path | None = None
    workdir: Path | None = None
    """Sets the workdir at first start; without it an admin sets it on the settings page."""
    database_url: str | None = None
    """PostgreSQL: `postgresql+psycopg://user:password@host/name`; without it SQLite in the state folder."""
    redis_url: SecretStr | None = None
    """A broker that runs elsewhere; without it the master starts its own."""
    redis_bind: str = "127.0.0.1"
    redis_port: int = 0
    """0 = a free port, kept in the state folder from then on."""
    public_url: str | None = None
    """How workers and browsers reach this master; without it, the address they used."""
    scheduler: bool = True
    """Whether this process runs the scheduler (several may; one leads)."""
    mlflow_url: str | None = None
    """An MLflow tracking server that runs elsewhere; without it the master starts its own."""
    portal: Path = REPOSITORY / "frontend" / "dist"
    """Folder with the built portal (`px portal build`), served at `/` while it is there."""
    trusted_proxies: list[str] = Field(default_factory=list)
    """Addresses whose X-Forwarded-For and X-Forwarded-Proto are believed."""
    fault_rules: Path | None = None
    """A YAML file with rules of the lab's own, from patterns in a failed job's log to reason and action."""
    notify_local: bool = False
    """Whether notifications may go to this machine itself (loopback, link-local), where a receiver runs beside it."""
    git_schemes: list[str] = Field(default_factory=lambda: ["https", "ssh"])
    """How projects may be fetched from git: https, ssh (with the master's own keys), http, file (its own disk)."""
    git_timeout: float = 300.0
    """Seconds that fetching one git project may take."""
    compose_timeout: float = 20.0
    """Seconds that the check of one job's config may take."""

    @property
    def state(self) -> Path:
        return self.state_dir or self.home / "state"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.state / 'proteinx.db'}"

    @property
    def configs(self) -> Path:
        return REPOSITORY / "configs"

    @property
    def built_in_projects(self) -> Path:
        return REPOSITORY / "projects"


@lru_cache
def get_settings() -> Settings:
    return Settings()
