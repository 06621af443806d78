"""What the time rules are called on the screens of the administration (ADM-9)."""

from services.core.errors import N_

RULES = {
    "ACT-5": N_("Unanswered assignments are reported"),
    "ACT-6": N_("Owners are reminded"),
    "ACT-6 digest": N_("Managers get their digest"),
    "ASG-4": N_("Disputes that nobody decides are reminded of and go up"),
    "LEAD-8": N_("Leads without a first contact are reported"),
    "ACT-7": N_("What lies too long goes to somebody else"),
    "ADM-6": N_("Planned handovers are carried out"),
    "housekeeping": N_("What is out of date is cleared away"),
}
