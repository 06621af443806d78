"""Services: `work` first and the rest by name, no clock, no commit, no way around the row scope."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import (
    ROOT,
    Recipe,
    dotted,
    functions,
    imports,
    name_of,
    none_of,
    nouns,
    parsed,
    place,
    python_files,
)

#: the one place that asks for the time, and starts and ends transactions
WORK = "services/core/work.py"
CLOCK = (
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "func.now",
    "func.current_date",
)
#: ways to the rows that the row scope does not see
ATTRIBUTES = {"connection", "raw_connection", "exec_driver_sql", "get_bind", "__table__", "read_sql", "read_sql_query"}
ATTRIBUTES |= {"bulk_update_mappings", "bulk_insert_mappings", "bulk_save_objects"}
FUNCTIONS = {"text", "literal_column", "table"}
#: who may use which of them, and why
ALLOWED = {
    "services/core/access/rows.py": {"__table__"},  # row rules stand on plain tables, or they would apply to themselves
    "services/core/work.py": {"get_bind"},  # asks which database this is
}


def calls(file: Path) -> Iterator[tuple[int, str]]:
    """Every call in a file as (line, dotted name)."""
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Call):
            yield node.lineno, dotted(node.func)


def test_time_is_passed_and_never_asked_for() -> None:
    found = [
        f"{place(file, line)} {name}"
        for file in python_files("services")
        if name_of(file) != WORK
        for line, name in calls(file)
        if name.endswith(CLOCK)
    ]
    none_of(found, "the moment is work.now; core/work.py alone asks the clock", Recipe.MODULE)


def test_services_never_commit() -> None:
    found = [
        f"{place(file, line)} {name}"
        for file in python_files("services")
        if name_of(file) != WORK
        for line, name in calls(file)
        if name.rpartition(".")[2] in {"commit", "rollback", "begin", "begin_nested"}
    ]
    none_of(found, "the Work commits at its end, or rolls back", Recipe.MODULE)


def test_services_take_work_first_and_the_rest_by_name() -> None:
    found = [
        f"{place(file, node.lineno)} {node.name}"
        for file in nouns()
        for node in parsed(file).body
        if isinstance(node, ast.FunctionDef) and takes_work(node) and is_public(file, node.name)
        if node.args.posonlyargs or [argument.arg for argument in node.args.args] != ["work"] or node.args.vararg
    ]
    none_of(found, "def verb(work, *, everything, else_by_name)", Recipe.MODULE)


def is_public(file: Path, function: str) -> bool:
    """Whether callers of the noun use this function; inside a package that is what its __init__ passes on."""
    front = file.parent / "__init__.py"
    if file.parent == ROOT / "services" or file == front:
        return not function.startswith("_")
    return function in {name.rpartition(".")[2] for _, name in imports(front)}


def test_guarded_services_take_work() -> None:
    found = [
        f"{place(file, node.lineno)} {node.name}"
        for file in nouns()
        for node in functions(file)
        if any(dotted(mark).startswith("needs()") for mark in node.decorator_list) and not takes_work(node)
    ]
    none_of(found, "@needs stands on functions that take a Work", Recipe.PERMISSION)


def test_nobody_goes_around_the_row_scope() -> None:
    found = [
        f"{place(file, line)} {name}"
        for file in python_files("services", "pages")
        for line, name in escapes(file)
        if name not in ALLOWED.get(name_of(file), set())
    ]
    none_of(
        found,
        "rows are read by work.rows(select(Model.column, ...)), which sees only what the actor may",
        Recipe.DATABASE,
    )


def test_permissions_to_go_around_are_used() -> None:
    unused = [
        f"{name} {escape}"
        for name, granted in ALLOWED.items()
        for escape in granted - {found for _, found in escapes(ROOT / name)}
    ]
    none_of(unused, "take it out of ALLOWED in this test", Recipe.DATABASE)


def test_nobody_reaches_into_work() -> None:
    found = [
        f"{place(file, node.lineno)} {dotted(node)}"
        for file in python_files("services", "pages")
        if name_of(file) != WORK
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and dotted(node.value) == "work"
    ]
    none_of(found, "a Work is used by its public names", Recipe.DATABASE)


def takes_work(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return any(argument.arg == "work" for argument in arguments)


def escapes(file: Path) -> Iterator[tuple[int, str]]:
    """Uses of names that go around the row scope; plain functions only where they are SQLAlchemy's."""
    imported = {alias.asname or alias.name for node in ast.walk(parsed(file)) for alias in from_sqlalchemy(node)}
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Attribute) and node.attr in ATTRIBUTES:
            yield node.lineno, node.attr
        elif isinstance(node, ast.Call) and dotted(node.func) in FUNCTIONS & imported:
            yield node.lineno, dotted(node.func)


def from_sqlalchemy(node: ast.AST) -> list[ast.alias]:
    return node.names if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy") else []
