"""``grokking-reduced``: each subcommand is found, teaches, starts lightly and answers what is mistyped."""

import subprocess
import sys

import pytest

from reduced.console.entry import SHELLS, command, commands, main

NAMES = sorted(commands())


def refused(arguments, capsys):
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1, error
    return error


@pytest.mark.parametrize("words", [[], ["-h"], ["--help"]])
def test_the_list_of_commands_says_what_each_does(words, capsys):
    assert main(words) == 0
    printed = capsys.readouterr().out
    assert all(f"  {name} " in printed for name in NAMES)
    assert "example:" in printed


@pytest.mark.parametrize("name", NAMES)
def test_each_says_in_one_line_what_it_does_and_teaches_by_an_example(name, capsys):
    assert commands()[name].endswith(".")
    assert len(commands()[name]) <= 110
    with pytest.raises(SystemExit) as stop:
        main([name, "--help"])
    assert stop.value.code == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"usage: grokking-reduced {name}")
    assert f"Example: grokking-reduced {name} " in printed


@pytest.mark.parametrize("name", ["", *NAMES])
def test_help_leaves_the_heavy_packages_alone(name):
    heavy = (
        "sympy",
        "matplotlib",
        "xarray",
        "pandas",
        "derivations",
        "reduced.claims",
        "distributed",
        "sklearn",
    )
    code = (
        "import sys, contextlib; from reduced.console.entry import main\n"
        f"with contextlib.suppress(SystemExit): main({[*filter(None, [name]), '--help']})\n"
        f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stderr.strip() == "[]"


@pytest.mark.parametrize("words", [["--version"], *([name, "--version"] for name in NAMES)])
def test_the_version_is_printed(words, capsys):
    try:
        status = main(words)
    except SystemExit as stop:
        status = stop.code
    assert status == 0
    assert capsys.readouterr().out.startswith("grokking-reduced 0.")


@pytest.mark.parametrize(("typed", "meant"), [("simulat", "simulate"), ("--complete", "--completion")])
def test_a_mistyped_command_is_answered_with_the_nearest(typed, meant, capsys):
    assert f"no command '{typed}'; did you mean {meant}? (--help" in refused([typed], capsys)


def test_a_command_like_no_other_is_answered(capsys):
    assert "no command 'qqq' (--help lists the commands)" in refused(["qqq"], capsys)


@pytest.mark.parametrize("name", ["simulate", "sweep"])
def test_a_mistyped_option_is_answered_with_the_nearest(name, capsys):
    error = refused([name, "--hiden", "3"], capsys)
    assert error.startswith(f"grokking-reduced {name}: no option --hiden; did you mean --hidden?")


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_option_is_refused_by_every_command(name, capsys):
    assert "--nonsense" in refused([name, "--nonsense", "1"], capsys)


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_knows_commands_and_options(shell, capsys):
    assert main(["--completion", shell]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in NAMES)
    assert "--train-fraction" in printed


@pytest.mark.parametrize("words", [[], ["powershell"], ["bash", "zsh"]])
def test_completion_for_another_shell_is_refused(words, capsys):
    assert "name one shell of bash, zsh, fish" in refused(["--completion", *words], capsys)


def test_an_interrupt_is_one_line_and_130(monkeypatch, capsys):
    def interrupt(options):
        raise KeyboardInterrupt

    monkeypatch.setattr(command("derive"), "main", interrupt)
    assert main(["derive"]) == 130
    assert capsys.readouterr().err == "grokking-reduced derive: interrupted\n"


def test_the_module_is_the_command():
    found = subprocess.run([sys.executable, "-m", "reduced", "nothing"], capture_output=True, text=True)
    assert found.returncode == 2
    assert found.stderr.startswith("grokking-reduced: no command 'nothing'")
