"""OpenAPI documents, read into what the service that they describe offers."""
