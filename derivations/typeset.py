"""Titles, rules and reasons with their indices and powers set low and high: no markup is left for the reader."""

import re
from html import escape

#: A subscript or superscript in running text: _j, _{max}, ^{−2τ}, ^(−1/2), ^q; ᵀ; the number of a layer.
SCRIPT = re.compile(r"([_^])(\{[^{}]*\}|\([^()]*\)|[^\W_]+|\*)|(ᵀ)|(?<=[WVH])(\d)")


def scripts(text: str) -> list[tuple[str, str]]:
    """Parts of a text with the mark before each: empty, ``_`` or ``^``.

    Examples
    --------
    >>> scripts("‖w1_j‖ falls as e^{−2τ}")
    [('', '‖w1'), ('_', 'j'), ('', '‖ falls as e'), ('^', '−2τ')]
    """
    found, position = [], 0
    for match in SCRIPT.finditer(text):
        index, power = ("_", match[4]), ("^", "T")
        mark, body = index if match[4] else power if match[3] else (match[1], match[2])
        found += [("", text[position : match.start()]), (mark, body[1:-1] if body[0] in "{(" else body)]
        position = match.end()
    return [part for part in [*found, ("", text[position:])] if part[1]]


def html_text(text: str) -> str:
    """The text as HTML.

    Examples
    --------
    >>> html_text("d_h < n -> e^{−2τ}")
    'd<sub>h</sub> &lt; n → e<sup>−2τ</sup>'
    """
    tags = {"_": "sub", "^": "sup"}
    return "".join(
        f"<{tags[mark]}>{escape(body)}</{tags[mark]}>" if mark else escape(body)
        for mark, body in scripts(text.replace("->", "→"))
    )


def plain_text(text: str) -> str:
    """The text without marks, for the title of a window.

    Examples
    --------
    >>> plain_text("d_h and e^{−2τ}")
    'd_h and e^−2τ'
    """
    return "".join(mark + body for mark, body in scripts(text))
