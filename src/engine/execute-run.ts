/** Executes one run: elaborates it with a machine, then carries out what it recorded. */
import {
  dtypeOfRun,
  elaborateRun,
  emptyRecord,
  problems,
  withoutSilenced,
  Elaborator,
  type CheckPlan,
  type Diagnostic,
  type GradcheckPlan,
  type Library,
  type Module,
  type NamedValue,
  type RunRecord,
} from "../language/check";
import type { Run } from "../language/syntax";
import {
  worstStatus,
  type CheckReport,
  type GradcheckReport,
  type PlotReport,
  type RunReport,
  type Status,
  type ValueReport,
  type WithheldReport,
} from "../protocol";
import type { ThreadHost } from "../runtime/compile";
import { explainCheck } from "./check-explanation";
import { CancelledError } from "./cancelled";
import { computeTogether } from "./compiled-values";
import { carryOutCheck } from "./conditions";
import { executeSampled } from "./execute-sampled";
import { mendRun } from "./fixes";
import { runGradcheck, type GradcheckContext } from "./gradcheck-report";
import { Places } from "./places";
import { RunMachine, type FollowedTraining } from "./run-machine";
import { RootPasses } from "./root-passes";
import { runtimeProblems, wantedNodes } from "./runtime-problems";
import { Target } from "./target";
import { TrainingPause } from "./training-turns";
import { evaluateValue, membersOf, pathOf, turnOf } from "./values";

export interface RunContext {
  readonly module: Module;
  readonly library: Library;
  readonly now: () => number;
  readonly poll: (done: number, total: number, what: string) => void;
  readonly breathe: () => Promise<void>;
  /** Whether checks are carried out; `gradcheck` runs the gradchecks alone. */
  readonly checks: boolean;
  readonly gradchecks: boolean;
  readonly allValues: boolean;
  readonly full?: boolean;
  readonly secondOrder?: boolean;
  /** Threads that may help with trainings. */
  readonly threads?: ThreadHost | undefined;
  /** Who follows the trainings of a run. */
  readonly follow?: (run: string, places: Places) => FollowedTraining;
  /** Whether edits that mend what is wrong are looked for. */
  readonly fixes: boolean;
}

export interface ExecutedRun {
  readonly report: RunReport;
  readonly target: Target;
  readonly diagnostics: readonly Diagnostic[];
}

/** Statements unrolled in one run before it is refused. */
const budget = 5_000_000;

/** Rejects with CancelledError alone: a mistake of the tool's own is a diagnostic of the run, and other runs go on. */
export async function executeRun(context: RunContext, run: Run): Promise<ExecutedRun> {
  try {
    return await carryOutRun(context, run);
  } catch (error) {
    if (error instanceof CancelledError) throw error;
    return failedRun(context, run, error);
  }
}

function failedRun({ module, poll }: RunContext, run: Run, error: unknown): ExecutedRun {
  const places = new Places(module);
  const name = run.name.name;
  const place = { file: module.id, start: run.name.start, end: run.name.end };
  const problem = problems.internal(error instanceof Error ? error.message : String(error));
  const range = places.rangeOf(place);
  const report: RunReport = {
    name,
    range,
    milliseconds: 0,
    status: "error",
    error: { code: problem.code, message: problem.message, range },
    checks: [],
    gradchecks: [],
    shown: [],
    plots: [],
  };
  const target = new Target({
    kind: "run",
    name,
    place,
    module,
    machine: new RunMachine({ dtype: dtypeOfRun(run), poll }),
    record: emptyRecord(run),
    report: { run: report, sampled: null, gradchecks: [], status: "error", milliseconds: 0 },
  });
  return { report, target, diagnostics: [{ ...problem, place, related: [], fixes: [] }] };
}

/** There is nothing to mend then. */
function isAllWell({ checks, gradchecks }: Pick<RunReport, "checks" | "gradchecks">): boolean {
  const isPassed = ({ verdict, secondOrder }: GradcheckReport): boolean =>
    verdict === "passed" && (secondOrder === undefined || secondOrder.verdict === "passed");
  return checks.every(({ status }) => status === "passed") && gradchecks.every(isPassed);
}

async function carryOutRun(context: RunContext, run: Run): Promise<ExecutedRun> {
  const { module, now } = context;
  const started = now();
  const places = new Places(module);
  const name = run.name.name;
  const { machine, elaborator, record } = await elaborate(context, run, context.follow?.(name, places));
  const roots = new RootPasses(record, machine.graph);
  await context.breathe();
  if (context.checks) {
    computeTogether(machine.evaluator, {
      nodes: wantedNodes(record),
      gradients: () => roots.gradients(),
      memoryLimit: machine.memoryLeft,
      poll: () => {
        context.poll(0, 0, name);
      },
    });
  }
  const carriedOut = context.checks ? await carryOutChecks(context, machine, record, places) : [];
  const gradchecked: GradcheckReport[] = [];
  const errors = (): readonly Diagnostic[] => elaborator.diagnostics;
  for (const plan of context.gradchecks ? record.gradchecks : []) {
    gradchecked.push(carryOutGradcheck({ ...context, errors }, machine, record, plan, places));
    await context.breathe();
  }
  const found = { run, record, checks: carriedOut, gradchecks: gradchecked };
  const { checks, gradchecks } = isAllWell(found)
    ? found
    : mendRun(context, { ...found, spent: now() - started - machine.explaining });
  const shown = context.checks ? record.shown.flatMap((value) => reportValues(machine, value, places)) : [];
  const withheld = context.checks
    ? record.shown.flatMap((value) => withheldValues(machine, value, places))
    : [];
  const plots = context.checks ? record.plots.map((plot) => reportPlot(machine, plot, places)) : [];
  const problemsFound = [...elaborator.diagnostics, ...runtimeProblems(machine, record, places)];
  const diagnostics = withoutSilenced(module, problemsFound);
  const error = firstError(diagnostics, places);
  const statuses: Status[] = [
    ...checks.map(({ status }) => status),
    ...gradchecks.map(({ verdict }) => verdict),
  ];
  if (error !== null) statuses.push("error");
  const report: RunReport = {
    name,
    range: places.rangeOf({ file: module.id, start: run.name.start, end: run.name.end }),
    milliseconds: now() - started,
    status: worstStatus(statuses),
    error,
    checks,
    gradchecks,
    shown,
    ...(withheld.length === 0 ? {} : { withheld }),
    plots,
    ...(context.allValues ? { values: allValues(machine, record, places) } : {}),
  };
  const { status, milliseconds } = report;
  const target = new Target({
    kind: "run",
    name,
    place: { file: module.id, start: run.name.start, end: run.name.end },
    module,
    machine,
    record,
    roots,
    report: { run: report, sampled: null, gradchecks, status, milliseconds },
  });
  return { report, target, diagnostics };
}

/** Once, and again after each training that had to leave it. */
async function elaborate(context: RunContext, run: Run, followed: FollowedTraining | undefined) {
  const { module, library, poll, threads, now } = context;
  for (;;) {
    const machine = new RunMachine({
      dtype: dtypeOfRun(run),
      poll,
      helpers: { threads, clock: now },
      ...(followed === undefined ? {} : { followed }),
    });
    const elaborator = new Elaborator({
      library,
      budget,
      poll: (what = run.name.name) => {
        poll(0, 0, what);
      },
    });
    try {
      return { machine, elaborator, record: elaborateRun(elaborator, module, run, machine) };
    } catch (error) {
      if (!(error instanceof TrainingPause)) throw error;
      await error.finish(context.breathe);
    }
  }
}

/** The name of an op or net samples it. */
function carryOutGradcheck(
  context: RunContext & Pick<GradcheckContext, "errors">,
  machine: RunMachine,
  record: RunRecord,
  plan: GradcheckPlan,
  places: Places,
): GradcheckReport {
  if (plan.of.kind !== "op" && plan.of.kind !== "net")
    return runGradcheck(context, machine, record, plan, places);
  const { declaration, module } = plan.of;
  const { report, target } = executeSampled({ ...context, module, gradchecks: true }, declaration);
  for (const [leaves, errors] of target.machine.errorMaps) machine.errorMaps.set(leaves, errors);
  const found = module.id === context.module.id ? report.gradcheck : seenFrom(report.gradcheck, module.id);
  return { ...found, of: plan.text, range: places.rangeOf(plan.place), at: turnOf(plan.turn) };
}

/** A report of something that another file declares: what stands there has that file's name. */
function seenFrom(report: GradcheckReport, file: string): GradcheckReport {
  const blame = report.blame.map((each) => {
    const { fix, otherFix, ...explanation } = each.explanation;
    const named = fix === undefined ? {} : { fix: { ...fix, file: fix.file ?? file } };
    const other = otherFix === undefined ? {} : { otherFix: { ...otherFix, file: otherFix.file ?? file } };
    return { ...each, file: each.file ?? file, explanation: { ...explanation, ...named, ...other } };
  });
  return { ...report, blame };
}

function firstError(diagnostics: readonly Diagnostic[], places: Places): RunReport["error"] {
  const error = diagnostics.find(({ severity }) => severity === "error");
  if (error === undefined) return null;
  const here =
    error.place.file === places.file
      ? error.place
      : error.related.find(({ place }) => place.file === places.file)?.place;
  return { code: error.code, message: error.message, range: places.rangeOf(here ?? error.place) };
}

async function carryOutChecks(
  context: RunContext,
  machine: RunMachine,
  record: RunRecord,
  places: Places,
): Promise<CheckReport[]> {
  const reports: CheckReport[] = [];
  for (const [index, plan] of record.checks.entries()) {
    context.poll(index, record.checks.length, "Checks");
    reports.push(carryOutOne(context, machine, record, plan, places));
    if (index % 16 === 15) await context.breathe();
  }
  return reports;
}

function carryOutOne(
  { now }: Pick<RunContext, "now">,
  machine: RunMachine,
  record: RunRecord,
  plan: CheckPlan,
  places: Places,
): CheckReport {
  const { status, message, worst, comparison } = carryOutCheck(machine.evaluator, plan);
  const range = places.rangeOf(plan.place);
  const started = now();
  const explained =
    comparison === undefined
      ? { explanation: null }
      : explainCheck(machine, record, { condition: comparison, range, plan }, places);
  machine.explaining += now() - started;
  return {
    label: plan.label ?? null,
    range,
    at: turnOf(plan.turn),
    status,
    message,
    worst,
    ...explained,
  };
}

function reportValues(machine: RunMachine, shown: NamedValue, places: Places): ValueReport[] {
  return membersOf(shown).flatMap((member) => {
    const value = evaluateValue(machine.evaluator, member.value);
    if (value.kind !== "tensor") return [];
    const { shape, dtype, data } = value.tensor;
    const at = turnOf(shown.turn);
    const report = { name: member.name, shape, dtype, data, range: places.rangeOf(shown.place) };
    return [at === null ? report : { ...report, at }];
  });
}

/** What `show` names and has no value. */
function withheldValues(machine: RunMachine, shown: NamedValue, places: Places): WithheldReport[] {
  return membersOf(shown).flatMap((member): WithheldReport[] => {
    const value = evaluateValue(machine.evaluator, member.value);
    if (value.kind === "tensor") return [];
    const range = places.rangeOf(shown.place);
    if (value.kind === "pending")
      return [{ name: member.name, range, status: "pending", reason: "It depends on a hole." }];
    const reason = value.kind === "fault" ? value.message : "It depends on something that has an error.";
    return [{ name: member.name, range, status: "error", reason }];
  });
}

function reportPlot(machine: RunMachine, plot: RunRecord["plots"][number], places: Places): PlotReport {
  return {
    range: places.rangeOf(plot.place),
    at: turnOf(plot.turn),
    series: plot.series.flatMap((value) => reportValues(machine, value, places)),
  };
}

/** Every named node's value, for `--values all`. */
function allValues(machine: RunMachine, record: RunRecord, places: Places): ValueReport[] {
  return record.named.flatMap(({ name, owner, value, place, turn }) =>
    reportValues(machine, { name: pathOf(name, owner), value, place, turn }, places),
  );
}
