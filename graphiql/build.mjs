// Builds GraphiQL into the Python package: hashed assets, an index.html to fill in, and the licences of what is inside.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const DIST = join(HERE, "../punnet/server/graphiql/dist");

const WORKERS = {
  editor: "monaco-editor/esm/vs/editor/editor.worker.js",
  json: "monaco-editor/esm/vs/language/json/json.worker.js",
  graphql: "monaco-graphql/esm/graphql.worker.js",
};

const common = {
  absWorkingDir: HERE,
  outdir: join(DIST, "assets"),
  assetNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  metafile: true,
  target: "es2022",
  legalComments: "none", // LICENSES.txt has them whole
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
};

// graphiql/style.css already holds all of Monaco's styles, and styles of a chunk loaded later would not be linked.
const withoutMonacoStyles = {
  name: "without-monaco-styles",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]monaco-editor[\\/].*\.css$/ }, () => ({ contents: "", loader: "css" }));
  },
};

/** The file name, without folder, that an entry point was written to. */
function outputOf(metafile, entryPoint) {
  const found = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint?.endsWith(entryPoint));
  if (!found) throw new Error(`the build wrote no file for ${entryPoint}`);
  return found;
}

/** The licence text of every package that ended up in the bundles. */
function licences(metafiles) {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const folders = new Set(inputs.map((path) => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0]).filter(Boolean));
  const notices = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(HERE, folder, "package.json"), "utf8"));
    const files = readdirSync(join(HERE, folder)).filter((file) => /^(licen[cs]e|thirdpartynotices)/i.test(file));
    const texts = files.map((file) => readFileSync(join(HERE, folder, file), "utf8").trim());
    return [`${name} ${version} (${license})`, ...texts].join("\n\n");
  });
  return `${notices.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

rmSync(DIST, { recursive: true, force: true });
mkdirSync(DIST, { recursive: true });

const workers = await build({ ...common, entryPoints: Object.values(WORKERS), format: "iife" });
const workerFiles = Object.fromEntries(
  Object.entries(WORKERS).map(([label, entry]) => [label, `./${basename(outputOf(workers.metafile, entry)[0])}`]),
);

const page = await build({
  ...common,
  entryPoints: ["src/main.jsx", "src/icon.svg"],
  format: "esm",
  splitting: true,
  jsx: "automatic",
  loader: { ".svg": "copy", ".ttf": "file" },
  define: { ...common.define, WORKER_FILES: JSON.stringify(workerFiles) },
  // GraphiQL loads these by their old names, which are CommonJS: a chunk of it would export no `parsers`.
  alias: { "prettier/parser-babel": "prettier/plugins/babel", "prettier/parser-graphql": "prettier/plugins/graphql" },
  plugins: [withoutMonacoStyles],
});
const [script, { cssBundle }] = outputOf(page.metafile, "src/main.jsx");
const icon = Object.keys(page.metafile.outputs).find((path) => path.endsWith(".svg"));

let [plain, gzipped] = [0, 0];
for (const file of readdirSync(join(DIST, "assets"))) {
  const path = join(DIST, "assets", file);
  const content = readFileSync(path);
  if (content.length === 0) {
    rmSync(path); // what withoutMonacoStyles leaves
    continue;
  }
  const smaller = gzipSync(content, { level: 9 });
  writeFileSync(`${path}.gz`, smaller);
  plain += content.length;
  gzipped += smaller.length;
}

writeFileSync(join(DIST, "LICENSES.txt"), licences([workers.metafile, page.metafile]));

// `{assets}` stays: the server knows where it is mounted. Written last, for its age tells make that the build is done.
const html = readFileSync(join(HERE, "index.html"), "utf8")
  .replace("{script}", basename(script))
  .replace("{stylesheet}", basename(cssBundle))
  .replace("{icon}", basename(icon));
writeFileSync(join(DIST, "index.html"), html);

const megabytes = (size) => (size / 1e6).toFixed(1);
console.log(`GraphiQL built in punnet/server/graphiql/dist: ${megabytes(plain)} MB, ${megabytes(gzipped)} MB gzipped`);
