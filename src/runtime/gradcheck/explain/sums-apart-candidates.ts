/** Hypotheses about a sum of products that is written as a product of sums: `sum(u) * sum(v)` for `sum(u * v)`. */
import { isShapedAlike } from "../../graph";
import { editOf, type Candidate } from "./candidate";
import type { Expression } from "./expression";
import { ellipsis, printNode } from "./print-node";
import { inQuotes, quotedStep } from "./quotes";
import { operand } from "./term-text";
import { correctionAt, replacedBy, writtenStep } from "./written";

export function* sumsApartCandidates(expression: Expression): Generator<Candidate> {
  for (const step of expression.steps) {
    if (step.op.name !== "mul") continue;
    const [first, second] = step.inputs;
    if (first?.kind !== "apply" || second?.kind !== "apply") continue;
    if (first.op.name !== "sum" || second.op.name !== "sum") continue;
    const [x, y] = [first.inputs[0]!, second.inputs[0]!];
    const { dim } = first.attributes;
    if (!isShapedAlike(x, y) || String(dim) !== String(second.attributes.dim)) continue;
    const texts = [x, y].map((node) => operand(printNode(node, (each) => expression.nameOf(each))));
    const over = Array.isArray(dim) ? `, dim = ${dim.join()}` : "";
    const right = `sum(${texts.join(" * ")}${over}${first.attributes.keepdim === true ? ", keepdim = true" : ""})`;
    yield {
      kind: "missing-reduction",
      rank: 7.95,
      factor: null,
      expression: right,
      message: `${quotedStep(step, expression)} is a product of sums: the sum of products, ${inQuotes(right)}, belongs there`,
      isExact: true,
      change: editOf({
        place: { kind: "instead", node: step },
        make: (record) => {
          const product = record("mul", { x, y });
          return product && record("sum", { x: product }, first.attributes);
        },
      }),
      corrections: () =>
        right.includes(ellipsis)
          ? []
          : correctionAt({ at: writtenStep(step, expression) }, replacedBy(right)),
    };
  }
}
