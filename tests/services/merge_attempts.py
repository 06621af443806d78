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
