"""Secrets of webhooks, and the signatures made with them, as the Standard Webhooks specification says."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """A secret of 256 random bits, as the specification writes it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed_headers(secret: str, message_id: str, body: bytes, at: datetime) -> dict[str, str]:
    """The three headers that tell a receiver who sent a body and when it was sent this time."""
    stamp = str(int(at.timestamp()))
    digest = _hmac(secret, f"{message_id}.{stamp}.".encode() + body)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def message_id(secret: str, event: str, subject: str) -> str:
    """What the message about a subject is called: the same whenever it is made for one webhook.

    The webhook's secret is in it, so that no two deployments send one id to the same receiver.
    """
    return f"msg_{_hmac(secret, f'{event} {subject}'.encode()).hex()[:32]}"


def _hmac(secret: str, content: bytes) -> bytes:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return hmac.digest(key, content, hashlib.sha256)
