"""Sign-in on the server: sessions, one-time tickets, attempts, reset codes. Only digests of secrets are stored."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Keyed, Model

DIGEST = String(64)


class SignInSession(Keyed, Model):
    """One signed-in browser (SIG-2, SIG-5)."""

    __tablename__ = "sign_in_sessions"
    __table_args__ = (Index("uq_sign_in_sessions_token", "token", unique=True),)

    token: Mapped[str] = mapped_column(DIGEST)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    address: Mapped[str | None] = mapped_column(String(60))
    browser: Mapped[str | None]


class SignInTicket(Model):
    """Proof of a good password, worth one cookie within 30 seconds."""

    __tablename__ = "sign_in_tickets"

    ticket: Mapped[str] = mapped_column(DIGEST, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[datetime]


class SignInAttempt(Keyed, Model):
    """One try to sign in, good or bad (SIG-3)."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_login_at", "login", "at"),)

    login: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    succeeded: Mapped[bool]
    #: made while the name was locked, so that nobody looked at the password and the lock does not grow longer
    unheard: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str | None] = mapped_column(String(60))


class ResetCode(Model):
    """A code that lets its receiver choose a new password, once, within 30 minutes (SIG-4)."""

    __tablename__ = "reset_codes"

    code: Mapped[str] = mapped_column(DIGEST, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
