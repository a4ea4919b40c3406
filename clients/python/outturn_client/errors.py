"""What a refusal is: a problem document (RFC 9457), raised."""

from typing import Self

import httpx

from .models.fault import Fault
from .models.problem import Problem


class ProblemError(Exception):
    """The service refused, or something between it and us did: then there is no problem document."""

    def __init__(self, status: int, headers: httpx.Headers, problem: Problem | None) -> None:
        """Say it as the problem document does, else by the status alone."""
        super().__init__(f"{status} {problem.code}: {problem.detail}" if problem else f"{status}")
        self.status = status
        self.headers = headers
        self.problem = problem

    @property
    def code(self) -> str | None:
        """The kind of problem, as a lasting word."""
        return self.problem.code if self.problem else None

    @property
    def errors(self) -> list[Fault]:
        """Each thing that is wrong, where there is more to say."""
        return self.problem.errors if self.problem else []

    @classmethod
    def of(cls, response: httpx.Response) -> Self:
        """What an answer refuses with."""
        problem = None
        if response.headers.get("Content-Type", "").startswith("application/problem+json"):
            problem = Problem.from_dict(response.json())
        return cls(response.status_code, response.headers, problem)


__all__ = ["ProblemError"]
