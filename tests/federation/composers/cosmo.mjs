// Composes subgraphs by WunderGraph's command line. Reads [{name, url, sdl}], writes {supergraph, errors, hints}.
// The supergraph is the router's configuration.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";

const wgc = createRequire(import.meta.url).resolve("wgc");
const subgraphs = await json(process.stdin);
const folder = mkdtempSync(join(tmpdir(), "compose-"));
try {
  const out = join(folder, "config.json");
  const input = join(folder, "graph.yaml");
  const listed = subgraphs.map(({ name, url, sdl }) => {
    const file = join(folder, `${name}.graphql`);
    writeFileSync(file, sdl);
    return { name, routing_url: url, schema: { file } };
  });
  // JSON is YAML.
  writeFileSync(input, JSON.stringify({ version: 1, subgraphs: listed }));
  const ran = spawnSync(process.execPath, [wgc, "router", "compose", "--input", input, "--out", out], {
    encoding: "utf8",
    env: { ...process.env, DO_NOT_TRACK: "1", NO_COLOR: "1" },
  });
  const isComposed = ran.status === 0 && existsSync(out);
  console.log(
    JSON.stringify({
      supergraph: isComposed ? readFileSync(out, "utf8") : null,
      errors: isComposed ? [] : [`${ran.stdout}\n${ran.stderr}`],
      hints: [],
    }),
  );
} finally {
  rmSync(folder, { recursive: true });
}
