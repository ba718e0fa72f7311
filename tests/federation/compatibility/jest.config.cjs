// Runs the suite's own tests as the package brings them, with requests to the router going where ROUTER_URL says.
const { dirname, resolve } = require("node:path");

const suite = dirname(require.resolve("@apollo/federation-subgraph-compatibility-tests/package.json"));

module.exports = {
  rootDir: suite,
  roots: [resolve(suite, "dist/tests")],
  haste: { retainAllFiles: true },
  moduleNameMapper: { "^\\.\\./utils/client$": resolve(__dirname, "client.cjs") },
  testEnvironment: "node",
  testMatch: ["**/*.test.js"],
  testPathIgnorePatterns: [],
  transform: {},
};
