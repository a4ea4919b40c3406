"""What a change is answered with."""

from typing import Literal

from app.schemas.wire import Wire, example


class WriteOut(Wire):
    """What became of one fact; it is a draft until it is released."""

    model_config = example(
        id=122, href="/v1/observations/122", act="patch", version=17, etag='"17"', changed=True
    )

    id: int
    """The fact's lasting id."""
    href: str
    """Its address; `?view=draft` shows it as it stands now."""
    act: Literal["create", "replace", "patch", "retire"]
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
