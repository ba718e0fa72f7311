"""One HTTP service, asked carefully: a client behind a small protocol, and what keeps trouble from spreading."""
