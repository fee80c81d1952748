import json

import pytest
import validate
from _cli import run

from reduced.claims import Claim


@pytest.fixture
def claims(monkeypatch):
    def install(*measured, printed=False):
        made = [
            Claim(
                "closed forms",
                f"claim {i}",
                "source",
                lambda value=value: value,
                0.0,
                1e-3,
                "test",
                printed=printed,
            )
            for i, value in enumerate(measured)
        ]
        monkeypatch.setattr(validate, "all_claims", lambda: made)

    return install


@pytest.mark.parametrize(
    ("measured", "printed", "status", "summary"),
    [
        ((0.0, 0.0), False, 0, "2 claims: 2 holds"),
        ((0.0, 1.0), False, 1, "2 claims: 1 fails, 1 holds"),
        ((0.0, 1.0), True, 0, "2 claims: 1 holds, 1 not reproduced"),
    ],
)
def test_status_and_summary(claims, measured, printed, status, summary, capsys):
    claims(*measured, printed=printed)
    assert run(validate.main, validate.Options, []) == status
    assert summary in capsys.readouterr().out


def test_json_holds_every_row(claims, tmp_path):
    claims(0.0, 1.0)
    run(validate.main, validate.Options, ["--json", str(tmp_path / "table.json")])
    rows = json.loads((tmp_path / "table.json").read_text())
    assert [row["verdict"] for row in rows] == ["holds", "fails"]
    assert set(rows[0]) >= {"claim", "source", "measured", "expected", "tolerance", "verdict"}


def test_a_report_that_cannot_be_written_is_found_out_first(claims, capsys):
    claims(0.0)
    assert run(validate.main, validate.Options, ["--json", "/proc/self/nowhere/table.json"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
