// Owns what of the operators' declarations ships, and where: their samples are for tests and the operators' page, and the language
// server evaluates nothing; what is left out here is read by nobody in the bundle. Of the rest it can put into a part (`split-bundle`)
// what is not needed at once: there an operator's object gets these properties when one of them is first read. Or whole operators are in
// a part (`rareOperators`): of those, what stands in the core says how they are called, and gets all else when something of it is read.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import typescript from "typescript";

/** What stands in place of a property that is left out. */
const replacements = /** @type {const} */ ({
  samples: "samples: []",
  refused: "refused: []",
  forward: "",
  branch: "",
  doc: 'doc: ""',
  formula: 'formula: ""',
  derivative: 'derivative: ""',
});

/** What else is described beside its definition: the language's own functions, and optimizers. */
const describing = /[\\/]src[\\/](language[\\/]check[\\/]builtins|engine[\\/]optimizers)[\\/][^\\/]+\.ts$/;

/**
 * @typedef {keyof typeof replacements} Left A property that may be left out.
 * @typedef {"doc" | "formula" | "derivative" | "vjp" | "jvp"} Later One that may come later.
 */

/** What a call needs to be read: all that the core has of an operator that is in a part. */
const calling = ["name", "inputs", "attributes", "callOrder"];

/** What it then gets from there. */
const defined = ["elementwise", "shape", "forward", "vjp", "jvp", "branch"];

const declarations = /[\\/]src[\\/]runtime[\\/]ops[\\/][a-z]+[\\/][^\\/]+\.ts$/;

/**
 * @param {readonly Left[]} left Properties of the object that each declaration is a call with: left out.
 * @param {readonly Later[]} [later] Those of the module `operators:later`, which is to be an entry of a part.
 * @returns {import("esbuild").Plugin}
 */
export function slimOperators(left, later = []) {
  return {
    name: "slim-operators",
    setup(build) {
      const folder = path.join(build.initialOptions.absWorkingDir ?? "", "src/runtime/ops");
      build.onLoad({ filter: declarations, namespace: "file" }, ({ path: file }) => ({
        contents: slimmed(file, readFileSync(file, "utf8"), left, later),
        loader: "ts",
      }));
      serveModules(build, folder, {
        all: () => allLater(folder),
        getters: () => withLater(later),
        ofFile: (file) => laterIn(file, readFileSync(file, "utf8"), later),
      });
    },
  };
}

/**
 * Operators whose files are not among the common ones are the module `operators:later`, which is to be an entry of a part.
 * @param {readonly Left[]} left
 * @param {readonly string[]} common Such as "linear/matmul".
 * @returns {import("esbuild").Plugin}
 */
export function rareOperators(left, common) {
  return {
    name: "rare-operators",
    setup(build) {
      const folder = path.join(build.initialOptions.absWorkingDir ?? "", "src/runtime/ops");
      const whole = new Set(common.map((name) => path.join(folder, `${name}.ts`)));
      for (const file of whole) if (!existsSync(file)) throw new Error(`there is no operator ${file}`);
      build.onLoad({ filter: declarations, namespace: "file" }, ({ path: file }) => {
        const text = readFileSync(file, "utf8");
        return {
          contents: whole.has(file) ? slimmed(file, text, left, []) : withoutRare(file, text),
          loader: "ts",
        };
      });
      build.onLoad({ filter: describing, namespace: "file" }, ({ path: file }) => ({
        contents: undescribed(file, readFileSync(file, "utf8")),
        loader: "ts",
      }));
      serveModules(build, folder, {
        all: () => allLater(folder, whole),
        getters: () => withLater(defined),
        ofFile: (file) => slimmed(file, readFileSync(file, "utf8"), left, []),
      });
    },
  };
}

/**
 * The modules `operators:…` of a bundle whose operators are not whole.
 * @param {import("esbuild").PluginBuild} build
 * @param {string} folder Of the operators.
 * @param {object} texts
 * @param {() => string} texts.all `operators:later`: what is left out of each, by its name.
 * @param {() => string} texts.getters `operators:with-later`: what gives an operator getters for that.
 * @param {(file: string) => string} texts.ofFile `operators:file:…`: what is left out of one file.
 */
function serveModules(build, folder, { all, getters, ofFile }) {
  const namespace = "operators";
  build.onResolve({ filter: /^operators:/ }, ({ path: asked }) => ({ path: asked, namespace }));
  build.onLoad({ filter: /^operators:later$/, namespace }, () => ({
    contents: all(),
    loader: "ts",
    resolveDir: folder,
  }));
  build.onLoad({ filter: /^operators:with-later$/, namespace }, () => ({
    contents: getters(),
    loader: "ts",
  }));
  build.onLoad({ filter: /^operators:file:/, namespace }, ({ path: asked }) => {
    const file = asked.slice("operators:file:".length);
    return { contents: ofFile(file), loader: "ts", resolveDir: path.dirname(file) };
  });
}

/**
 * Gives an operator getters for what it is without; what was read once stays.
 * @param {readonly string[]} properties
 */
function withLater(properties) {
  return `import { later } from "operators:later";
export function withLater(name, operator) {
  operator.callOrder ??= [...Object.keys(operator.inputs), ...Object.keys(operator.attributes)];
  for (const each of ${JSON.stringify(properties)})
    if (operator[each] === undefined)
      Object.defineProperty(operator, each, {
        configurable: true,
        get() {
          const value = later(name)[each];
          Object.defineProperty(operator, each, { value });
          return value;
        },
      });
  return operator;
}`;
}

/**
 * A file whose operators are in a part: how they are called, and what else the file exports.
 * @param {string} path
 * @param {string} text
 */
function withoutRare(path, text) {
  if (!declares(text)) return text;
  const operators = declaredOperators(parsed(path, text)).filter(({ call }) =>
    /^define(Op|Elementwise)\(/.test(call.getText()),
  );
  if (operators.length === 0) return text;
  const cuts = operators.map(({ name, call }) => {
    const own = visited(call, calling).map((property) => property.getText());
    if (own.length < 3)
      throw new Error(`${path}: ${name} does not say how it is called in its own declaration`);
    const stub = `{ ${own.join(", ")}, doc: "", formula: "", derivative: "", samples: [], refused: [] }`;
    return {
      start: call.getStart(),
      end: call.getEnd(),
      text: `withLater(${JSON.stringify(name)}, ${stub})`,
    };
  });
  return `import { withLater } from "operators:with-later";\n${replaced(text, cuts)}`;
}

/**
 * Without words: each `doc: "…"`, and each entry of a table whose name ends in `docs`.
 * @param {string} path
 * @param {string} text
 */
function undescribed(path, text) {
  /** @type {Cut[]} */
  const cuts = [];
  /** @param {import("typescript").Node} node @param {boolean} inTable */
  const look = (node, inTable) => {
    const isTable = inTable || (typescript.isVariableDeclaration(node) && /docs$/i.test(node.name.getText()));
    if (typescript.isPropertyAssignment(node) && (isTable || node.name.getText() === "doc")) {
      const { initializer } = node;
      if (typescript.isStringLiteralLike(initializer) || typescript.isTemplateExpression(initializer))
        cuts.push({ start: initializer.getStart(), end: initializer.getEnd(), text: '""' });
    } else typescript.forEachChild(node, (child) => look(child, isTable));
  };
  look(parsed(path, text), false);
  return replaced(text, cuts);
}

/**
 * @param {import("typescript").Node} root
 * @param {readonly string[]} names
 */
function visited(root, names) {
  /** @type {import("typescript").Node[]} */
  const found = [];
  visitProperties(root, names, (property) => found.push(property));
  return found;
}

/** @param {string} text */
function declares(text) {
  return /\bdefine\w+\(/.test(text);
}

/**
 * `later("exp")` has the properties of the operator that is declared as `exp`.
 * @param {string} folder
 * @param {ReadonlySet<string>} [without] Files of operators that are not late.
 */
function allLater(folder, without = new Set()) {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((file) => declarations.test(file) && !without.has(file) && declares(readFileSync(file, "utf8")));
  const imports = files.map(
    (file, i) => `import * as file${i} from ${JSON.stringify(`operators:file:${file}`)};`,
  );
  const all = files.map((_, i) => `...file${i}`);
  return `${imports.join("\n")}
const all = { ${all.join(", ")} };
export const later = (name) => all[name];`;
}

/**
 * What is needed at once: without what is left out, and with what comes later as getters.
 * @param {string} path
 * @param {string} text
 * @param {readonly Left[]} left
 * @param {readonly Later[]} later
 */
function slimmed(path, text, left, later) {
  if (!declares(text)) return text;
  /** @type {Cut[]} */
  const cuts = [];
  const file = parsed(path, text);
  visitProperties(file, left, (property, name) => {
    cuts.push({ start: property.getStart(), end: property.getEnd(), text: replacements[name] });
  });
  const calls = later.length === 0 ? [] : declaredOperators(file);
  for (const { name, call } of calls) {
    visitProperties(call, later, (property) => {
      cuts.push({ start: property.getStart(), end: property.getEnd(), text: "" });
    });
    const start = `withLater(${JSON.stringify(name)}, `;
    cuts.push({ start: call.getStart(), end: call.getStart(), text: start });
    cuts.push({ start: call.getEnd(), end: call.getEnd(), text: ")" });
  }
  const result = replaced(text, cuts);
  return calls.length === 0 ? result : `import { withLater } from "operators:with-later";\n${result}`;
}

/**
 * Each exported operator as what comes later of it, and all that this needs.
 * @param {string} path
 * @param {string} text
 * @param {readonly Later[]} later
 */
function laterIn(path, text, later) {
  const file = parsed(path, text);
  /** @type {Cut[]} */
  const cuts = declaredOperators(file).map(({ call }) => {
    /** @type {string[]} */
    const properties = [];
    visitProperties(call, later, (property) => properties.push(property.getText()));
    return { start: call.getStart(), end: call.getEnd(), text: `{ ${properties.join(", ")} }` };
  });
  return replaced(text, cuts);
}

/** @typedef {{ readonly start: number, readonly end: number, readonly text: string }} Cut */

/**
 * @param {string} text
 * @param {readonly Cut[]} cuts
 */
function replaced(text, cuts) {
  let result = text;
  for (const { start, end, text: replacement } of cuts.toSorted(
    (a, b) => b.start - a.start || b.end - a.end,
  )) {
    // A property that is left out takes its comma along.
    const rest = result.slice(end);
    result =
      result.slice(0, start) +
      replacement +
      (replacement === "" && end > start ? rest.replace(/^\s*,/, "") : rest);
  }
  return result;
}

/**
 * @param {string} path
 * @param {string} text
 */
function parsed(path, text) {
  return typescript.createSourceFile(path, text, typescript.ScriptTarget.ES2023, true);
}

/**
 * The calls of `define…` that are the values of exported constants, by these constants' names.
 * @param {import("typescript").SourceFile} file
 */
function declaredOperators(file) {
  return file.statements.flatMap((statement) =>
    !typescript.isVariableStatement(statement) ||
    statement.modifiers?.some(({ kind }) => kind === typescript.SyntaxKind.ExportKeyword) !== true
      ? []
      : statement.declarationList.declarations.flatMap(({ name, initializer }) =>
          initializer !== undefined && isDefining(initializer)
            ? [{ name: name.getText(), call: initializer }]
            : [],
        ),
  );
}

/** @param {import("typescript").Node} node */
function isDefining(node) {
  return typescript.isCallExpression(node) && node.expression.getText().startsWith("define");
}

/**
 * Those properties of the objects that a `define…` is called with.
 * @template {string} Name
 * @param {import("typescript").Node} root
 * @param {readonly Name[]} names
 * @param {(property: import("typescript").Node, name: Name) => void} visit
 */
function visitProperties(root, names, visit) {
  /** @param {import("typescript").Node} node */
  const look = (node) => {
    const isProperty = typescript.isPropertyAssignment(node) || typescript.isMethodDeclaration(node);
    const name =
      isProperty && isDefining(node.parent.parent)
        ? names.find((each) => each === node.name.getText())
        : undefined;
    if (name === undefined) typescript.forEachChild(node, look);
    else visit(node, name);
  };
  look(root);
}
