"""What the benchmark of the intake loads: `python -m tests.bench.intake_servers full|unaudited|bare PORT`.

`full` is the service as it is; `unaudited` is the same without a trail; `bare` is what a tutorial would write: one
FastAPI endpoint that puts the same number of rows into the same database in one transaction.
"""

import sys
from collections.abc import Iterator
from typing import Annotated
from uuid import UUID, uuid4

import uvicorn
from fastapi import Depends, FastAPI
from sqlalchemy import Engine, event
from sqlmodel import Field, Session, SQLModel, create_engine
from starlette.types import ASGIApp

from service.app import build_app
from service.casework.context import Context
from service.database import unit_of_work
from service.schema import METADATA
from service.settings import Settings
from service.wiring import open_service


class Told(SQLModel):
    """What a caller sends."""

    submissionKey: str  # noqa: N815 -- the name on the wire
    facts: dict[str, object]


class Line(SQLModel, table=True):
    """One of the rows that a signal becomes."""

    __tablename__ = "bare_line"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str = Field(index=True)
    number: int
    content: str


def served(kind: str, rows: int) -> ASGIApp:
    """Build the application of one kind.

    Args:
        kind: `full`, `unaudited` or `bare`.
        rows: how many rows the bare one writes for each signal.
    """
    settings = Settings()
    if kind == "bare":
        return bare(settings.database_address, rows)
    if kind == "unaudited":
        Context.record = lambda *_: None  # type: ignore[method-assign]
        unit_of_work.BOOKKEEPING = frozenset(METADATA.tables)  # type: ignore[misc]
    service = open_service(settings, checkpoints=True)
    service.rules()
    service.issuer()
    return build_app(service)


def bare(address: str, rows: int) -> FastAPI:
    """Build the endpoint of a tutorial; on SQLite it waits for the disk just as the service does."""
    engine = create_engine(address)
    if engine.dialect.name == "sqlite":
        wait_for_the_disk(engine)
    SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables["bare_line"]])
    app = FastAPI()

    def session() -> Iterator[Session]:
        with Session(engine) as opened:
            yield opened

    @app.post("/v1/signals", status_code=201)
    def submit(told: Told, session: Annotated[Session, Depends(session)]) -> Told:
        content = str(told.facts)
        session.add_all([Line(key=told.submissionKey, number=number, content=content) for number in range(rows)])
        session.commit()
        return told

    return app


def wait_for_the_disk(engine: Engine) -> None:
    """Give SQLite the settings of the service."""

    @event.listens_for(engine, "connect")
    def _settle(connection: object, _record: object) -> None:
        for setting in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {setting}")  # type: ignore[attr-defined]


if __name__ == "__main__":
    application = served(sys.argv[1], int(sys.argv[3]))
    uvicorn.run(application, port=int(sys.argv[2]), access_log=False, log_level="error")
