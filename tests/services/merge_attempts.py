"""How the services that merge are called in the permission matrix."""

from typing import Any

from services import merging
from services.core.work import work_as
from tests.factories import NOW


def two_alike(scene: Any, _owner: str) -> dict[str, Any]:
    """Two customers of one branch."""
    return {"kind": "account", "kept_id": scene.account("anna"), "gone_id": scene.account("anna")}


def merged(scene: Any, owner: str) -> dict[str, Any]:
    """A merge of two, to be undone."""
    given = two_alike(scene, owner)
    with work_as(scene.world.adam, at=NOW) as work:
        return {"merge_id": merging.merge(work, **given)}


def two_of_a_kind(scene: Any, owner: str) -> dict[str, Any]:
    """The same two, to be told apart."""
    given = two_alike(scene, owner)
    return {"kind": "account", "first_id": given["kept_id"], "second_id": given["gone_id"]}
