"""What the changelog says is changed or removed since a version."""

import re

from tests.compatibility.contracts import Break

_HEADING = re.compile(r"^(#{2,3}) \[?([^\]\n]+?)\]?(?: - .*)?$")
_SAYING = {"Changed", "Removed"}
_PARAMETER = re.compile(r"(?:query|path|header|cookie) parameter \S+")


def unnoted(broken: list[Break], changelog: str, since: str) -> list[Break]:
    """What breaks and is not noted.

    A note names the break's subject, or the parameter that many operations share: `query parameter as_of`.
    """
    names = noted(changelog, since)
    return [each for each in broken if names.isdisjoint({each.subject, *_PARAMETER.findall(each.what)[:1]})]


def noted(changelog: str, since: str) -> set[str]:
    """The names in backquotes under "Changed" and "Removed" of every version above `since`."""
    names: set[str] = set()
    told = False
    for line in changelog.splitlines():
        heading = _HEADING.match(line)
        if heading and heading[1] == "##":
            if heading[2] == since:
                break
            told = False
        elif heading:
            told = heading[2] in _SAYING
        elif told:
            names.update(re.findall(r"`([^`]+)`", line))
    return names
