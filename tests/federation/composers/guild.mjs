// Composes subgraphs by The Guild's composition. Reads [{name, url, sdl}], writes {supergraph, errors, hints}.
import { composeServices } from "@theguild/federation-composition";
import { parse } from "graphql";
import { json } from "node:stream/consumers";

const subgraphs = await json(process.stdin);
const { supergraphSdl, errors } = composeServices(
  subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
);

console.log(
  JSON.stringify({
    supergraph: supergraphSdl ?? null,
    errors: (errors ?? []).map((error) => `${error.extensions?.code}: ${error.message}`),
    hints: [],
  }),
);
