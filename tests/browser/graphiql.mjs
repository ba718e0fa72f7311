// Uses GraphiQL as a person would: types a query, runs it, looks a type up in the documentation.
//
//   node graphiql.mjs --url URL --query QUERY --type NAME [--screenshot FILE]
//
// Prints one JSON object that says what was seen; what must be in it is for the caller to judge. The browser cannot
// reach, nor look up, anything but this machine, and the report lists whatever it tried to.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";

import { chromium } from "playwright-core";

const { values: asked } = parseArgs({
  options: {
    url: { type: "string" },
    query: { type: "string" },
    type: { type: "string" },
    screenshot: { type: "string" },
  },
});

const onPath = process.env.PATH.split(delimiter).map((folder) => join(folder, "chromium"));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? onPath.find(existsSync) ?? "chromium",
  args: [
    "--no-sandbox", // root, as in a container, has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  ],
  timeout: 120_000,
});

try {
  console.log(JSON.stringify(await visit(browser), null, 2));
} finally {
  await browser.close();
}

async function visit(browser) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: "light" });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const trouble = await watch(context, page);

  await page.goto(asked.url);
  await page.locator(".graphiql-query-editor .view-lines").waitFor();
  const title = await page.title();
  const welcome = await textOf(page, ".graphiql-query-editor .view-lines");

  await typeQuery(page);
  const response = await runQuery(page);
  const description = await lookUpType(page);
  if (asked.screenshot) await page.screenshot({ path: asked.screenshot });

  return { title, welcome, ...response, description, ...trouble };
}

/** Collects whatever a page that works offline and without errors would not do. */
async function watch(context, page) {
  const trouble = { foreignRequests: [], failedRequests: [], violations: [], errors: [] };
  const isForeign = (url) => /^(https?|wss?):$/.test(url.protocol) && url.hostname !== "127.0.0.1";
  const note = (url) => isForeign(new URL(url)) && trouble.foreignRequests.push(url);

  context.on("request", (request) => note(request.url()));
  context.on("requestfailed", (request) => trouble.failedRequests.push(request.url()));
  context.on("response", (answer) => answer.status() >= 400 && trouble.failedRequests.push(answer.url()));
  page.on("websocket", (socket) => note(socket.url()));
  page.on("pageerror", (error) => trouble.errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && trouble.errors.push(message.text()));
  await page.exposeFunction("noteViolation", (violation) => trouble.violations.push(violation));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
      window.noteViolation(`${effectiveDirective} ${blockedURI}`),
    );
  });
  return trouble;
}

async function typeQuery(page) {
  await page.locator(".graphiql-query-editor .view-lines").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await page.keyboard.type(asked.query, { delay: 5 });
  await page.keyboard.press("Escape"); // closes the suggestions
  await page.getByRole("button", { name: /^Prettify/ }).click();
  await page.locator(".graphiql-query-editor .view-line").nth(1).waitFor();
}

async function runQuery(page) {
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().postData()?.includes('"query"') ?? false),
    page.getByRole("button", { name: /^Execute query/ }).click(),
  ]);
  const shown = page.locator(".graphiql-response .view-lines");
  await shown.getByText('"data"').waitFor();
  return { response: await answer.json(), shown: await textOf(page, ".graphiql-response .view-lines") };
}

async function lookUpType(page) {
  await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
  const search = page.locator(".graphiql-doc-explorer").getByRole("combobox");
  await search.click();
  await search.pressSequentially(asked.type, { delay: 20 });
  await page.getByRole("option").filter({ hasText: new RegExp(`^${asked.type}$`) }).first().click();
  await page.locator(".graphiql-doc-explorer-title", { hasText: asked.type }).waitFor();
  return textOf(page, ".graphiql-doc-explorer-content .graphiql-markdown-description >> nth=0");
}

/** What the screen shows; Monaco draws spaces as no-break spaces. */
async function textOf(page, selector) {
  return (await page.locator(selector).innerText()).replaceAll("\u00a0", " ");
}
