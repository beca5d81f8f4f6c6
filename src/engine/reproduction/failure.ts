/** What fails, and whether another text fails in the same way: judged first by cheap trials, then by executing it as a user would. */
import { ModuleLoader, type Module } from "../../language/check";
import type { CheckReport, Explanation, ExplanationKind, GradcheckReport } from "../../protocol";
import { execute, type EngineFile, type EngineHost } from "../execute";
import { makeLibrary } from "../library";
import { tryRun } from "../trials";

/** One failing statement of one run. */
export interface Failure {
  readonly run: string;
  readonly kind: "check" | "gradcheck";
  /** Of the first thing that is blamed; null where nothing is. */
  readonly explanation: Told | null;
  /** "Net vjp W": what is blamed, indices aside; undefined of a check whose sides are at fault themselves. */
  readonly rule: string | undefined;
}

/** What must stay the same of an explanation: indices and sizes may become others. */
interface Told {
  readonly kind: ExplanationKind;
  readonly expression: string | null;
  readonly constants: readonly Constant[];
}

/** A factor that is missing or too much: it stays the same number, or keeps its meaning, as in "1 / N". */
interface Constant {
  readonly factor: number;
  readonly symbol: string | null;
}

export interface Outcome {
  readonly explanation: Explanation | null;
  readonly message: string;
}

export interface Judging {
  readonly host: EngineHost;
  readonly id: string;
  readonly poll: () => void;
}

export function failureOfCheck(run: string, check: CheckReport): Failure {
  return { run, kind: "check", explanation: told(check.explanation), rule: ruleOfCheck(check) };
}

function ruleOfCheck({ blame: [first] = [] }: CheckReport): string | undefined {
  return first && ruleOf(first.op, first.rule);
}

export function failureOfGradcheck(run: string, { blame: [first] }: GradcheckReport): Failure {
  return {
    run,
    kind: "gradcheck",
    explanation: told(first?.explanation ?? null),
    rule: first === undefined ? undefined : ruleOf(first.op, first.rule),
  };
}

function told(explanation: Explanation | null): Told | null {
  if (explanation === null) return null;
  const { kind, expression, corrections } = explanation;
  return {
    kind,
    expression: bare(expression),
    constants: (corrections ?? []).filter((each) => each.how === "scale"),
  };
}

/** Without what changes with sizes. */
function bare(expression: string | null): string | null {
  return expression && expression.replaceAll(/\[[^\]]*\]|\d{2,}/gu, "");
}

function isTold(explanation: Explanation | null, wanted: Told | null): boolean {
  const found = told(explanation);
  if (found === null || wanted === null) return found === wanted;
  return (
    found.kind === wanted.kind &&
    found.expression === wanted.expression &&
    found.constants.length === wanted.constants.length &&
    found.constants.every((each, i) => isSame(each, wanted.constants[i]!))
  );
}

function isSame(a: Constant, b: Constant): boolean {
  return (
    (a.symbol !== null && a.symbol === b.symbol) || Math.abs(a.factor - b.factor) <= 1e-9 * Math.abs(b.factor)
  );
}

function ruleOf(op: string, rule: string): string {
  return `${op} ${rule.replaceAll(/\[[^\]]*\]/gu, "")}`;
}

/** The text's outcome where it fails as it should; undefined where it does not. */
export async function reproduces(
  judging: Judging,
  text: string,
  failure: Failure,
): Promise<Outcome | undefined> {
  const { host, id } = judging;
  const module = new ModuleLoader(host.resolve).load(id, text);
  if (!failsCheaply(judging, module, failure)) return undefined;
  const file: EngineFile = { id, text, version: 0 };
  const target = { kind: "run", name: failure.run } as const;
  const cancelled = (): boolean => {
    judging.poll();
    return false;
  };
  const session = await execute(host, file, { action: "run", target, fixes: false, cancelled });
  const { report, diagnostics } = session.outcome;
  if (diagnostics.some(({ severity }) => severity === "error")) return undefined;
  const [run] = report.runs ?? [];
  if (run === undefined) return undefined;
  return failure.kind === "check" ? ofChecks(run.checks, failure) : ofGradchecks(run.gradchecks, failure);
}

/** Without reasons and finite differences: enough to refuse most versions, and nearly always enough to take one. */
export function failsSo({ host, id, poll }: Judging, text: string, failure: Failure): boolean {
  const module = new ModuleLoader(host.resolve).load(id, text);
  return failsCheaply({ host, poll }, module, failure);
}

function failsCheaply({ host, poll }: Omit<Judging, "id">, module: Module, failure: Failure): boolean {
  if (module.file.errors.length > 0) return false;
  const run = module.declarations.get(failure.run);
  if (run?.kind !== "run") return false;
  const context = { module, library: makeLibrary(host.data), poll };
  const checks = failure.kind === "check";
  const found = tryRun(context, run, { checks, gradchecks: checks ? [] : undefined });
  if (found === undefined) return false;
  if (checks) return found.checks.size > 0;
  const { rule } = failure;
  return rule === undefined || [...found.rules].some((each) => each.replaceAll(/\[[^\]]*\]/gu, "") === rule);
}

function ofChecks(checks: readonly CheckReport[], failure: Failure): Outcome | undefined {
  const failed = checks.find(
    (check) =>
      check.status === "failed" &&
      ruleOfCheck(check) === failure.rule &&
      isTold(check.explanation, failure.explanation),
  );
  return failed && { explanation: failed.explanation, message: failed.message };
}

function ofGradchecks(gradchecks: readonly GradcheckReport[], failure: Failure): Outcome | undefined {
  for (const { verdict, blame, reason } of gradchecks) {
    if (verdict !== "failed") continue;
    if (failure.rule === undefined && blame.length === 0)
      return { explanation: null, message: reason ?? "The gradients differ from finite differences." };
    for (const { op, rule, explanation } of blame)
      if (ruleOf(op, rule) === failure.rule && isTold(explanation, failure.explanation))
        return { explanation, message: explanation.message };
  }
  return undefined;
}
