"""Who asks: the one credential of a request, read from Authorization and from nowhere else."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase

from app.db.snapshots import Snapshots
from app.errors import Unauthenticated
from app.services.keys import MARK, caller_of_key
from app.services.permissions import ANYBODY, Caller
from app.settings import Settings

if TYPE_CHECKING:
    from app.services.tokens import Issuer

SCHEME = "bearer"
"""What a credential is called in the contract."""
NEEDED = "needed"
"""What stands in its place where nobody may do without; `description` writes it as the contract does."""
_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/-]{1,16384}=*)", re.ASCII | re.IGNORECASE)
_SCHEME = HTTPBearer(
    description="A key, as `outturn keys create` shows it once, or a token of the issuer that this service"
    " trusts. Without one, what is released is read; what is shown and does not count is refused."
)


class _Shown(SecurityBase):
    """A credential that may be shown."""

    def __init__(self) -> None:
        self.model = _SCHEME
        self.scheme_name = SCHEME

    async def __call__(self, request: Request) -> Caller:
        """Whoever asks: anybody, where no credential is shown.

        Raises Unauthenticated, in the same words whatever is wrong, where one is and does not count;
        Unavailable where that cannot be found out.
        """
        shown = request.headers.getlist("authorization")
        if not shown:
            return ANYBODY
        text = _BEARER.fullmatch(shown[0]) if len(shown) == 1 else None
        found = None if text is None else await _caller_of(request, text[1])
        if found is None:
            raise Unauthenticated("The credential does not count here.", shown=True)
        return found


caller = _Shown()
Who = Annotated[Caller, Depends(caller)]
"""Whoever asks, anybody among them."""


class _Needed(SecurityBase):
    """A credential that must be shown."""

    def __init__(self) -> None:
        self.model = _SCHEME
        self.scheme_name = NEEDED

    async def __call__(self, who: Who) -> Caller:
        """Whoever asks, by name. Raises Unauthenticated for anybody."""
        if not who.name:
            raise Unauthenticated("This needs a credential, in Authorization.", shown=False)
        return who


known = _Needed()
Known = Annotated[Caller, Depends(known)]
"""Whoever asks, where nobody may without a credential."""


def issuer_of(chosen: Settings) -> "Issuer | None":
    """The issuer whose tokens a deployment accepts, if it has one; it is asked when the first comes."""
    if chosen.oidc_issuer is None:
        return None
    # Their libraries take a quarter of a second to start, for nothing where there are keys only.
    from app.services.signing_keys import SigningKeys  # noqa: PLC0415 - as said above
    from app.services.tokens import Issuer  # noqa: PLC0415 - as said above

    keys = SigningKeys(chosen.oidc_issuer, chosen.oidc_algorithms, chosen.oidc_jwks_url)
    return Issuer(chosen.oidc_issuer, chosen, keys)


async def _caller_of(request: Request, text: str) -> Caller | None:
    """Whoever a credential is of. A key is looked up where it is revoked: a replica may lag behind."""
    if text.startswith(MARK):
        primary: Snapshots = request.app.state.primary
        return await primary.ask(lambda connection: caller_of_key(connection, text, datetime.now(UTC)))
    issuer: Issuer | None = request.app.state.issuer
    return None if issuer is None else await issuer.caller_of_token(text)
