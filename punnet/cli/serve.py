"""`punnet serve`."""

from __future__ import annotations

from contextlib import closing

from punnet.cli.listening import listen
from punnet.cli.process import serve_here
from punnet.cli.settings import Start
from punnet.cli.terminal import until_stopped
from punnet.cli.workers import serve_in_workers


def run_serve(start: Start, *, host: str, port: int, workers: int, verbose: bool) -> None:
    """Serve until told to stop.

    Raises:
        PortTaken: nothing can listen there.
        SourceRefused: the database does not take these words.
        NothingToServe: it has nothing for this role.
        WorkerBroken: a worker cannot start.
    """
    with closing(listen(host, port)) as listener, until_stopped():
        if workers == 1:
            serve_here(start.deployment(), listener)
        else:
            serve_in_workers(start, listener, workers, verbose=verbose)
