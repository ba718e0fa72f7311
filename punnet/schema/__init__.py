"""From a catalog to the GraphQL schema, merged with a team's own Strawberry code."""
