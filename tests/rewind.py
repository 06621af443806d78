"""Putting a PostgreSQL database back to what it held: quicker than copying one for each test."""

import psycopg
from psycopg import sql
from sqlalchemy import make_url

#: written by migrations alone, and large
LEFT_ALONE = ("alembic_version", "regions")
TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Rewind:
    """What a database held when this was made, kept beside it in a schema of its own."""

    def __init__(self, url: str) -> None:
        self._address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with self._connected() as connection:
            connection.execute("CREATE SCHEMA kept")
            tables = [name for (name,) in connection.execute(TABLES) if name not in LEFT_ALONE]
            self._script = "".join(self._kept(connection, name) for name in tables)
            for name, last in connection.execute(SEQUENCES):
                self._script += f"SELECT setval('public.{name}', {last or 1}, {str(last is not None).lower()});"

    def rewind(self) -> None:
        """Everything as it was, identities counting on from the same numbers; whoever is still connected is cut off."""
        with self._connected() as connection:
            connection.execute(OTHERS)
            connection.execute(
                "SET LOCAL session_replication_role = replica"
            )  # no triggers: they keep ended activities
            connection.execute(self._script.encode())

    def _connected(self) -> psycopg.Connection:
        return psycopg.connect(self._address)

    @staticmethod
    def _kept(connection: psycopg.Connection, table: str) -> str:
        connection.execute(sql.SQL("CREATE TABLE kept.{0} AS TABLE public.{0}").format(sql.Identifier(table)))
        filled = connection.execute(sql.SQL("SELECT 1 FROM kept.{} LIMIT 1").format(sql.Identifier(table))).fetchone()
        refill = f'INSERT INTO public."{table}" SELECT * FROM kept."{table}";' if filled else ""
        return f'DELETE FROM public."{table}";{refill}'
