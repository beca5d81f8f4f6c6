/** The ways out where a statement is written as in NumPy, PyTorch or Python: it is offered as it is written here, whole. Knows no editor. */
import { importEdit, type CheckedModule, type Diagnostic, type Edit, type Fix } from "../check";
import { nodeAt, type Block, type Statement, type Visit } from "../syntax";
import { isComment, rewritten, type Rewriting } from "./foreign-expressions";
import { indentOf, lineOf } from "./refactorings";

/** Codes of what may be foreign: unknown names and members, arguments, words and operators of other languages. */
const foreignCodes: ReadonlySet<string> = new Set(
  "NN201 NN205 NN212 NN214 NN215 NN107 NN113 NN114 NN127 NN136".split(" "),
);

/** What is offered besides the diagnostic's own fixes. */
export function foreignFixes(checked: CheckedModule, diagnostic: Diagnostic): readonly Fix[] {
  switch (diagnostic.code) {
    case "NN110":
      return ofBareExpression(checked, diagnostic);
    case "NN123":
      return ofSeed(checked, diagnostic);
    case "NN104":
    case "NN117":
      return ofColon(checked, diagnostic);
    default:
      if (!foreignCodes.has(diagnostic.code)) return [];
      return [
        ...ofImport(checked, diagnostic),
        ...ofComment(checked, diagnostic),
        ...ofCondition(checked, diagnostic),
        ...ofStatement(checked, diagnostic),
      ];
  }
}

/** Longer than this, a title does not say what will be written. */
const longestTitle = 72;

function ofStatement({ module, diagnostics }: CheckedModule, diagnostic: Diagnostic): readonly Fix[] {
  const { file } = module;
  const around = nodeAt(file, diagnostic.place.start).find(isStatement);
  if (around === undefined) return [];
  const { start, end } = around.node;
  const near = diagnostics.filter(({ place }) => place.start >= start && place.end <= end);
  const told = new Set(near.map(({ code, place }) => `${code} ${String(place.start)}`));
  const context: Rewriting = {
    text: file.text,
    told: (code, at) => told.has(`${code} ${String(at)}`),
    tokenEdits: near
      .filter(({ code }) => code.startsWith("NN1") && foreignCodes.has(code))
      .flatMap(({ fixes }) => fixes[0]?.edits ?? [])
      .sort((a, b) => a.start - b.start),
    imports: new Set(),
    inCheck: around.kind === "check",
  };
  const before = file.text.slice(start, end);
  const after = rewritten(context, around);
  if (after === before) return [];
  const bare = after.replace(/\s/g, "");
  const own = diagnostic.fixes.some(
    ({ edits }) => applied(file.text, start, end, edits).replace(/\s/g, "") === bare,
  );
  if (own && context.imports.size === 0) return [];
  const shown = after.includes("\n") || after.length > longestTitle ? undefined : after;
  const imports = [...context.imports].filter((name) => !module.imports.has(name));
  const edits: Edit[] = [{ start, end, newText: after }];
  if (imports.length > 0) edits.unshift(importEdit({ file }, imports.join(", "), "std"));
  const title = shown === undefined ? "Write this in the language's own words" : `Write \`${shown}\``;
  return [{ title: imports.length > 0 ? `${title}, and import what it needs` : title, edits }];
}

const statements: ReadonlySet<string> = new Set(
  "assignment param iterate return rule sample seed check gradcheck show plot const over".split(" "),
);

function isStatement({ kind }: Visit): boolean {
  return statements.has(kind);
}

function applied(text: string, start: number, end: number, edits: readonly Edit[]): string {
  const inside = [...edits].sort((a, b) => b.start - a.start);
  if (inside.some((edit) => edit.start < start || edit.end > end)) return "";
  return inside.reduce(
    (sofar, edit) => sofar.slice(0, edit.start - start) + edit.newText + sofar.slice(edit.end - start),
    text.slice(start, end),
  );
}

/** `y = x // half of it`, as in C. */
function ofComment(
  { module: { file }, diagnostics }: CheckedModule,
  { code, place }: Diagnostic,
): readonly Fix[] {
  if (code !== "NN114" || file.text.slice(place.start, place.end) !== "//") return [];
  const binary = nodeAt(file, place.start).find(({ kind }) => kind === "binary");
  if (binary?.kind !== "binary") return [];
  const told = (asked: string, at: number): boolean =>
    diagnostics.some((each) => each.code === asked && each.place.start === at);
  return isComment({ told }, binary.node.right)
    ? [{ title: "Begin a comment with `#`", edits: [{ start: place.start, end: place.end, newText: "#" }] }]
    : [];
}

/** `seed 0`: both generators are offered. */
function ofSeed({ module: { file } }: CheckedModule, { place }: Diagnostic): readonly Fix[] {
  const seed = nodeAt(file, place.start).find(({ kind }) => kind === "seed");
  if (seed?.kind !== "seed" || seed.node.value.kind === "missing") return [];
  const { value, start, end } = seed.node;
  const number = value.kind === "parenthesized" ? value.inner : value;
  return ["torch", "numpy"].map((generator) =>
    seeded({ start, end }, generator, file.text.slice(number.start, number.end)),
  );
}

function seeded(
  span: { readonly start: number; readonly end: number },
  generator: string,
  number: string,
): Fix {
  const newText = `seed ${generator} ${number}`;
  return { title: `Write \`${newText}\``, edits: [{ ...span, newText }] };
}

/** `torch.manual_seed(0)`, `loss.backward()`, `self.W = …`. */
function ofBareExpression({ module: { file } }: CheckedModule, { place }: Diagnostic): readonly Fix[] {
  const path = nodeAt(file, place.start);
  const statement = path.find(({ kind }) => kind === "assignment");
  const block = path.find(({ kind }) => kind === "block");
  if (statement?.kind !== "assignment") return [];
  const { start, end } = place;
  const text = file.text.slice(start, end);
  const seeding = /^(torch|np|numpy|random)(?:\.random)?\.(?:manual_)?seed\(\s*(\w+)\s*\)$/.exec(text);
  if (seeding?.[2] !== undefined)
    return [seeded({ start, end }, seeding[1] === "torch" ? "torch" : "numpy", seeding[2])];
  if (text.startsWith("self."))
    return [{ title: "Remove `self.`", edits: [{ start, end: start + "self.".length, newText: "" }] }];
  const { value } = statement.node;
  const backward = value.kind === "call" && value.callee.kind === "member" ? value.callee : undefined;
  if (backward?.name.name !== "backward" || block?.kind !== "block") return [];
  const root = file.text.slice(backward.base.start, backward.base.end);
  const newText = `${freePass(block.node)} = backward(${root})`;
  return [{ title: `Write \`${newText}\``, edits: [{ start, end, newText }] }];
}

function freePass({ statements: all }: Block): string {
  const taken = new Set(
    all.flatMap((each: Statement) => (each.kind === "assignment" ? [each.target.name.name] : [])),
  );
  for (let number = 1; ; number++) {
    const name = number === 1 ? "d" : `d${String(number)}`;
    if (!taken.has(name)) return name;
  }
}

/** Longer lines are not looked through for what a condition chooses. */
const longestLine = 300;

/** `y = a if c else b`. */
function ofCondition({ module: { file } }: CheckedModule, { code, place }: Diagnostic): readonly Fix[] {
  if (code !== "NN113" || file.text.slice(place.start, place.end) !== "if") return [];
  const from = file.text.lastIndexOf("\n", place.start) + 1;
  const newline = file.text.indexOf("\n", place.start);
  const line = file.text.slice(from, newline < 0 ? undefined : newline);
  if (line.length > longestLine) return [];
  const parts =
    /^([^=#"]*(?<![=<>!~])=\s*|\s*return\s+)([^#"]+?)\s+if\s+([^#"]+?)\s+else\s+([^#";]+?)(?=\s*(?:[#;].*)?$)/.exec(
      line,
    );
  const [whole, head, chosen, condition, other] = parts ?? [];
  if (whole === undefined || head === undefined || chosen === undefined) return [];
  const newText = `where(${condition ?? ""}, ${chosen}, ${other ?? ""})`;
  const span = { start: from + head.length, end: from + whole.length };
  return [{ title: `Write \`${newText}\``, edits: [{ ...span, newText }] }];
}

/** `for i in 0 to 2:` and the lines that are indented deeper, as Python has it. */
function ofColon({ module: { file } }: CheckedModule, { place }: Diagnostic): readonly Fix[] {
  const { text } = file;
  const newline = text.indexOf("\n", place.start);
  if (text[place.start] !== ":" || newline < 0) return [];
  const rest = text.slice(place.start + 1, newline).trim();
  if (rest !== "" && !rest.startsWith("#")) return [];
  const indent = indentOf(text, place.start);
  const lines = text.slice(newline + 1).split("\n");
  const isInside = (line: string): boolean => line.trim() === "" || indentOf(line, 0).length > indent.length;
  const end = lines.findIndex((line) => !isInside(line));
  const body = (end < 0 ? lines : lines.slice(0, end)).join("\n").trimEnd();
  if (body === "" || lines[end]?.trim() === "}") return [];
  const at = newline + 1 + body.length;
  const edits = [
    { start: place.start, end: place.start + 1, newText: text[place.start - 1] === " " ? "{" : " {" },
    { start: at, end: at, newText: `\n${indent}}` },
  ];
  return [{ title: "Write the body between `{` and `}`", edits }];
}

/** `import numpy as np`, `from torch import nn`: nothing is imported from there. */
function ofImport({ module: { file } }: CheckedModule, { code, place }: Diagnostic): readonly Fix[] {
  if (code !== "NN113") return [];
  const from = file.text.lastIndexOf("\n", place.start - 1) + 1;
  const newline = file.text.indexOf("\n", place.start);
  const line = file.text.slice(from, newline < 0 ? undefined : newline);
  if (!/^\s*(?:import\s+[\w.]+|from\s+[\w.]+\s+import\b)/.test(line)) return [];
  const end = from + line.trimEnd().length;
  return [
    { title: "Delete this import", edits: [{ ...lineOf(file.text, { start: from, end }), newText: "" }] },
  ];
}
