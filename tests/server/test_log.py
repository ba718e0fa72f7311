from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest


def logged(code: str, *, verbose: bool = False) -> list[dict[str, Any]]:
    """The lines that a process of its own logs, which runs this after configuring its log."""
    script = (
        f"import logging, warnings\nfrom punnet.server.log import configure_log\nconfigure_log(verbose={verbose})\n"
    )
    ended = subprocess.run([sys.executable, "-c", script + code], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in ended.stderr.splitlines()]


@pytest.mark.parametrize(
    ("code", "level"),
    [("logging.getLogger('uvicorn.error').error('it %s', 'ends')", "error"), ("logging.warning('it ends')", "warning")],
)
def test_what_others_log_is_a_line_of_the_same_form(code: str, level: str) -> None:
    [line] = logged(code)
    assert (line["event"], line["level"]) == ("it ends", level)
    assert "timestamp" in line


def test_a_line_of_others_names_their_logger_and_has_their_traceback() -> None:
    [line] = logged("try:\n    1 / 0\nexcept ZeroDivisionError:\n    logging.getLogger('x.y').exception('oh')")
    assert line["logger"] == "x.y"
    assert line["exception"].endswith("ZeroDivisionError: division by zero")


def test_a_level_between_two_others_is_the_lower_one() -> None:
    [line] = logged("logging.log(35, 'between')")
    assert line["level"] == "warning"


def test_warnings_are_lines_too() -> None:
    [line] = logged("warnings.warn('take care')")
    assert "UserWarning: take care" in line["event"]


@pytest.mark.parametrize(("verbose", "lines"), [(False, 0), (True, 1)])
def test_what_is_done_is_said_when_it_is_asked_for(verbose: bool, lines: int) -> None:
    assert len(logged("logging.getLogger('uvicorn.error').info('starting')", verbose=verbose)) == lines


def test_words_whose_arguments_do_not_fit_are_said_without_them() -> None:
    [line] = logged("logging.warning('%d of them', 'many')")
    assert line["event"] == "%d of them"


@pytest.mark.parametrize("how", ["structlog.get_logger().error('oh')", "logging.error('oh')"])
def test_a_log_that_nobody_reads_any_more_is_no_trouble_of_who_logs(how: str) -> None:
    broken = "import os, structlog\nread, write = os.pipe()\nos.close(read)\nos.dup2(write, 2)\n"
    script = f"from punnet.server.log import configure_log\nimport logging\n{broken}configure_log(verbose=False)\n"
    ended = subprocess.run([sys.executable, "-c", f"{script}{how}\nprint('on')"], capture_output=True, text=True)
    assert ended.stdout == "on\n"
