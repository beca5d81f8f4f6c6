/** What a file derives by hand and its tests should watch: rules, the values that rules use, and what checks compare. */
import type { Module, RunRecord } from "../../language/check";
import type { Expression, Net, Op, Run, Span } from "../../language/syntax";
import type { SubjectStrength } from "../../protocol";
import type { Node } from "../../runtime/graph";
import {
  forwardOf,
  isRule,
  madeOf,
  passNames,
  placedStatements,
  statementAt,
  type Definition,
} from "../rewriting";
import { coneOf, rootOf } from "../trials";

export interface Subject {
  readonly name: string;
  readonly kind: SubjectStrength["kind"];
  readonly declaration: Op | Net | Run;
  readonly root: Expression;
  /** What is reported as its place. */
  readonly span: Span;
}

type Body = Op | Net | Run;

/** `records`: what each run left behind, where it could be elaborated. */
export function subjectsOf(module: Module, records: ReadonlyMap<string, RunRecord>): Subject[] {
  const found = new Map<Expression, Subject>();
  const add = (subject: Subject): void => {
    if (subject.root.kind !== "hole" && !found.has(subject.root)) found.set(subject.root, subject);
  };
  for (const declaration of module.file.declarations)
    if (declaration.kind === "op" || declaration.kind === "net") rulesOf(declaration).forEach(add);
  for (const record of records.values()) checkedOf(module, record).forEach(add);
  return [...found.values()].sort((a, b) => a.root.start - b.root.start);
}

/** The rules of an op or net, and the definitions that they alone use. */
function rulesOf(declaration: Op | Net): Subject[] {
  const forward = new Set([...forwardOf(declaration)].map(({ statement }) => statement));
  const rules = placedStatements(declaration.body).flatMap(({ statement }) =>
    isRule(statement) ? [statement] : [],
  );
  const used = rules.flatMap(({ value }) => [...madeOf(declaration.body, value)]);
  const values = used.filter(({ statement }) => !forward.has(statement) && !statement.constant);
  return [
    ...rules.map((rule): Subject => ({
      name: `${declaration.name.name} ${rule.mode} ${rule.target.name.name}`,
      kind: "rule",
      declaration,
      root: rule.value,
      span: rule,
    })),
    ...values.map((definition) => subjectOfDefinition(declaration, definition)),
  ];
}

function subjectOfDefinition(declaration: Body, { statement }: Definition): Subject {
  const name = `${declaration.name.name} ${statement.target.name.name}`;
  return { name, kind: "value", declaration, root: statement.value, span: statement };
}

/** What a run's checks compare: expressions in the checks, and named values that no pass starts from. */
function checkedOf(module: Module, record: RunRecord): Subject[] {
  const { run } = record;
  if (run === undefined) return [];
  const roots = record.passes.flatMap(({ root }) => root.node ?? []);
  const gradchecked = record.gradchecks.flatMap(({ of }) => rootOf(of) ?? []);
  const forward = coneOf([...roots, ...gradchecked]);
  // Without a pass nothing is derived: checks of forward values are none of ours.
  if (roots.length === 0) return [];
  const subjects: Subject[] = [];
  const watched = new Set<Node>();
  for (const { condition, place, label } of record.checks) {
    if (condition.kind !== "comparison" || condition.operator !== "~=" || place.file !== module.id) continue;
    const sides = [condition.left, condition.right].map((value) => rootOf(value));
    for (const side of sides) if (side !== undefined) for (const node of coneOf([side])) watched.add(node);
    for (const [i, expression] of condition.expressions.entries()) {
      const node = sides[i];
      if (!isDerivation(expression) || node === undefined || forward.has(node)) continue;
      const name = `${run.name.name} check${label === undefined ? "" : ` "${label}"`}`;
      subjects.push({ name, kind: "check", declaration: run, root: expression, span: expression });
    }
  }
  const bodies = module.file.declarations.filter(
    (each): each is Body => each.kind === "op" || each.kind === "net" || each.kind === "run",
  );
  for (const { role, value, place } of record.named) {
    const { node } = value;
    if (role !== "value" || node === undefined || place.file !== module.id) continue;
    if (forward.has(node) || !watched.has(node) || node.inputs.length === 0) continue;
    const found = statementAt(bodies, place.start);
    if (found?.placed.statement.kind !== "assignment" || found.placed.statement.constant) continue;
    const { statement, loops } = found.placed;
    subjects.push(subjectOfDefinition(found.declaration, { statement, loops }));
  }
  return subjects.filter(({ root }) => isDerivation(root));
}

/** Something written by hand, rather than the name of a value or a pass that is read. */
function isDerivation(expression: Expression): boolean {
  switch (expression.kind) {
    case "binary":
    case "unary":
    case "comprehension":
      return true;
    case "parenthesized":
      return isDerivation(expression.inner);
    case "call":
      return expression.callee.kind === "name" && !passNames.has(expression.callee.name);
    default:
      return false;
  }
}
