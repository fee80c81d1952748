import json

import pytest

from reduced.claims import Claim
from reduced.commands import validate
from reduced.console.answer import run


@pytest.fixture
def claims(monkeypatch):
    def install(*measured, printed=False, tolerance=1e-3):
        made = [
            Claim(
                "closed forms",
                f"claim {i}",
                "Section 1",
                value if callable(value) else lambda value=value: value,
                0.0,
                tolerance,
                "rounding",
                printed=printed,
                method="by hand",
            )
            for i, value in enumerate(measured)
        ]
        monkeypatch.setattr("reduced.claims.all_claims", lambda: made)

    return install


def interrupt():
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("measured", "printed", "status", "counts"),
    [
        ((0.0, 0.0), False, 0, {"holds": 2}),
        ((0.0, 1.0), False, 1, {"fails": 1, "holds": 1}),
        ((0.0, 1.0), True, 0, {"holds": 1, "not reproduced": 1}),
    ],
)
def test_status_and_counts(claims, measured, printed, status, counts, capsys):
    claims(*measured, printed=printed)
    assert run(validate.main, validate.Options, []) == status
    printed_lines = capsys.readouterr().out.splitlines()
    for kind, meaning in validate.MEANING.items():
        assert f"{counts.get(kind, 0):5d} {kind}: {meaning}" in printed_lines


def test_what_does_not_hold_comes_first_and_every_number_has_its_name(claims, capsys):
    claims(0.0, 1.0, printed=True)
    run(validate.main, validate.Options, [])
    out = capsys.readouterr().out
    assert out.index("claim 1") < out.index("claim 0")
    assert "source: Section 1; tested: by hand" in out
    assert "measured 1, expected 0; error 1, allowed 0.001 (rounding)" in out


def test_progress_is_seen_where_there_is_no_terminal(claims, capsys):
    claims(0.0, 1.0)
    run(validate.main, validate.Options, [])
    assert [line.split()[0] for line in capsys.readouterr().err.splitlines()] == ["1/2", "2/2"]


def test_an_interrupt_keeps_what_is_done(claims, tmp_path, capsys):
    claims(0.0, interrupt, 0.0)
    path = tmp_path / "table.json"
    assert run(validate.main, validate.Options, ["--json", str(path)]) == 130
    assert [row["claim"] for row in json.loads(path.read_text())] == ["claim 0"]
    captured = capsys.readouterr()
    assert "    1 holds" in captured.out
    assert "interrupted: 2 claims were not measured" in captured.err


def test_json_holds_every_row(claims, tmp_path):
    claims(0.0, 1.0)
    run(validate.main, validate.Options, ["--json", str(tmp_path / "table.json")])
    rows = json.loads((tmp_path / "table.json").read_text())
    assert [row["verdict"] for row in rows] == ["holds", "fails"]
    assert set(rows[0]) >= {
        "claim",
        "source",
        "method",
        "measured",
        "expected",
        "error",
        "tolerance",
        "verdict",
    }


def test_the_help_explains_the_status(capsys):
    with pytest.raises(SystemExit):
        run(validate.main, validate.Options, ["--help"])
    text = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert "Exit status: 0 if no claim fails, 1 if one does" in text


def test_a_report_that_cannot_be_written_is_found_out_first(claims, capsys):
    claims(0.0)
    assert run(validate.main, validate.Options, ["--json", "/proc/self/nowhere/table.json"]) != 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
