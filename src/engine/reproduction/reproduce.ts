/** Minimal reproductions of what fails in a file: the smallest specs found that fail in the same way. */
import { ModuleLoader, type Module } from "../../language/check";
import { parse } from "../../language/syntax";
import type { FailureTarget, FileReport, FileReproductions, Range, Reproduction } from "../../protocol";
import { CancelledError } from "../cancelled";
import { execute, type EngineFile, type EngineHost, type ExecuteOptions } from "../execute";
import { makeLibrary } from "../library";
import { failureOfCheck, failureOfGradcheck, type Failure } from "./failure";
import { sampledRun } from "./sampled-run";
import { withoutImports } from "./self-contained";
import { shrink, type Shrinking, type Shrunk } from "./shrink";

export type ReproduceOptions = Pick<ExecuteOptions, "onProgress" | "cancelled" | "breathe"> & {
  /** Undefined: everything that fails, what is blamed for the same rule once. */
  readonly target?: FailureTarget | undefined;
  /** Milliseconds for each. */
  readonly limit?: number;
};

const defaultLimit = 10_000;
const mostReproductions = 10;

interface Found {
  readonly of: FailureTarget;
  readonly title: string;
  readonly range: Range;
  readonly failure: Failure;
}

/** Rejects with CancelledError alone. */
export async function reproduce(
  host: EngineHost,
  file: EngineFile,
  options: ReproduceOptions = {},
): Promise<FileReproductions> {
  const started = host.now();
  const poll = (): void => {
    if (options.cancelled?.() === true) throw new CancelledError();
  };
  const { target } = options;
  const sampled = target === undefined || target.kind === "op" || target.kind === "net";
  const session = await execute(host, file, {
    action: sampled ? "gradcheck" : "run",
    target: target === undefined ? undefined : { kind: kindOf(target), name: target.name },
    fixes: false,
    ...hooks(options),
  });
  // A gradcheck of the whole file leaves its checks out; a run of it leaves out what has been gradchecked.
  const checked =
    target === undefined
      ? await execute(host, file, {
          action: "run",
          target,
          gradchecks: false,
          fixes: false,
          ...hooks(options),
        })
      : session;
  const found = failuresIn(session.outcome.report, checked.outcome.report).filter(
    ({ of }) =>
      target === undefined ||
      (of.kind === target.kind && of.name === target.name && of.index === target.index),
  );
  const module = new ModuleLoader(host.resolve).load(file.id, file.text);
  const reproductions: Reproduction[] = [];
  const known = new Set<string>();
  for (const each of found) {
    const { rule } = each.failure;
    if (rule !== undefined && known.has(rule)) continue;
    if (reproductions.length >= mostReproductions) break;
    const end = host.now() + (options.limit ?? defaultLimit);
    const shrinking: Shrinking = {
      host,
      id: file.id,
      poll,
      breathe: async () => {
        await options.breathe?.();
        poll();
      },
      isLate: (share) => host.now() > end - (1 - share) * (options.limit ?? defaultLimit),
      tell: (tried, lines) => {
        const left = Math.max(0, end - host.now());
        const limit = options.limit ?? defaultLimit;
        options.onProgress?.(
          limit - left,
          limit,
          `${each.title}: ${String(lines)} lines after ${String(tried)} versions`,
        );
      },
    };
    const shrunk = await shrinkFrom(shrinking, module, each);
    if (rule !== undefined && shrunk !== undefined) known.add(rule);
    // Checks that fail for one reason shrink to one spec.
    if (shrunk !== undefined && reproductions.some(({ text }) => text === shrunk.text)) continue;
    reproductions.push(reportOf(each, module, shrunk));
  }
  const errors = session.outcome.diagnostics.filter(({ severity }) => severity === "error").length;
  return { file: file.id, errors, reproductions, milliseconds: host.now() - started };
}

function hooks({ cancelled, breathe }: ReproduceOptions): Pick<ExecuteOptions, "cancelled" | "breathe"> {
  return {
    ...(cancelled === undefined ? {} : { cancelled }),
    ...(breathe === undefined ? {} : { breathe }),
  };
}

function kindOf({ kind }: FailureTarget): "run" | "op" | "net" {
  return kind === "check" || kind === "gradcheck" ? "run" : kind;
}

async function shrinkFrom(
  shrinking: Shrinking,
  module: Module,
  { of, failure }: Found,
): Promise<Shrunk | undefined> {
  const text = withoutImports(module);
  const texts = text === module.file.text ? [text] : [text, module.file.text];
  if (of.kind === "check" || of.kind === "gradcheck") {
    for (const start of texts) {
      const shrunk = await shrink(shrinking, start, failure);
      if (shrunk !== undefined) return shrunk;
    }
    return undefined;
  }
  const declaration = module.declarations.get(of.name);
  if (declaration?.kind !== "op" && declaration?.kind !== "net") return undefined;
  const library = makeLibrary(shrinking.host.data);
  const run = sampledRun({ module, library, poll: shrinking.poll }, declaration);
  for (const start of texts)
    for (const runText of run.texts) {
      const shrunk = await shrink(shrinking, `${start.trimEnd()}\n\n${runText}`, {
        ...failure,
        run: run.name,
      });
      if (shrunk !== undefined) return shrunk;
    }
  return undefined;
}

/** Ops and nets first: what is wrong in them is what runs only meet. */
function failuresIn(gradchecked: FileReport, checked: FileReport): Found[] {
  const found: Found[] = [];
  for (const kind of ["op", "net"] as const)
    for (const { name, range, gradcheck } of (kind === "op" ? gradchecked.ops : gradchecked.nets) ?? []) {
      if (gradcheck.verdict !== "failed") continue;
      const failure = failureOfGradcheck("", gradcheck);
      found.push({ of: { kind, name, index: 0 }, title: `${kind} ${name}`, range, failure });
    }
  for (const { name, checks } of checked.runs ?? []) {
    const gradchecks = (gradchecked.runs ?? []).find((run) => run.name === name)?.gradchecks ?? [];
    for (const [index, check] of checks.entries()) {
      if (check.status !== "failed") continue;
      const title = `${check.label === null ? `check ${String(index + 1)}` : `check "${check.label}"`} in run ${name}`;
      const failure = failureOfCheck(name, check);
      found.push({ of: { kind: "check", name, index }, title, range: check.range, failure });
    }
    for (const [index, gradcheck] of gradchecks.entries()) {
      if (gradcheck.verdict !== "failed") continue;
      const title = `gradcheck ${gradcheck.of} in run ${name}`;
      const failure = failureOfGradcheck(name, gradcheck);
      found.push({ of: { kind: "gradcheck", name, index }, title, range: gradcheck.range, failure });
    }
  }
  return found;
}

function reportOf(
  { of, title, range, failure }: Found,
  module: Module,
  shrunk: Shrunk | undefined,
): Reproduction {
  const before = module.file.text.split("\n").length;
  if (shrunk === undefined)
    return {
      ...{ of, title, range, text: null, kind: failure.explanation?.kind ?? null },
      message: "It does not fail in the same way when it is executed by itself.",
      selfContained: false,
      lines: { before, after: before },
      tried: 0,
    };
  const { text, outcome, tried } = shrunk;
  return {
    ...{ of, title, range, text, kind: outcome.explanation?.kind ?? null },
    message: outcome.explanation?.message ?? outcome.message,
    selfContained: isSelfContained(text),
    lines: { before, after: text.trimEnd().split("\n").length },
    tried,
  };
}

function isSelfContained(text: string): boolean {
  const file = parse(text);
  const imports = file.declarations.some(
    ({ kind, ...rest }) => kind === "import" && "from" in rest && rest.from?.value !== "std",
  );
  return !imports && !/\b(?:npy|npz|csv|idx|safetensors|png)\s*\(/u.test(text);
}
