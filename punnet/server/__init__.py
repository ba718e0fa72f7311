"""The inward edge: the FastAPI app, its endpoint, and what answers a request behind it."""
