// Bundles in parts: what is not needed at once is loaded when it is first called, and shares what the core has.
import assert from "node:assert/strict";
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import vm from "node:vm";
import { callableOperators } from "../../src/runtime/ops";

const root = path.resolve(import.meta.dirname, "../..");

const sources: Readonly<Record<string, string>> = {
  "package.json": `{ "sideEffects": ["./main.ts"] }`,
  "main.ts": `
    import { counted, kinds } from "./core";
    import { Heavy, heavy } from "./heavy";
    import { other } from "./other";
    import { texts } from "./texts";
    import { alone } from "./core/alone";
    export const before = counted();
    (globalThis as any).result = () => [heavy(1), new Heavy(2).value(), other(3), counted(), kinds.has("made"), alone(), texts.greet("you"), Object.keys(texts).join()];`,
  "core/index.ts": `export * from "./state";
`,
  "core/state.ts": `
    export const kinds = new Set<string>();
    let count = 0;
    export function counted(): number { return ++count; }
    export function shown(x: number): string { return "shown " + x; }`,
  "core/alone.ts": `
    import { shown } from "./state";
    import { helped } from "./helper";
    export function alone(): string { return helped(shown(7)); }`,
  "core/helper.ts": `export function helped(text: string): string { return text + "!"; }`,
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
  "texts.ts": `export const texts = { greet: (name: string) => "hello " + name };`,
  "both.ts": `export function both(text: string): string { return "(" + text + ")"; }`,
};

/** A process of its own, as far as a bundle sees: what it loads, and what it means to do later. */
function nodeProcess(folder: string) {
  const load = createRequire(import.meta.filename);
  const loaded: string[] = [];
  const later: (() => void)[] = [];
  const run = (file: string): void => {
    loaded.push(path.basename(file));
    vm.runInContext(readFileSync(path.join(folder, file), "utf8"), context);
  };
  const context = vm.createContext({
    module: { exports: {} },
    require: (name: string): unknown => (name.startsWith("./") ? run(name) : load(name)),
    setTimeout: (work: () => void) => later.push(work),
  }) as Record<string, unknown>;
  return { context, loaded, later, run };
}

const expected = ["(shown 1)", 20, "(other (shown 3))", 4, true, "shown 7!", "hello you", "greet"];

suite("bundles in parts", () => {
  let folder = "";

  suiteSetup(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "nnspec-parts-"));
    for (const [file, text] of Object.entries(sources)) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
    const { buildInParts } = await import("../../scripts/setup/split-bundle.mjs");
    for (const [outdir, loader, behind] of [
      ["require", "require", {}],
      ["importScripts", "importScripts", {}],
      ["behind", "require", { other: "heavy" }],
    ] as const) {
      await buildInParts({
        behind,
        entry: "main.ts",
        name: "app",
        parts: {
          heavy: ["heavy/index.ts"],
          other: ["other/index.ts"],
          alone: ["core/alone.ts"],
          texts: ["texts.ts"],
        },
        soon: ["heavy"],
        loader,
        options: {
          absWorkingDir: folder,
          bundle: true,
          minify: true,
          target: "es2023",
          platform: loader === "require" ? "node" : "browser",
          format: loader === "require" ? "cjs" : "iife",
        },
        outdir: path.join(folder, outdir),
      });
    }
  });

  suiteTeardown(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test("each part is a file of its own, and what parts share alone is one more", () => {
    for (const loader of ["require", "importScripts"])
      assert.deepEqual(readdirSync(path.join(folder, loader)).sort(), [
        "app-alone.js",
        "app-common.js",
        "app-heavy.js",
        "app-other.js",
        "app-texts.js",
        "app.js",
      ]);
    assert.ok(
      !readFileSync(path.join(folder, "require/app.js"), "utf8").includes("10"),
      "the class is elsewhere",
    );
  });

  test("in Node, functions and classes of parts work, with the core's own state", () => {
    const { context, loaded, later, run } = nodeProcess(path.join(folder, "require"));
    run("app.js");
    assert.deepEqual(loaded, ["app.js"]);
    for (const work of later) work();
    assert.deepEqual(loaded, ["app.js", "app-heavy.js", "app-common.js"]);
    assert.deepEqual([...(context["result"] as () => unknown[])()], expected);
  });

  test("what a part shares with one that it is always called by is with that one", () => {
    const { context, loaded, later, run } = nodeProcess(path.join(folder, "behind"));
    assert.ok(!readdirSync(path.join(folder, "behind")).includes("app-common.js"));
    run("app.js");
    for (const work of later) work();
    assert.deepEqual(loaded, ["app.js", "app-heavy.js"]);
    assert.deepEqual([...(context["result"] as () => unknown[])()], expected);
  });

  test("in a web worker, parts lie where the worker's name says", () => {
    const loaded: string[] = [];
    const later: (() => void)[] = [];
    const context: Record<string, unknown> = {
      URL,
      setTimeout: (work: () => void) => later.push(work),
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
    for (const work of later) work();
    assert.deepEqual(
      loaded,
      ["https://host/folder/app-heavy.js", "https://host/folder/app-common.js"],
      "what is waited for is there before it is asked for",
    );
    assert.deepEqual([...(context.result as () => unknown[])()], expected);
    assert.deepEqual(loaded, [
      "https://host/folder/app-heavy.js",
      "https://host/folder/app-common.js",
      "https://host/folder/app-other.js",
      "https://host/folder/app-alone.js",
      "https://host/folder/app-texts.js",
    ]);
  });
});

suite("operators in parts", () => {
  const names = ["doc", "formula", "derivative", "vjp", "jvp"] as const;
  let folder = "";

  suiteSetup(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "nnspec-operators-"));
    const { buildInParts } = await import("../../scripts/setup/split-bundle.mjs");
    const entry = path.join(folder, "entry.ts");
    const index = JSON.stringify(path.join(root, "src/runtime/ops/index.ts"));
    writeFileSync(
      entry,
      `import { callableOperators } from ${index};\nglobalThis.operators = callableOperators;\n`,
    );
    const { rareOperators, slimOperators } = await import("../../scripts/setup/slim-operators.mjs");
    const plugins = {
      ops: slimOperators(["samples", "refused", "forward", "branch"], names),
      rare: rareOperators(["samples", "refused"], ["elementwise/exp", "reduce/sum"]),
    };
    for (const [name, plugin] of Object.entries(plugins))
      await buildInParts({
        entry: path.relative(root, entry),
        name,
        parts: { later: ["operators:later"] },
        loader: "require",
        options: {
          ...{ absWorkingDir: root, bundle: true, platform: "node", format: "cjs", target: "node20" },
          plugins: [plugin],
        },
        outdir: folder,
      });
  });

  suiteTeardown(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test("what comes later is what is declared, for every operator", () => {
    const { context, loaded, run } = nodeProcess(folder);
    run("ops.js");
    const slim = context["operators"] as typeof callableOperators;
    assert.deepEqual([...slim.keys()], [...callableOperators.keys()]);
    assert.deepEqual(loaded, ["ops.js"], "nothing else was read while the operators were made");
    for (const [name, whole] of callableOperators) {
      const op = slim.get(name);
      for (const text of ["doc", "formula", "derivative"] as const)
        assert.equal(op?.[text], whole[text], `${text} of ${name}`);
      for (const rules of ["vjp", "jvp"] as const) {
        assert.deepEqual(Object.keys(op?.[rules] ?? {}), Object.keys(whole[rules]), `${rules} of ${name}`);
        for (const rule of Object.values(op?.[rules] ?? {})) assert.equal(typeof rule, "function");
      }
    }
    assert.ok(loaded.includes("ops-later.js"));
    const text = readFileSync(path.join(folder, "ops.js"), "utf8");
    assert.ok(!text.includes(callableOperators.get("layer_norm")?.doc.slice(0, 40) ?? ""), "it is elsewhere");
  });

  test("of a rare operator it is known how it is called; all else comes when it is read", () => {
    const { context, loaded, run } = nodeProcess(folder);
    run("rare.js");
    const slim = context["operators"] as typeof callableOperators;
    assert.deepEqual([...slim.keys()], [...callableOperators.keys()]);
    for (const [name, { inputs, attributes, callOrder }] of callableOperators) {
      const op = slim.get(name);
      const called = { inputs: op?.inputs, attributes: op?.attributes, callOrder: op?.callOrder };
      assert.equal(JSON.stringify(called), JSON.stringify({ inputs, attributes, callOrder }), name);
    }
    for (const name of ["exp", "sum"]) assert.equal(typeof slim.get(name)?.forward, "function");
    assert.deepEqual(loaded, ["rare.js"], "nothing else was read");
    for (const [name, whole] of callableOperators) {
      const op = slim.get(name);
      for (const each of ["shape", "forward", "branch"] as const)
        assert.equal(typeof op?.[each], typeof whole[each], `${each} of ${name}`);
      for (const rules of ["vjp", "jvp"] as const)
        assert.deepEqual(Object.keys(op?.[rules] ?? {}), Object.keys(whole[rules]), `${rules} of ${name}`);
      assert.equal(op?.elementwise?.variables.join(), whole.elementwise?.variables.join(), name);
    }
    assert.ok(loaded.includes("rare-later.js"));
  });
});
