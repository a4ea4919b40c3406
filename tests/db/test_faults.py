"""Whatever befalls PostgreSQL while clients write: nothing acknowledged is lost, nothing is done twice."""

from http import HTTPStatus
from pathlib import Path

from tests.soak.postgres_faults import EXPECTED, FAULTS, endure


async def test_each_fault_is_got_over(tmp_path: Path) -> None:
    editors = await endure(tmp_path, FAULTS)

    assert set(editors.answers) <= EXPECTED
    assert editors.answers[HTTPStatus.SERVICE_UNAVAILABLE] > 0
    assert sum(editor.last for editor in editors.written) > len(FAULTS)
