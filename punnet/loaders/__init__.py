"""The keys asked in one tick, in one step to a source."""
