// Owns the layering gate: which room of src/ may import which, and which packages each room may use.
// The table is ARCHITECTURE.md's; adding an arrow here means saying so there.

const runtime = {
  "runtime/tensor": [],
  "runtime/ops": ["runtime/tensor"],
  "runtime/graph": ["runtime/tensor", "runtime/ops"],
  "runtime/interpret": ["runtime/tensor", "runtime/ops", "runtime/graph"],
  "runtime/compile": ["runtime/tensor", "runtime/ops", "runtime/graph"],
  "runtime/gradcheck": [
    "runtime/tensor",
    "runtime/ops",
    "runtime/graph",
    "runtime/interpret",
    "runtime/compile",
  ],
};

const language = {
  "language/std": [],
  "language/syntax": [],
  "language/check": ["runtime/tensor", "runtime/ops", "runtime/graph", "language/std", "language/syntax"],
  "language/features": ["runtime/tensor", "runtime/ops", "language/std", "language/syntax", "language/check"],
};

/** @type {Record<string, readonly string[]>} room → the rooms it may import */
const arrows = {
  ...runtime,
  ...language,
  protocol: ["runtime/tensor"],
  engine: [...Object.keys(runtime), "language/std", "language/syntax", "language/check", "protocol"],
  "hosts/node": ["engine"],
  "hosts/cli": ["runtime/tensor", ...Object.keys(language), "engine", "protocol", "hosts/node"],
  "hosts/server": [...Object.keys(language), "engine", "protocol"],
  "hosts/worker": ["runtime/tensor", ...Object.keys(language), "engine", "protocol", "hosts/node"],
  "hosts/extension": ["protocol"],
  "hosts/webview": ["runtime/tensor", "protocol"],
};

/** Packages that only some rooms may use; outside hosts nothing else from npm is allowed. */
const packages = {
  fflate: ["engine"],
  lit: ["hosts/webview"],
  "@vscode-elements/elements": ["hosts/webview"],
  uplot: ["hosts/webview"],
  elkjs: ["hosts/webview"],
  katex: ["hosts/webview"],
  vscode: ["hosts/extension"],
  "vscode-languageclient": ["hosts/extension"],
  "vscode-jsonrpc": ["hosts/server"],
  "vscode-languageserver-protocol": ["hosts/server"],
  "vscode-languageserver-textdocument": ["hosts/server"],
};

const rooms = Object.keys(arrows);
const inRoom = (room) => `^src/${room}/`;
const escaped = (text) => text.replace(/[/.]/g, "\\$&");
const anyRoom = `^src/(${rooms.join("|")})/`;
/** A package as resolved in node_modules, or as written where only its types are installed. */
const packagePath = (name) => `(?:^|node_modules/|node_modules/@types/)${escaped(name)}(?:/|$)`;
const fromNpm = ["npm", "npm-dev", "npm-optional", "npm-peer", "npm-bundled", "npm-no-pkg", "npm-unknown"];

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-circular",
      comment:
        "Two files that need each other are one subject, or hide a third. Types may be mutually recursive: values, scopes and frames are.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-unresolved",
      comment: "An import that leads nowhere cannot be judged.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^vscode$" },
    },
    {
      name: "every-file-in-a-room",
      comment: "Code lives in one of the rooms that ARCHITECTURE.md lists.",
      severity: "error",
      from: { path: "^src/", pathNot: anyRoom },
      to: {},
    },
    {
      name: "no-unknown-room",
      comment: "Code lives in one of the rooms that ARCHITECTURE.md lists.",
      severity: "error",
      from: {},
      to: { path: "^src/", pathNot: anyRoom },
    },
    {
      name: "rooms-through-their-index",
      comment: "A room's index.ts is its whole API.",
      severity: "error",
      from: { path: anyRoom },
      to: { path: anyRoom, pathNot: ["^src/$1/", `${anyRoom}index\\.ts$`] },
    },
    {
      name: "no-test-code",
      comment: "What ships does not import what tests it.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(?:test|scripts)/" },
    },
    ...rooms.map((room) => ({
      name: `arrows-of-${room.replace("/", "-")}`,
      comment: `${room} may import ${arrows[room].join(", ") || "no other room"}.`,
      severity: "error",
      from: { path: inRoom(room) },
      to: { path: "^src/", pathNot: [room, ...arrows[room]].map(inRoom) },
    })),
    {
      name: "no-node-outside-hosts",
      comment: "Everything outside hosts runs in a browser.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/hosts/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-node-in-browser-hosts",
      comment: "The webview and the web entries run in a browser.",
      severity: "error",
      from: { path: "^src/hosts/(?:webview/|[^/]+/main-web\\.ts$)" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-packages-outside-hosts",
      comment: `Only ${Object.keys(packages).join(", ")} may be used, each in its rooms.`,
      severity: "error",
      from: { path: "^src/", pathNot: "^src/hosts/" },
      to: { dependencyTypes: fromNpm, pathNot: Object.keys(packages).map(packagePath) },
    },
    ...Object.entries(packages).map(([name, users]) => ({
      name: `package-${name.replace(/[@/]+/g, "-").replace(/^-/, "")}`,
      comment: `${name} is for ${users.join(", ")}.`,
      severity: "error",
      from: { path: "^src/", pathNot: users.map(inRoom) },
      to: { path: packagePath(name) },
    })),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    builtInModules: { add: [] },
    enhancedResolveOptions: {
      extensions: [".ts", ".d.ts", ".js", ".json", ".css", ".nnspec"],
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "browser", "types", "default"],
      mainFields: ["module", "main", "types", "typings"],
    },
  },
};
