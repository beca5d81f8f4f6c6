/** Softmax and its logarithm along one dimension, computed from the largest element; sums are in float64. Knows no operators. */
import type { FunctionBuilder, FunctionRef, Local, ModuleBuilder, Target } from "../../emit";
import { sizeOf, widthOf } from "../product/product";
import { forEachLane, LaneWalk, type LaneLayout } from "./lane-walk";

export type SoftmaxKind = "softmax" | "log_softmax";

/** Writes code that computes it from the tensor at `x` to that at `z`, which may be the same. */
export function writeSoftmax(
  context: { readonly module: ModuleBuilder; readonly code: FunctionBuilder; readonly target: Target },
  kind: SoftmaxKind,
  layout: LaneLayout,
  x: Local,
  z: Local,
): void {
  const { module, code, target } = context;
  if (layout.length === 0) return;
  forEachLane(code, layout, (offset, columns) => {
    code.call(
      laneFunction(module, target, kind, layout, columns),
      () => {
        code.op("i32.add", x, offset);
      },
      () => {
        code.op("i32.add", z, offset);
      },
    );
  });
}

function laneFunction(
  module: ModuleBuilder,
  target: Target,
  kind: SoftmaxKind,
  layout: LaneLayout,
  columns: number,
): FunctionRef {
  const { type, length, inner } = layout;
  const name = `${kind} ${type} ${length} ${inner} ${columns}`;
  return module.shared(name, { parameters: ["i32", "i32"], results: [] }, (code) => {
    const walk = new LaneWalk(module, code, target, layout, columns);
    if (kind === "softmax") writeSoftmaxLane(code, walk, layout);
    else writeLogSoftmaxLane(code, walk, layout);
  });
}

function largestOf(code: FunctionBuilder, walk: LaneWalk, { type }: LaneLayout): Local {
  const [x, z] = code.parameters as [Local, Local];
  const width = widthOf(type);
  const largest = code.define("v128", code.constant(width, -Infinity));
  walk.pass(x, z, -Infinity, (value) => {
    code.op(`${width}.max`, largest, value);
    code.set(largest);
  });
  walk.spreadMaximum(largest);
  return largest;
}

/** yᵢ = exp(xᵢ − m) / Σ exp(xⱼ − m) */
function writeSoftmaxLane(code: FunctionBuilder, walk: LaneWalk, layout: LaneLayout): void {
  const [x, z] = code.parameters as [Local, Local];
  const largest = largestOf(code, walk, layout);
  const sum = walk.wideSum();
  walk.pass(x, z, -Infinity, (value, put) => {
    const power = code.define("v128", () => {
      walk.pushExp(value, largest);
    });
    put(power);
    walk.addWide(sum, power);
    code.release(power);
  });
  walk.spreadSum(sum);
  const total = walk.narrow(sum);
  walk.pass(z, z, 0, (value, put) => {
    code.op(`${widthOf(layout.type)}.div`, value, total);
    code.set(value);
    put(value);
  });
}

/** yᵢ = (xᵢ − m) − log Σ exp(xⱼ − m) */
function writeLogSoftmaxLane(code: FunctionBuilder, walk: LaneWalk, layout: LaneLayout): void {
  const [x, z] = code.parameters as [Local, Local];
  const width = widthOf(layout.type);
  const largest = largestOf(code, walk, layout);
  const sum = walk.wideSum();
  walk.pass(x, z, -Infinity, (value) => {
    const power = code.define("v128", () => {
      walk.pushExp(value, largest);
    });
    walk.addWide(sum, power);
    code.release(power);
  });
  walk.spreadSum(sum);
  walk.applyWide("log", sum);
  const total = walk.narrow(sum);
  walk.pass(x, z, 0, (value, put) => {
    code.op(`${width}.sub`, value, largest);
    code.op(`${width}.sub`, total);
    code.set(value);
    put(value);
  });
}

/** Bytes of a tensor of this layout, in whole vectors. */
export function layoutBytes({ type, outer, length, inner }: LaneLayout): number {
  return 16 * Math.ceil((outer * length * inner * sizeOf(type) + 64) / 16);
}
