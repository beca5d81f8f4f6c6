/**
 * Vector maths: elementary functions of f32x4 and f64x2, within 2 units in the last place of the correctly rounded values over
 * their whole range, with C's special values. This room's files hold one family of functions each. Knows nothing of graphs
 * or of memory.
 */
import type { FunctionBuilder, FunctionRef, Local, ModuleBuilder, Target } from "../emit";
import { atan, atan2 } from "./arctangent";
import { erf } from "./error-function";
import { cosh, exp, expm1, sigmoid, sinh, tanh } from "./exponential";
import { Lanes, type LaneType } from "./lane-arithmetic";
import {
  LaneGraph,
  loadConstants,
  reachable,
  writeLanes,
  type ConstantLocals,
  type LaneNode,
} from "./lane-graph";
import { log, log1p } from "./logarithm";
import { pow } from "./power";
import { cos, sin, tan } from "./trigonometric";

type Recorder = (lanes: Lanes, x: LaneNode, y: LaneNode) => LaneNode;

const recorders = {
  exp,
  expm1,
  log,
  log1p,
  sin,
  cos,
  tan,
  atan,
  atan2,
  sinh,
  cosh,
  tanh,
  erf,
  sigmoid,
  pow,
} satisfies Record<string, Recorder>;

export type VectorFunction = keyof typeof recorders;

export type { LaneType } from "./lane-arithmetic";
export type { ConstantLocals } from "./lane-graph";

export const vectorFunctions: readonly VectorFunction[] = Object.keys(recorders) as VectorFunction[]; // the record's own keys

export function isVectorFunction(name: string): name is VectorFunction {
  return Object.hasOwn(recorders, name);
}

/** The number of a function's operands. */
function arityOf(name: VectorFunction): 1 | 2 {
  return name === "pow" || name === "atan2" ? 2 : 1;
}

/** How many instructions are written in line; longer functions are called. */
const inlineLimit = 110;

interface Recorded {
  readonly result: LaneNode;
  readonly size: number;
}

const recorded = new Map<string, Recorded>();

function recordedOf(name: VectorFunction, lanes: LaneType, { fma }: Target): Recorded {
  const key = `${name} ${lanes} ${fma ? "fma" : ""}`;
  let found = recorded.get(key);
  if (found === undefined) {
    const graph = new LaneGraph();
    const record: Recorder = recorders[name];
    const result = record(new Lanes(graph, lanes, fma), graph.input(0), graph.input(1));
    found = { result, size: reachable([result]).size };
    recorded.set(key, found);
  }
  return found;
}

/** Has the constants of functions loaded once, for a loop whose body calls `writeVectorFunction` with them. */
export function loadFunctionConstants(
  code: FunctionBuilder,
  target: Target,
  functions: Iterable<readonly [VectorFunction, LaneType]>,
): ConstantLocals {
  const all = [...functions].map(([name, type]) => recordedOf(name, type, target));
  const inLine = all.filter(({ size }) => size <= inlineLimit);
  return loadConstants(
    code,
    inLine.map(({ result }) => result),
  );
}

/** Leaves the function's value for the operands (v128 locals) on the stack: in line, or by a call of a shared function. */
export function writeVectorFunction(
  code: FunctionBuilder,
  module: ModuleBuilder,
  target: Target,
  name: VectorFunction,
  type: LaneType,
  operands: readonly Local[],
  constants?: ConstantLocals,
): void {
  const { result, size } = recordedOf(name, type, target);
  if (size <= inlineLimit) writeLanes(code, module, [result], operands, constants);
  else code.call(sharedFunction(module, target, name, type), ...operands);
}

/** The function as one of the module's: v128s → v128. */
function sharedFunction(
  module: ModuleBuilder,
  target: Target,
  name: VectorFunction,
  lanes: LaneType,
): FunctionRef {
  const parameters = arityOf(name) === 1 ? (["v128"] as const) : (["v128", "v128"] as const);
  return module.shared(`${name} ${lanes}`, { parameters, results: ["v128"] }, (code) => {
    writeLanes(code, module, [recordedOf(name, lanes, target).result], code.parameters);
  });
}
