/** Refactorings about derivative rules: a hand-derived node as a rule, and the rules that are still missing. Knows no editor. */
import { cotangentName, hasRule, ruleInsertions, ruleTargets, type CheckedModule, type Edit } from "../check";
import { nodeAt, type Assignment, type Span } from "../syntax";
import { declarationAround } from "./completion-scope";
import { nameAt, usesOfSymbol } from "./names";
import type { Refactoring } from "./refactorings";

/** `dW1 = X.T @ dz` in a net or op becomes the rule for W1, which passes and checks then use. */
export function ruleFromNode(checked: CheckedModule, offset: number): readonly Refactoring[] {
  const { file } = checked.module;
  const around = declarationAround(checked, offset);
  if (around?.kind !== "net" && around?.kind !== "op") return [];
  const visited = nodeAt(file, offset).find(({ kind }) => kind === "assignment");
  if (visited?.kind !== "assignment") return [];
  const { target, constant, value } = visited.node;
  const key = file.text.slice(target.start, target.end);
  const input = ruleTargets(around).find(
    (each) => gradientNames(each).includes(key) && !hasRule(file, around, "vjp", each),
  );
  if (constant || input === undefined || value.kind === "missing") return [];
  const cotangent = cotangentName(file, around);
  const scalar = around.result?.dims.length === 0;
  const written = file.text.slice(value.start, value.end);
  const isUsed = usesOf(checked, visited.node) > 0;
  const expression = isUsed ? key : written;
  const inner = /^[\w.[\]']+$/u.test(expression) ? expression : `(${expression})`;
  // The node is the gradient where the result's own cotangent is 1; the rule is for any.
  const rule = `vjp ${input}(${cotangent}) = ${scalar ? `${cotangent} * ${inner}` : expression}`;
  const edits: Edit[] = isUsed
    ? [insertionBelow(file.text, visited.node, rule)]
    : [{ start: visited.node.start, end: visited.node.end, newText: rule }];
  return [{ title: `Turn \`${key}\` into the rule \`vjp ${input}\``, kind: "rewrite", edits }];
}

/** Adds the rules that an op or net does not have yet, each with a hole; on its name a hint may offer them already. */
export function insertRules(checked: CheckedModule, offset: number): readonly Refactoring[] {
  const { module, diagnostics } = checked;
  const around = declarationAround(checked, offset);
  if (around?.kind !== "op" && around?.kind !== "net") return [];
  const use = nameAt(checked, offset);
  const onHead = offset <= around.body.start && offset >= around.start;
  const onRule = nodeAt(module.file, offset).some(({ kind }) => kind === "rule");
  if (!onHead && !onRule && use?.role !== "input") return [];
  const offered = new Set(
    diagnostics
      .filter(({ place }) => place.start <= offset && offset <= place.end)
      .flatMap(({ fixes }) => fixes.map(({ title }) => title)),
  );
  return ruleInsertions(module.file, around)
    .filter(({ title }) => !offered.has(title))
    .map(({ title, edits }) => ({ title, kind: "rewrite", edits }));
}

/** What hand-derived gradients of a name are called: dW, d_W, grad_W, W_grad. */
function gradientNames(input: string): readonly string[] {
  return [`d${input}`, `d_${input}`, `D${input}`, `grad_${input}`, `${input}_grad`, `g_${input}`];
}

function usesOf(checked: CheckedModule, { target }: Assignment): number {
  const place = { file: checked.module.id, start: target.name.start, end: target.name.end };
  return usesOfSymbol(checked, place, target.name.name).filter(({ defines }) => !defines).length;
}

function insertionBelow(text: string, statement: Span, line: string): Edit {
  const indent = /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", statement.start - 1) + 1))?.[0] ?? "";
  return { start: statement.end, end: statement.end, newText: `\n${indent}${line}` };
}
