/** What is shown for the name under the pointer: what it is, its shape and where that comes from, its documentation. */
import type { CheckedModule, Module, Place, Value } from "../check";
import { formatDims, formatSize, type Dim } from "../../runtime/tensor";
import type { OpDefinition } from "../../runtime/ops";
import { lineMap, nodeAt, type Span, type Visit } from "../syntax";
import { builtinCallee } from "./callees";
import { declarationAround } from "./completion-scope";
import { equationsMarkdown, type EquationQuestion, type EquationSource } from "./equation-text";
import { followedAt } from "./follow";
import { nameAt, type NameUse } from "./names";
import { wordAt } from "./hover-words";
import { moduleOf } from "./navigation";
import { headText, signatureText, typeOf } from "./value-text";

export interface Hover {
  readonly span: Span;
  readonly markdown: string;
}

/** With `equations`, a node's backward equation is among what is shown. */
export function hoverAt(
  checked: CheckedModule,
  offset: number,
  equations?: EquationSource,
): Hover | undefined {
  const use = nameAt(checked, offset);
  if (use !== undefined) {
    const markdown = use.role === "builtin" ? builtinText(use.name) : nameText(checked.module, use);
    if (markdown === undefined) return undefined;
    const question = equationQuestionAt(checked, offset);
    const backward =
      equations === undefined || question === undefined ? "" : equationsMarkdown(equations(question));
    return { span: use.span, markdown: backward === "" ? markdown : `${markdown}\n\n${backward}` };
  }
  return wordAt(checked, offset) ?? holeAt(checked, offset);
}

const withEquations: ReadonlySet<NameUse["role"]> = new Set(["input", "parameter", "value"]);

/** What equations can be asked of at an offset: a node of the op, net or run around it. */
export function equationQuestionAt(checked: CheckedModule, offset: number): EquationQuestion | undefined {
  const use = nameAt(checked, offset);
  if (use?.symbol === undefined || !withEquations.has(use.role)) return undefined;
  const within = declarationAround(checked, use.span.start);
  if (within === undefined) return undefined;
  const { defines, span } = use;
  const place = defines ? { file: checked.module.id, ...span } : use.symbol;
  return { place, path: followedAt(checked, span.end)?.path ?? use.name, defines, within };
}

function holeAt({ module, facts }: CheckedModule, offset: number): Hover | undefined {
  for (const { place, shape } of facts.at(offset).holes.values()) {
    if (place.file !== module.id || offset < place.start || offset > place.end) continue;
    const needs = shape === undefined ? "" : ` It must have shape \`${formatDims(shape)}\`.`;
    return { span: place, markdown: `An expression still to be written.${needs}` };
  }
  return undefined;
}

const roleNames: Readonly<Partial<Record<NameUse["role"], string>>> = {
  input: "input",
  hyperparameter: "hyperparameter",
  size: "size",
  parameter: "param",
  constant: "const",
  index: "index",
  argument: "argument of the rule",
};

function nameText(module: Module, use: NameUse): string | undefined {
  if (use.symbol === undefined) return undefined;
  const home = moduleOf(module, use.symbol.file);
  const around = home === undefined ? [] : nodeAt(home.file, use.symbol.start);
  const parts = [code(headline(home, use, around))];
  const documentation = documentationOf(around, use.symbol);
  if (documentation !== "") parts.push(documentation);
  if (home !== undefined && use.value !== undefined) parts.push(...originsOf(module, use));
  if (home !== undefined && home !== module) parts.push(`Defined in \`${baseName(home.id)}\`.`);
  return parts.join("\n\n");
}

function headline(home: Module | undefined, use: NameUse, around: readonly Visit[]): string {
  if (home !== undefined && (use.role === "op" || use.role === "net")) {
    const declaration = around.find(({ kind }) => kind === "op" || kind === "net")?.node;
    if (declaration !== undefined && "body" in declaration && "inputs" in declaration) {
      return headText(home, declaration);
    }
  }
  if (use.role === "run" || use.role === "const") {
    const written = around.find(({ kind }) => kind === "const")?.node;
    return written === undefined || home === undefined
      ? `${use.role} ${use.name}`
      : statementText(home, written);
  }
  const role = roleNames[use.role];
  const type = use.value === undefined ? "" : typeOf(use.value);
  const separator = use.value?.kind === "number" || use.value?.kind === "pass" ? " = " : ": ";
  const title = `${role === undefined ? "" : `${role} `}${use.name}${type === "" ? "" : separator + type}`;
  const statement = around.find(
    ({ kind }) => kind === "assignment" || kind === "param" || kind === "iterate",
  )?.node;
  if (statement === undefined || home === undefined) return title;
  const written = statementText(home, statement);
  // A statement with its type says it all.
  return written.startsWith(title) ? written : `${title}\n${written}`;
}

/** The statement as written, shortened to a few lines. */
function statementText({ file: { text } }: Module, { start, end }: Span): string {
  const lines = text.slice(start, end).split("\n");
  return lines.length > 4 ? [...lines.slice(0, 3), "…"].join("\n") : lines.join("\n");
}

function documentationOf(around: readonly Visit[], symbol: Place): string {
  for (const { kind, node } of around) {
    if (kind === "block" || kind === "input") return "";
    if ("documentation" in node && node.start <= symbol.start) return node.documentation;
  }
  return "";
}

/** `N` from `X`, line 8: for each dimension whose origin is another name. */
function originsOf(module: Module, { name, value }: NameUse): readonly string[] {
  if (value === undefined) return [];
  const shape = value.kind === "instance" ? resultShape(value.state.result) : resultShape(value);
  const lines = new Set<string>();
  for (const { size, origin } of shape ?? []) {
    if (origin === undefined || origin.name.replaceAll("`", "") === name) continue;
    if (formatSize(size).includes("…")) continue; // one of those that `...` stands for
    // The checker is the only one that makes origins, and gives them places in files.
    const place = origin.place as Place | undefined;
    const home = place && moduleOf(module, place.file);
    if (place === undefined || home === undefined) continue;
    const line = String(lineMap(home.file.text).positionAt(place.start).line + 1);
    const where = home === module ? `line ${line}` : `line ${line} of ${baseName(home.id)}`;
    lines.add(`- \`${formatSize(size)}\` from \`${origin.name.replaceAll("`", "")}\`, ${where}`);
  }
  return lines.size === 0 ? [] : [[...lines].join("\n")];
}

function resultShape(value: Value): readonly Dim[] | undefined {
  return value.kind === "tensor" ? value.shape : undefined;
}

/** A builtin's signature, documentation, formula and derivative. */
export function builtinText(name: string): string | undefined {
  const callee = builtinCallee(name);
  if (callee === undefined) return undefined;
  const signature = code(signatureText(callee));
  if (callee.kind === "builtin") return `${signature}\n\n${callee.builtin.doc}`;
  return callee.kind === "operator" ? `${signature}\n\n${operatorText(callee.op)}` : signature;
}

export function operatorText({ doc, formula, derivative }: OpDefinition): string {
  return `${doc}\n\n- \`${formula}\`\n- derivative: \`${derivative}\``;
}

function code(text: string): string {
  return `\`\`\`nnspec\n${text}\n\`\`\``;
}

function baseName(id: string): string {
  return decodeURIComponent(id.slice(id.lastIndexOf("/") + 1));
}
