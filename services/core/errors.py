"""The few ways in which a service says no; each a translatable sentence with parameters."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Translate = Callable[[str], str]


class Said:
    """A sentence for people: an English msgid and its parameters, put into words by the reader's translator."""

    def __init__(self, message: str, **parameters: Any) -> None:
        self.message, self.parameters = message, parameters

    def text(self, translate: Translate) -> str:
        """The sentence in the reader's language; parameters that are sentences or lists of names are put into it too."""
        return translate(self.message).format(**worded(self.parameters, translate))

    def __repr__(self) -> str:
        return f"Said({self.text(lambda message: message)!r})"


def worded(parameters: Mapping[str, Any], translate: Translate) -> dict[str, Any]:
    """The parameters of a sentence as its reader sees them."""
    return {name: _worded(value, translate) for name, value in parameters.items()}


def _worded(value: Any, translate: Translate) -> Any:
    if isinstance(value, list | tuple):
        return listed(value, translate)
    return value.text(translate) if isinstance(value, Said) else value


def listed(names: Iterable[str], translate: Translate) -> str:
    """Several names as one text, divided as the reader's language divides them: “A, B”, “A、B”."""
    return translate(BETWEEN).join(names)


class ServiceError(Exception):
    """The base of everything a service raises on purpose; ``said`` is what the user reads."""

    def __init__(self, message: str, **parameters: Any) -> None:
        self.said = Said(message, **parameters)
        super().__init__(message)

    def text(self, translate: Translate) -> str:
        """What happened, why, and what to do, in the reader's language."""
        return self.said.text(translate)

    def __str__(self) -> str:
        return self.text(lambda message: message)


class NotFound(ServiceError):
    """The record does not exist, or is not this person's to see: the answer is the same (ACC-2)."""

    def __init__(self) -> None:
        super().__init__(NOT_FOUND)


class Refused(ServiceError):
    """The person may see the record but may not do this to it, or not in its present state."""


class Invalid(ServiceError):
    """Input that breaks a rule; ``fields`` says for each field what would be right (ALL-6)."""

    def __init__(self, fields: Mapping[str, Said]) -> None:
        self.fields = dict(fields)
        super().__init__(INVALID)

    def __str__(self) -> str:
        return "; ".join(f"{name}: {said!r}" for name, said in self.fields.items())


class Stale(ServiceError):
    """Somebody else changed the record in between (ALL-4)."""


class Busy(ServiceError):
    """The database is occupied at this moment; trying again is right."""


class SignedOut(ServiceError):
    """The session behind the browser has ended, or its user has."""


def N_(message: str) -> str:
    """Mark a msgid for the catalogues without translating it here."""
    return message


BETWEEN = N_(", ")
NOT_FOUND = N_("This record does not exist, or it is not visible to you.")
INVALID = N_("Some fields need another look.")
