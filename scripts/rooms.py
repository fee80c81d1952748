"""The rooms of `reduced`, the imports between them, and the floor of each: what docs/architecture.md shows."""

import ast
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from _cli import run

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Options:
    """Print each room with its floor and the rooms that it imports, as a table in Markdown."""


def room_of(name: str) -> str | None:
    """The room of a dotted module name; `derivations` and `errors` are rooms of their own."""
    first, *rest = name.split(".")
    if first == "derivations":
        return first
    return rest[0] if first == "reduced" and rest else None


def imports(path: Path) -> set[str]:
    """The dotted names that a file imports, those within functions too, but not for the type checker alone."""
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf8"))
    tree.body = [node for node in tree.body if not isinstance(node, ast.If)]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def arrows() -> dict[str, set[str]]:
    """Room -> the rooms that it imports; the package's front, which imports from many, is left out."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in [*ROOT.glob("reduced/**/*.py"), *ROOT.glob("derivations/**/*.py")]:
        here = room_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
        if here is None or here in ("__init__", "__main__", "decoupled"):
            continue
        targets = {room_of(name) for name in imports(path)} - {None, here}
        found[here] |= {target for target in targets if is_room(target)}
    return dict(found)


def is_room(name: str | None) -> bool:
    """Whether a name is that of a folder or module, not of something that the front exports."""
    return name == "derivations" or any((ROOT / "reduced" / f"{name}{end}").exists() for end in ("", ".py"))


def floors(graph: dict[str, set[str]]) -> dict[str, int]:
    """How many rooms lie below each on its longest way down.

    Raises
    ------
    ValueError
        If rooms import each other in a circle.
    """
    known: dict[str, int] = {}

    def floor(room: str, above: tuple[str, ...] = ()) -> int:
        if room in above:
            raise ValueError(f"a circle of imports: {' -> '.join([*above, room])}")
        if room not in known:
            known[room] = max((1 + floor(below, (*above, room)) for below in graph.get(room, ())), default=0)
        return known[room]

    return {room: floor(room) for room in graph}


def table() -> str:
    """The rooms from the ground up."""
    graph = arrows()
    rows = ["| floor | room | imports |", "|---|---|---|"]
    for room, floor in sorted(floors(graph).items(), key=lambda pair: (pair[1], pair[0])):
        rows.append(f"| {floor} | `{room}` | {', '.join(sorted(graph[room])) or '–'} |")
    return "\n".join(rows)


def main(options: Options) -> None:
    """Print the table."""
    print(table())


if __name__ == "__main__":
    sys.exit(run(main, Options))
