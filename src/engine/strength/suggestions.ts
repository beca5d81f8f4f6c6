/** What would catch a mutant that a file's own tests miss; nothing where it is equivalent. Every suggestion has been tried. */
import type { Module } from "../../language/check";
import type { MutantReport } from "../../protocol";
import { wrongRules } from "../../runtime/gradcheck";
import type { Node } from "../../runtime/graph";
import type { Net, Op } from "../../language/syntax";
import { sampledRun } from "../reproduction";
import { edited } from "../rewriting";
import { changedModule, elaborated, examined, rootOf, trySampled, type TrialContext } from "../trials";
import type { Mutant } from "./mutants";
import type { OwnTests } from "./own-tests";
import type { Subject } from "./subjects";
import { variationsOf } from "./variations";

type Suggestion = NonNullable<MutantReport["suggestion"]>;

export interface Suspect {
  readonly context: TrialContext;
  readonly tests: OwnTests;
  readonly subject: Subject;
  readonly mutant: Mutant;
  readonly version: Module;
  readonly isLate: () => boolean;
}

/** Undefined: nothing that was tried tells the mutant from the original. */
export function suggestionFor(suspect: Suspect): Suggestion | undefined {
  return byGradcheck(suspect) ?? bySampling(suspect) ?? byVariation(suspect);
}

/** A gradcheck, where a run has inputs that would do. */
function byGradcheck({ context, tests, subject, version }: Suspect): Suggestion | undefined {
  if (subject.declaration.kind === "run") return undefined;
  const { name } = subject.declaration.name;
  for (const { name: runName } of tests.runsFor(subject)) {
    const run = version.declarations.get(runName);
    const made = run?.kind === "run" ? elaborated({ ...context, module: version }, run) : undefined;
    if (made === undefined) continue;
    const { record, machine } = made;
    const values = record.named.filter(
      ({ role, owner, value }) => role === "value" && owner === undefined && value.node !== undefined,
    );
    const instances = record.instances.filter(
      ({ layer, state }) => layer.name === name && state.name !== undefined,
    );
    const candidates: (readonly [string, Node | undefined])[] = [
      ...instances.map((instance) => [instance.state.name!, rootOf(instance)] as const),
      ...values.map((each) => [each.name, each.value.node] as const),
    ];
    for (const [text, root] of candidates) {
      if (root === undefined) continue;
      const wrong = wrongRules({ graph: machine.graph, root });
      if (![...wrong].some((rule) => rule.startsWith(`${name} `))) continue;
      return {
        title: `A gradcheck in run ${runName} would catch it: its inputs tell, but no test asks.`,
        text: `gradcheck ${text}`,
      };
    }
  }
  return undefined;
}

/** A run of its own on inputs of sizes that differ. */
function bySampling({ context, subject, mutant, version }: Suspect): Suggestion | undefined {
  const { declaration } = subject;
  if (declaration.kind === "run") return undefined;
  for (const firstSize of [2, 3]) {
    const inVersion = version.declarations.get(declaration.name.name);
    if (inVersion?.kind !== declaration.kind) return undefined;
    const after = trySampled({ ...context, module: version }, inVersion, { firstSize });
    const before = trySampled(context, declaration, { firstSize });
    if (after === undefined || before === undefined) continue;
    if ([...after.rules].every((rule) => before.rules.has(rule))) continue;
    const { name } = declaration.name;
    const written = byWrittenInputs(context, declaration, mutant, firstSize);
    if (written !== undefined) return written;
    return {
      title: `A gradcheck of ${name} on random inputs of sizes that differ would catch it.`,
      text: `run check_${name} {\n  gradcheck ${name}\n}`,
    };
  }
  return undefined;
}

/** The same with the inputs in it, where they are few numbers. */
function byWrittenInputs(
  context: TrialContext,
  declaration: Op | Net,
  mutant: Mutant,
  firstSize: number,
): Suggestion | undefined {
  const poll = (): void => context.poll(0, 0, "");
  const { name, texts } = sampledRun({ ...context, poll }, declaration, { firstSize, mostWritten });
  // The last of the texts leaves the inputs to the gradcheck.
  const [text] = texts.slice(0, -1);
  if (text === undefined) return undefined;
  const { text: file } = context.module.file;
  const original = findingsOf(context, `${file}\n${text}`, name);
  if (original === undefined || original.gradchecks.size > 0) return undefined;
  const changed = findingsOf(context, `${edited(file, [mutant.edit]) ?? file}\n${text}`, name);
  if (changed === undefined || changed.gradchecks.size === 0) return undefined;
  return {
    title: `A gradcheck of ${declaration.name.name} on these inputs would catch it.`,
    text: text.trimEnd(),
  };
}

const mostWritten = 12;

/** The run's own checks, on other inputs. */
function byVariation({ context, tests, subject, mutant, isLate }: Suspect): Suggestion | undefined {
  let left = mostVariations;
  const { text } = context.module.file;
  for (const { name, findings } of tests.runsFor(subject)) {
    const run = context.module.declarations.get(name);
    if (run?.kind !== "run") continue;
    for (const { title, edits } of variationsOf(run)) {
      if (left-- <= 0 || isLate()) return undefined;
      if (edits.some(({ start, end }) => start < mutant.edit.end && mutant.edit.start < end)) continue;
      const original = findingsOf(context, edited(text, edits), name);
      if (original === undefined || [...original.checks].some((check) => !findings.checks.has(check)))
        continue;
      const changed = findingsOf(context, edited(text, [...edits, mutant.edit]), name);
      if (changed === undefined) continue;
      const caught =
        [...changed.checks].some((check) => !original.checks.has(check)) ||
        [...changed.gradchecks].some((check) => !original.gradchecks.has(check));
      if (!caught) continue;
      const varied = edited(text, edits) ?? text;
      const version = changedModule(context.module, varied)?.declarations.get(name);
      if (version === undefined) continue;
      return {
        title: `Run ${name} would catch it ${title}.`,
        text: varied.slice(version.start, version.end),
      };
    }
  }
  return undefined;
}

const mostVariations = 130;

function findingsOf(context: TrialContext, text: string | undefined, name: string) {
  const module = text === undefined ? undefined : changedModule(context.module, text);
  const run = module?.declarations.get(name);
  if (module === undefined || run?.kind !== "run") return undefined;
  const made = elaborated({ ...context, module }, run);
  return made && examined({ ...context, module }, made, { checks: true, gradchecks: undefined });
}
