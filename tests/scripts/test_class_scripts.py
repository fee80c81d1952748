"""The figures of equivariant networks at small size."""

import json

import attraction
import class_losses
import class_share
import class_training
import frequency_growth
import winning_frequencies


def test_the_share_of_classes_is_drawn_and_its_runs_are_kept(tmp_path, capsys):
    options = class_share.Options(
        moduli=(7, 9), ratios=(2.0,), shares=(0.3, 0.7), seeds=1, slow_time=0.5, json=tmp_path / "runs.json",
        out=tmp_path / "figure.png",
    )  # fmt: skip
    class_share.main(options)
    kept = json.loads(options.json.read_text())
    assert len(kept) == 4
    first = capsys.readouterr().out
    options.json.write_text(json.dumps({key: {**run, "time": 0.25} for key, run in kept.items()}))
    class_share.main(options)
    assert capsys.readouterr().out != first
    assert options.out.exists()


def test_the_other_figures_are_drawn(tmp_path, capsys):
    output = tmp_path / "figure.png"
    attraction.main(
        attraction.Options(p=7, offsets=(0.1,), activations=("gelu",), seeds=1, slow_time=0.1, out=output)
    )
    assert "distance grown" in capsys.readouterr().out
    winning_frequencies.main(winning_frequencies.Options(p=7, share=0.5, seeds=1, slow_time=0.5, out=output))
    assert "of 3 frequencies" in capsys.readouterr().out
    class_training.main(class_training.Options(p=7, share=0.5, slow_time=0.1, out=output))
    assert "zero-loss flow" in capsys.readouterr().out
    class_losses.main(class_losses.Options(p=7, share=0.5, seeds=1, slow_time=0.1, ridge=0.1, out=output))
    assert "cross_entropy: 95 %" in capsys.readouterr().out
    assert output.exists()


def test_growth_is_measured_against_the_dense_field(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(frequency_growth, "LONG", 0.0)
    options = frequency_growth.Options(moduli=(7, 9), dense=(7,), out=tmp_path / "figure.png")
    frequency_growth.main(options)
    printed = capsys.readouterr().out
    assert "the two fields differ by" in printed
    assert printed.count("of the bare calls") == 2
    assert options.out.exists()
