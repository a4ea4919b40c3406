"""What is sent to webhooks, verified by the reference library of the Standard Webhooks specification."""

import base64
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from app.services.signatures import message_id, new_secret, signed_headers

BODY = '{"type":"release.published","data":{"note":"Überblick"}}'.encode()


def test_the_reference_library_verifies_what_is_signed() -> None:
    secret = new_secret()

    headers = signed_headers(secret, "msg_1", BODY, datetime.now(UTC))

    assert Webhook(secret).verify(BODY, headers)["type"] == "release.published"


def test_another_body_secret_or_id_is_not_verified() -> None:
    secret = new_secret()
    headers = signed_headers(secret, "msg_1", BODY, datetime.now(UTC))

    for of, body, sent in (
        (secret, BODY + b" ", headers),
        (new_secret(), BODY, headers),
        (secret, BODY, {**headers, "webhook-id": "msg_2"}),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(of).verify(body, sent)


def test_a_secret_is_as_long_as_the_specification_asks_and_never_the_same() -> None:
    secrets = {new_secret() for _ in range(20)}

    assert len(secrets) == 20
    for secret in secrets:
        assert secret.startswith("whsec_")
        assert 24 <= len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) <= 64


def test_a_message_has_one_id_for_a_webhook_and_another_for_any_other() -> None:
    first, second = new_secret(), new_secret()

    assert message_id(first, "release.published", "1") == message_id(first, "release.published", "1")
    ids = {
        message_id(secret, event, subject)
        for secret in (first, second)
        for event in ("release.published", "status.changed")
        for subject in ("1", "2")
    }
    assert len(ids) == 8
    assert not any("." in name for name in ids)
