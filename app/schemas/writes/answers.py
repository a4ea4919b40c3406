"""What a change is answered with."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypeAliasType

from app.schemas.wire import Wire, example
from app.services import editing

Act = TypeAliasType("Act", Annotated[editing.Act, Field(description="What is done to a fact.")])


class WriteOut(Wire):
    """What became of one fact; it is a draft until it is released."""

    model_config = example(
        id=122, href="/v1/observations/122", act="patch", version=17, etag='"17"', changed=True
    )

    id: int
    """The fact's lasting id."""
    href: str
    """Its address; `?view=draft` shows it as it stands now."""
    act: Act
    """What was done."""
    version: int
    """The version that it has now, or that ended it."""
    etag: str
    """What If-Match says to change this version."""
    changed: bool
    """Whether it says something else than before."""


class BatchOut(Wire):
    """What became of every fact of a batch, in its order."""

    model_config = example(
        items=[
            {
                "id": 122,
                "href": "/v1/observations/122",
                "act": "patch",
                "version": 17,
                "etag": '"17"',
                "changed": True,
            }
        ]
    )

    items: list[WriteOut]
    """Each fact."""
