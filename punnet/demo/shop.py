"""The sample shop: about fifty thousand rows, the same on every machine."""

from __future__ import annotations

from importlib.resources import files

import asyncpg

from punnet.errors import PunnetError

PARTS = ("structure.sql", "rows.sql")


class ShopNotLoaded(PunnetError):
    """The database refused the sample shop, or could not be reached."""

    code = "DEMO-005"

    def __init__(self, problem: str) -> None:
        super().__init__(
            what=f"the sample shop could not be loaded: {problem}",
            where="loading the sample shop",
            fix="give an empty database and a user that may create tables in it",
        )


def shop_script() -> str:
    """Read the SQL that makes the shop in an empty database."""
    folder = files("punnet.demo").joinpath("shop")
    return "\n".join(folder.joinpath(part).read_text(encoding="utf-8") for part in PARTS)


async def load_shop(url: str) -> None:
    """Make the shop in the `public` namespace of an empty database, all of it or nothing."""
    try:
        connection = await asyncpg.connect(url)
        try:
            await load_into(connection)
        finally:
            await connection.close()
    except (asyncpg.PostgresError, OSError) as error:
        raise ShopNotLoaded(str(error)) from error


async def load_into(connection: asyncpg.Connection) -> None:
    """Run the script in one transaction, in `public` whatever the user's search path is."""
    async with connection.transaction():
        await connection.execute("set local search_path to public")
        await connection.execute(shop_script())
