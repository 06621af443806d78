"""What is entered about a person: what they are called and reached by, and where they stand (ADM-1)."""

import re
from collections.abc import Mapping
from typing import Any

from db.models import Role
from services import sign_in
from services.core import fields
from services.core.errors import N_
from services.core.fields import Field, Kind

ROLES: Mapping[str, str] = {
    Role.REP: N_("rep"),
    Role.SALES_MANAGER: N_("sales manager"),
    Role.BRANCH_MANAGER: N_("branch manager"),
    Role.MARKETING: N_("marketing"),
    Role.DATA_ADMINISTRATOR: N_("data administrator"),
    Role.EXECUTIVE: N_("executive"),
}
LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,39}")
EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")


def _login(value: Any) -> str:
    name = sign_in.known_as(str(value))
    if not LOGIN.fullmatch(name):
        raise fields.wrong(NOT_A_LOGIN)
    return name


def _email(value: Any) -> str:
    if not EMAIL.fullmatch(str(value)):
        raise fields.wrong(NOT_AN_EMAIL)
    return str(value)


LANGUAGE = Field(
    "language", N_("Language"), Kind.CHOICE, required=True, options={"zh_CN": "中文", "en": "English"}, first=True
)
FIELDS: tuple[Field, ...] = (
    Field("name", N_("Name"), required=True, limit=60, first=True),
    Field("email", N_("E-mail"), first=True, check=_email),
    Field("mobile", N_("Mobile"), Kind.PHONE, limit=30, first=True),
    LANGUAGE,
)
#: what only an administrator sets; role and place decide about rights
POSITION: tuple[Field, ...] = (
    Field("role", N_("Role"), Kind.CHOICE, required=True, options=ROLES, first=True),
    Field("branch_id", N_("Branch"), Kind.RECORD, source="branch", first=True),
    Field("superior_id", N_("Superior"), Kind.RECORD, source="user", first=True),
    Field("lines", N_("Product lines"), Kind.LINES, first=True),
    Field(
        "lead_capacity",
        N_("Open leads at most"),
        Kind.INTEGER,
        help=N_("Rules give this person no more once so many leads are open. Left empty, there is no limit."),
    ),
)
SIGN_IN_NAME = Field("login", N_("Sign-in name"), required=True, limit=40, first=True, check=_login)
ALL = (SIGN_IN_NAME, *FIELDS, *POSITION)


NOT_A_LOGIN = N_(
    "2 to 40 small letters, digits, dots or dashes are needed, beginning with a letter, such as zhang.wei."
)
NOT_AN_EMAIL = N_("An e-mail address is needed, such as zhang.wei@example.com.")
