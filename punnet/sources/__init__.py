"""The outward edge: what Punnet reads from, one folder a kind of source."""
