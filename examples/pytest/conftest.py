"""A cluster for the whole run: starts the slicehouse command in memory, on free ports, with the fixtures loaded.

SLICEHOUSE_COMMAND says how to start it; default: npx slicehouse."""

import json
import os
import pathlib
import shlex
import subprocess

import psycopg
import pytest

FIXTURES = pathlib.Path(__file__).parent.parent / "fixtures"


@pytest.fixture(scope="session")
def slicehouse():
    command = shlex.split(os.environ.get("SLICEHOUSE_COMMAND", "npx slicehouse"))
    options = ["--memory", "--port", "0", "--http-port", "0", "--init", str(FIXTURES), "--log", "json"]
    server = subprocess.Popen(command + options, stdout=subprocess.PIPE, text=True)
    try:
        for line in server.stdout:
            entry = json.loads(line)
            if entry["event"] == "ready":
                break
        else:
            pytest.fail(f"slicehouse ended with exit code {server.wait()}")
        yield entry
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture
def connection(slicehouse):
    """A connection whose changes are rolled back."""
    conn = psycopg.connect(slicehouse["url"])
    yield conn
    conn.rollback()
    conn.close()
