"""The application."""

from fastapi import FastAPI

from . import geospatial, location, observation, thing

app = FastAPI(title="Ocotillo peer")
for module in (thing, location, geospatial, observation):
    app.include_router(module.router)


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}
