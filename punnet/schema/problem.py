"""What is wrong with a join or an entity of the configuration."""


class Problem(Exception):
    """Something is wrong with one join or entity."""
