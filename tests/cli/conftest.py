from tests.faults.own_postgres import own_postgres

__all__ = ["own_postgres"]
