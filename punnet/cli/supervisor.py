"""The process above the workers: it keeps them running, and tells them what it is told."""

from __future__ import annotations

import os
import signal
import socket

import uvicorn
from uvicorn.supervisors import Multiprocess

_LOOK_AGAIN_S = 0.1


class Supervisor(Multiprocess):
    """Keeps workers running."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket]) -> None:
        super().__init__(config, sockets)
        self._is_urgent = False

    def handle_term(self) -> None:
        """Begin to stop; asked again, have the workers stop without delay."""
        self._be_told(signal.SIGTERM)

    def handle_int(self) -> None:
        """Stop without delay; asked again, have the workers wait for nothing."""
        self._be_told(signal.SIGINT)

    def join_all(self) -> None:
        """Wait for the workers, which are told what we are told meanwhile."""
        for worker in self.processes:
            while worker.process.is_alive():
                worker.process.join(_LOOK_AGAIN_S)
                self._listen()

    def _listen(self) -> None:
        while self.signal_queue:
            number = self.signal_queue.pop(0)
            if number in (signal.SIGTERM, signal.SIGINT):
                self._be_told(number)
        if self._is_urgent:
            # A second SIGTERM ends a worker's delay; of two that come at once, as while it starts, it hears one.
            self._tell_workers(signal.SIGTERM)

    def _be_told(self, number: int) -> None:
        if self.should_exit.is_set() and number == signal.SIGINT:
            self._tell_workers(signal.SIGINT)
        self._is_urgent |= self.should_exit.is_set() or number == signal.SIGINT
        self.should_exit.set()

    def _tell_workers(self, number: signal.Signals) -> None:
        for worker in self.processes:
            if worker.process.is_alive() and worker.pid is not None:
                os.kill(worker.pid, number)

    def terminate_all(self) -> None:
        """Tell the workers to stop.

        They no longer listen then. Who connects must be refused, and would wait as long as we did.
        """
        for listener in self.sockets:
            listener.close()
        super().terminate_all()
