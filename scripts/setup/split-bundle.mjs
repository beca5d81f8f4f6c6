// Owns bundles in parts: what is needed at once in one file, and parts beside it that are loaded where a function of theirs is first
// called. Loading is synchronous, by `require` or `importScripts`, so that the code that is split knows nothing of it; esbuild
// itself splits for neither. A part is one or more rooms (their index files), single files, or modules of a plugin's: whoever imports
// such an entry from elsewhere gets functions that load the part. What parts share with the core they take from it. Parts that people
// wait for are loaded when the core has been idle for a while.
import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { build, transform } from "esbuild";

/**
 * @typedef {object} SplitBundle
 * @property {string} entry
 * @property {string} name Of the file with what is needed at once, in `outdir`; parts are `name-part.js`.
 * @property {Readonly<Record<string, readonly string[]>>} parts Name → files, or names of a plugin's modules.
 * @property {Readonly<Record<string, string>>} [behind] A part → the one that it is always called by: what they share is with that one.
 * @property {readonly string[]} [soon] Parts that are loaded while nothing else is done.
 * @property {keyof typeof loaders} loader How the host loads scripts.
 * @property {import("esbuild").BuildOptions & { absWorkingDir: string }} options
 * @property {string} outdir
 */

/** After this long a file has been opened and its first diagnostics have been sent. */
const idleMilliseconds = 1500;

/** The only global name: what the core defines for its parts. */
const registry = "nnspecParts";

/** Where the parts are: a web worker that is started with `name: url` knows it; editors put words of their own before it. */
const loaders = {
  require: 'require("./" + file)',
  importScripts: 'importScripts(new URL(file, self.name.split(" -> ").at(-1)).href)',
};

/** @param {SplitBundle} bundle */
export async function buildInParts({ entry, name, parts, behind = {}, soon = [], loader, options, outdir }) {
  const { sourcemap, plugins = [], banner, ...rest } = options;
  const root = rest.absWorkingDir;
  const inline = sourcemap === true ? "inline" : false;
  /** @param {string} part */
  const fileOf = (part) => `${path.basename(name)}-${part}.js`;
  const calls = await callsOfParts(root, parts, fileOf, { ...rest, plugins });
  const alone = await build({
    ...rest,
    plugins: [calls, ...plugins],
    entryPoints: [entry],
    write: false,
    metafile: true,
  });
  const core = new Set(
    Object.values(alone.metafile.outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([file, { bytesInOutput }]) =>
        bytesInOutput > 0 ? [path.join(root, file)] : [],
      ),
    ),
  );
  const split = await build({
    ...rest,
    plugins: [partEntries(root, parts), calls, sharedWith(root, core), ...plugins],
    entryPoints: Object.keys(parts).map((part) => ({
      in: `part:${part}`,
      out: path.basename(fileOf(part), ".js"),
    })),
    chunkNames: `${path.basename(name)}-shared-[hash]`,
    format: "esm",
    splitting: true,
    write: false,
    metafile: true,
    outdir,
    sourcemap: inline,
  });
  /** @type {Shared} */
  const shared = new Map();
  /** @type {Map<string, string>} */
  const files = new Map();
  const homes = homesOf(split.metafile, Object.keys(parts), behind, fileOf);
  for (const { path: output, text } of split.outputFiles) {
    const file = path.basename(output);
    const { code } = await transform(takenTogether(text, shared), {
      format: "cjs",
      minify: rest.minify ?? false,
      charset: "utf8",
      target: rest.target ?? "es2023",
      sourcemap: inline,
    });
    const wrapped = `${registry}.define(${JSON.stringify(file)}, (require, exports, module) => {${code}\n});\n`;
    const target = homes.get(file) ?? (file.includes("-shared-") ? fileOf("common") : file);
    files.set(target, (files.get(target) ?? "") + wrapped);
  }
  const loading = coreBanner(loader, { common: fileOf("common"), homes }, soon.map(fileOf));
  const { code } = await transform(loading, { minify: rest.minify ?? false, charset: "utf8" });
  const folder = path.dirname(path.join(outdir, name));
  await mkdir(folder, { recursive: true });
  for (const [file, text] of files) await writeFile(path.join(folder, file), text);
  await build({
    ...rest,
    // What is shared is given before the entry runs.
    stdin: { contents: `import "sharing";\nimport "./${entry}";`, resolveDir: root, sourcefile: "parts.js" },
    plugins: [sharing(root, shared), calls, ...plugins],
    banner: { js: `${banner?.js ?? ""}${code}` },
    outfile: path.join(outdir, `${name}.js`),
    sourcemap: sourcemap ?? false,
  });
}

/**
 * Modules that parts share, and that are with one of them, because the others come behind it: all else is in a file of its own.
 * @param {import("esbuild").Metafile} metafile
 * @param {readonly string[]} parts
 * @param {Readonly<Record<string, string>>} behind
 * @param {(part: string) => string} fileOf
 * @returns {ReadonlyMap<string, string>}
 */
function homesOf({ outputs }, parts, behind, fileOf) {
  /** @type {Map<string, Set<string>>} */
  const users = new Map();
  for (const part of parts) {
    const own = Object.keys(outputs).filter((output) => path.basename(output) === fileOf(part));
    const reached = new Set(own);
    for (const output of reached)
      for (const { path: next, external } of outputs[output]?.imports ?? [])
        if (external !== true) reached.add(next);
    for (const output of reached) {
      const file = path.basename(output);
      if (file.includes("-shared-"))
        users.set(file, (users.get(file) ?? new Set()).add(behind[part] ?? part));
    }
  }
  return new Map(
    [...users].flatMap(([file, [first = "", ...others]]) =>
      others.length === 0 ? [[file, fileOf(first)]] : [],
    ),
  );
}

/**
 * Modules are made when they are first asked for, so that those of one file may ask for each other in any order. What is no part is one
 * of Node's.
 * @param {keyof typeof loaders} loader
 * @param {{ readonly common: string, readonly homes: ReadonlyMap<string, string> }} shared The file of modules that parts share, and
 * those that are in others.
 * @param {readonly string[]} soon
 */
function coreBanner(loader, { common, homes }, soon) {
  return `globalThis.${registry} = {
  homes: ${JSON.stringify(Object.fromEntries(homes))},
  modules: {},
  writers: {},
  define(name, write) { this.writers[name] = write; },
  load(asked) {
    const name = asked.startsWith("./") ? asked.slice(2) : asked;
    if (this.modules[name] === undefined) {
      const file = this.homes[name] ?? (name.includes("-shared-") ? ${JSON.stringify(common)} : name);
      if (this.writers[name] === undefined) ${loaders[loader]};
      const module = { exports: {} };
      const own = (other) => (/^(\\.\\/|shared:)/.test(other) ? this.load(other) : require(other));
      this.writers[name](own, module.exports, module);
      this.modules[name] = module.exports;
    }
    return this.modules[name];
  },
  call(file, name) {
    return function (...given) {
      const made = ${registry}.load(file)[name];
      return new.target === undefined ? made(...given) : new made(...given);
    };
  },
  table(file, name) {
    const made = () => this.load(file)[name];
    const own = (key) => ({ ...Reflect.getOwnPropertyDescriptor(made(), key), configurable: true });
    return new Proxy({}, {
      get: (_, key) => made()[key],
      has: (_, key) => key in made(),
      ownKeys: () => Reflect.ownKeys(made()),
      getOwnPropertyDescriptor: (_, key) => (key in made() ? own(key) : undefined),
    });
  },
};
${soon.map((file, i) => `setTimeout(() => ${registry}.load(${JSON.stringify(file)}), ${String(idleMilliseconds + 100 * i)});`).join("\n")}`;
}

/**
 * Every import of a part's entry from elsewhere: functions, or constructors of classes, that load the part before they are called, and
 * tables, `export const entries = { … }`, that load it when one of their entries is read.
 * @param {string} root
 * @param {SplitBundle["parts"]} parts
 * @param {(part: string) => string} fileOf
 * @param {import("esbuild").BuildOptions} options
 * @returns {Promise<import("esbuild").Plugin>}
 */
async function callsOfParts(root, parts, fileOf, options) {
  /** @type {Map<string, { readonly part: string, readonly names: readonly string[] }>} */
  const indices = new Map();
  const entries = Object.entries(parts).flatMap(([part, files]) => files.map((index) => ({ part, index })));
  // All in one build, which reads what they are made of once.
  const { metafile } = await build({
    ...options,
    entryPoints: entries.map(({ index }, i) => ({ in: index, out: `entry-${i}` })),
    outdir: root,
    format: "esm",
    splitting: true,
    write: false,
    metafile: true,
  });
  const exported = new Map(
    Object.entries(metafile.outputs).map(([output, { exports }]) => [path.basename(output), exports]),
  );
  for (const [i, { part, index }] of entries.entries())
    indices.set(placeOf(root, index), { part, names: exported.get(`entry-${i}.js`) ?? [] });
  /** @param {string} file */
  const partWith = (file) =>
    [...indices].find(([index]) =>
      path.basename(index) === "index.ts" ? file.startsWith(path.dirname(index) + path.sep) : file === index,
    )?.[1].part;
  /** @param {string} index @param {string} name @param {string} part */
  const call = (index, name, part) => {
    const isTable = isFile(index) && readFileSync(index, "utf8").includes(`export const ${name} = {`);
    const stub = `${registry}.${isTable ? "table" : "call"}(${JSON.stringify(fileOf(part))}, ${JSON.stringify(name)})`;
    return `export const ${name} = /* @__PURE__ */ ${stub};`;
  };
  return {
    name: "calls-of-parts",
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path: asked, resolveDir, importer, namespace }) => {
        if (namespace === "part") return undefined;
        const base = asked.startsWith(".") ? path.resolve(resolveDir, asked) : asked;
        const index = [...indices.keys()].find(
          (file) =>
            base === file || base === file.replace(/([\\/]index)?\.ts$/, "") || base === file.slice(0, -3),
        );
        if (index === undefined || partWith(importer) === indices.get(index)?.part) return undefined;
        return { path: index, namespace: "calls", sideEffects: false };
      });
      build.onLoad({ filter: /.*/, namespace: "calls" }, ({ path: index }) => {
        const { part = "", names = [] } = indices.get(index) ?? {};
        return { contents: names.map((name) => call(index, name, part)).join("\n") };
      });
    },
  };
}

/**
 * Each part as one module.
 * @param {string} root
 * @param {SplitBundle["parts"]} parts
 * @returns {import("esbuild").Plugin}
 */
function partEntries(root, parts) {
  return {
    name: "part-entries",
    setup(build) {
      build.onResolve({ filter: /^part:/ }, ({ path: name }) => ({
        path: name.slice("part:".length),
        namespace: "part",
      }));
      build.onLoad({ filter: /.*/, namespace: "part" }, ({ path: part }) => ({
        contents: (parts[part] ?? [])
          .map((index) => `export * from ${JSON.stringify(isFile(index) ? `./${index}` : index)};`)
          .join("\n"),
        resolveDir: root,
      }));
    },
  };
}

const sharedPrefix = "shared:";

/** @param {string} entry */
function isFile(entry) {
  return entry.endsWith(".ts");
}

/**
 * @param {string} root
 * @param {string} entry
 */
function placeOf(root, entry) {
  return isFile(entry) ? path.join(root, entry) : entry;
}

/**
 * Files of the core are not part of parts.
 * @param {string} root
 * @param {ReadonlySet<string>} core
 * @returns {import("esbuild").Plugin}
 */
function sharedWith(root, core) {
  return {
    name: "shared-with-core",
    setup(build) {
      build.onResolve({ filter: /.*/ }, async ({ path: asked, pluginData, ...rest }) => {
        if (pluginData === "resolved" || rest.kind === "entry-point") return undefined;
        const found = await build.resolve(asked, { ...rest, pluginData: "resolved" });
        if (!core.has(found.path)) return undefined;
        // What runs at the core's loading has run.
        const file = path.relative(root, found.path);
        return { path: `${sharedPrefix}${file}`, external: true, sideEffects: false };
      });
      build.onLoad({ filter: /[\\/]index\.ts$/ }, async ({ path: index }) => ({
        contents: await withNames(index),
        loader: "ts",
      }));
    },
  };
}

/**
 * An index whose `export *` says what it exports: of an external file nobody would know.
 * @param {string} index
 */
async function withNames(index) {
  let text = readFileSync(index, "utf8");
  for (const [line, asked = ""] of text.matchAll(/^export \* from "(\.[^"]*)";$/gm)) {
    const base = path.resolve(path.dirname(index), asked);
    const file = existsSync(`${base}.ts`) ? `${base}.ts` : path.join(base, "index.ts");
    const { metafile } = await build({ entryPoints: [file], format: "esm", write: false, metafile: true });
    const names = Object.values(metafile.outputs).flatMap(({ exports }) => exports);
    text = text.replace(line, `export { ${names.join(", ")} } from ${JSON.stringify(asked)};`);
  }
  return text;
}

/** @typedef {Map<string, Map<string, string>>} Shared File of the core → names that parts import → what they are called between them. */

/**
 * A part that takes all it needs from the core by one import, of short names.
 * @param {string} text Of a part, as esbuild writes it.
 * @param {Shared} shared Gets what is new.
 */
function takenTogether(text, shared) {
  /** @type {string[]} */
  const taken = [];
  /** @param {string} file @param {string} list */
  const renamed = (file, list) => {
    /** @type {Map<string, string>} */
    const known = shared.get(file) ?? new Map();
    shared.set(file, known);
    return list.split(",").map((each) => {
      const [name = "", local = name] = each.trim().split(/\s+as\s+/);
      if (!known.has(name)) known.set(name, `_${countOf(shared).toString(36)}`);
      return `${String(known.get(name))} as ${local}`;
    });
  };
  const statements = /\b(import|export)\s*\{([^}]*)\}\s*from\s*"shared:([^"]+)";?/g;
  const rest = text.replace(
    statements,
    /** @type {(statement: string, ...found: string[]) => string} */
    (statement, word, list = "", file = "") => {
      const names = renamed(file, list);
      if (word === "export") return `export{${names.join()}}from"${sharedPrefix}";`;
      taken.push(...names);
      // Lines stay where the source map has them.
      return "\n".repeat(statement.split("\n").length - 1);
    },
  );
  if (/"shared:[^"]/.test(rest)) throw new Error("a part takes something from the core in an unforeseen way");
  return taken.length === 0 ? rest : `import{${taken.join()}}from"${sharedPrefix}";${rest}`;
}

/** @param {Shared} shared */
function countOf(shared) {
  return [...shared.values()].reduce((count, names) => count + names.size, 0);
}

/**
 * The module that gives parts what they take from the core.
 * @param {string} root
 * @param {Shared} shared
 * @returns {import("esbuild").Plugin}
 */
function sharing(root, shared) {
  const imports = [...shared].map(([file, names]) => {
    const own = [...names].map(([name, short]) => `${name} as ${short}`);
    return `import { ${own.join(", ")} } from ${JSON.stringify(`./${file}`)};`;
  });
  const getters = [...shared.values()].flatMap((names) =>
    [...names.values()].map((short) => `get ${short}() { return ${short}; }`),
  );
  const module = `${registry}.modules[${JSON.stringify(sharedPrefix)}] = { ${getters.join(", ")} };`;
  return {
    name: "sharing",
    setup(build) {
      build.onResolve({ filter: /^sharing$/ }, () => ({ path: "sharing", namespace: "sharing" }));
      build.onLoad({ filter: /.*/, namespace: "sharing" }, () => ({
        contents: [...imports, module].join("\n"),
        resolveDir: root,
      }));
    },
  };
}
