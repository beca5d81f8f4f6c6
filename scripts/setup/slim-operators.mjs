// Owns what of the operators' declarations ships, and where: their samples are for tests and the operators' page, and the language
// server evaluates nothing; what is left out here is read by nobody in the bundle. Of the rest it can put into a part (`split-bundle`)
// what is not needed at once: there an operator's object gets these properties when one of them is first read.
import { readdirSync, readFileSync } from "node:fs";
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

/**
 * @typedef {keyof typeof replacements} Left A property that may be left out.
 * @typedef {"doc" | "formula" | "derivative" | "vjp" | "jvp"} Later One that may come later.
 */

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
      build.onResolve({ filter: /^operators:/ }, ({ path: asked }) => ({
        path: asked,
        namespace: "operators",
      }));
      build.onLoad({ filter: /^operators:later$/, namespace: "operators" }, () => ({
        contents: allLater(folder),
        loader: "ts",
        resolveDir: folder,
      }));
      build.onLoad({ filter: /^operators:with-later$/, namespace: "operators" }, () => ({
        contents: withLater(later),
        loader: "ts",
      }));
      build.onLoad({ filter: /^operators:file:/, namespace: "operators" }, ({ path: asked }) => {
        const file = asked.slice("operators:file:".length);
        return {
          contents: laterIn(file, readFileSync(file, "utf8"), later),
          loader: "ts",
          resolveDir: path.dirname(file),
        };
      });
    },
  };
}

/**
 * Gives an operator getters for what it is without.
 * @param {readonly Later[]} properties
 */
function withLater(properties) {
  return `import { later } from "operators:later";
export function withLater(name, operator) {
  for (const each of ${JSON.stringify(properties)})
    if (operator[each] === undefined) Object.defineProperty(operator, each, { get: () => later(name)[each] });
  return operator;
}`;
}

/** @param {string} text */
function declares(text) {
  return /\bdefine\w+\(/.test(text);
}

/**
 * `later("exp")` has the properties of the operator that is declared as `exp`.
 * @param {string} folder
 */
function allLater(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((file) => declarations.test(file) && declares(readFileSync(file, "utf8")));
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
