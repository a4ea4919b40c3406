"""Who may do what: roles, what each is granted for, and the questions asked of whoever calls."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class Role(StrEnum):
    """What a caller may do with what is not public; an editor does not publish, nor a publisher edit."""

    reader = "reader"
    """Read drafts."""
    editor = "editor"
    """Read and write drafts."""
    publisher = "publisher"
    """Read drafts and make them public."""
    administrator = "administrator"
    """Everything."""


class UnreadableGrantError(ValueError):
    """A text is no grant; the message says how one is written."""


class Grant(NamedTuple):
    """A role everywhere, in one organisation, or in one service and those below it."""

    role: Role
    organisation: str | None = None
    service: str | None = None

    def __str__(self) -> str:
        """As it is written: `editor:barnet/hr`, `publisher:barnet`, `administrator`."""
        service = "" if self.service is None else f"/{self.service}"
        return self.role if self.organisation is None else f"{self.role}:{self.organisation}{service}"

    def gives(self, role: Role) -> bool:
        """Whether who holds this grant may act in a role, wherever the grant holds."""
        return self.role in {role, Role.administrator} or role is Role.reader

    def holds_in(self, organisation: str | None, services: Collection[str]) -> bool:
        """Whether the grant is for a fact, named by its organisation, its service and those above it."""
        if self.organisation is None:
            return self.service is None
        return self.organisation == organisation and (self.service is None or self.service in services)


_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_GRANT = re.compile(rf"({'|'.join(Role)})(?::({_SLUG})(?:/({_SLUG}))?)?", re.ASCII)


def read_grant(text: str) -> Grant:
    """The grant that a text means, as `str` of it is written. Raises UnreadableGrantError."""
    found = _GRANT.fullmatch(text)
    if found is None:
        message = "a grant is a role, or role:organisation, or role:organisation/service"
        raise UnreadableGrantError(f"{message}; the roles are {', '.join(Role)}")
    role, organisation, service = found.groups()
    return Grant(Role(role), organisation, service)


@dataclass(frozen=True)
class Caller:
    """Whoever asks: anybody (without a name), `key:<prefix>`, or `<issuer>#<subject>`."""

    name: str = ""
    grants: tuple[Grant, ...] = ()

    def may(self, role: Role, organisation: str | None, services: Collection[str] = ()) -> bool:
        """Whether the caller may act in a role on a fact of an organisation.

        `services` are the slugs of the fact's service and of all above it; none where it is of the
        whole organisation, which a grant for a service does not cover. Without an organisation the
        question is of what concerns them all, which only a grant for everywhere covers.
        """
        return any(grant.gives(role) and grant.holds_in(organisation, services) for grant in self.grants)

    def reads(self, organisation: str) -> frozenset[str] | None:
        """The services of an organisation whose drafts the caller may read, with those below each.

        None is all of the organisation, its own facts too; an empty set is nothing.
        """
        drafts = self.drafts()
        return None if None in drafts else drafts.get(organisation, frozenset())

    def drafts(self) -> Mapping[str | None, frozenset[str] | None]:
        """The services whose drafts the caller may read, by organisation; None is all of them.

        Under the key None stands the right to read every organisation's. Whoever reads no draft at
        all, as anybody does, has an empty answer.
        """
        allowed: dict[str | None, frozenset[str] | None] = {}
        for _, organisation, service in self.grants:
            if organisation is None and service is not None:
                continue  # a service of nobody's; the text of a grant cannot say it
            earlier = allowed.get(organisation, frozenset())
            allowed[organisation] = None if service is None or earlier is None else earlier | {service}
        return allowed


ANYBODY = Caller()
"""Who shows no credential."""
