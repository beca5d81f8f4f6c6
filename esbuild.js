// Owns what is built from what: the bundles that ship, and the in-editor test suites.
// `node esbuild.js [--production] [--outdir=FOLDER] [--only=BUNDLE]` writes dist/ (or FOLDER) anew; an entry that is missing or
// does not bundle is an error.
const {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} = require("node:fs");
const path = require("node:path");
const esbuild = require("esbuild");

const root = __dirname;
const production = process.argv.includes("--production");
const chosenFolder = process.argv
  .find((argument) => argument.startsWith("--outdir="))
  ?.slice("--outdir=".length);
const only = process.argv.find((argument) => argument.startsWith("--only="))?.slice("--only=".length);
const outdir = path.resolve(root, chosenFolder ?? "dist");

/** @type {import("esbuild").BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  sourcemap: !production,
  minify: production,
  charset: "utf8",
  target: "es2023",
  // Prefer ES modules: some of the protocol packages' CommonJS files cannot be bundled.
  mainFields: ["module", "main"],
  loader: { ".nnspec": "text", ".ttf": "dataurl" },
  logLevel: "warning",
};

/** @type {import("esbuild").BuildOptions} Node 20, in the terminal and in the editor's own processes. */
const node = { ...common, platform: "node", format: "cjs", target: "node20", external: ["vscode"] };

/** @type {import("esbuild").BuildOptions} The web extension host: a worker that is handed `vscode`. */
const webHost = {
  ...common,
  platform: "browser",
  format: "cjs",
  mainFields: ["browser", "module", "main"],
  external: ["vscode"],
  define: { global: "globalThis" },
};

/** @type {import("esbuild").BuildOptions} Plain workers and the panel: no module system at all. */
const browser = { ...webHost, format: "iife", external: [] };

/** @type {import("esbuild").Plugin} `editor-suites` stands for every file test/editor/*.test.ts. */
const editorSuites = {
  name: "editor-suites",
  setup(build) {
    build.onResolve({ filter: /^editor-suites$/ }, () => ({ path: "editor-suites", namespace: "suites" }));
    build.onLoad({ filter: /.*/, namespace: "suites" }, () => {
      const folder = path.join(root, "test/editor");
      const files = readdirSync(folder)
        .filter((name) => name.endsWith(".test.ts"))
        .sort();
      return { contents: files.map((name) => `require("./${name}");`).join("\n"), resolveDir: folder };
    });
  },
};

/**
 * @type {import("esbuild").Plugin} `mocha-browser` stands for Mocha's browser build: it is CommonJS in a package that calls
 * its files ES modules, and would overwrite the bundle's own exports.
 */
const mochaBrowser = {
  name: "mocha-browser",
  setup(build) {
    build.onResolve({ filter: /^mocha-browser$/ }, () => ({ path: "mocha-browser", namespace: "mocha" }));
    build.onLoad({ filter: /.*/, namespace: "mocha" }, () => ({
      contents: readFileSync(path.join(root, "node_modules/mocha/mocha.js")),
    }));
  },
};

/** @type {import("esbuild").BuildOptions} The in-editor suites in the web extension host. */
const webSuites = {
  ...webHost,
  alias: { "node:assert/strict": path.join(root, "test/editor/assert-web.ts") },
  // Node's assert, as a package, asks for a process.
  banner: { js: "globalThis.process ??= { env: {}, argv: [], browser: true };" },
  plugins: [editorSuites, mochaBrowser],
};

/** @type {import("esbuild").Plugin} KaTeX's fonts, one form of each. */
const katexFonts = {
  name: "katex",
  setup: async (build) => {
    const { katexOptions } = await import("./scripts/setup/katex-fonts.mjs");
    for (const plugin of katexOptions.plugins ?? []) await plugin.setup(build);
  },
};

/** @type {import("esbuild").Plugin} The panel's style sheets, written shortly. */
const slimStyles = {
  name: "slim-styles",
  setup: async (build) => {
    const made = await import("./scripts/setup/slim-styles.mjs");
    await made.slimStyles.setup(build);
  },
};

/**
 * @param {readonly import("./scripts/setup/slim-operators.mjs").Left[]} left Properties of operators' declarations that nobody reads.
 * @param {readonly import("./scripts/setup/slim-operators.mjs").Later[]} [later] Those that are in a part.
 * @returns {import("esbuild").Plugin}
 */
const slimOperators = (left, later) => ({
  name: "slim-operators",
  setup: async (build) => {
    const made = await import("./scripts/setup/slim-operators.mjs");
    await made.slimOperators(left, later).setup(build);
  },
});

/** The operators of perceptrons and of their derivatives, by their files. */
const commonOperators = [
  ...[
    "add",
    "cast",
    "div",
    "equal",
    "exp",
    "greater",
    "log",
    "mul",
    "neg",
    "pow",
    "relu",
    "sigmoid",
    "sqrt",
  ].map((name) => `elementwise/${name}`),
  ...["square", "stop-gradient", "sub", "tanh", "where"].map((name) => `elementwise/${name}`),
  ...["linear", "matmul"].map((name) => `linear/${name}`),
  ...["class-distribution", "cross-entropy", "mse-loss"].map((name) => `loss/${name}`),
  ...["log-softmax", "mean", "norm", "softmax", "sum"].map((name) => `reduce/${name}`),
  ...["expand", "permute", "reshape", "select", "slice", "squeeze", "transpose", "unsqueeze"].map(
    (name) => `shape/${name}`,
  ),
];

/** @type {import("esbuild").Plugin} Of the worker's operators, those of most nets are at hand, and the others in a part. */
const rareOperators = {
  name: "rare-operators",
  setup: async (build) => {
    const made = await import("./scripts/setup/slim-operators.mjs");
    const left = /** @type {const} */ (["samples", "refused", "doc", "formula", "derivative"]);
    await made.rareOperators(left, commonOperators).setup(build);
  },
};

const evaluating = { plugins: [slimOperators(["samples", "refused"])] };
const running = { plugins: [rareOperators] };
const describing = {
  plugins: [
    slimOperators(
      ["samples", "refused", "forward", "branch"],
      ["doc", "formula", "derivative", "vjp", "jvp"],
    ),
  ],
};

/** The server's parts: all that is not needed to check, colour and complete a text. */
const serverParts = {
  equations: ["src/engine/equations/index.ts"],
  data: ["src/engine/data/index.ts"],
  graph: ["src/runtime/graph/index.ts"],
  library: ["src/language/std/index.ts"],
  operators: ["operators:later"],
  features: [
    ...["call-hierarchy", "completion", "hover", "navigation", "path-completion"].map(
      (name) => `src/language/features/${name}.ts`,
    ),
    ...["quick-fixes", "refactorings", "signature-help"].map((name) => `src/language/features/${name}.ts`),
    "src/language/syntax/formatter.ts",
  ],
};
const serverWaited = ["features", "operators"];

/**
 * The worker's parts: all that the first gradients of a perceptron can be had without. What runs of some size, checks of
 * gradients, and what is wrong in them ask for; questions of the panel; what most texts have not; what is wrong in texts.
 */
const workerParts = {
  compile: ["src/runtime/compile/index.ts"],
  gradcheck: ["src/runtime/gradcheck/index.ts"],
  explanations: [
    ...["blame-of-gradient", "explain-rules"].map((name) => `src/runtime/gradcheck/blame/${name}.ts`),
    "src/runtime/gradcheck/explain/explain-difference.ts",
  ],
  studies: ["src/engine/fixes/index.ts", "src/engine/strength/index.ts", "src/engine/reproduction/index.ts"],
  data: ["src/engine/data/index.ts"],
  answers: ["src/engine/answers/index.ts", "src/engine/slices.ts"],
  library: ["src/language/std/index.ts"],
  rare: [
    "operators:later",
    ...["numpy-generator", "orthogonal"].map((name) => `src/runtime/tensor/random/${name}.ts`),
    ...["jacobian", "jvp"].map((name) => `src/runtime/graph/${name}.ts`),
    ...["chains", "indexing", "iterate"].map((name) => `src/language/check/${name}.ts`),
    "src/engine/digits.ts",
  ],
  training: [
    ...["compiled-training", "training", "training-curve", "training-reports"].map(
      (name) => `src/engine/${name}.ts`,
    ),
    "src/engine/optimizers/arithmetic.ts",
    "src/language/check/builtins/train.ts",
  ],
  samples: ["execute-sampled", "sample-declaration", "sample-domains", "sample-draws"].map(
    (name) => `src/engine/${name}.ts`,
  ),
  checks: ["blame-report", "check-explanation", "conditions", "finite-differences", "gradcheck-report"].map(
    (name) => `src/engine/${name}.ts`,
  ),
  mistakes: [
    "src/language/syntax/problems.ts",
    "src/language/check/diagnostics/catalogue.ts",
    ...["rule-shape-fixes", "shape-fixes", "shape-messages", "unknown-names"].map(
      (name) => `src/language/check/${name}.ts`,
    ),
  ],
};

const workerWaited = ["rare", "mistakes"];
const workerBehind = { explanations: "gradcheck" };

/**
 * Output file in dist/ (without .js) → its entry, the way it is built, its parts, which of them are loaded soon, and which are always
 * called by another.
 */
const bundles = {
  cli: ["src/hosts/cli/main.ts", { ...node, ...evaluating, banner: { js: "#!/usr/bin/env node" } }],
  extension: ["src/hosts/extension/main-node.ts", node],
  server: ["src/hosts/server/main-node.ts", { ...node, ...describing }, serverParts, serverWaited],
  worker: ["src/hosts/worker/main-node.ts", { ...node, ...running }, workerParts, workerWaited, workerBehind],
  "web/extension": ["src/hosts/extension/main-web.ts", webHost],
  "web/server": ["src/hosts/server/main-web.ts", { ...browser, ...describing }, serverParts, serverWaited],
  "web/worker": [
    "src/hosts/worker/main-web.ts",
    { ...browser, ...running },
    workerParts,
    workerWaited,
    workerBehind,
  ],
  "webview/inspector": ["src/hosts/webview/main.ts", { ...browser, plugins: [slimStyles] }],
  "webview/graph-layout": ["src/hosts/webview/graph/layout-worker.ts", { ...browser, sourcemap: false }],
  "webview/curves": ["src/hosts/webview/training/plotter.ts", { ...browser, sourcemap: false }],
  "webview/equations": [
    "src/hosts/webview/replay/typesetter.ts",
    {
      ...browser,
      sourcemap: false,
      plugins: [katexFonts],
      loader: { ".woff2": "file" },
      assetNames: "webview/fonts/[name]",
    },
  ],
  ...(production
    ? {}
    : {
        "test-node/index": [
          "test/editor/index.node.ts",
          { ...node, external: ["vscode", "mocha"], plugins: [editorSuites] },
        ],
        "test-web/index": ["test/editor/index.web.ts", webSuites],
      }),
};

/** Lets `npx nnspec` work in a clone: npm links a package's bin everywhere but in the package itself. */
function linkCommand() {
  const program = path.join(root, "dist/cli.js");
  chmodSync(program, 0o755);
  const folder = path.join(root, "node_modules/.bin");
  mkdirSync(folder, { recursive: true });
  const link = path.join(folder, "nnspec");
  rmSync(link, { force: true });
  if (process.platform === "win32") writeFileSync(`${link}.cmd`, `@node "${program}" %*\r\n`);
  else symlinkSync(path.relative(folder, program), link);
}

async function buildAll() {
  rmSync(outdir, { recursive: true, force: true });
  // What can be built is built all the same, so that one broken host does not keep the others from being tried.
  const chosen = Object.entries(bundles).filter(([name]) => only === undefined || name === only);
  const present = chosen.filter(([name, [entry]]) => {
    const exists = existsSync(path.join(root, entry));
    if (!exists) {
      console.error(`dist/${name}.js is missing: its entry ${entry} does not exist`);
      process.exitCode = 1;
    }
    return exists;
  });
  let built = 0;
  await Promise.all(
    present.map(async ([name, [entry, options, parts, soon, behind]]) => {
      try {
        if (parts === undefined)
          await esbuild.build({ ...options, entryPoints: [{ in: entry, out: name }], outdir });
        else {
          const { buildInParts } = await import("./scripts/setup/split-bundle.mjs");
          const loader = options.platform === "node" ? "require" : "importScripts";
          await buildInParts({ entry, name, parts, soon, behind, loader, options, outdir });
        }
        built++;
      } catch (error) {
        // esbuild has printed its own errors with their places.
        if (!(error instanceof Error && "errors" in error)) console.error(`dist/${name}.js:`, error);
        process.exitCode = 1;
      }
    }),
  );
  if (chosenFolder === undefined && existsSync(path.join(outdir, "cli.js"))) linkCommand();
  console.log(`built ${built} of ${chosen.length} bundles in ${path.relative(root, outdir)}/`);
}

void buildAll();
