// Composes subgraphs by Apollo's own composition. Reads [{name, url, sdl}], writes {supergraph, errors, hints}.
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";
import { json } from "node:stream/consumers";

const subgraphs = await json(process.stdin);
const { supergraphSdl, errors, hints } = composeServices(
  subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
);

console.log(
  JSON.stringify({
    supergraph: supergraphSdl ?? null,
    errors: (errors ?? []).map((error) => `${error.extensions?.code}: ${error.message}`),
    hints: (hints ?? []).map((hint) => `${hint.definition.code}: ${hint.message}`),
  }),
);
