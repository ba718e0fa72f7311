"""Runs compiled plans and splices what the sources answer."""
