"""From an operation to its plan: one read a database subtree, with its children inside."""

from punnet.planning.compile.operation import Compiler

__all__ = ["Compiler"]
