"""Who may do what, as data: the table of access.md, service by service.

A cell names the records that a role may do it to, seen from the actor: its `own` (held by the actor; for customers: on whose
team the actor is; for contacts: with direct business), those of people who `report` to the actor, others of the same
`branch`, and of an `other` branch. A service that is about no single record has `any`.
"""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Cells:
    """One service's row: per role the places it reaches, separated by blanks."""

    rep: str = ""
    sales_manager: str = ""
    branch_manager: str = ""
    marketing: str = ""
    head_office_marketing: str = ""
    data_administrator: str = ""
    executive: str = ""

    def of(self, role: str) -> set[str]:
        """The places that a role reaches."""
        return set(asdict(self)[role].split())


#: who stands in each role, whose record each place means, seen from there
ACTORS: dict[str, tuple[str, dict[str, str]]] = {
    "rep": ("anna", {"own": "anna", "branch": "ben", "other": "carl"}),
    "sales_manager": ("sun", {"own": "sun", "report": "anna", "branch": "pia", "other": "carl"}),
    "branch_manager": ("mia", {"own": "mia", "report": "pia", "branch": "anna", "other": "carl"}),
    "marketing": ("ruth", {"own": "ruth", "branch": "anna", "other": "carl"}),
    "head_office_marketing": ("hanna", {"other": "carl"}),
    "data_administrator": ("adam", {"other": "carl"}),
    "executive": ("eva", {"other": "carl"}),
}

LED, BRANCH, ALL = "own report", "own report branch", "other"
EVERYBODY = Cells(*["any"] * 7)
ADMINISTRATOR = Cells(data_administrator="any")
#: "U own until ended"; managers their reach; marketing as rep
WORKING = Cells("own", LED, BRANCH, "own")
#: what one does with the own plan: "C", "decline own"
ONESELF = Cells("own", "own", "own", "own")
#: "A": managers, and the data administrator everywhere
ASSIGNING = Cells("", LED, BRANCH, "", "", ALL)
#: "cancel": the branch manager, and the sales manager for those who report
DECIDING = Cells("", LED, BRANCH)
WATCHING = Cells("", "any", "any", "", "", "any", "any")
#: customers: "U team" of reps; the sales manager for the people led; all for the data administrator
TEAM = Cells("own", LED, BRANCH, "", "", ALL)
IMPORTING = Cells(marketing="any", head_office_marketing="any", data_administrator="any")
IMPORTS = Cells(marketing="own", data_administrator=ALL)
ENTERING = Cells("branch", "branch", "branch", "", "", ALL)

#: "X export": whose records each list takes out, when the role asks for all of them
EXPORTS: dict[str, Cells] = {
    "activities": Cells("own", LED, BRANCH, "own", "", ALL, ALL),
    # reading reaches the whole branch; reps take out only those whose customers they look after
    "accounts": Cells("own", LED, BRANCH, BRANCH, ALL, ALL, ALL),
    "contacts": Cells("own", LED, BRANCH, BRANCH, ALL, ALL, ALL),
    "leads": Cells("own", LED, BRANCH, BRANCH, ALL, ALL, ALL),
}

MATRIX: dict[str, Cells] = {
    "activities.plan": ONESELF,
    "activities.plan_many": ONESELF,
    "activities.assign": Cells("", "report", "report branch", "", "", ALL),
    "activities.change": WORKING,
    "activities.reschedule": WORKING,
    "activities.decline": ONESELF,
    "activities.withdraw": WORKING,
    "activities.insist": DECIDING,
    "activities.cancel": DECIDING,
    "activities.reassign": ASSIGNING,
    "activities.delegate_many": ASSIGNING,
    "activities.accept": WORKING,
    "activities.start": WORKING,
    "activities.end": WORKING,
    "activities.finish": WORKING,
    "activities.review": Cells("", "report", "report branch"),
    "activities.watch": WATCHING,
    "activities.news": WATCHING,
    "activities.attention": WATCHING,
    "accounts.create": ENTERING,
    "accounts.change": TEAM,
    "accounts.set_status": TEAM,
    "accounts.classify": TEAM,
    "accounts.staff": Cells("", LED, BRANCH, "", "", ALL),
    "accounts.unstaff": Cells("", LED, BRANCH, "", "", ALL),
    "accounts.delete": Cells("", LED, BRANCH, "", "", ALL),
    # "merge": the data administrator
    "merging.preview": ADMINISTRATOR,
    "merging.merge": ADMINISTRATOR,
    "merging.undo": ADMINISTRATOR,
    "merging.done": ADMINISTRATOR,
    "merging.pairs": ADMINISTRATOR,
    "merging.tell_apart": ADMINISTRATOR,
    "merging.look_again": ADMINISTRATOR,
    "merging.apart": ADMINISTRATOR,
    # while one is typed: whoever may enter it
    "duplicates.of_account": Cells("any", "any", "any", "", "", "any"),
    "duplicates.of_contact": Cells("any"),
    "duplicates.of_lead": Cells(*["any"] * 6),
    # "C" stands with the rep alone; a sales manager may what the branch manager may, who reads and changes contacts
    "contacts.create": Cells("own branch"),
    "contacts.change": TEAM,
    "contacts.tie": TEAM,
    "contacts.untie": TEAM,
    "contacts.move": TEAM,
    # "D by request": who has no request of the own, so that nobody ever approves it, is the branch manager
    "contact_requests.ask_deletion": Cells("own branch", BRANCH, "", "", "", ALL),
    # who may change the contact anyway has nothing to propose
    "contact_requests.propose": Cells("branch", "branch"),
    "contact_requests.propose_move": Cells("branch", "branch"),
    "approvals.count": Cells("any", "any", "any", "", "", "any"),
    "contact_requests.withdraw": Cells("own", "own"),
    "contact_requests.approve": Cells("", "", BRANCH),
    "contact_requests.refuse": Cells("", "", BRANCH),
    "contact_requests.accept": TEAM,
    "contact_requests.decline": TEAM,
    # "C": everybody but the executive
    "leads.create": Cells(*["any"] * 6),
    # "U own"; marketing "U unassigned", which no place of this table names
    "leads.change": Cells("own", LED, BRANCH, "", "", ALL),
    "leads.assign_to": Cells("", "own report", BRANCH, "", "", ALL),
    "leads.record_contact": TEAM,
    "leads.disqualify": TEAM,
    "leads.reopen": TEAM,
    "leads.delete": Cells("", LED, BRANCH, "", "", ALL),
    # rules: by the branch manager; the data administrator sees all (ADM-3)
    # absences: the person, and who stands above (ADM-1)
    "absences.absences": EVERYBODY,
    "absences.enter": Cells("own", LED, BRANCH, "own", "", ALL),
    "absences.change": Cells("own", LED, BRANCH, "own", "", ALL),
    "absences.remove": Cells("own", LED, BRANCH, "own", "", ALL),
    "assignment.rules": Cells("", "", "any", "", "", "any"),
    "assignment.proposals": Cells("", "", "any", "", "", "any"),
    "assignment.shown": Cells("", "", "any", "", "", "any"),
    "assignment.assign_portion": Cells("", "", "any", "", "", "any"),
    "assignment.try_out": Cells(branch_manager="any"),
    "assignment.add": Cells(branch_manager="any"),
    "assignment.change": Cells("", "", BRANCH),
    "assignment.move": Cells("", "", BRANCH),
    "assignment.switch": Cells("", "", BRANCH),
    "assignment.remove": Cells("", "", BRANCH),
    # who disagrees: the owner, the data administrator; a rep with a claim, who sees nothing of the lead
    "disputes.begin": Cells("own", "own", "", "", "", ALL),
    "disputes.claim": Cells("any", "any"),
    "disputes.reply": Cells("own", "own", "own"),
    "disputes.withdraw": Cells("own", "own"),
    # "not: disputes" of the sales manager; nobody decides about the own lead (ASG-4, as CON-5)
    "disputes.decide": Cells("", "", "report branch"),
    "reports.activity_statistics.statistics": EVERYBODY,
    "reports.excel.statistics": EVERYBODY,
    # converting: who may work on the lead (LEAD-5)
    "conversion.preview": TEAM,
    "conversion.convert": TEAM,
    "conversion.undo": TEAM,
    "reports.lead_success.success": EVERYBODY,
    "reports.excel.leads": EVERYBODY,
    # CON-7: who may change the record; the inbox is the data administrator's
    "trust.check_account": TEAM,
    "trust.check_contact": TEAM,
    "data_inbox.page": ADMINISTRATOR,
    "run_log.page": ADMINISTRATOR,
    "run_log.lately": ADMINISTRATOR,
    "data_inbox.counts": ADMINISTRATOR,
    # ADM-6: "A" of leads and activities and "U" of customers together, for the own branch or everywhere
    "handover.preview": Cells("", "", BRANCH, "", "", ALL),
    "handover.make": Cells("", "", BRANCH, "", "", ALL),
    "handover.carry_out": Cells("", "", BRANCH, "", "", ALL),
    "handover.cancel": Cells("", "", BRANCH, "", "", ALL),
    "handover.undo": Cells("", "", BRANCH, "", "", ALL),
    "handover.card": Cells("", "", BRANCH, "", "", ALL),
    # ALL-8: "an administrator can restore"; the manager what the own branch deleted
    "recycle_bin.restore": Cells("", "", BRANCH, "", "", ALL),
    "recycle_bin.page": Cells(branch_manager="any", data_administrator="any"),
    "recycle_bin.counts": Cells(branch_manager="any", data_administrator="any"),
    "sign_in.prove": EVERYBODY,
    "sign_in.change_password": EVERYBODY,
    "users.choose_language": EVERYBODY,
    "users.change_own": EVERYBODY,
    "users.create": ADMINISTRATOR,
    "users.change": ADMINISTRATOR,
    "users.deactivate": ADMINISTRATOR,
    "users.activate": ADMINISTRATOR,
    "users.reset_password": ADMINISTRATOR,
    "users.sign_out": ADMINISTRATOR,
    "users.card": ADMINISTRATOR,
    "users.page": ADMINISTRATOR,
    "code_lists.entries": ADMINISTRATOR,
    "code_lists.entry": ADMINISTRATOR,
    "code_lists.counts": ADMINISTRATOR,
    "code_lists.add": ADMINISTRATOR,
    "code_lists.rename": ADMINISTRATOR,
    "code_lists.order": ADMINISTRATOR,
    "code_lists.switch": ADMINISTRATOR,
    "code_lists.remove": ADMINISTRATOR,
    "organisation.settings": ADMINISTRATOR,
    "organisation.change_settings": ADMINISTRATOR,
    "organisation.add_branch": ADMINISTRATOR,
    "organisation.change_branch": ADMINISTRATOR,
    "organisation.switch_branch": ADMINISTRATOR,
    "organisation.cover": ADMINISTRATOR,
    "delivery.test_channel": ADMINISTRATOR,
    "delivery.requeue": ADMINISTRATOR,
    "worker.health": ADMINISTRATOR,
    "integrity.problems": ADMINISTRATOR,
    # "import": marketing and the data administrator
    "imports.check": IMPORTING,
    "intake.hand_in": IMPORTING,
    "imports.look": IMPORTING,
    "imports.upload": IMPORTING,
    "imports.unfinished": IMPORTING,
    "leads.create_many": IMPORTING,
    # one's own; the data administrator everybody's (ADM-7)
    "imports.match": IMPORTS,
    "imports.start": IMPORTS,
    "imports.run": IMPORTS,
    "imports.cancel": IMPORTS,
    "imports.undo": IMPORTS,
    "imports.card": IMPORTS,
    "imports.rows": IMPORTS,
    "imports.told": IMPORTS,
    "imports.wrong_rows": IMPORTS,
}
