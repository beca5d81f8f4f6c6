/** Declared types against actual shapes: binding sizes, and comparing what is declared with what is found. */
import {
  addSizes,
  compareSizes,
  dim,
  formatSize,
  isUnknown,
  symbol,
  unknownSize,
  type Dim,
  type DType,
  type Size,
} from "../../runtime/tensor";
import type { Expression, Input, Span, Type } from "../syntax";
import { formatType } from "./describe";
import { problems } from "./diagnostics/catalogue";
import { placeOf, textOf, type Elaboration } from "./elaboration";
import { reportNotCompileTime } from "./compile-time-values";
import type { Frame } from "./frame";
import { describeKind, sizeValue, type TensorValue, type Value } from "./value";

/** A value as a size: known, symbolic, or unknown (reported where it can be none). */
export function toSize(e: Elaboration, frame: Frame, value: Value, span: Span): Size {
  switch (value.kind) {
    case "number":
      if (value.value !== undefined && !Number.isInteger(value.value)) {
        e.report(frame, problems.expected("a whole number", describeKind(value)), span);
        return unknownSize();
      }
      return value.size ?? unknownSize();
    case "opaque":
      return symbol(value.name);
    case "unknown":
    case "pending":
      return unknownSize();
    default:
      reportNotCompileTime(e, frame, value, span, "A dimension");
      return unknownSize();
  }
}

/** The dimension that an expression in a type declares, with its own place as origin. */
export function evaluateDim(e: Elaboration, frame: Frame, expression: Expression, owner: string): Dim {
  const origin = { name: owner, place: placeOf(frame, expression) };
  if (expression.kind === "hole") return dim(unknownSize(), origin);
  return dim(toSize(e, frame, e.evaluate(frame, expression), expression), origin);
}

/** The dims of a declared type; `...` stands for `rest`. Undefined where `...` is not known. */
export function evaluateType(
  e: Elaboration,
  frame: Frame,
  type: Type,
  owner: string,
): readonly Dim[] | undefined {
  const shape: Dim[] = [];
  for (const item of type.dims) {
    if (item.kind !== "ellipsis") shape.push(evaluateDim(e, frame, item, owner));
    else {
      const rest = restOf(frame);
      if (rest === undefined) return undefined;
      shape.push(...rest);
    }
  }
  return shape;
}

/**
 * The dims of a declared type around a value whose rank is known, where nothing has said what `...` stands for: it takes
 * what the others leave. "short" where the value has fewer dimensions than they are.
 */
export function evaluateTypeAround(
  e: Elaboration,
  frame: Frame,
  type: Type,
  owner: string,
  actual: readonly Dim[],
): readonly Dim[] | "short" {
  const missing = actual.length - (type.dims.length - 1);
  if (missing < 0) return "short";
  return type.dims.flatMap((item, at) =>
    item.kind === "ellipsis" ? actual.slice(at, at + missing) : [evaluateDim(e, frame, item, owner)],
  );
}

/** The name under which a scope keeps what `...` stands for; no name of the language has a space. */
const restName = " ...";

function restOf(frame: Frame): readonly Dim[] | undefined {
  const bound = frame.scope.lookup(restName)?.value;
  return bound?.kind === "tensor" ? bound.shape : undefined;
}

export function bindRest(frame: Frame, rest: readonly Dim[], span: Span): void {
  const value: TensorValue = {
    kind: "tensor",
    shape: rest,
    dtype: "float64",
    node: undefined,
    parents: [],
    owner: undefined,
  };
  frame.scope.bind({ name: restName, value, role: "size", place: placeOf(frame, span) });
}

export function elementType(frame: Frame, type: Type): DType {
  return type.element === "float" ? frame.dtype : type.element;
}

/** The name of a dimension that declares a size: a bare name that is no hyperparameter. */
function declaredSize(item: Type["dims"][number], hyperparameters: ReadonlySet<string>): string | undefined {
  return item.kind === "name" && !hyperparameters.has(item.name) ? item.name : undefined;
}

/** Binds every declared size to a symbol of its own, for checking a declaration by itself. */
export function bindSymbols(e: Elaboration, frame: Frame, inputs: readonly Input[]): void {
  const hyperparameters = hyperparametersOf(frame);
  for (const { type } of inputs) {
    for (const item of type?.dims ?? []) {
      const name = declaredSize(item, hyperparameters);
      if (name !== undefined && frame.scope.own(name) === undefined)
        bindSize(e, frame, name, symbol(name), item);
    }
  }
  for (const { name, type } of inputs)
    for (const item of type?.dims ?? [])
      if (item.kind !== "ellipsis") checkDeclaredSizes(e, frame, item, name.name);
}

/** Reports names in a dimension that nothing declares: file-level constants are not seen by input types. */
function checkDeclaredSizes(e: Elaboration, frame: Frame, item: Expression, owner: string): void {
  if (item.kind === "name" && frame.scope.own(item.name) === undefined) {
    e.report(frame, problems.sizeUndeclared(item.name), item);
    bindSize(e, frame, item.name, unknownSize(), item);
  } else if (item.kind === "binary") {
    checkDeclaredSizes(e, frame, item.left, owner);
    checkDeclaredSizes(e, frame, item.right, owner);
  }
}

export function hyperparametersOf(frame: Frame): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { name, role } of frame.scope.bindings()) if (role === "hyperparameter") names.add(name);
  return names;
}

function bindSize(e: Elaboration, frame: Frame, name: string, size: Size, span: Span): void {
  const place = placeOf(frame, span);
  const value = sizeValue(size);
  frame.scope.bind({ name, value, role: "size", place });
  e.facts.define({ name, place, role: "size", value, scope: frame.scope, container: "" });
}

export interface ActualInput {
  readonly input: Input;
  readonly value: TensorValue;
  /** The argument as written, for messages. */
  readonly text: string;
  readonly span: Span;
}

/**
 * Binds the sizes that input types declare to the actual shapes and compares all the rest.
 * `body` is the frame of the declaration, `caller` the one that messages go to. False where something does not fit.
 */
export function unifyInputs(
  e: Elaboration,
  body: Frame,
  caller: Frame,
  callee: string,
  actuals: readonly ActualInput[],
): boolean {
  const hyperparameters = hyperparametersOf(body);
  let fits = true;
  for (const actual of actuals) fits = bindActual(e, body, caller, callee, actual, hyperparameters) && fits;
  if (!fits) return false;
  bindUnknownSizes(e, body, actuals, hyperparameters);
  for (const actual of actuals) fits = compareActual(e, body, caller, callee, actual) && fits;
  return fits;
}

function bindActual(
  e: Elaboration,
  body: Frame,
  caller: Frame,
  callee: string,
  actual: ActualInput,
  hyperparameters: ReadonlySet<string>,
): boolean {
  const { type } = actual.input;
  const { shape } = actual.value;
  if (type === undefined || shape === undefined) return true;
  const at = type.dims.findIndex((item) => item.kind === "ellipsis");
  const fixed = type.dims.length - (at === -1 ? 0 : 1);
  if (at === -1 ? shape.length !== fixed : shape.length < fixed) {
    reportMisfit(
      e,
      body,
      caller,
      callee,
      actual,
      `${at === -1 ? "" : "at least "}${String(fixed)} dimension${fixed === 1 ? "" : "s"}`,
    );
    return false;
  }
  if (at !== -1) {
    const rest = shape.slice(at, shape.length - (fixed - at));
    const known = restOf(body);
    if (known === undefined) bindRest(body, rest, type);
    else if (!sameShape(known, rest)) {
      reportMisfit(
        e,
        body,
        caller,
        callee,
        actual,
        `\`...\` is ${formatType({ shape: known, dtype: "float64" })} already`,
      );
      return false;
    }
  }
  type.dims.forEach((item, index) => {
    const name = declaredSize(item, hyperparameters);
    if (name === undefined || body.scope.own(name) !== undefined) return;
    const found = shape[at !== -1 && index > at ? shape.length - (type.dims.length - index) : index];
    if (found !== undefined) bindSize(e, body, name, found.size, item);
  });
  return true;
}

/** Where the shape of an argument is not known, neither are the sizes that it alone would have declared. */
function bindUnknownSizes(
  e: Elaboration,
  body: Frame,
  actuals: readonly ActualInput[],
  hyperparameters: ReadonlySet<string>,
): void {
  for (const { input } of actuals) {
    for (const item of input.type?.dims ?? []) {
      const name = declaredSize(item, hyperparameters);
      if (name !== undefined && body.scope.own(name) === undefined)
        bindSize(e, body, name, unknownSize(), item);
    }
  }
}

function sameShape(a: readonly Dim[], b: readonly Dim[]): boolean {
  return (
    a.length === b.length && a.every((each, i) => compareSizes(each.size, b[i]?.size ?? 0) !== "different")
  );
}

function compareActual(
  e: Elaboration,
  body: Frame,
  caller: Frame,
  callee: string,
  actual: ActualInput,
): boolean {
  const { type } = actual.input;
  const { shape } = actual.value;
  if (type === undefined || shape === undefined) return true;
  const declared = evaluateType(
    e,
    { ...body, machine: undefined, silent: true },
    type,
    actual.input.name.name,
  );
  if (declared?.length !== shape.length) return true;
  for (const [axis, want] of declared.entries()) {
    const found = shape[axis];
    if (found === undefined || compareSizes(want.size, found.size) !== "different") continue;
    reportMisfit(
      e,
      body,
      caller,
      callee,
      actual,
      `dimension ${String(axis)} must be ${formatSize(want.size)}, not ${formatSize(found.size)}`,
      found,
    );
    return false;
  }
  return true;
}

function reportMisfit(
  e: Elaboration,
  body: Frame,
  caller: Frame,
  callee: string,
  { input, value, text, span }: ActualInput,
  why: string,
  found?: Dim,
): void {
  const declared = input.type === undefined ? "" : textOf(body, input.type);
  const message = `\`${input.name.name}\` of \`${callee}\` is declared as ${declared}, but \`${text}\` is ${formatType(value)}: ${why}.`;
  const related = [{ place: placeOf(body, input), message: `\`${input.name.name}\` is declared here` }];
  if (found?.origin !== undefined) {
    // Origins are made by this room alone, with places of its own.
    related.push({
      place: found.origin.place as (typeof related)[0]["place"],
      message: `${formatSize(found.size)} comes from \`${found.origin.name}\``,
    });
  }
  e.report(caller, problems.unequalDimensions(message), span, { related });
}

/** Whether a found type surely differs from a declared one. */
export function contradicts(declared: readonly Dim[], found: readonly Dim[]): boolean {
  return (
    declared.length !== found.length ||
    declared.some((want, axis) => compareSizes(want.size, found[axis]?.size ?? 0) === "different")
  );
}

/** The found dims, with what the declaration knows better, and its origins. */
export function refine(declared: readonly Dim[], found: readonly Dim[]): readonly Dim[] {
  return declared.map((want, axis) => {
    const size = found[axis]?.size ?? want.size;
    const better = isUnknown(want.size) || typeof size === "number" ? size : want.size;
    return dim(better, want.origin);
  });
}

/** The number of elements, as a size. */
export function elementSize(shape: readonly Dim[], multiply: (a: Size, b: Size) => Size): Size {
  return shape.reduce<Size>((product, each) => multiply(product, each.size), addSizes(1, 0));
}
