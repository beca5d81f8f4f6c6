/** Terms with a constant, as a spec writes them. */
import type { Constant } from "./term-constants";
import type { Term } from "./terms";

export type Scaled = Term & { readonly constant: Constant };

/** As it is written: `2 * dv * xc / d`, `xhat * mean(dy * xhat, dim = 1, keepdim = true)`. */
export function textOf({ outer, inner, axes, count, constant }: Scaled, shape: readonly number[]): string {
  const joined = inner.map(({ text }) => (inner.length > 1 ? operand(text) : text)).join(" * ");
  if (axes === undefined)
    return `${constant.before}${inner.map(({ text }) => operand(text)).join(" * ")}${constant.after}`;
  const mean = Math.abs(constant.value) * count;
  const isMean = constant.before === "" && constant.after === "" && Math.abs(constant.value) !== 1;
  const over =
    axes.length > 1 || shape.length === 1
      ? ""
      : `, dim = ${axes[0]!}${axes[0] === 0 ? "" : ", keepdim = true"}`;
  const reduced = `${isMean ? "mean" : "sum"}(${joined}${over})`;
  const before = isMean && Math.abs(mean - 1) > 1e-6 ? `${mean.toFixed(0)} * ` : constant.before;
  return `${before}${[...outer.map(({ text }) => operand(text)), reduced].join(" * ")}${constant.after}`;
}

export function operand(text: string): string {
  return /^[\p{L}\p{M}\p{N}\w.[\]']+$|^\w+\([^()]*\)$/u.test(text) ? text : `(${text})`;
}
