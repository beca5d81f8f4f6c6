// Owns how the panel's style sheets ship: what stands in css`…` of its sources is written by esbuild without blanks and comments.
import { readFileSync } from "node:fs";
import { transform } from "esbuild";
import typescript from "typescript";

const sources = /[\\/]src[\\/]hosts[\\/]webview[\\/].*\.ts$/;

/** @type {import("esbuild").Plugin} */
export const slimStyles = {
  name: "slim-styles",
  setup(build) {
    build.onLoad({ filter: sources, namespace: "file" }, async ({ path: file }) => ({
      contents: await slimmed(file, readFileSync(file, "utf8")),
      loader: "ts",
    }));
  },
};

/**
 * The same source with its style sheets written shortly; every line of code stays on its line.
 * @param {string} file
 * @param {string} text
 */
export async function slimmed(file, text) {
  let result = text;
  // From the end, so that what is before stays at its place.
  for (const template of styleSheets(file, text).reverse()) {
    const [start, end] = [template.getStart(), template.getEnd()];
    const { code } = await transform(template.text, { loader: "css", minify: true, charset: "utf8" });
    const lines = text.slice(start, end).split("\n").length - 1;
    const literal = code.trim().replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${");
    result = `${result.slice(0, start)}\`${literal}\`${"\n".repeat(lines)}${result.slice(end)}`;
  }
  return result;
}

/**
 * What is in css`…`, where nothing is put into it.
 * @param {string} path
 * @param {string} text
 */
function styleSheets(path, text) {
  /** @type {import("typescript").NoSubstitutionTemplateLiteral[]} */
  const found = [];
  /** @param {import("typescript").Node} node */
  const visit = (node) => {
    if (
      typescript.isTaggedTemplateExpression(node) &&
      node.tag.getText() === "css" &&
      typescript.isNoSubstitutionTemplateLiteral(node.template)
    )
      found.push(node.template);
    typescript.forEachChild(node, visit);
  };
  if (text.includes("css`"))
    visit(typescript.createSourceFile(path, text, typescript.ScriptTarget.ES2023, true));
  return found;
}
