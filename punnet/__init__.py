"""Punnet serves one GraphQL API over a team's databases and HTTP services."""

from punnet.configuration.configuration import Configuration
from punnet.configuration.load import load_configuration
from punnet.errors import ClientCode, PunnetError
from punnet.schema.build import OwnCode
from punnet.server.app import create_app
from punnet.server.settings import Settings, Way

__all__ = [
    "ClientCode",
    "Configuration",
    "OwnCode",
    "PunnetError",
    "Settings",
    "Way",
    "create_app",
    "load_configuration",
]
