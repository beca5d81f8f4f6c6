// Bundles in parts: what is not needed at once is loaded when it is first called, and shares what the core has.
import assert from "node:assert/strict";
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import vm from "node:vm";

const sources: Readonly<Record<string, string>> = {
  "package.json": `{ "sideEffects": ["./main.ts"] }`,
  "main.ts": `
    import { counted, kinds } from "./core";
    import { Heavy, heavy } from "./heavy";
    import { other } from "./other";
    export const before = counted();
    (globalThis as any).result = () => [heavy(1), new Heavy(2).value(), other(3), counted(), kinds.has("made")];`,
  "core/index.ts": `export * from "./state";
`,
  "core/state.ts": `
    export const kinds = new Set<string>();
    let count = 0;
    export function counted(): number { return ++count; }
    export function shown(x: number): string { return "shown " + x; }`,
  "heavy/index.ts": `
    export { heavy } from "./heavy";
    export { Heavy } from "./class";`,
  "heavy/heavy.ts": `
    import { counted, kinds, shown } from "../core";
    import { both } from "../both";
    export function heavy(x: number): string { kinds.add("made"); counted(); return both(shown(x)); }`,
  "heavy/class.ts": `export class Heavy { constructor(readonly x: number) {} value() { return this.x * 10; } }`,
  "other/index.ts": `
    import { both } from "../both";
    import { heavy } from "../heavy";
    export function other(x: number): string { return both("other " + heavy(x)); }`,
  "both.ts": `export function both(text: string): string { return "(" + text + ")"; }`,
};

const expected = ["(shown 1)", 20, "(other (shown 3))", 4, true];

suite("bundles in parts", () => {
  let folder = "";

  suiteSetup(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "nnspec-parts-"));
    for (const [file, text] of Object.entries(sources)) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
    const { buildInParts } = await import("../../scripts/setup/split-bundle.mjs");
    for (const loader of ["require", "importScripts"] as const) {
      await buildInParts({
        entry: "main.ts",
        name: "app",
        parts: { heavy: ["heavy/index.ts"], other: ["other/index.ts"] },
        loader,
        options: {
          absWorkingDir: folder,
          bundle: true,
          minify: true,
          target: "es2023",
          platform: loader === "require" ? "node" : "browser",
          format: loader === "require" ? "cjs" : "iife",
        },
        outdir: path.join(folder, loader),
      });
    }
  });

  suiteTeardown(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test("each part is a file of its own, and what parts share alone is one more", () => {
    for (const loader of ["require", "importScripts"])
      assert.deepEqual(readdirSync(path.join(folder, loader)).sort(), [
        "app-common.js",
        "app-heavy.js",
        "app-other.js",
        "app.js",
      ]);
    assert.ok(
      !readFileSync(path.join(folder, "require/app.js"), "utf8").includes("10"),
      "the class is elsewhere",
    );
  });

  test("in Node, functions and classes of parts work, with the core's own state", () => {
    const load = createRequire(import.meta.filename);
    load(path.join(folder, "require/app.js"));
    const { result } = globalThis as unknown as { result: () => unknown };
    assert.deepEqual(result(), expected);
  });

  test("in a web worker, parts lie where the worker's name says", () => {
    const loaded: string[] = [];
    const context: Record<string, unknown> = {
      URL,
      self: { name: "The editor's words -> https://host/folder/app.js" },
      importScripts: (url: string) => {
        loaded.push(url);
        run(path.basename(url));
      },
    };
    vm.createContext(context);
    const run = (file: string): void => {
      vm.runInContext(readFileSync(path.join(folder, "importScripts", file), "utf8"), context);
    };
    run("app.js");
    assert.deepEqual(loaded, []);
    assert.deepEqual([...(context.result as () => unknown[])()], expected);
    assert.deepEqual(loaded, [
      "https://host/folder/app-heavy.js",
      "https://host/folder/app-common.js",
      "https://host/folder/app-other.js",
    ]);
  });
});
