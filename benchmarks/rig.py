"""Where the rig keeps its things, and the Python it runs on."""

from __future__ import annotations

import os
import sys
import tempfile
from functools import partial
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORK = Path(os.environ.get("BENCH_HOME") or Path(tempfile.gettempdir()) / "punnet-bench")
VENV_PYTHON = WORK / "venv" / "bin" / "python"
NODE = WORK / "nodejs" / "node_modules" / ".bin" / "node"
LOGS, RUN, RESULTS = WORK / "logs", WORK / "run", WORK / "results"

say = partial(print, flush=True)


def enter_venv() -> None:
    """Starts this program anew on the rig's own Python, unless it is on it: the packages are installed there."""
    if Path(sys.prefix) == WORK / "venv":
        return
    if not VENV_PYTHON.exists():
        sys.exit(f"no {VENV_PYTHON}: run {HERE / 'setup.sh'} first")
    os.execv(VENV_PYTHON, [str(VENV_PYTHON), str(HERE / "run.py"), *sys.argv[1:]])


def make_folders() -> None:
    for folder in (LOGS, RUN, RESULTS):
        folder.mkdir(parents=True, exist_ok=True)
