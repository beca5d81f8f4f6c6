/** Reports with the fixes of what they blame, where an edit has been found that mends it. */
import type { Library, Module, RunRecord, Value } from "../../language/check";
import { lineMap, type Expression, type Net, type Op, type Run } from "../../language/syntax";
import type { BlameReport, CheckReport, Explanation, FixReport, GradcheckReport } from "../../protocol";
import { madeOf, namesIn, passNames } from "../rewriting";
import {
  coneOf,
  followsSeed,
  modulesOf,
  rootOf,
  tryRun,
  trySampled,
  type Findings,
  type TrialContext,
} from "../trials";
import { pathOf } from "../values";
import { findFixes, type FoundFix, type Search, type Wrong } from "./find-fixes";
import { sitesOfCheck, sitesOfRule } from "./sites";

export interface MendContext {
  readonly module: Module;
  readonly library: Library;
  readonly poll: (done: number, total: number, what: string) => void;
  readonly now: () => number;
  readonly fixes: boolean;
}

/** Milliseconds for the fixes of one run, op or net. */
const allowance = 2000;
/** And where nothing is known of the mistake, so that only the simplest changes are tried. */
const allowanceForUnknown = 600;
/** Runs that take longer are not repeated for the sake of fixes. */
const longest = 8000;

/** The gradcheck of an op or net by itself. */
export function mendSampled(
  context: MendContext,
  declaration: Op | Net,
  { report, record }: { readonly report: GradcheckReport; readonly record: RunRecord },
): GradcheckReport {
  if (!context.fixes || report.verdict !== "failed") return report;
  const { name, kind } = declaration;
  const { secondOrder } = report;
  if (report.blame.length === 0 && secondOrder === undefined) return report;
  const attempts = (again: boolean): Pick<Search, "attempt" | "again"> => ({
    attempt: attempt(again)(3),
    again: best(otherSizes.map(attempt(again))),
  });
  const attempt = (again: boolean) => (firstSize: number) => (module: Module) => {
    const version = module.declarations.get(name.name);
    return (version?.kind === "op" || version?.kind === "net") && version.kind === kind
      ? trySampled({ ...trialOf(context, module), secondOrder: again }, version, { firstSize })
      : undefined;
  };
  const { module, library } = context;
  const isLate = timer(context, hasExplanation([report]));
  const mended = mendGradcheck({ module, library, ...attempts(false), isLate }, report, record);
  if (secondOrder === undefined) return mended;
  const search = { module, library, ...attempts(true), isLate };
  return { ...mended, secondOrder: mendGradcheck(search, secondOrder, record) };
}

/** Sampled values may leave the domain of a right rule, as a negative threshold does: one of these sizes has to do. */
const otherSizes = [4, 5, 6];

/** The attempt that finds the least to be wrong. */
function best(attempts: readonly Search["attempt"][]): Search["attempt"] {
  return (module) => {
    let least: Findings | undefined;
    for (const attempt of attempts) {
      const found = attempt(module);
      if (found?.rules.size === 0) return found;
      if (found !== undefined && (least === undefined || found.rules.size < least.rules.size)) least = found;
    }
    return least;
  };
}

/** All that any attempt finds to be wrong. */
function all(attempts: readonly Search["attempt"][]): Search["attempt"] {
  return (module) => {
    const found = attempts.flatMap((attempt) => attempt(module) ?? []);
    if (found.length < attempts.length) return undefined;
    return {
      rules: new Set(found.flatMap(({ rules }) => [...rules])),
      checks: new Set(found.flatMap(({ checks }) => [...checks])),
      gradchecks: new Set(found.flatMap(({ gradchecks }) => [...gradchecks])),
    };
  };
}

export interface RunParts {
  readonly run: Run;
  readonly record: RunRecord;
  readonly checks: readonly CheckReport[];
  readonly gradchecks: readonly GradcheckReport[];
  /** Milliseconds that the run has taken, explanations of checks aside: a long one is not repeated for the sake of fixes. */
  readonly spent: number;
}

/** The checks and gradchecks of a run. */
export function mendRun(context: MendContext, parts: RunParts): Pick<RunParts, "checks" | "gradchecks"> {
  const { run, record, spent } = parts;
  if (!context.fixes || spent > longest) return parts;
  const explained = [...parts.gradchecks, ...parts.checks.map(({ blame = [] }) => ({ blame }))];
  const isLate = timer(
    context,
    hasExplanation(explained) ||
      parts.checks.some(({ explanation }) => explanation !== null && explanation.kind !== "unknown"),
  );
  const attempt =
    (checks: boolean, gradchecks: readonly number[], other: Partial<TrialContext> = {}) =>
    (module: Module) => {
      const version = module.declarations.get(run.name.name);
      return version?.kind === "run"
        ? tryRun({ ...trialOf(context, module), ...other }, version, { checks, gradchecks })
        : undefined;
    };
  const { module, library } = context;
  const gradchecks = parts.gradchecks.map((report, index) => {
    const of = record.gradchecks[index]?.of;
    // Of an op or net by itself, whose own gradcheck has been mended.
    if (of?.kind === "op" || of?.kind === "net") return report;
    // A fix is one at other numbers as well, and in other runs, of other sizes.
    const searchWith = (other: Partial<TrialContext>): Omit<Search, "file"> => ({
      module,
      library,
      attempt: attempt(false, [index], other),
      again: withRulesOf(
        attempt(false, [index], { ...other, seedShift: 1 }),
        siblingsOf(module, run).map((name) => (version: Module) => {
          const sibling = version.declarations.get(name);
          const questions = { checks: false, gradchecks: undefined };
          return sibling?.kind === "run"
            ? tryRun({ ...trialOf(context, version), ...other }, sibling, questions)
            : undefined;
        }),
      ),
      isLate,
    });
    const mended = mendGradcheck(searchWith({}), report, record);
    const { secondOrder } = mended;
    if (secondOrder === undefined) return mended;
    return { ...mended, secondOrder: mendGradcheck(searchWith({ secondOrder: true }), secondOrder, record) };
  });
  const trial = trialOf(context, module);
  const checks = mendChecks(
    { module, library, attempt: attempt(true, []), again: undefined, isLate },
    parts,
    {
      again: all([1, 2].map((seedShift) => attempt(true, [], { seedShift }))),
      followsSeed: (check) => followsSeed(trial, run, check),
    },
  );
  return { checks, gradchecks };
}

/** Other runs that gradcheck something and train nothing. */
function siblingsOf({ file }: Module, { name }: Run): string[] {
  return file.declarations
    .filter((each): each is Run => each.kind === "run" && each.name.name !== name.name)
    .filter((each) => each.body.statements.some(({ kind }) => kind === "gradcheck"))
    .filter(({ body }) => !/\btrain\s*\(/u.test(file.text.slice(body.start, body.end)))
    .map((each) => each.name.name)
    .slice(0, mostSiblings);
}

const mostSiblings = 3;

/** What one attempt finds, and the rules that others, where they can be made, find to be wrong. */
function withRulesOf(attempt: Search["attempt"], others: readonly Search["attempt"][]): Search["attempt"] {
  return (module) => {
    const found = attempt(module);
    if (found === undefined || others.length === 0) return found;
    const more = others.flatMap((other) => [...(other(module)?.rules ?? [])]);
    return { ...found, rules: new Set([...found.rules, ...more]) };
  };
}

function trialOf({ library, poll }: MendContext, module: Module): TrialContext {
  const quietly = (): void => poll(0, 0, "Looking for fixes");
  return { module, library, poll: quietly };
}

function timer({ now }: MendContext, isKnown: boolean): () => boolean {
  const end = now() + (isKnown ? allowance : allowanceForUnknown);
  return () => now() > end;
}

/** Whether it is known of something what is wrong with it. */
function hasExplanation(reports: readonly Pick<GradcheckReport, "blame" | "secondOrder">[]): boolean {
  return reports.some(
    ({ blame, secondOrder }) =>
      blame.some(({ explanation }) => explanation.kind !== "unknown") ||
      (secondOrder !== undefined && hasExplanation([secondOrder])),
  );
}

/** Where rules of several files are blamed, each file is mended by itself. */
function mendGradcheck(
  search: Omit<Search, "file">,
  report: GradcheckReport,
  record: RunRecord,
): GradcheckReport {
  if (report.verdict !== "failed") return report;
  const modules = modulesOf(search.module);
  const explanations = report.blame.map(({ explanation }) => explanation);
  for (const [id, file] of modules) {
    const blamed = [...report.blame.entries()].filter(([, each]) => (each.file ?? search.module.id) === id);
    if (blamed.length === 0 || isBuiltIn(file)) continue;
    const wrongs = blamed.map(([, each]) =>
      wrongOf(each, file, record, { rule: `${each.op} ${each.rule}`, check: undefined }),
    );
    if (wrongs.every(({ sites }) => sites.length === 0)) continue;
    const fixes = findFixes({ ...search, file }, wrongs);
    for (const [i, [at, { explanation }]] of blamed.entries())
      explanations[at] = fixed(explanation, fixes[i], file, search.module);
  }
  return { ...report, blame: report.blame.map((each, i) => ({ ...each, explanation: explanations[i]! })) };
}

/** Other random numbers, for checks that hold at any. */
interface OtherSeed {
  readonly again: Search["attempt"];
  readonly followsSeed: (check: number) => boolean;
}

function mendChecks(
  search: Omit<Search, "file">,
  { run, record, checks }: RunParts,
  { again, followsSeed: isForAll }: OtherSeed,
): readonly CheckReport[] {
  const modules = modulesOf(search.module);
  const known = new Map<string, FoundFix[]>([...modules.keys()].map((id) => [id, []]));
  return checks.map((report, check) => {
    const { explanation, status } = report;
    const plan = record.checks[check];
    if (explanation === null || status !== "failed" || plan?.condition.kind !== "comparison") return report;
    if (report.blame !== undefined) return mendRules(search, report, check, record);
    const { expressions, left, right } = plan.condition;
    // A gradient that is read is what the other side is held against: no edit of it mends anything.
    const written = expressions.filter((side) => side.kind !== "member" || !isDifferentiated(run, side));
    const literal = !expressions.some((side) => isDifferentiated(run, side));
    // What is right needs no mending.
    if (explanation.factor === 1) return report;
    // One number can be met in many ways, unless others can be drawn, or it is a constant that is wrong and nothing else fits.
    const isNamed = explanation.corrections?.every(({ value }) => value !== null) === true;
    const isSure = isNamed && explanation.otherCorrections === undefined && constants.has(explanation.kind);
    if (literal && !isSure && report.worst?.index.length === 0 && !isForAll(check)) return report;
    const own = [...modules].filter(([, file]) => !isBuiltIn(file));
    const isHere = (id: string): boolean => id === plan.place.file;
    const [read, made] = [written.filter(isRead), written.filter((side) => !isRead(side))];
    const tried = own.map(([id, file]) => ({
      ...{ id, file },
      sites: sitesOfCheck(file, isHere(id) ? made : [], handDerived(file, record, [left, right])),
    }));
    // What is read of a net is mended where it is derived, and in the check only where nobody has derived it.
    for (const [id, file] of own)
      if (isHere(id)) tried.push({ id, file, sites: sitesOfCheck(file, read, []) });
    for (const { id, file, sites } of tried) {
      if (search.isLate() || sites.length === 0) continue;
      const others = known.get(id)!;
      const wrong = { explanation, sites, rule: undefined, check, literal, known: others };
      const [fix] = findFixes({ ...search, file, again: isForAll(check) ? again : undefined }, [wrong]);
      if (fix === undefined) continue;
      if (!others.includes(fix)) others.push(fix);
      return { ...report, explanation: fixed(explanation, fix, file, search.module) };
    }
    return report;
  });
}

/** Whether a side is a value of a net, as `m.dW`. */
function isRead({ kind }: Expression): boolean {
  return kind === "member";
}

/** A check with a gradient by rules that are wrong: they are what is edited. */
function mendRules(
  search: Omit<Search, "file">,
  report: CheckReport,
  check: number,
  record: RunRecord,
): CheckReport {
  const { blame = [], explanation } = report;
  for (const [id, file] of modulesOf(search.module)) {
    const blamed = blame.filter((each) => (each.file ?? search.module.id) === id);
    if (blamed.length === 0 || isBuiltIn(file) || explanation === null) continue;
    const wrongs = blamed.map((each) => wrongOf(each, file, record, { rule: undefined, check }));
    const [fix] = findFixes({ ...search, file }, wrongs);
    if (fix !== undefined) return { ...report, explanation: fixed(explanation, fix, file, search.module) };
  }
  return report;
}

/** A blamed rule, with where the mistake in it may stand, and what must not be found any more. */
function wrongOf(
  { rule, range, ruleRange = range, node, explanation }: BlameReport,
  file: Module,
  { named }: RunRecord,
  gone: Pick<Wrong, "rule" | "check">,
): Wrong {
  const first = named.find(({ name, owner }) => pathOf(name, owner) === node)?.place;
  const wrongValue = first?.file === file.id ? first.start : undefined;
  const offset = lineMap(file.file.text).offsetAt(ruleRange.start);
  const sites = /^(?:vjp|jvp) /u.test(rule) ? sitesOfRule(file, offset, wrongValue) : [];
  return { explanation, sites, ...gone, literal: false };
}

/** Nobody edits the standard library. */
function isBuiltIn({ id }: Module): boolean {
  return id === "std";
}

/** Where the named values stand that the sides are made of and that no pass starts from, the nearest first. */
function handDerived(
  module: Module,
  record: RunRecord,
  sides: readonly Value[],
): { readonly offset: number; readonly prefix: string }[] {
  const roots = record.passes.flatMap(({ root }) => root.node ?? []);
  const forward = coneOf(roots);
  // A second name of a value of the forward pass may stand for a gradient: `do = o`.
  const firstNames = new Map<unknown, string>();
  for (const { name, value } of record.named)
    if (!firstNames.has(value.node)) firstNames.set(value.node, name);
  const cones = coneOf(sides.flatMap((side) => rootOf(side) ?? []));
  return record.named
    .filter(
      ({ name, role, value: { node }, place }) =>
        role === "value" &&
        node !== undefined &&
        cones.has(node) &&
        (!forward.has(node) || firstNames.get(node) !== name) &&
        place.file === module.id,
    )
    .map(({ name, owner, place }) => ({
      offset: place.start,
      prefix: pathOf(name, owner).slice(0, -name.length),
    }))
    .reverse()
    .slice(0, mostDefinitions);
}

const mostDefinitions = 12;

const constants: ReadonlySet<Explanation["kind"]> = new Set(["sign", "factor"]);

/** Whether a side is read from a pass, by its names. */
function isDifferentiated({ body }: Run, side: Expression): boolean {
  const values = [side, ...[...madeOf(body, side)].map(({ statement }) => statement.value)];
  return values.some((value) => [...namesIn(value)].some((name) => passNames.has(name)));
}

function fixed(
  explanation: Explanation,
  found: FoundFix | undefined,
  { id, file }: Module,
  root: Module,
): Explanation {
  if (found === undefined) return explanation;
  const map = lineMap(file.text);
  const elsewhere = id === root.id ? {} : { file: id };
  const reported = ({ title, edits }: FoundFix): FixReport => ({
    title,
    ...elsewhere,
    edits: edits.map(({ start, end, newText }) => ({
      range: { start: map.positionAt(start), end: map.positionAt(end) },
      newText,
    })),
  });
  const other = found.other === undefined ? {} : { otherFix: reported(found.other) };
  return { ...explanation, fix: reported(found), ...other };
}
