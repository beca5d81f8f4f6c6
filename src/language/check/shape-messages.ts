/** Sentences for refused operands: what was found, what was needed, and where each dimension came from. */
import type { DimRef, Rejection } from "../../runtime/ops";
import { formatSize, type Dim } from "../../runtime/tensor";
import { formatElement, formatType } from "./describe";
import { problems } from "./diagnostics/catalogue";
import type { Place, Problem, Related } from "./diagnostics/diagnostic";
import type { TensorValue } from "./value";

/** An operand as written, with its value. */
export interface DescribedOperand {
  readonly input: string;
  readonly item: number | undefined;
  readonly text: string;
  readonly value: TensorValue;
}

export interface ShapeProblem {
  readonly problem: Problem;
  readonly related: readonly Related[];
  /** The operand or attribute at fault, where it is one alone. */
  readonly at: { readonly input: string } | { readonly attribute: string } | undefined;
}

/** Turns a rejection into a diagnostic's text. `lineOf` gives the one-based line of a place, with its file where another. */
export function explainRejection(
  rejection: Rejection,
  operands: readonly DescribedOperand[],
  lineOf: (place: Place) => string,
): ShapeProblem {
  const text = (input: string, item?: number): string => `\`${find(operands, input, item)?.text ?? input}\``;
  switch (rejection.kind) {
    case "unequal-dimensions":
    case "broadcast": {
      const { left, right } = rejection;
      const rule =
        rejection.kind === "broadcast" ? "These shapes cannot be broadcast together" : rejection.rule;
      const sides = `${describe(operands, left)} and ${describe(operands, right)}`;
      const sizes = `${withOrigin(left.dim, lineOf)} is not ${withOrigin(right.dim, lineOf)}`;
      const message = `${rule}: ${sides} — ${sizes}.`;
      const problem =
        rejection.kind === "broadcast" ? problems.broadcast(message) : problems.unequalDimensions(message);
      return { problem, related: [...origin(left), ...origin(right)], at: undefined };
    }
    case "rank": {
      const found = find(operands, rejection.input, rejection.item);
      const shape = found === undefined ? `${String(rejection.found)} dimensions` : formatType(found.value);
      return {
        problem: problems.rank(text(rejection.input, rejection.item), rejection.needs, shape),
        related: [],
        at: rejection,
      };
    }
    case "size": {
      const { at, needs } = rejection;
      const message = `${describe(operands, at)}: ${needs}, not ${withOrigin(at.dim, lineOf)}.`;
      return { problem: problems.size(message), related: origin(at), at };
    }
    case "dtype":
      return {
        problem: problems.dtype(text(rejection.input), rejection.needs, formatElement(rejection.found)),
        related: [],
        at: rejection,
      };
    case "dim-out-of-range":
      return {
        problem: problems.dimOutOfRange(rejection.attribute, rejection.found, rejection.rank),
        related: [],
        at: rejection,
      };
    case "attribute":
      return { problem: problems.attribute(rejection.message), related: [], at: rejection };
    case "other":
      return {
        problem: problems.operand(rejection.message),
        related: [],
        at: rejection.input === undefined ? undefined : { input: rejection.input },
      };
  }
}

function find(
  operands: readonly DescribedOperand[],
  input: string,
  item?: number,
): DescribedOperand | undefined {
  return operands.find((operand) => operand.input === input && (item === undefined || operand.item === item));
}

function describe(operands: readonly DescribedOperand[], ref: DimRef): string {
  const operand = find(operands, ref.input, ref.item);
  return operand === undefined ? `\`${ref.input}\`` : `\`${operand.text}\` is ${formatType(operand.value)}`;
}

/** 784 (from `X`, line 4) */
function withOrigin(dim: Dim, lineOf: (place: Place) => string): string {
  const size = formatSize(dim.size);
  if (dim.origin === undefined) return size;
  // Origins are made by this room alone, with places of its own.
  return `${size} (from \`${dim.origin.name}\`, ${lineOf(dim.origin.place as Place)})`;
}

function origin(ref: DimRef): Related[] {
  if (ref.dim.origin === undefined) return [];
  const { name, place } = ref.dim.origin;
  return [{ place: place as Place, message: `${formatSize(ref.dim.size)} comes from \`${name}\`` }];
}
