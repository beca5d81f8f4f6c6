/** Refactorings about derivative rules: a hand-derived node as a rule, and the rules that are still missing. Knows no editor. */
import type { CheckedModule, Edit } from "../check";
import {
  nodeAt,
  type Assignment,
  type Net,
  type Op,
  type Rule,
  type Span,
  type Statement,
  tokensIn,
} from "../syntax";
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
  const input = targetsOf(around).find(
    (each) =>
      gradientNames(each).includes(key) &&
      !rulesIn(around).some((rule) => isFor(file.text, rule, "vjp", each)),
  );
  if (constant || input === undefined || value.kind === "missing") return [];
  const cotangent = freeCotangent(checked, around);
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

/** Adds the rules that an op, or the parameters of a net that has some already, do not have yet: each with a hole. */
export function insertRules(checked: CheckedModule, offset: number): readonly Refactoring[] {
  const { file } = checked.module;
  const around = declarationAround(checked, offset);
  if (around?.kind !== "op" && around?.kind !== "net") return [];
  const use = nameAt(checked, offset);
  const onHead = offset <= around.body.start && offset >= around.start;
  const onRule = nodeAt(file, offset).some(({ kind }) => kind === "rule");
  if (!onHead && !onRule && use?.role !== "input") return [];
  return (["vjp", "jvp"] as const).flatMap((mode): Refactoring[] => {
    const rules = rulesIn(around);
    const missing = targetsOf(around).filter(
      (input) => !rules.some((rule) => isFor(file.text, rule, mode, input)),
    );
    if (missing.length === 0 || file.text[around.body.end - 1] !== "}") return [];
    const cotangent = freeCotangent(checked, around);
    const lines = missing.map((input) => {
      const argument = mode === "vjp" ? cotangent : `d${input.replace(/\[.*/, "")}`;
      return `${mode} ${input}(${argument}) = ?`;
    });
    return [
      {
        title: `Insert the missing ${mode} rule${missing.length === 1 ? "" : "s"} for ${missing.join(", ")}`,
        kind: "rewrite",
        edits: [insertionAtEnd(file.text, around, lines)],
      },
    ];
  });
}

/** What rules may be for: the float inputs, and a net's parameters. */
function targetsOf(declaration: Op | Net): readonly string[] {
  const inputs = declaration.inputs.flatMap(({ name, type }) =>
    type?.element === "float" ? [name.name] : [],
  );
  const parameters = declaration.kind === "net" ? parametersIn(declaration.body.statements) : [];
  return [...inputs, ...parameters].filter((name) => name !== "");
}

function parametersIn(statements: readonly Statement[]): readonly string[] {
  return statements.flatMap((statement) =>
    statement.kind === "param" && statement.target.indices.length === 0 ? [statement.target.name.name] : [],
  );
}

function rulesIn({ body }: Op | Net): readonly Rule[] {
  const inBlock = (statements: readonly Statement[]): readonly Rule[] =>
    statements.flatMap((statement) =>
      statement.kind === "rule"
        ? [statement]
        : statement.kind === "for"
          ? inBlock(statement.body.statements)
          : [],
    );
  return inBlock(body.statements);
}

function isFor(text: string, { mode, target }: Rule, wanted: Rule["mode"], input: string): boolean {
  return mode === wanted && text.slice(target.start, target.end).replaceAll(/\s/g, "") === input;
}

/** What hand-derived gradients of a name are called: dW, d_W, grad_W, W_grad. */
function gradientNames(input: string): readonly string[] {
  return [`d${input}`, `d_${input}`, `D${input}`, `grad_${input}`, `${input}_grad`, `g_${input}`];
}

function usesOf(checked: CheckedModule, { target }: Assignment): number {
  const place = { file: checked.module.id, start: target.name.start, end: target.name.end };
  return usesOfSymbol(checked, place, target.name.name).filter(({ defines }) => !defines).length;
}

function freeCotangent({ module: { file } }: CheckedModule, around: Op | Net): string {
  const [first] = rulesIn(around);
  if (first !== undefined && first.mode === "vjp" && first.argument.name !== "") return first.argument.name;
  const taken = new Set(tokensIn(file, around).map(({ text }) => text));
  return ["u", "v", "w", "cotangent"].find((name) => !taken.has(name)) ?? "cotangent_";
}

function insertionBelow(text: string, statement: Span, line: string): Edit {
  const indent = /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", statement.start - 1) + 1))?.[0] ?? "";
  return { start: statement.end, end: statement.end, newText: `\n${indent}${line}` };
}

function insertionAtEnd(text: string, { start, body }: Op | Net, lines: readonly string[]): Edit {
  const indent = /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", start - 1) + 1))?.[0] ?? "";
  const closing = body.end - 1;
  const from = text.slice(0, closing).trimEnd().length;
  return {
    start: from,
    end: closing,
    newText: `\n${lines.map((line) => `${indent}  ${line}\n`).join("")}${indent}`,
  };
}
