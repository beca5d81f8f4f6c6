/** Opens the panel's harness in headless Chromium, under the same strict content policy as in the editor. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { build, type BuildOptions } from "esbuild";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Everything from this origin is answered by the test itself; anything else is a foreign request. */
export const origin = "http://inspector.invalid";

const root = path.resolve(__dirname, "../..");

/** As src/hosts/extension gives it to the webview. */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'nonce-harness'",
  `style-src ${origin}`,
  `font-src ${origin}`,
  `connect-src ${origin}`,
  "worker-src blob:",
].join("; ");

export interface InspectorPages {
  /** A fresh page on the harness. `problems` fills with errors, policy violations and foreign requests. */
  readonly open: (
    query: string,
    size?: { readonly width: number; readonly height: number },
  ) => Promise<InspectorPage>;
  readonly close: () => Promise<void>;
}

export interface InspectorPage {
  readonly page: Page;
  readonly problems: readonly string[];
}

export async function startInspectorPages(): Promise<InspectorPages> {
  const files = await bundle();
  const browser = await launch();
  // One context for all: pages are cheap, and each has a session storage of its own.
  const context = await browser.newContext({ reducedMotion: "reduce" });
  return {
    open: (query, size = { width: 1280, height: 800 }) => openPage(context, files, query, size),
    close: () => browser.close(),
  };
}

async function bundle(): Promise<ReadonlyMap<string, Uint8Array>> {
  const { katexOptions } = (await import("../../scripts/setup/katex-fonts.mjs")) as {
    katexOptions: Pick<BuildOptions, "plugins" | "loader">;
  };
  const built = await build({
    absWorkingDir: root,
    entryPoints: {
      inspector: "src/hosts/webview/main.ts",
      "graph-layout": "src/hosts/webview/graph/layout-worker.ts",
      curves: "src/hosts/webview/training/plotter.ts",
      equations: "src/hosts/webview/replay/typesetter.ts",
      harness: "test/webview/harness.ts",
    },
    bundle: true,
    write: false,
    outdir: "/",
    format: "iife",
    target: "es2023",
    ...katexOptions,
    loader: { ...katexOptions.loader, ".nnspec": "text" },
    assetNames: "[name]",
    logLevel: "silent",
  });
  const files = new Map(built.outputFiles.map((file) => [path.basename(file.path), file.contents]));
  files.set("harness.html", await readFile(path.join(__dirname, "harness.html")));
  return files;
}

async function launch(): Promise<Browser> {
  const { findChromium } = (await import("../../scripts/setup/chromium.mjs")) as {
    findChromium: () => string | undefined;
  };
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error("No Chromium was found: install it (npm test does) or set CHROMIUM to one.");
  const args = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
  ];
  return chromium.launch({ executablePath, args });
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".woff2": "font/woff2",
};

async function openPage(
  context: BrowserContext,
  files: ReadonlyMap<string, Uint8Array>,
  query: string,
  size: { readonly width: number; readonly height: number },
): Promise<InspectorPage> {
  const problems: string[] = [];
  const page = await context.newPage();
  await page.setViewportSize(size);
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await page.route("**/*", (route) => {
    const url = new URL(route.request().url());
    const body = url.origin === origin ? files.get(path.basename(url.pathname)) : undefined;
    if (body === undefined) {
      problems.push(`a request to ${url.href}`);
      return route.abort();
    }
    const contentType = types[path.extname(url.pathname)] ?? "text/plain";
    return route.fulfill({
      body: Buffer.from(body),
      contentType,
      headers: { "content-security-policy": contentPolicy },
    });
  });
  await page.goto(`${origin}/harness.html?${query}`);
  return { page, problems };
}
