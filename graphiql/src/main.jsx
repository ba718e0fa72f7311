import "./workers.js";

import { explorerPlugin } from "@graphiql/plugin-explorer";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { createRoot } from "react-dom/client";

import "graphiql/style.css";
import "@graphiql/plugin-explorer/style.css";
import "./style.css";

const WELCOME = `# Punnet: one GraphQL API over your
# databases and services.
#
# Ctrl-Enter   runs the query
# Ctrl-Space   suggests fields and arguments
#
# On the far left: the documentation of every
# type and field, your history, and an explorer
# that builds queries by clicking.
# Below: variables, and headers (a token, say).

{
  __typename
}
`;

// The page is served by the endpoint itself, wherever a team has mounted it.
const fetcher = createGraphiQLFetcher({ url: location.origin + location.pathname });

createRoot(document.getElementById("graphiql")).render(
  <GraphiQL
    fetcher={fetcher}
    plugins={[HISTORY_PLUGIN, explorerPlugin({ showAttribution: false })]}
    defaultQuery={WELCOME}
    isHeadersEditorEnabled
    inputValueDeprecation
    schemaDescription
  >
    <GraphiQL.Logo>Punnet</GraphiQL.Logo>
  </GraphiQL>,
);
