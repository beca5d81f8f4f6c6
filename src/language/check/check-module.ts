/** Checks a whole file: syntax, imports, every declaration by itself with symbolic sizes, every run. */
import { dim, symbol, type Dim } from "../../runtime/tensor";
import type { Declaration, Net, Op, Run, Statement } from "../syntax";
import { bindRest } from "./declared-types";
import { constantValue } from "./declared-names";
import { problems } from "./diagnostics/catalogue";
import type { Diagnostic } from "./diagnostics/diagnostic";
import { Elaborator } from "./elaborator";
import { Facts } from "./facts";
import { fileProblems } from "./file-problems";
import type { Frame } from "./frame";
import { reportHoles } from "./holes";
import type { Library, Machine } from "./machine";
import type { Module } from "./module";
import { emptyRecord, type RunRecord } from "./record";
import { evaluateRule, rulesOf, symbolicArgument } from "./rules";
import { Scope } from "./scope";
import { applySilencing } from "./silencing";
import { unusedNames } from "./unused";
import { bindInput, bindSymbolicInputs, resultOf } from "./user-ops";
import { unknown, type InstanceValue, type LayerValue, type Value } from "./value";

export interface CheckedModule {
  readonly module: Module;
  /** Of this file, in order of place. */
  readonly diagnostics: readonly Diagnostic[];
  readonly facts: Facts;
}

export interface CheckOptions {
  readonly library?: Library;
  /** Units of work before loops are no longer unrolled. */
  readonly budget?: number;
}

/** Never throws: whatever the text, there are diagnostics and facts. */
export function checkModule(module: Module, options: CheckOptions = {}): CheckedModule {
  const facts = new Facts();
  const purse = new Purse(options);
  const found = new Map<string, Diagnostic>();
  const keep = (diagnostics: readonly Diagnostic[]) => {
    for (const diagnostic of diagnostics) {
      const { file, start } = diagnostic.place;
      // A problem in another file is shown where this file leads to it.
      const shown = file === module.id ? diagnostic : elsewhere(module, diagnostic);
      if (shown !== undefined)
        found.set(`${shown.code} ${file} ${String(start)} ${String(shown.place.start)}`, shown);
    }
  };
  keep(fileProblems(module));
  // Runs first: what a net's own names are, its body's symbols say, not the last application's numbers.
  const own = module.file.declarations.filter(({ kind }) => kind === "op" || kind === "net");
  for (const declaration of [...module.file.declarations.filter((each) => !own.includes(each)), ...own]) {
    keep(
      guarded(module, declaration, () =>
        checkOne(module, declaration, () => purse.elaborator(options.library, facts)),
      ),
    );
  }
  keep(unusedNames(module));
  dropCascades(module, found);
  const diagnostics = applySilencing(module, [...found.values()]);
  return {
    module,
    diagnostics: diagnostics.sort((a, b) => a.place.start - b.place.start || a.place.end - b.place.end),
    facts,
  };
}

/** The units of work of all declarations together, so that many costly ones do not cost without end. */
class Purse {
  readonly #each: number;
  #left: number;
  #last: { readonly elaborator: Elaborator; readonly given: number } | undefined;

  constructor({ budget = 200_000 }: CheckOptions) {
    this.#each = budget;
    this.#left = 2 * budget;
  }

  /** With what a declaration may spend, and never less than most need. */
  elaborator(library: Library | undefined, facts: Facts): Elaborator {
    if (this.#last !== undefined) this.#left -= this.#last.given - this.#last.elaborator.budget;
    const given = Math.max(this.#each / 50, Math.min(this.#each, this.#left));
    const elaborator = new Elaborator({ library, budget: given }, facts);
    this.#last = { elaborator, given };
    return elaborator;
  }
}

/** What is wrong within the words of a syntax error has been told by it. */
function dropCascades(module: Module, found: Map<string, Diagnostic>): void {
  for (const error of module.file.errors) {
    for (const [key, { code, place }] of found) {
      const within = place.file === module.id && error.start <= place.start && place.end <= error.end;
      if (within && code !== error.code && place.end > place.start && !isSyntaxCode(code)) found.delete(key);
    }
  }
}

function isSyntaxCode(code: string): boolean {
  return code.startsWith("NN1");
}

/** The tool's own mistakes are diagnostics as well: one declaration's do not hide the others'. */
function guarded(
  module: Module,
  declaration: Declaration,
  check: () => readonly Diagnostic[],
): readonly Diagnostic[] {
  try {
    return check();
  } catch (error) {
    if (declaration.kind === "import") throw error;
    const { start, end } = declaration.name;
    const problem = problems.internal(error instanceof Error ? error.message : String(error));
    return [{ ...problem, place: { file: module.id, start, end }, related: [], fixes: [] }];
  }
}

function checkOne(module: Module, declaration: Declaration, make: () => Elaborator): readonly Diagnostic[] {
  if (declaration.kind === "import") return [];
  if (declaration.kind === "op" || declaration.kind === "net")
    return checkDeclaration(make, module, declaration);
  const elaborator = make();
  if (declaration.kind === "run") elaborateRun(elaborator, module, declaration, undefined);
  else constantValue(elaborator, declarationFrame(module, "file"), declaration, module, declaration.name);
  return elaborator.diagnostics;
}

function elsewhere(module: Module, diagnostic: Diagnostic): Diagnostic | undefined {
  const here = diagnostic.related.find(({ place }) => place.file === module.id);
  if (here === undefined || diagnostic.severity !== "error") return undefined;
  const related = [
    { place: diagnostic.place, message: "Found here" },
    ...diagnostic.related.filter((each) => each !== here),
  ];
  return { ...diagnostic, place: here.place, related, fixes: [] };
}

export function declarationFrame(module: Module, kind: Frame["kind"]): Frame {
  return {
    kind,
    module,
    scope: new Scope(undefined),
    machine: undefined,
    silent: false,
    dtype: "float64",
    record: undefined,
    turn: {},
    owner: undefined,
    layer: undefined,
    calls: [],
    appliedAt: undefined,
    expectedShape: undefined,
    annotated: undefined,
    result: undefined,
    assigning: undefined,
  };
}

/**
 * An op or net by itself, its sizes symbols. Where `...` may stand for any dimensions, it is checked for none, one and
 * two of them, and what is wrong for all is wrong.
 */
function checkDeclaration(
  make: () => Elaborator,
  module: Module,
  declaration: Op | Net,
): readonly Diagnostic[] {
  const open = declaration.inputs.some(
    ({ type }) => type?.dims.some((item) => item.kind === "ellipsis") === true,
  );
  if (!open) return checkWithRest(make(), module, declaration, undefined);
  const rests: readonly (readonly Dim[])[] = [
    [dim(symbol("…1")), dim(symbol("…2"))],
    [dim(symbol("…1"))],
    [],
  ];
  // The fullest last: its facts are the ones that stay.
  const lists = rests.toReversed().map((rest) => checkWithRest(make(), module, declaration, rest));
  const [first = [], ...others] = lists.toReversed();
  const key = ({ code, place }: Diagnostic): string =>
    `${code} ${place.file} ${String(place.start)} ${String(place.end)}`;
  return first.filter((diagnostic) =>
    others.every((list) => list.some((other) => key(other) === key(diagnostic))),
  );
}

function checkWithRest(
  e: Elaborator,
  module: Module,
  declaration: Op | Net,
  rest: readonly Dim[] | undefined,
): readonly Diagnostic[] {
  const base = declarationFrame(module, declaration.kind);
  const calls = [`${module.id} ${declaration.name.name}`];
  const instance = declaration.kind === "net" ? symbolicInstance(module, declaration, base.scope) : undefined;
  const frame: Frame = {
    ...base,
    calls,
    result: declaration.result,
    owner: instance,
    layer: instance && {
      layer: instance.layer,
      phase: "apply",
      plan: undefined,
      given: new Map(),
      overrides: new Map(),
      draws: undefined,
    },
  };
  if (rest !== undefined) bindRest(frame, rest, declaration.name);
  for (const type of [...declaration.inputs.map((input) => input.type), declaration.result]) {
    const [, second] = type?.dims.filter(({ kind }) => kind === "ellipsis") ?? [];
    if (second !== undefined) e.report(frame, problems.ambiguousEllipsis(), second);
  }
  for (const { name } of [
    ...(declaration.kind === "net" ? (declaration.hyperparameters ?? []) : []),
    ...declaration.inputs,
  ])
    if (name.name === "T") e.report(frame, problems.transposeName(), name);
  const hyperparameters =
    declaration.kind === "net"
      ? (declaration.hyperparameters ?? [])
      : declaration.inputs.filter(({ type }) => type === undefined);
  for (const input of hyperparameters) {
    const { name } = input.name;
    if (declaration.kind === "net" && input.type !== undefined)
      e.report(frame, problems.hyperparameterTyped(name), input.type);
    const value = symbolicHyperparameter(
      name,
      input.default === undefined ? undefined : e.evaluate({ ...frame, kind: "file" }, input.default), // earlier ones may stand in it
    );
    const place = { file: module.id, start: input.name.start, end: input.name.end };
    frame.scope.bind({ name, value, role: "hyperparameter", place });
    e.facts.define({
      name,
      place,
      role: "hyperparameter",
      value,
      scope: frame.scope,
      container: declaration.name.name,
    });
  }
  if (declaration.kind === "net") {
    for (const input of declaration.inputs)
      if (input.type === undefined && input.name.name !== "") {
        e.report(frame, problems.inputUntyped(input.name.name), input.name);
        bindInput(e, frame, input, unknown);
      }
  }
  bindSymbolicInputs(e, frame, declaration.inputs);
  e.execute(frame, declaration.body.statements);
  const result = resultOf(e, frame, declaration);
  if (instance !== undefined) instance.state.result = result;
  for (const rule of rulesOf(frame)) evaluateRule(e, rule.frame, rule, symbolicArgument(rule.frame, rule));
  reportHoles(e, frame);
  return e.diagnostics;
}

/** A hyperparameter that nobody has given: a number where its default is one, else anything. */
function symbolicHyperparameter(name: string, fallback: Value | undefined): Value {
  if (fallback === undefined || fallback.kind === "unknown") return { kind: "opaque", name };
  if (fallback.kind === "number")
    return {
      kind: "number",
      value: undefined,
      size: fallback.whole ? symbol(name) : undefined,
      whole: fallback.whole,
    };
  if (fallback.kind === "boolean") return { kind: "boolean", value: undefined };
  return fallback;
}

function symbolicInstance(module: Module, declaration: Net, scope: Scope): InstanceValue {
  const { start, end } = declaration.name;
  const layer: LayerValue = {
    kind: "layer",
    name: declaration.name.name,
    net: { declaration, module, hyperparameters: new Map() },
    chain: undefined,
    place: { file: module.id, start, end },
    state: { drawn: true, parameters: new Map(), nested: new Map() },
  };
  return {
    kind: "instance",
    layer,
    scope,
    inputs: [],
    state: {
      result: unknown,
      parameters: new Map(),
      draws: [],
      children: [],
      parent: undefined,
      name: undefined,
    },
  };
}

/** Elaborates a run; with a machine its numbers are made too. */
export function elaborateRun(
  e: Elaborator,
  module: Module,
  run: Run,
  machine: Machine | undefined,
): RunRecord {
  const record = emptyRecord(run);
  const dtypes = run.body.statements.filter((statement) => statement.kind === "dtype");
  const frame: Frame = {
    ...declarationFrame(module, "run"),
    machine,
    record,
    dtype: dtypes[0]?.dtype ?? "float64",
  };
  checkDtype(e, frame, run.body.statements);
  e.execute(frame, run.body.statements);
  if (machine === undefined) reportHoles(e, frame);
  return record;
}

/** The element type of a run's floats. */
export function dtypeOfRun(run: Run): "float32" | "float64" {
  return run.body.statements.find((statement) => statement.kind === "dtype")?.dtype ?? "float64";
}

function checkDtype(e: Elaborator, frame: Frame, statements: readonly Statement[]): void {
  let values = false;
  let stated = false;
  for (const statement of statements) {
    if (statement.kind === "dtype") {
      if (stated) e.report(frame, problems.dtypeTwice(), statement);
      else if (values) e.report(frame, problems.dtypeLate(), statement);
      stated = true;
    } else if (statement.kind !== "seed" && !(statement.kind === "assignment" && statement.constant))
      values = true;
  }
}
