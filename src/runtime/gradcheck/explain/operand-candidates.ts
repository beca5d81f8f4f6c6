/** Hypotheses about `einsum`: an operand that is left out, with the letters that it would have. */
import { isFloat } from "../../tensor";
import type { ApplyNode, Node } from "../../graph";
import { readEquation } from "../../ops";
import { editOf, type Candidate } from "./candidate";
import type { Expression } from "./expression";
import { bare, quotedStep } from "./quotes";
import type { ScopeValue } from "./value-candidates";
import { correctionAt, replacedBy, writtenAs, writtenStep } from "./written";

export interface OperandContext {
  readonly expression: Expression;
  readonly values: readonly ScopeValue[];
  readonly moved: Node | undefined;
}

export function* operandCandidates({ expression, values, moved }: OperandContext): Generator<Candidate> {
  const own: ScopeValue[] =
    moved === undefined ? [] : [{ node: moved, text: expression.nameOf(moved) ?? "u", isNamed: true }];
  for (const step of expression.steps) {
    const equation = equationOf(step);
    if (equation === undefined) continue;
    const known = new Set(step.inputs);
    for (const { node, text, isNamed } of [...own, ...values]) {
      if (!isNamed || !isFloat(node.dtype) || node.shape.length === 0 || known.has(node)) continue;
      for (const letters of labelsOf(node, equation)) {
        const operands = [...step.inputs, node];
        const attributes = { equation: `${[...equation.operands, letters].join(",")}->${equation.result}` };
        const right = writtenAs(step, { inputs: operands, attributes }, expression);
        yield {
          kind: node === moved ? "missing-cotangent" : "missing-factor",
          rank: node === moved ? 2.05 : 10.6,
          factor: null,
          expression: text,
          message: `the operand \`${bare(text)}\` is missing in ${quotedStep(step, expression)}`,
          isExact: true,
          change: editOf({
            place: { kind: "instead", node: step },
            make: (record) => record("einsum", { operands }, attributes),
          }),
          corrections: () => correctionAt({ at: writtenStep(step, expression) }, replacedBy(right)),
        };
      }
    }
  }
}

interface Letters {
  readonly operands: readonly string[];
  readonly result: string;
  readonly sizes: ReadonlyMap<string, number>;
}

function equationOf(step: ApplyNode): Letters | undefined {
  if (step.op.name !== "einsum" || typeof step.attributes.equation !== "string") return undefined;
  const ranks = step.inputs.map(({ shape }) => shape.length);
  const equation = readEquation(step.attributes.equation, ranks);
  if (typeof equation === "string" || step.attributes.equation.includes(".")) return undefined;
  const sizes = new Map<string, number>();
  for (const [i, letters] of equation.operands.entries())
    for (const [axis, letter] of [...letters].entries()) sizes.set(letter, step.inputs[i]!.shape[axis]!);
  return { operands: equation.operands, result: equation.result, sizes };
}

/** By the sizes of its dimensions, each letter once. */
function labelsOf({ shape }: Node, { sizes }: Letters): string[] {
  let found = [""];
  for (const size of shape) {
    const letters = [...sizes].flatMap(([letter, each]) => (each === size ? [letter] : []));
    found = found.flatMap((before) =>
      letters.flatMap((letter) => (before.includes(letter) ? [] : [before + letter])),
    );
    if (found.length > mostLabels) return found.slice(0, mostLabels);
  }
  return found;
}

const mostLabels = 8;
