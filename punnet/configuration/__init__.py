"""What a team says about its sources and joins, in `punnet.toml` or in Python, as values."""
