"""What people are told about requests."""

from services.core.errors import N_
from services.core.outbox import Template

DELETION_ASKED = Template(
    "contact_deletion_asked",
    N_("Delete {contact}?"),
    N_("{by} asks to delete the contact {contact}. Please approve or refuse."),
)
CHANGE_PROPOSED = Template(
    "contact_change_proposed",
    N_("Change proposed: {contact}"),
    N_("{by} proposes a change of the contact {contact}. Please accept or refuse."),
)
DELETED = Template(
    "contact_deletion_approved", N_("Deleted: {contact}"), N_("{by} approved the deletion of {contact}. {answer}")
)
NOT_DELETED = Template(
    "contact_deletion_refused", N_("Not deleted: {contact}"), N_("{by} refused the deletion of {contact}: {answer}")
)
ACCEPTED = Template(
    "contact_change_accepted", N_("Change accepted: {contact}"), N_("{by} accepted your change of {contact}.")
)
DECLINED = Template(
    "contact_change_declined", N_("Change refused: {contact}"), N_("{by} refused your change of {contact}: {answer}")
)
GONE = Template(
    "contact_change_gone",
    N_("No longer needed: {contact}"),
    N_("The contact {contact} was deleted; your proposed change went with it."),
)
