"""Names as ids."""

import pytest

from app.imports.slugs import slug


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Chief Executive's Service", "chief-executives-service"),
        ("Chief Executive’s Service", "chief-executives-service"),
        ("Human Resources & Organisational Development", "human-resources-organisational-development"),
        ("Revenues, Benefits and Customer Services", "revenues-benefits-and-customer-services"),
        ("  Café (2nd) ", "cafe-2nd"),
        ("—", ""),
    ],
)
def test_a_slug_keeps_letters_and_digits(name: str, expected: str) -> None:
    assert slug(name) == expected
