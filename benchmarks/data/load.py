"""Makes database "shop" anew in a data directory: schema.sql, seed.sql, VACUUM, and a fingerprint.

usage: load.py DATADIR
"""

import asyncio
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import asyncpg

HERE = Path(__file__).resolve().parent
FINGERPRINT = "SELECT md5(string_agg(md5(t::text), '' ORDER BY {order})) FROM shop.{table} AS t"
TABLES = {
    "customers": "id",
    "categories": "id",
    "products": "id",
    "orders": "id",
    "order_lines": "order_id, line_no",
    "reviews": "id",
}


async def load(dsn):
    for _ in range(100):
        try:
            connection = await asyncpg.connect(dsn + "postgres")
            break
        except (OSError, asyncpg.PostgresError):
            await asyncio.sleep(0.2)
    else:
        raise SystemExit("PostgreSQL did not come up")
    await connection.execute("DROP DATABASE IF EXISTS shop")
    await connection.execute("CREATE DATABASE shop")
    await connection.execute("ALTER DATABASE shop SET search_path = shop, public")
    await connection.close()
    connection = await asyncpg.connect(dsn + "shop")
    async with connection.transaction():
        await connection.execute((HERE / "schema.sql").read_text())
        await connection.execute((HERE / "seed.sql").read_text())
    await connection.execute("VACUUM (FREEZE, ANALYZE)")
    for table, order in TABLES.items():
        print(
            table,
            await connection.fetchval(f"SELECT count(*) FROM shop.{table}"),
            await connection.fetchval(FINGERPRINT.format(table=table, order=order)),
        )
    await connection.close()


def main():
    data = Path(sys.argv[1])
    if data.exists():
        shutil.rmtree(data)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    holder = subprocess.Popen([sys.executable, HERE.parent / "pg_holder.py", data, str(port)], stdin=subprocess.PIPE)
    try:
        asyncio.run(load(f"postgres://postgres@127.0.0.1:{port}/"))
    finally:
        holder.stdin.close()
        holder.wait()


if __name__ == "__main__":
    main()
