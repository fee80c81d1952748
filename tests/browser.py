"""A page as headless Chromium lays it out, for tests that need a browser."""

import json
import re
import shutil
import subprocess
from html import escape, unescape

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

# A window of Chromium is 500 pixels wide at least, a frame within it may be narrower.
FRAME = """<!DOCTYPE html><meta charset="utf-8"><title>not measured</title><style>body {{ margin: 0 }}
iframe {{ border: 0; width: {width}px; height: 2000px }}</style><iframe srcdoc="{page}"></iframe>
<script>addEventListener("load", () => {{
  const frame = document.querySelector("iframe").contentWindow, page = frame.document;
  document.title = JSON.stringify((() => {{ {script} }})());
}});</script>"""


def measured(page, width, script, folder):
    """What a script returns in a frame of this width; it knows ``frame``, the window, and ``page``, its document."""
    file = folder / f"frame-{width}.html"
    file.write_text(FRAME.format(width=width, page=escape(page), script=script), encoding="utf-8")
    command = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        f"--window-size={max(width, 500)},2000",
        f"--user-data-dir={folder / 'profile'}",
        "--dump-dom",
        file.as_uri(),
    ]
    dom = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
    return json.loads(unescape(re.search(r"<title>(.*?)</title>", dom, re.DOTALL)[1]))
