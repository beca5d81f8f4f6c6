// Owns how a window loads extensions under development as web extensions, into the extension host that is a worker.
import { serveFolder } from "./static-files.mjs";

/**
 * The page's own configuration is the only place that a web extension under development is read from, and only the
 * workbench's own origin may serve it; code-server passes requests on to other ports. The configuration is changed in the
 * page: a document that was answered by the browser's driver may not open sockets to this machine.
 * @param {import("playwright-core").Page} page not yet at the workbench
 * @param {{ authority: string, roots: readonly string[], tests?: string }} place the workbench's address, the extensions' folders
 *   and in the first of them the module with the suites, where there is one
 * @returns {Promise<{ stop: () => Promise<void> }>} what serves the extensions' files
 */
export async function loadAsWebExtensions(page, { authority, roots, tests }) {
  const served = await Promise.all(roots.map(serveFolder));
  const part = (/** @type {number | undefined} */ port, file = "") => ({
    scheme: "http",
    authority,
    path: `/proxy/${port}${file === "" ? "" : `/${file}`}`,
  });
  const options = JSON.stringify({
    extensions: served.map(({ port }) => part(port)),
    ...(tests === undefined ? {} : { extensionTestsPath: part(served[0]?.port, tests) }),
  });
  await page.addInitScript(`{
    const original = Element.prototype.getAttribute;
    Element.prototype.getAttribute = function (name) {
      const value = original.call(this, name);
      if (name !== "data-settings" || this.id !== "vscode-workbench-web-configuration") return value;
      const configuration = JSON.parse(value);
      const developmentOptions = { ...configuration.developmentOptions, ...${options} };
      return JSON.stringify({ ...configuration, developmentOptions });
    };
  }`);
  return {
    stop: async () => {
      await Promise.all(served.map(({ stop }) => stop()));
    },
  };
}
