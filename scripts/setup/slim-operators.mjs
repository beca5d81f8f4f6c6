// Owns what of the operators' declarations ships: their samples are for tests and the operators' page, and the language server
// evaluates nothing. What is left out here is read by nobody in the bundle.
import { readFileSync } from "node:fs";
import typescript from "typescript";

/**
 * What stands in place of a property.
 * @typedef {keyof typeof replacements} Property
 */
const replacements = {
  samples: "samples: []",
  refused: "refused: []",
  forward: 'forward() { throw new Error("operators are not evaluated here"); }',
  branch: "",
  doc: 'doc: ""',
  formula: 'formula: ""',
  derivative: 'derivative: ""',
};

/**
 * @param {readonly Property[]} properties of the object that each declaration is a call with
 * @returns {import("esbuild").Plugin}
 */
export function slimOperators(properties) {
  return {
    name: "slim-operators",
    setup(build) {
      build.onLoad({ filter: /[\\/]src[\\/]runtime[\\/]ops[\\/][a-z]+[\\/][^\\/]+\.ts$/ }, ({ path }) => ({
        contents: slimmed(path, readFileSync(path, "utf8"), properties),
        loader: "ts",
      }));
    },
  };
}

/**
 * @param {string} path
 * @param {string} text
 * @param {readonly Property[]} properties
 */
function slimmed(path, text, properties) {
  if (!/\bdefine\w+\(/.test(text)) return text;
  const file = typescript.createSourceFile(path, text, typescript.ScriptTarget.ES2023, true);
  /** @type {{ start: number, end: number, text: string }[]} */
  const cuts = [];
  /** @param {import("typescript").Node} node */
  const visit = (node) => {
    const property = properties.find((name) => isDeclared(node, name));
    if (property === undefined) typescript.forEachChild(node, visit);
    else cuts.push({ start: node.getStart(), end: node.getEnd(), text: replacements[property] });
  };
  visit(file);
  let result = text;
  for (const { start, end, text: replacement } of cuts.reverse()) {
    // A property that is left out takes its comma along.
    const rest = result.slice(end);
    result = result.slice(0, start) + replacement + (replacement === "" ? rest.replace(/^\s*,/, "") : rest);
  }
  return result;
}

/**
 * Whether the node is that property of an object that a `define…` is called with.
 * @param {import("typescript").Node} node
 * @param {string} name
 */
function isDeclared(node, name) {
  if (!typescript.isPropertyAssignment(node) && !typescript.isMethodDeclaration(node)) return false;
  const call = node.parent.parent;
  return (
    typescript.isCallExpression(call) &&
    call.expression.getText().startsWith("define") &&
    node.name.getText() === name
  );
}
