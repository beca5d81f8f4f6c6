/** Trees as short texts, so that a test shows what it expects; and problems at marked places. */
import assert from "node:assert/strict";
import {
  parse,
  syntaxMessage,
  type Argument,
  type Expression,
  type File,
  type Index,
  type Statement,
  type SyntaxProblem,
  type Type,
} from "../../../src/language/syntax";

/** The statements of a run's body that holds these lines, which must be without a problem. */
export function soundStatements(body: string): readonly Statement[] {
  const file = parse(`run r {\n${body}\n}`);
  assert.deepEqual(file.errors.map(syntaxMessage), []);
  return statementsOf(file);
}

export function statementsOf(file: File): readonly Statement[] {
  const [run] = file.declarations;
  assert.ok(run !== undefined && "body" in run);
  return run.body.statements;
}

/** An expression with every operator in brackets: `(- (^ x 2))`. */
export function expressionText(text: string): string {
  const [statement] = soundStatements(`  value = ${text}`);
  assert.equal(statement?.kind, "assignment");
  return show(statement.value);
}

export function show(node: Expression): string {
  switch (node.kind) {
    case "number":
      return `${node.value}${node.whole ? "" : "f"}`;
    case "string":
      return JSON.stringify(node.value);
    case "name":
      return node.name;
    case "hole":
      return "?";
    case "missing":
      return "<missing>";
    case "list":
      return `[${node.items.map(show).join(" ")}]`;
    case "comprehension": {
      const { name, from, direction, to } = node.over;
      const range = to === undefined ? show(from) : `${show(from)} ${direction} ${show(to)}`;
      return `[${show(node.item)} for ${name.name} in ${range}]`;
    }
    case "parenthesized":
      return `{${show(node.inner)}}`;
    case "unary":
      return `(${node.operator} ${show(node.operand)})`;
    case "binary":
      return `(${node.operator} ${show(node.left)} ${show(node.right)})`;
    case "comparison":
      return `(${node.operands.map((each, i) => `${i > 0 ? `${node.operators[i - 1]?.operator ?? ""} ` : ""}${show(each)}`).join(" ")})`;
    case "call":
      return `${show(node.callee)}(${node.arguments.map(showArgument).join(", ")})`;
    case "indexing":
      return `${show(node.base)}${showIndex(node.index)}`;
    case "member":
      return `${show(node.base)}.${node.name.name}`;
  }
}

function showArgument({ path, value }: Argument): string {
  if (path === undefined) return show(value);
  const steps = path.steps.map((step) =>
    step.kind === "member" ? `.${step.name.name}` : showIndex(step.index),
  );
  return `${path.name.name}${steps.join("")}=${show(value)}`;
}

export function showIndex({ items }: Index): string {
  const texts = items.map((item) => {
    if (item.kind === "ellipsis") return "...";
    if (item.kind === "new-axis") return "None";
    if (item.kind === "at") return show(item.value);
    const [from, to] = [item.from, item.to].map((part) => (part === undefined ? "" : show(part)));
    return `${from ?? ""}:${to ?? ""}${item.step === undefined ? "" : `:${show(item.step)}`}`;
  });
  return `[${texts.join(", ")}]`;
}

export function showType(type: Type | undefined): string {
  if (type === undefined) return "none";
  return `${type.element}[${type.dims.map((dim) => (dim.kind === "ellipsis" ? "..." : show(dim))).join(", ")}]`;
}

/**
 * The text between ⟦ and ⟧ has the only problem, of this code. Its fix, where one is given, makes the text
 * expected; the fixed text has no problem, unless the test says that it still has.
 */
export function checkProblem(
  marked: string,
  code: string,
  expected: { readonly fixed?: string } = {},
): SyntaxProblem {
  const start = marked.indexOf("⟦");
  const end = marked.indexOf("⟧") - 1;
  assert.ok(start >= 0 && end >= start, "the test marks a place");
  const text = marked.replace(/[⟦⟧]/g, "");
  const { errors } = parse(text);
  assert.deepEqual(
    errors.map((error) => [error.code, error.start, error.end]),
    [[code, start, end]],
  );
  const [problem] = errors;
  assert.ok(problem);
  assert.ok(syntaxMessage(problem).length > 20);
  if (expected.fixed !== undefined) {
    const fixed = applyFix(text, problem);
    assert.equal(fixed, expected.fixed);
    assert.deepEqual(parse(fixed).errors.map(syntaxMessage), []);
  }
  return problem;
}

export function applyFix(text: string, problem: SyntaxProblem): string {
  assert.ok(problem.fix, `${problem.code} has a fix`);
  const edits = [...problem.fix.edits].sort((a, b) => b.start - a.start);
  return edits.reduce(
    (result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end),
    text,
  );
}
