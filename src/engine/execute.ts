/** Executes a file, or one run, op or net of it, and keeps what was made for whoever looks closer. */
import {
  checkModule,
  isToldBySyntax,
  ModuleLoader,
  runsOf,
  type Diagnostic,
  type Module,
  type Resolve,
} from "../language/check";
import type { Net, Op, Run } from "../language/syntax";
import type {
  AnswerOf,
  DiagnosticReport,
  FileReport,
  Question,
  QuestionKind,
  RunOutcome,
  RunReport,
  SampledReport,
  SliceReply,
  SliceRequest,
  TargetReport,
  TrainingProgress,
} from "../protocol";
import { answerOf } from "./answers";
import type { ThreadHost } from "../runtime/compile";
import { CancelledError } from "./cancelled";
import { dimensionNames } from "./dimension-names";
import { executeRun, type RunContext } from "./execute-run";
import { executeSampled } from "./execute-sampled";
import { makeLibrary, type EngineDataHost } from "./library";
import { Places } from "./places";
import type { CarriedTraining, FollowedTraining, MachineTraining } from "./run-machine";
import type { Target } from "./target";
import { trainingReport } from "./training-reports";

export interface EngineHost {
  readonly resolve: Resolve;
  readonly data: EngineDataHost | undefined;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
  /** Threads that may help with long trainings. */
  readonly threads?: ThreadHost | undefined;
}

export interface EngineFile {
  readonly id: string;
  readonly text: string;
  readonly version: number;
}

export interface ExecuteOptions {
  readonly action: "run" | "gradcheck" | "forward" | "backward" | "inspect";
  /** Undefined: the whole file. */
  readonly target: { readonly kind: "run" | "op" | "net"; readonly name: string } | undefined;
  /** Whether each run reports the value of every named node. */
  readonly allValues?: boolean;
  /** Whether gradchecks compare every entry, whatever that costs. */
  readonly full?: boolean;
  /** Whether gradchecks differentiate twice as well. */
  readonly secondOrder?: boolean;
  /** Whether the gradchecks of runs are carried out; by default they are. */
  readonly gradchecks?: boolean;
  /** Whether edits that mend what is wrong are looked for; by default they are. */
  readonly fixes?: boolean;
  readonly onProgress?: (done: number, total: number, what: string) => void;
  /** Told how trainings go, at most ten times a second. */
  readonly onTraining?: (progress: TrainingProgress) => void;
  /** Whether the training under way is to end with what it has; polled at every step. */
  readonly trainingStopped?: () => boolean;
  /** Whether the host hears nothing but when it breathes: trainings that last then give way to it. */
  readonly breathesToHear?: boolean;
  /** An earlier run of the same text, whose trainings that were stopped go on. */
  readonly resume?: Session | undefined;
  /** Polled often. */
  readonly cancelled?: () => boolean;
  /** Awaited now and then, so that the host's messages get their turn. */
  readonly breathe?: () => Promise<void>;
}

/** Rejects with CancelledError alone: whatever a user wrote ends in the outcome. */
export async function execute(host: EngineHost, file: EngineFile, options: ExecuteOptions): Promise<Session> {
  const module = new ModuleLoader(host.resolve).load(file.id, file.text);
  const checked = checkModule(module, { library: makeLibrary(host.data) });
  let over = false;
  const polled: ExecuteOptions = {
    ...options,
    cancelled: () => !over && options.cancelled?.() === true,
    onProgress: (done, total, what) => {
      if (!over) options.onProgress?.(done, total, what);
    },
  };
  const context = makeContext(host, module, polled);
  const targets: Target[] = [];
  const runs: RunReport[] = [];
  const ops: SampledReport[] = [];
  const nets: SampledReport[] = [];
  const found: Diagnostic[] = [...checked.diagnostics];
  for (const run of chosenRuns(module, options)) {
    const executed = await executeRun(context, run);
    runs.push(executed.report);
    targets.push(executed.target);
    found.push(...executed.diagnostics);
    await context.breathe();
  }
  for (const declaration of chosenDeclarations(module, options)) {
    const executed = executeSampled(context, declaration);
    (declaration.kind === "op" ? ops : nets).push(executed.report);
    targets.push(executed.target);
    found.push(...executed.diagnostics);
    await context.breathe();
  }
  const places = new Places(module);
  const dims = dimensionNames(checked.facts.everything());
  const diagnostics = reportAll(
    found.filter((each) => !isToldBySyntax(module, each)),
    places,
  );
  const gradcheck = options.action === "gradcheck";
  const report: FileReport = {
    file: file.id,
    diagnostics,
    runs,
    ops: gradcheck ? ops : [],
    nets: gradcheck ? nets : [],
  };
  const session = new Session(
    {
      uri: file.id,
      version: file.version,
      report,
      diagnostics,
      targets: targets.map((target, index) => target.join(index, dims).report()),
    },
    targets,
  );
  over = true; // what is asked of its tensors from now on is nobody's to cancel
  return session;
}

/** What `nnspec check` prints: the diagnostics alone. */
export function checkReport(host: EngineHost, file: EngineFile): FileReport {
  const module = new ModuleLoader(host.resolve).load(file.id, file.text);
  const { diagnostics } = checkModule(module, { library: makeLibrary(host.data) });
  const places = new Places(module);
  return { file: file.id, diagnostics: reportAll(diagnostics, places) };
}

function makeContext(host: EngineHost, module: Module, options: ExecuteOptions): RunContext {
  let told = host.now();
  const poll = (done: number, total: number, what: string): void => {
    if (options.cancelled?.() === true) throw new CancelledError();
    const now = host.now();
    if (now - told < 50) return;
    told = now;
    options.onProgress?.(done, total, what);
  };
  const follow = (name: string, places: Places): FollowedTraining => ({
    now: host.now,
    tell: (training, index, news) => {
      options.onTraining?.({ ...trainingReport(training, { target: name, index, places }), ...news });
    },
    stopped: () => options.trainingStopped?.() === true,
    unfinished: options.resume?.unfinished(name) ?? new Map<number, never>(),
    ...(options.breathesToHear === true ? { carried: new Map<number, CarriedTraining>() } : {}),
  });
  const library = makeLibrary(host.data, () => {
    poll(0, 0, "Reading data");
  });
  const breathe = async (): Promise<void> => {
    await options.breathe?.();
    if (options.cancelled?.() === true) throw new CancelledError();
  };
  const gradcheck = options.action === "gradcheck";
  const sampled = options.target !== undefined && options.target.kind !== "run";
  return {
    module,
    library,
    now: host.now,
    threads: host.threads,
    poll,
    breathe,
    checks: !gradcheck,
    gradchecks: options.gradchecks !== false && (gradcheck || !sampled),
    allValues: options.allValues === true,
    full: options.full === true,
    secondOrder: options.secondOrder === true,
    fixes: options.fixes !== false,
    ...(options.onTraining === undefined ? {} : { follow }),
  };
}

function chosenRuns(module: Module, { target }: ExecuteOptions): readonly Run[] {
  const runs = runsOf(module);
  if (target === undefined) return runs;
  return target.kind === "run" ? runs.filter(({ name }) => name.name === target.name) : [];
}

/** Ops and nets are executed by themselves where they are asked for, and in a gradcheck of the file. */
function chosenDeclarations(module: Module, { target, action }: ExecuteOptions): readonly (Op | Net)[] {
  const all = [...module.declarations.values()].filter(
    (declaration) => declaration.kind === "op" || declaration.kind === "net",
  );
  if (target === undefined) return action === "gradcheck" ? all : [];
  return all.filter(({ kind, name }) => kind === target.kind && name.name === target.name);
}

/** The diagnostics of this file, each once; what is wrong in another file is shown where this one leads to it. */
function reportAll(diagnostics: readonly Diagnostic[], places: Places): DiagnosticReport[] {
  const reports = new Map<string, DiagnosticReport>();
  for (const diagnostic of diagnostics) {
    const shown = inFile(diagnostic, places.file);
    if (shown === undefined) continue;
    const report = places.report(shown);
    const { start, end } = report.range;
    const key = [report.code, start.line, start.character, end.line, end.character].join(" ");
    if (!reports.has(key)) reports.set(key, report);
  }
  return [...reports.values()].sort(
    (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  );
}

function inFile(diagnostic: Diagnostic, file: string): Diagnostic | undefined {
  if (diagnostic.place.file === file) return diagnostic;
  const here = diagnostic.related.find(({ place }) => place.file === file);
  if (here === undefined) return undefined;
  const related = [
    { place: diagnostic.place, message: "Found here" },
    ...diagnostic.related.filter((each) => each !== here),
  ];
  // A fix edits the file of the problem, which is another than this.
  return { ...diagnostic, place: here.place, related, fixes: [] };
}

/** A finished execution: its outcome, and the values behind it until it is dropped. */
export class Session {
  readonly outcome: RunOutcome;
  readonly #targets: readonly Target[];

  constructor(outcome: RunOutcome, targets: readonly Target[]) {
    this.outcome = outcome;
    this.#targets = targets;
  }

  /** A window of a tensor; the node's id says of which target. */
  slice(request: SliceRequest): SliceReply | undefined {
    return this.#targets.find((target) => target.owns(request.node))?.slice(request);
  }

  /** The report of the target of that name with the gradients of another root. */
  chooseRoot(name: string, root: number): TargetReport | undefined {
    return this.#targets.find((target) => target.name === name)?.report(root);
  }

  /** Undefined where there is nothing to tell: no such target, or no such node in it. Other runs are looked up. */
  answer<K extends QuestionKind>(
    question: Question<K>,
    sessions?: (run: number) => Session | undefined,
  ): AnswerOf<K> | undefined {
    const target = this.#target(question.target);
    if (target === undefined) return undefined;
    return answerOf(target, question, (run) => {
      const session = sessions?.(run);
      return session === undefined ? undefined : session.#target(question.target);
    });
  }

  /** The trainings of a run that were stopped, by index. */
  unfinished(run: string): ReadonlyMap<number, MachineTraining> {
    const trainings = this.#target(run)?.machine.trainings ?? [];
    return new Map([...trainings.entries()].filter(([, { loop }]) => loop !== undefined));
  }

  #target(wanted: string): Target | undefined {
    return this.#targets.find(({ name }) => name === wanted);
  }
}
