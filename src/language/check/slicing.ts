/** Slices of tensors, as in NumPy. Where a size is symbolic, the rank is kept and the length as far as it follows. */
import { operators } from "../../runtime/ops";
import { addSizes, compareSizes, dim, unknownSize, type Size } from "../../runtime/tensor";
import type { IndexItem, Indexing } from "../syntax";
import { applyNamed, withDefaults } from "./apply-named";
import { wholeNumber } from "./compile-time-values";
import { problems } from "./diagnostics/catalogue";
import { textOf, type Elaboration } from "./elaboration";
import type { Frame } from "./frame";
import { applyOperator } from "./operator-application";
import { unknown, type TensorValue, type Value } from "./value";

/** `x[from:to:step]` along one axis. */
export function slice(
  e: Elaboration,
  frame: Frame,
  base: TensorValue,
  axis: number,
  item: Extract<IndexItem, { kind: "slice" }>,
  expression: Indexing,
): Value {
  const operand = { value: base as Value, text: textOf(frame, expression.base), span: expression.base };
  const bound = (part: typeof item.from, use: string) =>
    part === undefined ? undefined : { value: e.evaluate(frame, part), span: part, use };
  const step = bound(item.step, "A slice's step");
  const stride = step === undefined ? 1 : wholeNumber(e, frame, step.value, step.span, step.use);
  const size = base.shape?.[axis]?.size;
  const from = bound(item.from, "A slice's start");
  const to = bound(item.to, "A slice's end");
  if (from === undefined && to === undefined && stride === 1) return base;
  if ([step, from, to].some((each) => each?.value.kind === "pending"))
    return { kind: "pending", shape: undefined };
  const start = from === undefined ? undefined : wholeNumber(e, frame, from.value, from.span, from.use);
  const stop = to === undefined ? undefined : wholeNumber(e, frame, to.value, to.span, to.use);
  const known =
    typeof size === "number" &&
    stride !== undefined &&
    (from === undefined || start !== undefined) &&
    (to === undefined || stop !== undefined);
  if (!known) {
    // `x[:n]` of a symbolic size keeps the rank; how long it is only a run knows, unless it is the whole.
    if (
      to !== undefined &&
      size !== undefined &&
      to.value.kind === "number" &&
      to.value.size !== undefined &&
      compareSizes(to.value.size, size) === "equal" &&
      from === undefined &&
      stride === 1
    )
      return base;
    const length =
      stride === 1 && size !== undefined
        ? symbolicLength(size, from === undefined ? 0 : start, to === undefined ? "end" : stop)
        : unknownSize();
    const shape = base.shape?.map((each, at) => (at === axis ? dim(length, each.origin) : each));
    return { ...base, shape, node: undefined, parents: [base] };
  }
  if (stride === 0) {
    e.report(frame, problems.attribute("a slice's step cannot be 0"), item);
    return unknown;
  }
  const range = resolveSlice(size, start, stop, stride);
  const op = operators.get("slice");
  if (op === undefined) return unknown;
  const sliced = applyOperator(e, frame, {
    op,
    operands: { x: operand },
    attributes: withDefaults(op, { dim: axis, start: range.start, stop: range.stop, step: Math.abs(stride) }),
    sizes: {},
    attributeSpans: {},
    span: expression,
    indefinite: false,
  });
  if (stride > 0) return sliced;
  return applyNamed(e, frame, "flip", { x: { ...operand, value: sliced } }, expression, { dims: [axis] });
}

/** The length of `x[start:stop]` of a size that only a run knows, where it is long enough for both. */
function symbolicLength(size: Size, start: number | undefined, stop: number | "end" | undefined): Size {
  if (start === undefined || stop === undefined || start < 0) return unknownSize();
  if (stop === "end") return addSizes(size, -start);
  return stop < 0 ? addSizes(size, stop - start) : unknownSize();
}

/** Python's slice semantics; a negative step gives the same elements as an ascending slice that is then flipped. */
export function resolveSlice(
  size: number,
  start: number | undefined,
  stop: number | undefined,
  step: number,
): { readonly start: number; readonly stop: number } {
  const clamp = (value: number, low: number, high: number): number =>
    Math.min(Math.max(value < 0 ? value + size : value, low), high);
  if (step > 0) {
    const first = clamp(start ?? 0, 0, size);
    return { start: first, stop: Math.max(first, clamp(stop ?? size, 0, size)) };
  }
  const first = start === undefined ? size - 1 : clamp(start, -1, size - 1);
  const end = stop === undefined ? -1 : clamp(stop, -1, size - 1);
  const count = Math.max(0, Math.ceil((first - end) / -step));
  const last = first + (count - 1) * step;
  return count === 0 ? { start: 0, stop: 0 } : { start: last, stop: first + 1 };
}
