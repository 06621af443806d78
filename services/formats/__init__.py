"""How names, phones, addresses and codes are written here (CON-1, CON-2, CON-3, ACCT-2).

Each check takes what was typed or imported, returns the form in which it is stored, or raises Invalid with the reason.
What a check returns passes the check unchanged.
"""

from services.formats.addresses import street
from services.formats.codes import company_name, credit_code, email, postal_code, website
from services.formats.name_keys import name_key
from services.formats.names import person_name
from services.formats.phones import digits, landline, mobile, phone, searched
from services.formats.sounds import syllables, traces

__all__ = [
    "company_name",
    "credit_code",
    "digits",
    "email",
    "landline",
    "mobile",
    "name_key",
    "person_name",
    "phone",
    "postal_code",
    "searched",
    "street",
    "syllables",
    "traces",
    "website",
]
