/** Changes that keep what a text means: naming an expression, and writing a name's expression where it is used. Knows no editor. */
import type { CheckedModule, Edit } from "../check";
import { callableOperators } from "../../runtime/ops";
import {
  nodeAt,
  tokensIn,
  walkFrom,
  type Assignment,
  type Block,
  type Expression,
  type Span,
  type Visit,
} from "../syntax";
import { declarationAround } from "./completion-scope";
import { nameAt, namesNear, usesOfSymbol } from "./names";
import { insertRules, ruleFromNode } from "./rule-refactorings";

export interface Refactoring {
  readonly title: string;
  readonly kind: "extract" | "inline" | "rewrite";
  readonly edits: readonly Edit[];
}

/** What is offered for a selection; for a cursor its span is empty. */
export function refactoringsIn(checked: CheckedModule, span: Span): readonly Refactoring[] {
  return [
    ...(span.start === span.end ? [] : extractNode(checked, span)),
    ...inlineNode(checked, span.start),
    ...ruleFromNode(checked, span.start),
    ...insertRules(checked, span.start),
  ];
}

/** `o = relu(X @ W) @ V` with `X @ W` selected becomes `z = X @ W` and `o = relu(z) @ V`. */
function extractNode(checked: CheckedModule, span: Span): readonly Refactoring[] {
  const { file } = checked.module;
  const selected = trimmed(file.text, span);
  const path = nodeAt(file, selected.start);
  const expression = path.find(
    (visited) =>
      isExpression(visited) && visited.node.start === selected.start && visited.node.end === selected.end,
  );
  const statement = path.find(isInBody)?.node;
  if (expression === undefined || statement === undefined || !extractable.has(expression.kind)) return [];
  if (!("kind" in statement) || !takesNodes.has(statement.kind)) return [];
  if (path.some(({ kind, node }) => kind === "type" && node.start <= selected.start)) return [];
  if (statement.kind === "assignment" && statement.target.name.name === "") return []; // an expression alone
  if (file.errors.some(({ start, end }) => start <= selected.end && end >= selected.start)) return [];
  if (usesInnerNames(checked, statement, selected)) return [];
  if (isClose(expression)) return [];
  const name = freshName(checked, statement.start);
  const text = file.text.slice(selected.start, selected.end);
  const word = isCompileTime(checked, expression) ? "const " : "";
  const newText = `${word}${name} = ${text}${startsLine(file.text, statement.start) ? `\n${indentOf(file.text, statement.start)}` : "; "}`;
  return [
    {
      title: `Name this expression \`${name}\``,
      kind: "extract",
      edits: [
        { start: statement.start, end: statement.start, newText },
        { ...selected, newText: name },
      ],
    },
  ];
}

const extractable: ReadonlySet<string> = new Set([
  "binary",
  "unary",
  "comparison",
  "call",
  "indexing",
  "member",
  "list",
  "parenthesized",
]);

/** Statements whose expressions are computed where they stand. */
const takesNodes: ReadonlySet<string> = new Set([
  "assignment",
  "return",
  "rule",
  "check",
  "gradcheck",
  "show",
  "plot",
]);

function isExpression({ kind }: Visit): boolean {
  return extractable.has(kind) || kind === "name";
}

function isInBody({ kind }: Visit): boolean {
  return (
    takesNodes.has(kind) || kind === "param" || kind === "sample" || kind === "iterate" || kind === "seed"
  );
}

/** `~=` stands in a check alone. */
function isClose(expression: Visit): boolean {
  let found = false;
  walkFrom(expression, ({ kind, node }) => {
    found ||= kind === "comparison" && node.operators.some(({ operator }) => operator === "~=");
  });
  return found;
}

/** Whether nothing in it is a tensor: where a compile-time value is needed only such a one stands, and a constant may stand for it. */
function isCompileTime(checked: CheckedModule, expression: Visit): boolean {
  const names = new Map(namesNear(checked, expression.node).map((use) => [use.span.start, use]));
  let known = true;
  walkFrom(expression, ({ kind, node }) => {
    if (kind === "call") {
      const name = node.callee.kind === "name" ? node.callee.name : "";
      if (measures.has(name)) return false; // what they say of a tensor is known before anything runs
      // A function of numbers is a number; of lists it is a tensor, and what makes tensors is none of the operators.
      known &&= callableOperators.has(name) && node.arguments.every(({ value }) => value.kind !== "list");
    } else if (kind === "name" && !literals.has(node.name)) {
      const use = names.get(node.start);
      known &&= use !== undefined && !carriesTensor.has(use.role);
    }
    return known;
  });
  return known;
}

const measures: ReadonlySet<string> = new Set(["shape", "size", "len"]);
const literals: ReadonlySet<string> = new Set(["pi", "inf", "nan", "true", "false"]);
const carriesTensor: ReadonlySet<string> = new Set(["input", "parameter", "value", "argument", "net"]);

/** A rule's cotangent and a comprehension's index are not known before the statement. */
function usesInnerNames(checked: CheckedModule, statement: Span, selected: Span): boolean {
  const inside = (outer: Span, inner: Span): boolean => inner.start >= outer.start && inner.end <= outer.end;
  return namesNear(checked, selected).some(
    ({ span, symbol, role }) =>
      (role === "argument" || role === "index") &&
      symbol !== undefined &&
      inside(selected, span) &&
      inside(statement, symbol) &&
      !inside(selected, symbol),
  );
}

function freshName(checked: CheckedModule, at: number): string {
  const around = declarationAround(checked, at);
  const taken = new Set(
    (around === undefined ? [] : tokensIn(checked.module.file, around)).map(({ text }) => text),
  );
  for (const name of ["value", "inner", "part"]) if (!taken.has(name)) return name;
  for (let number = 1; ; number++) if (!taken.has(`value${String(number)}`)) return `value${String(number)}`;
}

/** Writes a node's expression wherever its name stands, and removes the name. */
function inlineNode(checked: CheckedModule, offset: number): readonly Refactoring[] {
  const { file, id } = checked.module;
  const use = nameAt(checked, offset);
  if (use?.role !== "value" || use.symbol?.file !== id) return [];
  const definition = assignmentAt(checked, use.symbol.start);
  if (definition === undefined) return [];
  const { assignment, block } = definition;
  const uses = usesOfSymbol(checked, use.symbol, use.name).filter(({ defines }) => !defines);
  // A node that is read through its instance or a pass has to keep its name.
  const plain = uses.every(
    ({ span }) => span.start > assignment.end && nodeAt(file, span.start)[0]?.kind === "name",
  );
  if (uses.some(({ span }) => isMoved(nodeAt(file, span.start)))) return [];
  const inBody = uses.every(({ span }) => span.start >= block.start && span.end <= block.end);
  if (uses.length === 0 || !plain || !inBody || capturesLater(checked, assignment, uses)) return [];
  const text = file.text.slice(assignment.value.start, assignment.value.end);
  return [
    {
      title: `Write \`${use.name}\` out where it is used, and remove it`,
      kind: "inline",
      edits: [
        { ...lineOf(file.text, assignment), newText: "" },
        ...uses.map(({ span }) => ({
          ...span,
          newText: needsBrackets(assignment.value, nodeAt(file, span.start)[1]) ? `(${text})` : text,
        })),
      ],
    },
  ];
}

/** Where a node itself is asked for, as in `jvp(x, v)`, `d[x]` or `wrt x`, its expression would be another node. */
function isMoved(path: readonly Visit[]): boolean {
  const [use, around, outer] = path;
  if (around?.kind === "at") return true;
  if (around?.kind === "gradcheck") return around.node.wrt.some((each) => each === use?.node);
  const call = around?.kind === "argument" ? outer : undefined;
  return call?.kind === "call" && call.node.callee.kind === "name" && movers.has(call.node.callee.name);
}

const movers: ReadonlySet<string> = new Set(["jvp", "jacobian", "hessian", "hvp"]);

/** The plain assignment whose name stands at an offset, and the block around it. */
function assignmentAt(
  { module: { file } }: CheckedModule,
  start: number,
): { readonly assignment: Assignment; readonly block: Block } | undefined {
  const path = nodeAt(file, start);
  const at = path.findIndex(({ kind }) => kind === "assignment");
  const visited = path[at];
  const block = path.slice(at + 1).find(({ kind }) => kind === "block");
  if (visited?.kind !== "assignment" || block?.kind !== "block") return undefined;
  const { constant, target, type, value } = visited.node;
  const isPlain =
    !constant && target.indices.length === 0 && type === undefined && target.name.start === start;
  return isPlain && value.kind !== "missing" && value.kind !== "hole"
    ? { assignment: visited.node, block: block.node }
    : undefined;
}

/** Whether a name in the expression is another value where it would be written: families and loops make that possible. */
function capturesLater(
  checked: CheckedModule,
  { value }: Assignment,
  uses: readonly { readonly span: Span }[],
): boolean {
  const inLoop = (offset: number): number =>
    nodeAt(checked.module.file, offset).filter(({ kind }) => kind === "for" || kind === "comprehension")
      .length;
  const depth = inLoop(value.start);
  const isDraw = namesNear(checked, value).some(
    ({ role, name, span }) =>
      role === "builtin" && span.start >= value.start && span.end <= value.end && drawing.has(name),
  );
  // A draw happens once; written twice, or in a loop, it would happen as often.
  return isDraw ? uses.length > 1 || uses.some(({ span }) => inLoop(span.start) > depth) : false;
}

const drawing: ReadonlySet<string> = new Set(
  "rand randn uniform normal randint randperm bernoulli dropout xavier_uniform xavier_normal kaiming_uniform kaiming_normal orthogonal".split(
    " ",
  ),
);

function needsBrackets(value: Expression, around: Visit | undefined): boolean {
  if (value.kind !== "binary" && value.kind !== "unary" && value.kind !== "comparison") return false;
  return (
    around === undefined ||
    ["binary", "unary", "comparison", "member", "indexing", "call"].includes(around.kind)
  );
}

/** The statement with its line, where nothing else is on it; a comment behind it takes its place. */
export function lineOf(text: string, { start, end }: Span): Span {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const newline = text.indexOf("\n", end);
  const to = newline < 0 ? text.length : newline + 1;
  const rest = text.slice(end, to).trim();
  if (text.slice(from, start).trim() === "" && rest === "") return { start: from, end: to };
  const isAlone = text.slice(from, start).trim() === "" && rest.startsWith("#");
  const separator = (isAlone ? /^[ \t]*/ : /^[ \t]*;[ \t]*/).exec(text.slice(end));
  return { start, end: end + (separator?.[0].length ?? 0) };
}

function trimmed(text: string, { start, end }: Span): Span {
  const part = text.slice(start, end);
  return {
    start: start + (part.length - part.trimStart().length),
    end: end - (part.length - part.trimEnd().length),
  };
}

export function indentOf(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", offset - 1) + 1))?.[0] ?? "";
}

export function startsLine(text: string, offset: number): boolean {
  return text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset).trim() === "";
}
