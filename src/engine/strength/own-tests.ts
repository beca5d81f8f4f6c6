/** A file's own checks and gradchecks: what they say of it as it is, and whether they notice a change. */
import {
  runsOf,
  type CheckPlan,
  type GradcheckPlan,
  type Module,
  type RunRecord,
} from "../../language/check";
import type { MutantReport } from "../../protocol";
import { Places } from "../places";
import { elaborated, examined, type ElaboratedRun, type Findings, type TrialContext } from "../trials";
import type { Subject } from "./subjects";

type By = NonNullable<MutantReport["by"]>;

interface Baseline {
  readonly name: string;
  readonly record: RunRecord;
  readonly findings: Findings;
  /** Names of the ops and nets that it applies. */
  readonly applied: ReadonlySet<string>;
  readonly milliseconds: number;
}

export interface OwnTestsContext extends TrialContext {
  readonly now: () => number;
}

/** Runs that take longer, in milliseconds, are not repeated for each mutant. */
const slow = 2000;

export class OwnTests {
  readonly skipped: { readonly run: string; readonly reason: string }[] = [];
  readonly #context: OwnTestsContext;
  readonly #baselines: Baseline[] = [];
  readonly #places: Places;

  constructor(context: OwnTestsContext) {
    this.#context = context;
    this.#places = new Places(context.module);
  }

  /** Executes every run once; to be awaited between runs by whoever has others to serve. */
  *prepare(): Generator<string> {
    for (const run of runsOf(this.#context.module)) {
      const name = run.name.name;
      yield name;
      const started = this.#context.now();
      const made = elaborated(this.#context, run);
      if (made === undefined) {
        this.skipped.push({ run: name, reason: "it has an error" });
        continue;
      }
      const findings = examined(this.#context, made, { checks: true, gradchecks: undefined });
      const milliseconds = this.#context.now() - started;
      if (findings === undefined) this.skipped.push({ run: name, reason: "its gradchecks have no values" });
      else if (milliseconds > slow)
        this.skipped.push({ run: name, reason: `it takes ${(milliseconds / 1000).toFixed(1)} s` });
      else this.#baselines.push(baselineOf(name, made, findings, milliseconds));
    }
    this.#baselines.sort((a, b) => a.milliseconds - b.milliseconds);
  }

  get records(): ReadonlyMap<string, RunRecord> {
    return new Map(this.#baselines.map(({ name, record }) => [name, record]));
  }

  /** The runs that a change of the subject can be seen in, the quickest first. */
  runsFor({ declaration }: Subject): readonly Baseline[] {
    const { name } = declaration.name;
    if (declaration.kind === "run") return this.#baselines.filter((each) => each.name === name);
    return this.#baselines.filter(({ applied }) => applied.has(name));
  }

  /** The first test that notices the changed file; undefined where none does. */
  catches(version: Module, subject: Subject): By | undefined {
    for (const baseline of this.runsFor(subject)) {
      const by = this.#caughtIn(version, baseline);
      if (by !== undefined) return by;
    }
    return undefined;
  }

  /** The first test that fails without any change, and so cannot notice one. */
  failing(subject: Subject): By | undefined {
    for (const { name, record, findings } of this.runsFor(subject)) {
      const check = record.checks.find((_, i) => findings.checks.has(i));
      if (check !== undefined) return this.#byCheck(name, check);
      const gradcheck = record.gradchecks.find((_, i) => findings.gradchecks.has(i));
      if (gradcheck !== undefined) return this.#byGradcheck(name, gradcheck);
    }
    return undefined;
  }

  /** The first gradcheck that fails because of rules of the subject's op or net: it notices nothing else of them. */
  failingByRules(subject: Subject): By | undefined {
    const { name: op } = subject.declaration.name;
    for (const { name, record, findings } of this.runsFor(subject)) {
      if (![...findings.rules].some((rule) => rule.startsWith(`${op} `))) continue;
      const gradcheck = record.gradchecks.find((_, i) => findings.gradchecks.has(i));
      if (gradcheck !== undefined) return this.#byGradcheck(name, gradcheck);
    }
    return undefined;
  }

  #caughtIn(version: Module, { name, record, findings }: Baseline): By | undefined {
    const run = version.declarations.get(name);
    if (run?.kind !== "run") return undefined;
    const context = { ...this.#context, module: version };
    const made = elaborated(context, run);
    const after = made && examined(context, made, { checks: true, gradchecks: undefined });
    const [check] = record.checks.flatMap((plan, i) =>
      findings.checks.has(i) || after?.checks.has(i) === false ? [] : [plan],
    );
    if (check !== undefined) return this.#byCheck(name, check);
    const [gradcheck] = record.gradchecks.flatMap((plan, i) =>
      findings.gradchecks.has(i) || after?.gradchecks.has(i) === false ? [] : [plan],
    );
    return gradcheck && this.#byGradcheck(name, gradcheck);
  }

  #byCheck(run: string, { label, place }: CheckPlan): By {
    return {
      run,
      kind: "check",
      name: label ?? this.#places.textOf(place),
      range: this.#places.rangeOf(place),
    };
  }

  #byGradcheck(run: string, { text, place }: GradcheckPlan): By {
    return { run, kind: "gradcheck", name: text, range: this.#places.rangeOf(place) };
  }
}

function baselineOf(
  name: string,
  { machine, record }: ElaboratedRun,
  findings: Findings,
  milliseconds: number,
): Baseline {
  const applied = new Set(machine.graph.applications.map((each) => each.name));
  for (const { of } of record.gradchecks)
    if (of.kind === "op" || of.kind === "net") applied.add(of.declaration.name.name);
  for (const { layer } of record.instances) applied.add(layer.name);
  return { name, record, findings, applied, milliseconds };
}
