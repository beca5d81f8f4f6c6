// Owns how KaTeX's style sheet is bundled: of each font only the form that every browser of today reads.
import { readFileSync } from "node:fs";

/** @type {import("esbuild").Plugin} */
const katexFonts = {
  name: "katex-fonts",
  setup(build) {
    build.onLoad({ filter: /katex(\.min)?\.css$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/,\s*url\([^)]*\.(?:woff|ttf)\) ?format\("[^"]*"\)/g, ""),
      loader: "css",
    }));
  },
};

/**
 * What every bundle of the equations needs.
 * @type {import("esbuild").BuildOptions}
 */
export const katexOptions = { plugins: [katexFonts], loader: { ".woff2": "file" } };
