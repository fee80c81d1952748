"""A headless Chromium in real time: open a page, evaluate expressions in it, take its picture."""

import asyncio
import base64
import json
import subprocess
import tempfile
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import pytest
from tornado.websocket import websocket_connect

from tests.browser import CHROMIUM


def evaluate(url, expressions: Sequence[str], width=1250, height=1000, picture: Path | None = None):
    """Values of JavaScript expressions, each waited for until it is neither null nor false, at most 30 s.

    Skips the test where there is no Chromium. Messages of errors of the console come last.
    """
    if CHROMIUM is None:
        pytest.skip("no Chromium to open the page with")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]
        command += [f"--user-data-dir={profile}", f"--window-size={width},{height}", "about:blank"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as browser:
            try:
                return asyncio.run(_drive(Path(profile), url, expressions, picture))
            finally:
                browser.terminate()
                browser.wait(20)


async def _drive(profile, url, expressions, picture):
    port = await _until(lambda: _port(profile / "DevToolsActivePort"))
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
        target = next(tab for tab in json.load(answer) if tab["type"] == "page")
    connection = await websocket_connect(target["webSocketDebuggerUrl"], max_message_size=2**28)
    errors, number = [], 0

    async def call(method, **parameters):
        nonlocal number
        number += 1
        await connection.write_message(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(await connection.read_message())
            if message.get("method") == "Runtime.exceptionThrown":
                errors.append(message["params"]["exceptionDetails"]["text"])
            if message.get("id") == number:
                return message["result"]

    await call("Runtime.enable")
    await call("Page.enable")
    await call("Page.navigate", url=url)
    values = []
    for expression in expressions:
        for _ in range(300):
            found = await call(
                "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
            )
            value = found["result"].get("value")
            if value is not None and value is not False:
                break
            await asyncio.sleep(0.1)
        values.append(value)
    if picture is not None:
        picture.write_bytes(base64.b64decode((await call("Page.captureScreenshot"))["data"]))
    connection.close()
    return [*values, errors]


def _port(path):
    return int(path.read_text().split()[0]) if path.exists() and path.read_text() else None


async def _until(probe):
    for _ in range(300):
        if (found := probe()) is not None:
            return found
        await asyncio.sleep(0.1)
    raise TimeoutError("the browser did not begin to listen")
