// The suite's client, but for the router's address, which it fixes.
const client = require("@apollo/federation-subgraph-compatibility-tests/dist/utils/client.js");

module.exports = {
  ...client,
  routerRequest: (request, headers) => client.graphqlRequest(process.env.ROUTER_URL, request, headers),
};
