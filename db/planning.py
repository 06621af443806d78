"""What the database's planner knows about the data; without it, it takes the wrong index for a rep's lists."""

from db.session import engine

#: rows looked at per index on SQLite: enough for good plans, a moment on a million rows
SAMPLE = 2000


def learn() -> None:
    """Let the planner look at the data anew: after much has come in, and every night."""
    if engine().dialect.name == "sqlite":
        with engine().begin() as connection:
            connection.exec_driver_sql(f"PRAGMA analysis_limit={SAMPLE}")
            connection.exec_driver_sql("ANALYZE")
    else:
        with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
