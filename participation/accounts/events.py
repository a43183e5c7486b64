"""What happens to accounts."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class AccountCreated(Event):
    """Somebody signed up and has to confirm the address."""

    account_id: int


@dataclass(frozen=True, slots=True)
class SignUpRepeated(Event):
    """Somebody signed up with an address that has a confirmed account already."""

    account_id: int


@dataclass(frozen=True, slots=True)
class PasswordResetRequested(Event):
    """Somebody asked for a link to set a new password."""

    account_id: int


@dataclass(frozen=True, slots=True)
class AccountConfirmed(Event):
    """The address was confirmed."""

    account_id: int


@dataclass(frozen=True, slots=True)
class PasswordChanged(Event):
    """A new password was set and every sign-in ended."""

    account_id: int


@dataclass(frozen=True, slots=True)
class ResidenceVerified(Event):
    """Somebody entered a code from a letter."""

    account_id: int
