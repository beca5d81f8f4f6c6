/**
 * Hypotheses about a function that has not been applied, `s` for `softmax(s)`, and about a share in the place of the rest, `1 - z` for `z`.
 * Functions of the body at their own arguments are hypotheses of their own.
 */
import { elementCount, isFloat } from "../../tensor";
import type { Node } from "../../graph";
import { editOf, isComparison, placeOf, usesIn, type Candidate } from "./candidate";
import type { Expression } from "./expression";
import { inQuotes, quoted, quotedStep } from "./quotes";
import { correctionAt, replacedBy, writtenStep, writtenValue } from "./written";

export function* leftOutCandidates(expression: Expression): Generator<Candidate> {
  const uses = usesIn(expression);
  for (const use of uses) {
    const { consumer, operand } = use;
    if (!isFloat(operand.dtype) || isComparison(consumer)) continue;
    const at = writtenValue(operand, expression);
    if (at === null) continue;
    const isRepeated = uses.filter((each) => each.operand === operand).length > 1;
    for (const [by, make] of [
      ...sharesOf(expression, operand, at),
      ...softmaxesOf(operand, at),
      ...(isRepeated ? sharesInProduct(expression, operand) : []),
    ])
      yield {
        kind: "other-argument",
        rank: 13.3,
        factor: null,
        expression: by,
        message: `${quoted(operand, expression)} stands where ${inQuotes(by)} belongs in ${quotedStep(consumer, expression)}`,
        isExact: true,
        change: editOf({ place: placeOf(use), make }),
        corrections: () => correctionAt({ at, within: writtenStep(consumer, expression) }, replacedBy(by)),
      };
  }
}

type Made = readonly [text: string, make: Parameters<typeof editOf>[0]["make"]];

/** `1 - z` of what lies between 0 and 1, and the other way round. */
function sharesOf(expression: Expression, node: Node, text: string): Made[] {
  const [one, rest] = node.kind === "apply" && node.op.name === "sub" ? node.inputs : [];
  if (one !== undefined && rest !== undefined && expression.numberOf(one) === 1) {
    const by = writtenValue(rest, expression);
    return by === null ? [] : [[by, () => rest]];
  }
  const data = expression.nameOf(node) === undefined ? undefined : expression.valueIn(0, node)?.data;
  if (data?.every((x) => x > 0 && x < 1) !== true) return [];
  const x = expression.graph.constants.scalar(1, "float64");
  return [[`1 - ${text}`, (record, y) => record("sub", { x, y })]];
}

/** The same for a factor of a product that stands elsewhere as well: there it is right. */
function sharesInProduct(expression: Expression, product: Node): Made[] {
  if (product.kind !== "apply" || product.op.name !== "mul") return [];
  return product.inputs.flatMap((factor, i) => {
    const text = writtenValue(factor, expression);
    if (text === null) return [];
    return sharesOf(expression, factor, text).map(([, make]): Made => {
      const [x, y] = product.inputs.map((each, j) =>
        writtenOperand(expression, each, i === j ? make : undefined),
      );
      return [
        `${x ?? ""} * ${y ?? ""}`,
        (record) => {
          const right = make(record, factor);
          return (
            right &&
            record("mul", i === 0 ? { x: right, y: product.inputs[1] } : { x: product.inputs[0], y: right })
          );
        },
      ];
    });
  });
}

function writtenOperand(expression: Expression, node: Node, make: Made[1] | undefined): string | null {
  const made = make === undefined ? node : make(expression.record, node);
  const text = made === undefined ? null : writtenValue(made, expression);
  return text?.includes(" ") === true ? `(${text})` : text;
}

/** Scores for what they are the softmax of. */
function softmaxesOf(node: Node, text: string): Made[] {
  if (node.kind === "apply" && node.op.name === "softmax") return [];
  if (elementCount(node.shape) < 2 || node.shape.length > mostDims) return [];
  return [...node.shape.keys()].map((dim): Made => [
    `softmax(${text}, dim = ${dim})`,
    (record, x) => record("softmax", { x }, { dim }),
  ]);
}

const mostDims = 3;
