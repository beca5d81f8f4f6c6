// Owns a small server of one folder's files, on this machine alone: where a web extension under development comes from.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";

/** @type {Readonly<Record<string, string>>} */
const contentTypes = {
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".css": "text/css", // a page does not take a style sheet that is called anything else
  ".woff2": "font/woff2",
};

/**
 * @param {string} folder
 * @returns {Promise<{ port: number, stop: () => Promise<void> }>}
 */
export async function serveFolder(folder) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = path.join(folder, decodeURIComponent(pathname));
    const inside = file.startsWith(folder + path.sep);
    const content = inside ? readFile(file) : Promise.reject(new Error("outside the folder"));
    content.then(
      (bytes) => {
        const type = contentTypes[path.extname(file)] ?? "application/octet-stream";
        response.writeHead(200, { "content-type": type }).end(bytes);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
