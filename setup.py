"""What setup.cfg cannot say: the README as a package page shows it, where relative links lead nowhere."""

import configparser
import re
from pathlib import Path

from setuptools import setup

HERE = Path(__file__).resolve().parent
#: A link or a picture of Markdown whose target is a file of this project.
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)#:]+)\)")


def page(text: str, source: str | None) -> str:
    """The text with links that lead somewhere from any page.

    Where ``project_urls`` of setup.cfg names a ``Source``, links and pictures become absolute ones into it; where no
    address is known, a link becomes its words with the path in the source distribution, and pictures are left out.
    """

    def absolute(found: re.Match[str]) -> str:
        picture, words, path = found.groups()
        if source:
            return f"{picture}[{words}]({source.rstrip('/')}/{'raw' if picture else 'blob'}/main/{path})"
        return "" if picture else f"{words} (`{path}`)"

    return LINK.sub(absolute, text)


def source_address() -> str | None:
    """The ``Source`` among the project's addresses in setup.cfg."""
    settings = configparser.ConfigParser()
    settings.read(HERE / "setup.cfg", encoding="utf-8")
    rows = settings.get("metadata", "project_urls", fallback="").strip().splitlines()
    urls = {name.strip(): url.strip() for name, _, url in (row.partition("=") for row in rows)}
    return urls.get("Source")


if __name__ == "__main__":
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    setup(long_description=page(readme, source_address()), long_description_content_type="text/markdown")
