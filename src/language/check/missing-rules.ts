/** Which derivative rules an op or net could still be given, from its text alone; and the hint where it has some already. */
import { tokensIn, type File, type Net, type Op, type Rule, type Statement } from "../syntax";
import { problems } from "./diagnostics/catalogue";
import type { Diagnostic, Edit, Fix } from "./diagnostics/diagnostic";
import type { Module } from "./module";

/** The ops that have rules of one kind for some of their float inputs, and the nets that have them for some of their parameters. */
export function missingRuleProblems({ id, file }: Module): Diagnostic[] {
  return file.declarations.flatMap((declaration) => {
    if (declaration.kind !== "op" && declaration.kind !== "net") return [];
    const { name, start, end } = declaration.name;
    const wanted = declaration.kind === "op" ? floatInputs(declaration) : parametersOf(declaration);
    if (name === "" || wanted.length < 2) return [];
    return (["vjp", "jvp"] as const).flatMap((mode): Diagnostic[] => {
      const inputs = unruled(file, declaration, mode, wanted);
      if (inputs.length === 0 || inputs.length === wanted.length) return [];
      const fix = insertion(file, declaration, mode, inputs);
      const problem = problems.missingRule(name, mode, inputs.map((input) => `\`${input}\``).join(", "));
      return [
        { ...problem, place: { file: id, start, end }, related: [], fixes: fix === undefined ? [] : [fix] },
      ];
    });
  });
}

/** For each kind the rules that a declaration has not, each with a hole: of an op's inputs, of a net's inputs and parameters. */
export function ruleInsertions(file: File, declaration: Op | Net): readonly Fix[] {
  return (["vjp", "jvp"] as const).flatMap((mode) => {
    const inputs = unruled(file, declaration, mode, ruleTargets(declaration));
    const fix = inputs.length === 0 ? undefined : insertion(file, declaration, mode, inputs);
    return fix === undefined ? [] : [fix];
  });
}

/** What rules may be for: the float inputs, and a net's parameters. */
export function ruleTargets(declaration: Op | Net): readonly string[] {
  return [...floatInputs(declaration), ...(declaration.kind === "net" ? parametersOf(declaration) : [])];
}

export function hasRule(file: File, declaration: Op | Net, mode: Rule["mode"], input: string): boolean {
  return rulesIn(declaration).some(
    ({ mode: own, target }) =>
      own === mode && file.text.slice(target.start, target.end).replaceAll(/\s/g, "") === input,
  );
}

/** What the cotangent is called in the rules there are, or may be called in a new one. */
export function cotangentName(file: File, declaration: Op | Net): string {
  const first = rulesIn(declaration).find(({ mode, argument }) => mode === "vjp" && argument.name !== "");
  if (first !== undefined) return first.argument.name;
  const taken = new Set(tokensIn(file, declaration).map(({ text }) => text));
  return ["u", "v", "w", "cotangent"].find((name) => !taken.has(name)) ?? "cotangent_";
}

function unruled(
  file: File,
  declaration: Op | Net,
  mode: Rule["mode"],
  inputs: readonly string[],
): readonly string[] {
  return inputs.filter((input) => !hasRule(file, declaration, mode, input));
}

/** Undefined where the body has no end yet. */
function insertion(
  file: File,
  declaration: Op | Net,
  mode: Rule["mode"],
  inputs: readonly string[],
): Fix | undefined {
  if (file.text[declaration.body.end - 1] !== "}") return undefined;
  const cotangent = cotangentName(file, declaration);
  const lines = inputs.map((input) => {
    const argument = mode === "vjp" ? cotangent : `d${input.replace(/\[.*/, "")}`;
    return `${mode} ${input}(${argument}) = ?`;
  });
  return {
    title: `Insert the missing ${mode} rule${inputs.length === 1 ? "" : "s"} for ${inputs.join(", ")}`,
    edits: [linesAtEnd(file.text, declaration, lines)],
  };
}

function linesAtEnd(text: string, { start, body }: Op | Net, lines: readonly string[]): Edit {
  const indent = /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", start - 1) + 1))?.[0] ?? "";
  const closing = body.end - 1;
  const from = text.slice(0, closing).trimEnd().length;
  const newText = `\n${lines.map((line) => `${indent}  ${line}\n`).join("")}${indent}`;
  return { start: from, end: closing, newText };
}

function floatInputs({ inputs }: Op | Net): readonly string[] {
  return inputs.flatMap(({ name, type }) =>
    type?.element === "float" && name.name !== "" ? [name.name] : [],
  );
}

/** Members of families are left out: how many there are, a run says. */
function parametersOf({ body }: Net): readonly string[] {
  return body.statements.flatMap((statement) =>
    statement.kind === "param" && statement.target.indices.length === 0 && statement.target.name.name !== ""
      ? [statement.target.name.name]
      : [],
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
