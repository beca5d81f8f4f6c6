// Owns what the unit tests need before any of them is loaded: importing a `.nnspec` file gives its text, as
// the bundler's text loader does. It knows nothing of what the tests test.
import { readFileSync } from "node:fs";
import { Module } from "node:module";

interface Loadable {
  exports: unknown;
}

/** Node's table of loaders by file extension; its types leave the property out. */
const loaders = (
  Module as unknown as { _extensions: Record<string, (module: Loadable, file: string) => void> }
)._extensions;

loaders[".nnspec"] = (module, file) => {
  module.exports = { __esModule: true, default: readFileSync(file, "utf8") };
};
