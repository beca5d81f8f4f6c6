/** Tests a file's tests: plants mistakes in what is derived by hand, and tells which its checks and gradchecks would miss. */
import { checkModule, ModuleLoader, type Diagnostic, type Module } from "../../language/check";
import { lineMap } from "../../language/syntax";
import type { FileStrength, MutantReport, SubjectStrength } from "../../protocol";
import { CancelledError } from "../cancelled";
import type { EngineFile, EngineHost, ExecuteOptions } from "../execute";
import { makeLibrary } from "../library";
import { edited } from "../rewriting";
import { changedModule } from "../trials";
import { mutantsOf, type Mutant } from "./mutants";
import { OwnTests, type OwnTestsContext } from "./own-tests";
import { subjectsOf, type Subject } from "./subjects";
import { suggestionFor } from "./suggestions";

export type StrengthOptions = Pick<ExecuteOptions, "onProgress" | "cancelled" | "breathe"> & {
  /** Milliseconds after which no more mutants are tried. */
  readonly limit?: number;
};

/** Mutants of one expression. */
const mostMutants = 14;
const defaultLimit = 60_000;
/** Milliseconds for the inputs that would catch one mutant. */
const searchLimit = 3000;

/** Rejects with CancelledError alone. */
export async function testStrength(
  host: EngineHost,
  file: EngineFile,
  options: StrengthOptions = {},
): Promise<FileStrength> {
  const started = host.now();
  const end = started + (options.limit ?? defaultLimit);
  const module = new ModuleLoader(host.resolve).load(file.id, file.text);
  let told = started;
  const tell = (done: number, total: number, what: string): void => {
    if (options.cancelled?.() === true) throw new CancelledError();
    const now = host.now();
    if (now - told < 50) return;
    told = now;
    options.onProgress?.(done, total, what);
  };
  let [done, total, what] = [0, 0, "Executing the runs"];
  // Work inside of one mutant keeps telling of the whole.
  const poll = (): void => tell(done, total, what);
  const breathe = async (): Promise<void> => {
    await options.breathe?.();
    poll();
  };
  const context: OwnTestsContext = { module, library: makeLibrary(host.data), poll, now: host.now };
  const tests = new OwnTests(context);
  for (const _ of tests.prepare()) await breathe();
  const planted = subjectsOf(module, tests.records).map((subject) => ({
    subject,
    mutants: mutantsOf(file.text, subject.root, mostMutants),
  }));
  total = planted.reduce((sum, { mutants }) => sum + mutants.length, 0);
  const judge = new Judge(context, tests);
  const subjects: SubjectStrength[] = [];
  let untried = 0;
  for (const { subject, mutants } of planted) {
    const reports: MutantReport[] = [];
    let refused = 0;
    for (const mutant of mutants) {
      what = `Mutants of ${subject.name}`;
      done += 1;
      await breathe();
      if (host.now() > end) {
        untried += 1;
        continue;
      }
      const report = judge.report(subject, mutant);
      if (report === undefined) refused += 1;
      else reports.push(report);
    }
    const { name, kind, span } = subject;
    if (reports.length + refused > 0)
      subjects.push({ name, kind, range: judge.rangeOf(span), mutants: reports, refused });
  }
  return {
    file: file.id,
    errors: judge.errors.length,
    subjects,
    skipped: tests.skipped,
    untried,
    milliseconds: host.now() - started,
  };
}

class Judge {
  readonly #context: OwnTestsContext;
  readonly #tests: OwnTests;
  readonly #map: ReturnType<typeof lineMap>;
  /** Of the file as it is. */
  readonly errors: readonly Diagnostic[];

  constructor(context: OwnTestsContext, tests: OwnTests) {
    this.#context = context;
    this.#tests = tests;
    this.#map = lineMap(context.module.file.text);
    this.errors = errorsIn(context, context.module);
  }

  rangeOf({ start, end }: { readonly start: number; readonly end: number }): SubjectStrength["range"] {
    return { start: this.#map.positionAt(start), end: this.#map.positionAt(end) };
  }

  /** Undefined where the checker alone refuses the mutant: nobody could make that mistake unseen. */
  report(subject: Subject, mutant: Mutant): MutantReport | undefined {
    const { module } = this.#context;
    const text = edited(module.file.text, [mutant.edit]);
    const version = text === undefined ? undefined : changedModule(module, text);
    if (version === undefined || errorsIn(this.#context, version).length > this.errors.length)
      return undefined;
    const { kind, title, edit } = mutant;
    const base = { kind, title, range: this.rangeOf(edit), newText: edit.newText };
    if (this.#isInError(subject)) return { ...base, outcome: "masked", by: null, suggestion: null };
    const by = this.#tests.catches(version, subject);
    if (by !== undefined) return { ...base, outcome: "caught", by, suggestion: null };
    const wrong = this.#tests.failingByRules(subject);
    if (wrong !== undefined) return { ...base, outcome: "masked", by: wrong, suggestion: null };
    const { now } = this.#context;
    const end = now() + searchLimit;
    const isLate = (): boolean => now() > end;
    const suspect = { context: this.#context, tests: this.#tests, subject, mutant, version, isLate };
    const suggestion = suggestionFor(suspect);
    if (suggestion !== undefined) return { ...base, outcome: "missed", by: null, suggestion };
    const masks = this.#tests.failing(subject);
    return {
      ...base,
      outcome: masks === undefined ? "equivalent" : "masked",
      by: masks ?? null,
      suggestion: null,
    };
  }

  /** What has an error gives nothing that a test could be of. */
  #isInError({ root }: Subject): boolean {
    const { id } = this.#context.module;
    return this.errors.some(
      ({ place }) => place.file === id && place.start < root.end && root.start < place.end,
    );
  }
}

function errorsIn({ library }: OwnTestsContext, module: Module): Diagnostic[] {
  return checkModule(module, { library }).diagnostics.filter(({ severity }) => severity === "error");
}
