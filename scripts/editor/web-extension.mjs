// Owns how a window loads the extension under development as a web extension, into the extension host that is a worker.
import { serveFolder } from "./static-files.mjs";

/**
 * The page's own configuration is the only place that a web extension under development is read from, and only the
 * workbench's own origin may serve it; code-server passes requests on to other ports. The configuration is changed in the
 * page: a document that was answered by the browser's driver may not open sockets to this machine.
 * @param {import("playwright-core").Page} page not yet at the workbench
 * @param {{ authority: string, root: string, tests?: string }} place the workbench's address, the extension's folder and
 *   in it the module with the suites, where there is one
 * @returns {Promise<{ stop: () => Promise<void> }>} what serves the extension's files
 */
export async function loadAsWebExtension(page, { authority, root, tests }) {
  const files = await serveFolder(root);
  const part = (/** @type {string} */ file) => ({
    scheme: "http",
    authority,
    path: `/proxy/${files.port}${file === "" ? "" : `/${file}`}`,
  });
  const options = JSON.stringify({
    extensions: [part("")],
    ...(tests === undefined ? {} : { extensionTestsPath: part(tests) }),
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
  return { stop: files.stop };
}
