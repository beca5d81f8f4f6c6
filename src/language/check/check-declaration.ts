/** Checks one declaration: an op or net by itself with symbolic sizes, a constant, a run. Knows nothing of the rest of its file. */
import { dim, symbol, type Dim } from "../../runtime/tensor";
import type { Declaration, Net, Op, Run, Statement } from "../syntax";
import { bindRest } from "./declared-types";
import { constantValue } from "./declared-names";
import { problems } from "./diagnostics/catalogue";
import type { Diagnostic } from "./diagnostics/diagnostic";
import type { Elaborator } from "./elaborator";
import type { Frame } from "./frame";
import { reportHoles } from "./holes";
import type { Machine } from "./machine";
import type { Module } from "./module";
import { emptyRecord, type RunRecord } from "./record";
import { evaluateRule, rulesOf, symbolicArgument } from "./rules";
import { Scope } from "./scope";
import { bindInput, bindSymbolicInputs, resultOf } from "./user-ops";
import { unknown, type InstanceValue, type LayerValue, type Value } from "./value";

/** The tool's own mistakes are diagnostics as well: one declaration's do not hide the others'. */
export function checkDeclaration(
  module: Module,
  declaration: Declaration,
  make: () => Elaborator,
): readonly Diagnostic[] {
  try {
    return checkOne(module, declaration, make);
  } catch (error) {
    if (declaration.kind === "import") throw error;
    const { start, end } = declaration.name;
    const problem = problems.internal(error instanceof Error ? error.message : String(error));
    return [{ ...problem, place: { file: module.id, start, end }, related: [], fixes: [] }];
  }
}

function checkOne(module: Module, declaration: Declaration, make: () => Elaborator): readonly Diagnostic[] {
  if (declaration.kind === "import") return [];
  if (declaration.kind === "op" || declaration.kind === "net") return checkAlone(make, module, declaration);
  const elaborator = make();
  if (declaration.kind === "run") elaborateRun(elaborator, module, declaration, undefined);
  else constantValue(elaborator, declarationFrame(module, "file"), declaration, module, declaration.name);
  return elaborator.diagnostics;
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
function checkAlone(make: () => Elaborator, module: Module, declaration: Op | Net): readonly Diagnostic[] {
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
