"""FastAPI with one route, for how long Python and FastAPI take to start."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def say_hello() -> dict[str, str]:
    """Greet."""
    return {"message": "Hello World"}
