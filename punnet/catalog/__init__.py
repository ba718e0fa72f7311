"""What the sources offer, as values."""
