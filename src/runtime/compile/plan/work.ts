/** What steps cost, roughly, and which of them are done in shares. Knows nothing of threads or memory. */
import { elementCount } from "../../tensor";
import type { Target } from "../emit";
import { hostFunctionsOf } from "../loops/lane-code";
import { dividedAxis, walkOf } from "../loops/loop-axes";
import type { LoopSpec } from "../loops/loop-spec";
import type { Step } from "./steps";

/** How a step is done: in `rounds` one after the other, each of `parts` shares that threads may do at the same time. */
export interface Division {
  readonly rounds: number;
  readonly parts: number;
}

export interface WorkPlan {
  /** By step; undefined for those that are done in one piece. */
  readonly divisions: readonly (Division | undefined)[];
  /** Each the pieces of one call, between which a run can be left: by step, or one of its rounds. */
  readonly sections: readonly (readonly Piece[])[];
  /** What a run takes, within a factor of a few. */
  readonly nanoseconds: number;
  /** Whether any shares are for threads. */
  readonly threaded: boolean;
}

export interface Piece {
  readonly step: number;
  readonly round: number;
}

export interface WorkOptions {
  /** How many threads there may be, this one included. */
  readonly threads: number;
  /** For tests: every step that can be divided has so many shares. */
  readonly shares?: number;
}

/** Nanoseconds for which threads pay: of all steps together, and of one. */
const wholeWorthwhile = 1_000_000;
const stepWorthwhile = 15_000;

/** Nanoseconds that a call lasts at most, where its steps can be divided. */
const longest = 30_000_000;

export function workPlanOf(
  steps: readonly Step[],
  target: Target,
  { threads, shares }: WorkOptions,
): WorkPlan {
  const work = steps.map((step) => workOf(step, target));
  const whole = work.reduce((sum, each) => sum + each, 0);
  const most = whole >= wholeWorthwhile ? threads : 1;
  const divisions = steps.map((step, index): Division | undefined => {
    const own = work[index]!;
    if ((shares === undefined && own < stepWorthwhile) || !isDivisible(step, target)) return undefined;
    if (shares !== undefined) return { rounds: 1, parts: shares };
    // More shares than threads where they are long: who is late does fewer.
    // A ticket counts up to 254 shares.
    const parts = most === 1 || own < 20 * stepWorthwhile ? most : 2 * most;
    const rounds = Math.min(1000, Math.ceil(own / longest));
    return rounds * parts > 1 ? { rounds, parts } : undefined;
  });
  const sections: Piece[][] = [];
  let left = 0;
  steps.forEach((_, step) => {
    const rounds = divisions[step]?.rounds ?? 1;
    const each = work[step]! / rounds;
    for (let round = 0; round < rounds; round++) {
      if (each > left || sections.length === 0) {
        sections.push([]);
        left = longest;
      }
      sections.at(-1)!.push({ step, round });
      left -= each;
    }
  });
  if (sections.length === 0) sections.push([]);
  return {
    divisions,
    sections,
    nanoseconds: whole,
    threaded: divisions.some((each) => each !== undefined && each.parts > 1),
  };
}

function isDivisible(step: Step, target: Target): boolean {
  switch (step.kind) {
    case "loop":
      return (
        hostFunctionsOf(step.spec.operations).length === 0 &&
        dividedAxis(walkOf(step.spec).axes) !== undefined
      );
    case "kernel": {
      const { kernel, node } = step.value;
      const functions = step.epilogue === undefined ? [] : hostFunctionsOf(step.epilogue.operations);
      return kernel.mayFail !== true && functions.length === 0 && kernel.divides?.(node, target) === true;
    }
    case "reference":
      return false;
  }
}

/** Nanoseconds, within a factor of a few. */
function workOf(step: Step, target: Target): number {
  switch (step.kind) {
    case "loop":
      return elementCount(step.spec.shape) * elementWork(step.spec);
    case "kernel": {
      const { kernel, node } = step.value;
      const perElement = (step.epilogue?.operations.length ?? 0) / 10;
      const elements = elementCount(node.output.shape);
      const own = kernel.work?.(node) ?? 0;
      return (
        own / (node.output.dtype === "float32" ? (target.fma ? 28 : 23) : 12) + elements * (1 + perElement)
      );
    }
    case "reference":
      return elementCount(step.value.shape) * 10;
  }
}

/** One element of a loop: what it moves and what it computes. */
function elementWork({ inputs, stores, operations }: LoopSpec): number {
  const wide = operations.some(({ type }) => type === "f64") ? 2 : 1;
  const cost = operations.reduce((sum, operation) => {
    if (operation.kind !== "intrinsic") return sum;
    return sum + (operation.operands.length === 1 && slow.has(operation.name) ? 0.8 : 0.1);
  }, 0.1);
  return wide * (cost + 0.1 * (inputs.length + stores.length));
}

const slow: ReadonlySet<string> = new Set([
  "exp",
  "log",
  "tanh",
  "sigmoid",
  "erf",
  "sin",
  "cos",
  "tan",
  "log1p",
  "expm1",
]);
