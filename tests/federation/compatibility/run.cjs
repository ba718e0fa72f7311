// Runs the suite against PRODUCTS_URL and ROUTER_URL, and writes {check: [what failed]} for each of its checks.
const { spawnSync } = require("node:child_process");
const { TESTS } = require("@apollo/federation-subgraph-compatibility-tests/dist/testRunner.js");

const ran = spawnSync(
  process.execPath,
  [require.resolve("jest/bin/jest"), "--ci", "--json", "--runInBand", "--config", require.resolve("./jest.config.cjs")],
  { encoding: "utf8", maxBuffer: 1e9 },
);
if (ran.error || ran.status > 1) throw ran.error ?? new Error(ran.stderr);

const assertions = JSON.parse(ran.stdout).testResults.flatMap((each) => each.assertionResults);
const checkOf = (assertion) => assertion.ancestorTitles[0] ?? assertion.fullName;
const failuresOf = (check) => {
  const found = assertions.filter((each) => checkOf(each) === check);
  if (found.length === 0) return ["was not run"];
  return found.filter((each) => each.status !== "passed").flatMap((each) => [each.fullName, ...each.failureMessages]);
};
console.log(JSON.stringify(Object.fromEntries(TESTS.map(({ assertion }) => [assertion, failuresOf(assertion)]))));
