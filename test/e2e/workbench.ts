// Owns one workbench as a person sees it: code-server with the extension under development, a copy of the
// examples as its folder, and a Chromium page on it. It knows nothing of what a test looks for.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { FrameLocator, Page } from "playwright-core";
import { launchBrowser } from "../../scripts/editor/browser.mjs";
import { loadAsWebExtensions } from "../../scripts/editor/web-extension.mjs";
import { startWorkbenchServer } from "../../scripts/editor/workbench-server.mjs";

const root = path.resolve(__dirname, "../..");
/** Where suites leave their pictures. */
export const pictures = path.join(root, "test/e2e/out");

export interface Workbench {
  readonly page: Page;
  /** The copy of the examples that is open. */
  readonly folder: string;
  /** Everything that was asked of anybody but our own server; must stay empty. */
  readonly foreignRequests: ReadonlySet<string>;
  /** What our webview's own page holds. */
  readonly panel: FrameLocator;
  /** Saves test/e2e/out/<name>.png. */
  readonly screenshot: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface WorkbenchOptions {
  /** File to open: of the examples, of test/e2e/specs, or of the virtual folder. */
  readonly file: string;
  /** A folder that another web extension gives is the workspace. */
  readonly virtual?: { readonly extension: string; readonly uri: string };
  readonly settings?: Readonly<Record<string, unknown>>;
  /** A packed extension to install, instead of the one under development. */
  readonly install?: string;
  /** Where the extension runs; "web" is the extension host that is a worker. */
  readonly host?: "node" | "web";
}

/** A suite's workbench: opened before its first test, closed after its last, pictured where a test fails. */
export function suiteWorkbench(options: WorkbenchOptions): () => Workbench {
  let workbench: Workbench | undefined;
  suiteSetup(async () => {
    workbench = await openWorkbench(options);
  });
  suiteTeardown(async () => {
    await workbench?.close();
  });
  teardown(async function () {
    if (this.currentTest?.state !== "failed") return;
    await workbench?.screenshot(`failure-${this.currentTest.title.replace(/\W+/g, "-").slice(0, 40)}`);
  });
  return () => {
    if (workbench === undefined) throw new Error("the workbench is not open");
    return workbench;
  };
}

/** Opens the workbench and waits until the file's editor is there. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const folder = mkdtempSync(path.join(tmpdir(), "nnspec-examples-"));
  cpSync(path.join(root, "examples"), folder, { recursive: true });
  cpSync(path.join(root, "test/e2e/specs"), folder, { recursive: true });
  mkdirSync(pictures, { recursive: true });
  const server = await startWorkbenchServer({
    settings: { ...options.settings },
    ...(options.install === undefined ? {} : { install: options.install }),
  });
  const browser = await launchBrowser();
  let webExtension: { readonly stop: () => Promise<void> } | undefined;
  const close = async (): Promise<void> => {
    await browser.close();
    await webExtension?.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    await slowDown(page);
    const foreignRequests = watchForeignRequests(page, server.authority);
    const { virtual } = options;
    if (options.host === "web") {
      const roots = virtual === undefined ? [root] : [root, virtual.extension];
      webExtension = await loadAsWebExtensions(page, { authority: server.authority, roots });
    }
    const inDevelopment = options.install === undefined && options.host !== "web" ? [root] : [];
    const opened =
      virtual === undefined
        ? { folder, file: path.join(folder, options.file) }
        : { folder: workspaceOf(folder, virtual.uri), file: `${virtual.uri}/${options.file}` };
    await page.goto(server.url({ ...opened, extensions: inDevelopment }));
    await page.locator(`.editor-instance .monaco-editor[data-uri$="${options.file}"]`).first().waitFor();
    return {
      page,
      folder,
      foreignRequests,
      // The workbench's frame, and in it the frame with our HTML.
      panel: page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame"),
      screenshot: async (name) => {
        await page.screenshot({ path: path.join(pictures, `${name}.png`) });
      },
      close,
    };
  } catch (error) {
    const [page] = browser.contexts().flatMap((context) => context.pages());
    await page?.screenshot({ path: path.join(pictures, "failure-to-open.png") });
    await close();
    throw error;
  }
}

/** A workspace of one folder that is on no disk; only the file that names it is. */
function workspaceOf(folder: string, uri: string): string {
  const file = path.join(folder, "virtual.code-workspace");
  writeFileSync(file, JSON.stringify({ folders: [{ uri }] }));
  return file;
}

/** NNSPEC_SLOW=4: the window is four times as slow as the machine, as on a busy one. */
async function slowDown(page: Page): Promise<void> {
  const rate = Number(process.env["NNSPEC_SLOW"] ?? "1");
  if (rate === 1) return;
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate });
}

/**
 * Collects the addresses of answers and failures that did not come from our server. A webview's resources have a
 * foreign name but are answered by its own service worker.
 */
function watchForeignRequests(page: Page, authority: string): ReadonlySet<string> {
  const foreign = new Set<string>();
  const isForeign = (url: string): boolean =>
    /^(?:https?|wss?):/.test(url) && new URL(url).host !== authority;
  page.on("response", (response) => {
    if (isForeign(response.url()) && !response.fromServiceWorker()) foreign.add(response.url());
  });
  page.on("requestfailed", (request) => {
    if (isForeign(request.url())) foreign.add(request.url());
  });
  page.on("websocket", (socket) => {
    if (isForeign(socket.url())) foreign.add(socket.url());
  });
  return foreign;
}
