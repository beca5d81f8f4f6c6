/**
 * Tries versions of a module: elaborates a run, or samples an op or a net, and tells which rules and checks are wrong, without
 * reasons and without finite differences. Cheap enough to be done often. Knows nothing of what is tried.
 */
import {
  dtypeOfRun,
  elaborateRun,
  Elaborator,
  type Library,
  type Module,
  type RunRecord,
  type Value,
} from "../../language/check";
import type { Net, Op, Run } from "../../language/syntax";
import { wrongAgain, wrongRules } from "../../runtime/gradcheck";
import type { Node } from "../../runtime/graph";
import { carryOutCheck } from "../conditions";
import { RunMachine } from "../run-machine";
import type { SampledWith } from "../sample-declaration";
import { sampleDraws } from "../sample-draws";

export interface TrialContext {
  readonly module: Module;
  readonly library: Library;
  readonly poll: (done: number, total: number, what: string) => void;
  /** What is added to the seeds of runs: rules are right at any numbers. */
  readonly seedShift?: number;
  /** Whether rules that are right in value are wrong where they cannot be differentiated again. */
  readonly secondOrder?: boolean;
}

/** What is wrong with a version; undefined where it cannot be executed at all. */
export interface Findings {
  /** "linear vjp W". */
  readonly rules: ReadonlySet<string>;
  /** The checks and gradchecks that do not pass, by their order in the run. */
  readonly checks: ReadonlySet<number>;
  readonly gradchecks: ReadonlySet<number>;
}

/** Statements unrolled in one trial. */
const budget = 2_000_000;

/** Sampled as its own gradcheck samples it, or with other sizes. */
export function trySampled(
  context: TrialContext,
  declaration: Op | Net,
  sizes: SampledWith = {},
): Findings | undefined {
  const rules = new Set<string>();
  for (const { machine, diagnostics, applied } of sampleDraws(context, declaration, sizes)) {
    if ("reason" in applied || diagnostics().some(({ severity }) => severity === "error")) return undefined;
    for (const rule of rulesOf(context, machine, applied.root)) rules.add(rule);
  }
  return { rules, checks: new Set(), gradchecks: new Set() };
}

export interface ElaboratedRun {
  readonly machine: RunMachine;
  readonly record: RunRecord;
}

/** The run with its numbers; undefined where it has an error. */
export function elaborated(context: TrialContext, run: Run): ElaboratedRun | undefined {
  const { module, library, poll, seedShift = 0 } = context;
  const machine = new RunMachine({ dtype: dtypeOfRun(run), poll, seedShift });
  const elaborator = new Elaborator({ library, budget, poll: () => poll(0, 0, run.name.name) });
  const record = elaborateRun(elaborator, module, run, machine);
  if (elaborator.diagnostics.some(({ severity }) => severity === "error")) return undefined;
  return { machine, record };
}

export interface RunQuestions {
  /** Whether checks are carried out. */
  readonly checks: boolean;
  /** The gradchecks that are asked about, by their order; undefined for all of them. */
  readonly gradchecks: readonly number[] | undefined;
}

export function tryRun(
  context: TrialContext,
  run: Run,
  { checks, gradchecks }: RunQuestions,
): Findings | undefined {
  const made = elaborated(context, run);
  return made && examined(context, made, { checks, gradchecks });
}

/** What is wrong in a run that has been elaborated. */
export function examined(
  context: TrialContext,
  made: ElaboratedRun,
  { checks, gradchecks }: RunQuestions,
): Findings | undefined {
  const rules = new Set<string>();
  const failed = new Set<number>();
  for (const [index, plan] of made.record.gradchecks.entries()) {
    if (gradchecks !== undefined && !gradchecks.includes(index)) continue;
    const found = wrongOf(context, made, plan.of);
    if (found === undefined) return undefined;
    for (const rule of found) rules.add(rule);
    if (found.size > 0) failed.add(index);
  }
  return { rules, checks: new Set(checks ? failing(context, made) : []), gradchecks: failed };
}

function wrongOf(
  context: TrialContext,
  { machine }: ElaboratedRun,
  of: Value,
): ReadonlySet<string> | undefined {
  if (of.kind === "op" || of.kind === "net")
    return trySampled({ ...context, module: of.module }, of.declaration)?.rules;
  const root = rootOf(of);
  if (root === undefined) return undefined;
  return rulesOf(context, machine, root);
}

function rulesOf(
  { poll, secondOrder }: TrialContext,
  { graph }: RunMachine,
  root: Node,
): ReadonlySet<string> {
  const asked = { graph, root, poll: () => poll(0, 0, "") };
  const wrong = wrongRules(asked);
  return secondOrder === true ? new Set([...wrong, ...wrongAgain(asked)]) : wrong;
}

export function rootOf(value: Value): Node | undefined {
  if (value.kind === "instance") return rootOf(value.state.result);
  return value.kind === "tensor" ? value.node : undefined;
}

/** The checks that do not pass, holes aside. */
function failing({ poll }: TrialContext, { machine, record }: ElaboratedRun): number[] {
  return record.checks.flatMap((plan, index) => {
    poll(index, record.checks.length, "");
    const { status } = carryOutCheck(machine.evaluator, plan);
    return status === "failed" || status === "error" ? [index] : [];
  });
}
