/**
 * PyTorch's in-place tensor operations that optimizers are made of, on float storage: the same operations in the same order,
 * rounded to the storage's width after every one, as PyTorch's portable kernels do. (Its kernels for processors with fused
 * multiply-add skip one rounding in `addScaled` and `addProduct`.) On recorded data they record the same operations. Knows no
 * optimizer.
 */
import { RecordedData } from "./recorded-data";
import { type FloatData, type StepData } from "./optimizer";

/** target · factor, as `mul_`. */
export function scale(target: StepData, factor: number): void {
  if (target instanceof RecordedData) {
    target.node = target.tape.apply("mul", target.node, target.number(factor));
    return;
  }
  const by = rounded(target, factor);
  for (let i = 0; i < target.length; i++) target[i] = target[i]! * by;
}

/** target + alpha · b, as `add_(b, alpha)`. */
export function addScaled(target: StepData, b: StepData, alpha: number): void {
  if (target instanceof RecordedData || b instanceof RecordedData) {
    const [into, from] = [recorded(target), recorded(b)];
    const { tape } = into;
    into.node = tape.apply("add", into.node, tape.apply("mul", into.number(alpha), from.node));
    return;
  }
  const by = rounded(target, alpha);
  if (target instanceof Float32Array)
    for (let i = 0; i < target.length; i++) target[i] = target[i]! + Math.fround(by * b[i]!);
  else for (let i = 0; i < target.length; i++) target[i] = target[i]! + by * b[i]!;
}

/** target + (value · b) · c, as `addcmul_(b, c, value)`. */
export function addProduct(target: StepData, b: StepData, c: StepData, value: number): void {
  if (target instanceof RecordedData || b instanceof RecordedData || c instanceof RecordedData) {
    addCombined("mul", target, b, c, value);
    return;
  }
  const by = rounded(target, value);
  if (target instanceof Float32Array) {
    for (let i = 0; i < target.length; i++)
      target[i] = target[i]! + Math.fround(Math.fround(by * b[i]!) * c[i]!);
  } else for (let i = 0; i < target.length; i++) target[i] = target[i]! + by * b[i]! * c[i]!;
}

/** target + (value · b) / c, as `addcdiv_(b, c, value)`. */
export function addQuotient(target: StepData, b: StepData, c: StepData, value: number): void {
  if (target instanceof RecordedData || b instanceof RecordedData || c instanceof RecordedData) {
    addCombined("div", target, b, c, value);
    return;
  }
  const by = rounded(target, value);
  if (target instanceof Float32Array) {
    for (let i = 0; i < target.length; i++)
      target[i] = target[i]! + Math.fround(Math.fround(by * b[i]!) / c[i]!);
  } else for (let i = 0; i < target.length; i++) target[i] = target[i]! + (by * b[i]!) / c[i]!;
}

/** √target / divisor + eps, each operation rounded: `sqrt() / divisor` and `add_(eps)`. */
export function rootOver(target: StepData, divisor: number, eps: number): void {
  if (target instanceof RecordedData) {
    const { tape } = target;
    const quotient = tape.apply("div", tape.apply("sqrt", target.node), target.number(divisor));
    target.node = tape.apply("add", quotient, target.number(eps));
    return;
  }
  const by = rounded(target, divisor);
  const plus = rounded(target, eps);
  for (let i = 0; i < target.length; i++) {
    // Storing after each operation rounds it.
    target[i] = Math.sqrt(target[i]!);
    target[i] = target[i]! / by;
    target[i] = target[i]! + plus;
  }
}

/** The larger of target and b, as `maximum`: NaN where either is. */
export function raiseTo(target: StepData, b: StepData): void {
  if (target instanceof RecordedData || b instanceof RecordedData) {
    const [into, from] = [recorded(target), recorded(b)];
    into.node = into.tape.apply("maximum", into.node, from.node);
    return;
  }
  for (let i = 0; i < target.length; i++) target[i] = Math.max(target[i]!, b[i]!);
}

/** Zeros like `data`. */
export function zerosLike(data: StepData): StepData {
  if (data instanceof RecordedData) return data.tape.zeros(data.type);
  return data instanceof Float32Array ? new Float32Array(data.length) : new Float64Array(data.length);
}

/** target + (value · b) `op` c */
function addCombined(op: "mul" | "div", target: StepData, b: StepData, c: StepData, value: number): void {
  const [into, left, right] = [recorded(target), recorded(b), recorded(c)];
  const { tape } = into;
  const scaled = tape.apply("mul", into.number(value), left.node);
  into.node = tape.apply("add", into.node, tape.apply(op, scaled, right.node));
}

/** An optimizer sees data of one kind only. */
function recorded(data: StepData): RecordedData {
  if (data instanceof RecordedData) return data;
  throw new Error("an optimizer mixes recorded data with storage");
}

/** A Python float as the kernel sees it: rounded to the storage's width. */
function rounded(target: FloatData, value: number): number {
  return target instanceof Float32Array ? Math.fround(value) : value;
}

/**
 * base^exponent for a whole exponent, rounded once: products kept as unevaluated sums of two doubles (Dekker 1971), because
 * 1 - 0.999^t loses three digits, and the machine's own power function differs between JavaScript engines.
 */
export function wholePower(base: number, exponent: number): number {
  let result: Pair = [1, 0];
  let square: Pair = [base, 0];
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(result, square);
    square = multiply(square, square);
  }
  return result[0];
}

/** An unevaluated sum of two doubles, the second below half a unit in the last place of the first. */
type Pair = readonly [high: number, low: number];

function multiply([a, aLow]: Pair, [b, bLow]: Pair): Pair {
  const product = a * b;
  const [aTop, aRest] = split(a);
  const [bTop, bRest] = split(b);
  const error = aTop * bTop - product + aTop * bRest + aRest * bTop + aRest * bRest;
  const low = error + (a * bLow + aLow * b);
  const high = product + low;
  return [high, low - (high - product)];
}

/** Two halves of 26 bits each (Veltkamp). */
function split(value: number): Pair {
  const scaled = 134217729 * value;
  const top = scaled - (scaled - value);
  return [top, value - top];
}
