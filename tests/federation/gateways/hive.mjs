// Serves the supergraph in a file by The Guild's gateway, on a free port of this machine, until it is stopped.
// The first line that it prints is its URL.
import { createGatewayRuntime } from "@graphql-hive/gateway";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const gateway = createGatewayRuntime({
  supergraph: readFileSync(process.argv[2], "utf8"),
  graphqlEndpoint: "/",
  landingPage: false,
  graphiql: false,
  logging: "warn",
});
const server = createServer(gateway);
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));

// The gateway would wait for idle connections.
process.on("SIGTERM", () => process.exit());
