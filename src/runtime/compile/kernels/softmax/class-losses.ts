/**
 * Losses from log-probabilities and labels (or class probabilities), reduced in float64: the last part of `cross_entropy` and
 * `nll_loss`. Knows nothing of how the log-probabilities are made.
 */
import { forRange, type FunctionBuilder, type Local } from "../../emit";
import type { KernelContext, KernelOperand } from "../../kernel-contract";
import { pushAddress } from "../product/write-product";
import { sizeOf } from "../product/product";
import type { LaneLayout } from "./lane-walk";

export interface ClassLoss {
  readonly layout: LaneLayout;
  /** The address of the log-probabilities. */
  readonly logits: Local;
  readonly target: KernelOperand;
  readonly weight: KernelOperand | undefined;
  readonly reduction: string;
  readonly smoothing: number;
  readonly ignored: number;
}

/** Labels are checked; a wrong one makes the kernel fail. */
export function writeClassLoss(context: KernelContext, loss: ClassLoss): void {
  const { code, result } = context;
  const { layout, reduction } = loss;
  const { type, outer, inner } = layout;
  const size = sizeOf(type);
  const total = code.define("f64", f64(code, 0));
  const divisor = code.define("f64", f64(code, 0));
  forRange(code, 0, outer, 1, (row) => {
    forRange(code, 0, inner, 1, (place) => {
      const value = code.define("f64", f64(code, 0));
      const start = code.define("i32", () => {
        pushAddress(code, loss.logits, [
          [row, layout.length * inner * size],
          [place, size],
        ]);
      });
      const index = code.define("i32", () => {
        pushAddress(code, place, [[row, inner]]);
      });
      if (loss.target.dtype === "int") addLabel(context, loss, { index, start, value, divisor });
      else addProbabilities(code, loss, { row, place, start, value });
      if (reduction === "none") {
        pushAddress(code, result.address, [[index, size]]);
        code.get(value);
        if (type === "f32") code.op("f32.demote_f64");
        code.access(`${type}.store`, 0);
      }
      code.set(total, () => {
        code.op("f64.add", total, value);
      });
      code.release(value, start, index);
    });
  });
  if (reduction === "none") return;
  code.push(result.address, total);
  if (reduction === "mean") {
    if (loss.target.dtype === "int") code.get(divisor);
    else code.f64(outer * inner);
    code.op("f64.div");
  }
  if (type === "f32") code.op("f32.demote_f64");
  code.access(`${type}.store`, 0);
}

/** −(1 − s)·w[label]·logits[label] − s/C · Σ w·logits, and w[label] to the divisor; nothing where the label is ignored. */
function addLabel(
  context: KernelContext,
  loss: ClassLoss,
  { index, start, value, divisor }: Readonly<Record<"index" | "start" | "value" | "divisor", Local>>,
): void {
  const { code } = context;
  const { layout, smoothing } = loss;
  const step = layout.inner * sizeOf(layout.type);
  const label = code.local("i32");
  readLabel(context, loss, index, label, () => {
    const weight = code.define("f64", () => {
      pushWeight(code, loss, label);
    });
    code.set(divisor, () => {
      code.op("f64.add", divisor, weight);
    });
    code.op("f64.mul", f64(code, -(1 - smoothing)), weight);
    pushAddress(code, start, [[label, step]]);
    pushElement(code, layout.type);
    code.op("f64.mul");
    code.set(value);
    if (smoothing > 0) addEven(code, loss, start, value);
    code.release(weight);
  });
  code.release(label);
}

/** Reads a label, fails where it is none, and writes `body` for those that are not ignored. */
export function readLabel(
  context: KernelContext,
  { target, ignored, layout }: Pick<ClassLoss, "target" | "ignored" | "layout">,
  index: Local,
  label: Local,
  body: () => void,
): void {
  const { code } = context;
  const read = code.define("f64", () => {
    pushAddress(code, target.address, [[index, 8]]);
    code.access("f64.load", 0);
  });
  code.op("f64.ne", read, f64(code, ignored));
  code.if(() => {
    code.op("f64.ge", read, f64(code, 0));
    code.op("f64.lt", read, f64(code, layout.length));
    code.op("i32.and");
    code.op("i32.eqz");
    code.if(() => {
      context.fail();
    });
    code.op("i32.trunc_f64_s", read);
    code.set(label);
    body();
  });
  code.release(read);
}

function addEven(code: FunctionBuilder, loss: ClassLoss, start: Local, value: Local): void {
  const { layout, smoothing } = loss;
  forRange(code, 0, layout.length, 1, (c) => {
    code.get(value);
    code.f64(-smoothing / layout.length);
    pushWeight(code, loss, c);
    code.op("f64.mul");
    pushAddress(code, start, [[c, layout.inner * sizeOf(layout.type)]]);
    pushElement(code, layout.type);
    code.op("f64.mul");
    code.op("f64.add");
    code.set(value);
  });
}

/** −Σ w·((1 − s)·t + s/C)·logits */
function addProbabilities(
  code: FunctionBuilder,
  loss: ClassLoss,
  { row, place, start, value }: Readonly<Record<"row" | "place" | "start" | "value", Local>>,
): void {
  const { layout, smoothing, target } = loss;
  const { type, length, inner } = layout;
  const size = sizeOf(type);
  forRange(code, 0, length, 1, (c) => {
    code.get(value);
    pushWeight(code, loss, c);
    pushAddress(code, target.address, [
      [row, length * inner * size],
      [place, size],
      [c, inner * size],
    ]);
    pushElement(code, type);
    code.f64(1 - smoothing);
    code.op("f64.mul");
    code.f64(smoothing / length);
    code.op("f64.add");
    code.op("f64.mul");
    pushAddress(code, start, [[c, inner * size]]);
    pushElement(code, type);
    code.op("f64.mul");
    code.op("f64.sub");
    code.set(value);
  });
}

export function pushWeight(
  code: FunctionBuilder,
  { weight, layout }: Pick<ClassLoss, "weight" | "layout">,
  c: Local,
): void {
  if (weight === undefined) {
    code.f64(1);
    return;
  }
  pushAddress(code, weight.address, [[c, sizeOf(layout.type)]]);
  pushElement(code, layout.type);
}

/** The element at the address on the stack, as a double. */
function pushElement(code: FunctionBuilder, type: "f32" | "f64"): void {
  code.access(`${type}.load`, 0);
  if (type === "f32") code.op("f64.promote_f32");
}

function f64(code: FunctionBuilder, value: number): () => void {
  return () => {
    code.f64(value);
  };
}
