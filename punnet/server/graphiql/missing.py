"""The page that stands in for GraphiQL where it was not built."""

import shlex
from html import escape
from string import Template
from typing import Final

PAGE: Final = Template("""\
<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Punnet</title>
    <link rel="icon" href="data:,">
    <style>
      body { max-width: 46rem; margin: 3rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; }
      pre { padding: .8rem 1rem; border: 1px solid #8885; border-radius: .4rem; overflow-x: auto; }
    </style>
  </head>
  <body>
    <h1>Punnet is running</h1>
    <p>This is its GraphQL endpoint. GraphiQL, the query editor that usually opens here, was not built into
      this installation.</p>
    <h2>To get GraphiQL</h2>
    <p>With Node.js 20 or newer, in a clone of Punnet, run this and reload the page:</p>
    <pre>make graphiql</pre>
    <h2>To query without it</h2>
    <p>Any GraphQL client can use this address. From a terminal:</p>
    <pre>$command</pre>
  </body>
</html>
""")


def render_missing(*, endpoint: str) -> str:
    """Say how to get GraphiQL, and how to query `endpoint`, an absolute URL, without it."""
    command = " \\\n  ".join(
        [
            f"curl {shlex.quote(endpoint)}",
            "-H 'content-type: application/json'",
            """--data '{"query": "{ __typename }"}'""",
        ]
    )
    return PAGE.substitute(command=escape(command))
