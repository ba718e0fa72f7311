"""GraphiQL in the browser, served by the endpoint itself and offline."""

from punnet.server.graphiql.assets import graphiql_assets
from punnet.server.graphiql.page import graphiql_page, wants_graphiql
from punnet.server.graphiql.routes import ASSETS_PATH, graphiql_routes, leading_to

__all__ = ["ASSETS_PATH", "graphiql_assets", "graphiql_page", "graphiql_routes", "leading_to", "wants_graphiql"]
