from __future__ import annotations

import signal

import psutil
import pytest

from tests.cli.command import TRACEBACK, Command, are_gone, is_alive, running, words_of
from tests.faults.own_postgres import OwnPostgres
from tests.faults.waiting import wait_until

REFUSED = "{ noSuchField }"
FIRST_STATEMENT_OF_INTROSPECTION = "extension_member as ("


def test_two_workers_answer_from_the_catalog_that_was_read_once(own_postgres: OwnPostgres) -> None:
    with running("serve", own_postgres.url, "--port", "0", "--workers", "2") as command:
        wait_until(lambda: answering(command, 2))
        assert command.ask("{ things { nodes { id } } }") == {"data": {"things": {"nodes": [{"id": 1}]}}}
        assert own_postgres.log.read_text().count(FIRST_STATEMENT_OF_INTROSPECTION) == 1


def test_a_worker_that_is_killed_is_replaced_and_a_signal_ends_all(shop_url: str) -> None:
    with running("serve", shop_url, "--port", "0", "--workers", "2") as command:
        before = wait_until(lambda: answering(command, 2))
        killed = workers(command)[0]
        killed.kill()
        wait_until(lambda: not is_alive(killed))
        wait_until(lambda: len(workers(command)) == 2)
        wait_until(lambda: len(before | answering(command, 2)) == 3)
        processes = command.processes()
        assert command.end(signal.SIGINT) == 0
        wait_until(lambda: are_gone(processes))
        assert TRACEBACK not in command.output


@pytest.mark.judge
def test_workers_end_with_a_supervisor_that_is_killed(shop_url: str) -> None:
    with running("serve", shop_url, "--port", "0", "--workers", "2") as command:
        wait_until(lambda: answering(command, 2))
        processes = command.processes()
        command.end(signal.SIGKILL)
        wait_until(lambda: are_gone(processes))


@pytest.mark.judge
def test_workers_wait_for_a_database_that_is_down(own_postgres: OwnPostgres) -> None:
    own_postgres.stop()
    with running("serve", own_postgres.url, "--port", "0", "--workers", "2") as command:
        wait_until(lambda: answering(command, 2))
        assert command.readiness().status_code == 503
        own_postgres.start()
        wait_until(lambda: command.readiness().status_code == 200)
        assert command.end(signal.SIGTERM) == 0
        assert TRACEBACK not in command.output


def answering(command: Command, number: int) -> set[str]:
    """The processes that answer twenty requests, told apart by their request ids; none if it is fewer than `number`."""
    answers = [command.ask(REFUSED)["errors"][0]["extensions"]["requestId"] for _ in range(20)]
    found = {request_id.split("-")[0] for request_id in answers}
    return found if len(found) >= number else set()


def workers(command: Command) -> list[psutil.Process]:
    """The processes that answer; multiprocessing has a helper of its own beside them."""
    alive = [process for process in command.processes()[1:] if is_alive(process)]
    return [process for process in alive if any("spawn_main" in word for word in words_of(process))]
