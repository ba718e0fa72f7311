"""The sample shop: a throwaway database, its rows, and an HTTP service beside it."""
