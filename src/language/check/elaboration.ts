/**
 * What the parts of the elaborator ask of one another: the one object that is handed around, so that expressions,
 * calls, nets and statements need not import each other.
 */
import type { Expression, Span, Statement } from "../syntax";
import type { Fix, Place, Problem, Related } from "./diagnostics/diagnostic";
import type { Facts } from "./facts";
import type { BodyDraws, Frame } from "./frame";
import type { Library } from "./machine";
import type { CallSite } from "./call-site";
import type { LayerValue, TensorValue, Value } from "./value";

export interface ReportExtras {
  readonly related?: readonly Related[];
  readonly fixes?: readonly Fix[];
}

export interface Elaboration {
  readonly facts: Facts;
  readonly library: Library | undefined;
  report(frame: Frame, problem: Problem, span: Span, extras?: ReportExtras): void;
  evaluate(frame: Frame, expression: Expression): Value;
  execute(frame: Frame, statements: readonly Statement[]): void;
  /** Calls anything callable with evaluated arguments. */
  call(frame: Frame, callee: Value, site: CallSite): Value;
  /** Applies a layer to tensors once more, for `update` and `train`. */
  reapply(frame: Frame, layer: LayerValue, inputs: readonly TensorValue[], options: ReapplyOptions): Value;
  /** Tells what lasts, to whoever waits. */
  tell(what: string): void;
  /** Counts work; false once the budget is spent (reported once). */
  spend(frame: Frame, span: Span): boolean;
}

export interface ReapplyOptions {
  readonly overrides: ReadonlyMap<LayerValue, ReadonlyMap<string, TensorValue>>;
  readonly draws: BodyDraws | undefined;
  readonly span: Span;
}

export function placeOf(frame: Frame, span: Span): Place {
  return { file: frame.module.id, start: span.start, end: span.end };
}

/** The text of an expression as written. */
export function textOf(frame: Frame, span: Span): string {
  return frame.module.file.text.slice(span.start, span.end);
}
