/**
 * Writes the operations of a lane program on vectors. A loop has 4 lanes of 32 bits, or, where anything in it has 64 bits,
 * 2 lanes of 64; float32 values then stand in the lower half of their vector, masks are as wide as the lanes are. Knows
 * nothing of addresses.
 */
import type { Intrinsic } from "../../ops";
import type { FunctionBuilder, FunctionRef, Local, ModuleBuilder, PlainInstruction, Target } from "../emit";
import { isVectorFunction, loadFunctionConstants, writeVectorFunction, type ConstantLocals } from "../maths";
import type { LaneOperation, LaneType } from "./lane-program";

export type LaneCount = 2 | 4;

export interface LaneContext {
  readonly module: ModuleBuilder;
  readonly code: FunctionBuilder;
  readonly target: Target;
  readonly lanes: LaneCount;
  /** Those of the vector functions that the loop calls. */
  readonly constants: ConstantLocals;
  /** The host's own function of that name, of doubles. */
  host(name: Intrinsic): FunctionRef;
}

type Width = "f32x4" | "f64x2";

const direct: Partial<Readonly<Record<Intrinsic, string>>> = {
  add: "add",
  sub: "sub",
  mul: "mul",
  div: "div",
  neg: "neg",
  abs: "abs",
  sqrt: "sqrt",
  floor: "floor",
  ceil: "ceil",
  round: "nearest",
  maximum: "max",
  minimum: "min",
  less: "lt",
  lessEqual: "le",
  greater: "gt",
  greaterEqual: "ge",
  equal: "eq",
  notEqual: "ne",
};

const composed: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  "square",
  "reciprocal",
  "sign",
  "isnan",
  "and",
  "or",
  "not",
  "where",
]);

/** How many lanes a loop of these operations has. */
export function laneCountOf(operations: readonly LaneOperation[]): LaneCount {
  return operations.some(({ type }) => type === "f64") ? 2 : 4;
}

/** The host functions that the operations call, because vectors have none of their own. */
export function hostFunctionsOf(operations: readonly LaneOperation[]): Intrinsic[] {
  return operations.flatMap((operation) => {
    if (operation.kind !== "intrinsic") return [];
    const { name } = operation;
    if (name in direct || composed.has(name) || exponentOf(operation, operations) !== undefined) return [];
    return isVectorFunction(name) ? [] : [name];
  });
}

/** Loads what the vector functions among the operations need, before the loop that calls them. */
export function loadConstants(
  code: FunctionBuilder,
  target: Target,
  operations: readonly LaneOperation[],
): ConstantLocals {
  return loadFunctionConstants(
    code,
    target,
    operations.flatMap((operation) => {
      if (operation.kind !== "intrinsic" || exponentOf(operation, operations) !== undefined) return [];
      return isVectorFunction(operation.name) ? [[operation.name, widthOf(operation.working)] as const] : [];
    }),
  );
}

/** How many arguments the host's function takes. */
export function hostArity(name: Intrinsic): number {
  return name === "pow" || name === "atan2" ? 2 : 1;
}

/** Leaves the operation's result on the stack; `at` gives the locals of earlier ones. Not for loads. */
export function emitOperation(
  context: LaneContext,
  operations: readonly LaneOperation[],
  operation: Exclude<LaneOperation, { readonly kind: "load" }>,
  at: (operand: number) => Local,
): void {
  const { code } = context;
  switch (operation.kind) {
    case "constant":
      code.get(code.constant(widthOf(operation.type), operation.value));
      return;
    case "convert":
      convert(context, at(operation.operand), operations[operation.operand]!.type, operation.type);
      return;
    case "intrinsic": {
      const exponent = exponentOf(operation, operations);
      const operands = operation.operands.map(at);
      if (exponent !== undefined) raise(context, operands[0]!, exponent, widthOf(operation.working));
      else intrinsic(context, operation.name, operands, operation.working);
    }
  }
}

function widthOf(type: "f32" | "f64"): Width {
  return type === "f32" ? "f32x4" : "f64x2";
}

/** An instruction of that width. */
export function op(width: Width, name: string): PlainInstruction {
  return `${width}.${name}` as PlainInstruction; // both widths have the same float instructions
}

/** The exponents that are products and roots, as the reference has them. */
function exponentOf(
  operation: Extract<LaneOperation, { readonly kind: "intrinsic" }>,
  operations: readonly LaneOperation[],
): number | undefined {
  if (operation.name !== "pow") return undefined;
  const exponent = operations[operation.operands[1]!]!;
  if (exponent.kind !== "constant") return undefined;
  return [2, 3, 1, -1, 0.5].find((known) => known === exponent.value);
}

function raise({ code }: LaneContext, x: Local, exponent: number, width: Width): void {
  const multiply = op(width, "mul");
  switch (exponent) {
    case 2:
      code.op(multiply, x, x);
      return;
    case 3:
      code.op(multiply, x, x);
      code.op(multiply, x);
      return;
    case -1:
      code.op(op(width, "div"), code.constant(width, 1), x);
      return;
    case 0.5:
      // The root of -∞ is NaN, its power ∞.
      code.get(code.constant(width, Infinity));
      code.op(op(width, "sqrt"), x);
      code.op(op(width, "eq"), x, code.constant(width, -Infinity));
      code.op("v128.bitselect");
      return;
    default:
      code.get(x);
  }
}

function intrinsic(
  context: LaneContext,
  name: Intrinsic,
  operands: readonly Local[],
  working: "f32" | "f64",
): void {
  const { code } = context;
  const width = widthOf(working);
  const [x, y, z] = operands as [Local, Local, Local];
  const known = direct[name];
  if (known !== undefined) {
    code.op(op(width, known), ...operands);
    if (comparisonsGiveMasks.has(name)) widenMask(context, working);
    return;
  }
  switch (name) {
    case "square":
      code.op(op(width, "mul"), x, x);
      return;
    case "reciprocal":
      code.op(op(width, "div"), code.constant(width, 1), x);
      return;
    case "sign": {
      const one = code.constant(width, 1);
      const zero = code.constant(width, 0);
      code.op(op(width, "gt"), x, zero);
      code.op("v128.and", one);
      code.op(op(width, "lt"), x, zero);
      code.op("v128.and", one);
      code.op(op(width, "sub"));
      return;
    }
    case "isnan":
      code.op(op(width, "ne"), x, x);
      widenMask(context, working);
      return;
    case "and":
      code.op("v128.and", x, y);
      return;
    case "or":
      code.op("v128.or", x, y);
      return;
    case "not":
      code.op("v128.not", x);
      return;
    case "where":
      code.push(y, z, x);
      narrowMask(context, working);
      code.op("v128.bitselect");
      return;
    default: {
      const { module, target, constants } = context;
      if (isVectorFunction(name)) writeVectorFunction(code, module, target, name, width, operands, constants);
      else callHost(context, name, operands, working);
    }
  }
}

const comparisonsGiveMasks: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  "less",
  "lessEqual",
  "greater",
  "greaterEqual",
  "equal",
  "notEqual",
]);

/** A comparison of float32 in a loop of 64-bit lanes: its mask becomes as wide as the lanes. */
function widenMask({ code, lanes }: LaneContext, working: "f32" | "f64"): void {
  if (lanes === 2 && working === "f32") code.op("i64x2.extend_low_i32x4_s");
}

/** A mask on the stack, as wide as values of `working` are. */
function narrowMask({ code, lanes }: LaneContext, working: "f32" | "f64"): void {
  if (lanes === 4 || working === "f64") return;
  const mask = code.define("v128");
  code.shuffle32([0, 2, 0, 2], mask, mask);
  code.release(mask);
}

function convert(context: LaneContext, operand: Local, from: LaneType, to: LaneType): void {
  const { code } = context;
  if (to === "mask") {
    const width = widthOf(from === "f32" ? "f32" : "f64");
    code.op(op(width, "ne"), operand, code.constant(width, 0));
    widenMask(context, from === "f32" ? "f32" : "f64");
  } else if (from === "mask") {
    code.get(operand);
    narrowMask(context, to);
    code.op("v128.and", code.constant(widthOf(to), 1));
  } else code.op(to === "f64" ? "f64x2.promote_low_f32x4" : "f32x4.demote_f64x2_zero", operand);
}

/** Lane by lane, in doubles. */
function callHost(
  context: LaneContext,
  name: Intrinsic,
  operands: readonly Local[],
  working: "f32" | "f64",
): void {
  const { code, lanes } = context;
  const width = widthOf(working);
  const callee = context.host(name);
  const result = code.local("v128");
  code.set(result, operands[0]);
  for (let lane = 0; lane < lanes; lane++) {
    code.get(result);
    for (const operand of operands) {
      code.lane(`${width}.extract_lane`, lane, operand);
      if (working === "f32") code.op("f64.promote_f32");
    }
    code.call(callee);
    if (working === "f32") code.op("f32.demote_f64");
    code.lane(`${width}.replace_lane`, lane);
    code.set(result);
  }
  code.get(result);
  code.release(result);
}
