/**
 * Hypotheses about what a comprehension lists as it is, `[ds[t] for t in 1 to T]`: no step is made in its turns, so that what is wrong
 * is which values are listed.
 */
import type { ApplyNode, Node } from "../../graph";
import { editOf, type Candidate } from "./candidate";
import { indexMessage } from "./members";
import { membersOf, usedMembers } from "./turn-members";
import type { TurnContext } from "./each-turn-candidates";
import { correctionAt, replacedBy } from "./written";

/** The members of another family, and those one further or before. */
export function* stackedCandidates({ expression, values }: TurnContext): Generator<Candidate> {
  const lists = expression.steps.flatMap((step) =>
    Object.entries(step.operands).flatMap(([input, operand]): List[] =>
      operand === undefined || "kind" in operand || operand.length < 2
        ? []
        : [{ step, input, items: operand }],
    ),
  );
  if (lists.length === 0) return;
  const members = membersOf(expression, values);
  for (const { step, input, items } of lists) {
    const used = usedMembers(expression, items);
    const own = used?.[0];
    if (used === undefined || own === undefined || used.some(({ family }) => family !== own.family)) continue;
    for (const [family, nodes] of members) {
      for (const shift of [0, -1, 1]) {
        if (family === own.family && shift === 0) continue;
        const others = used.flatMap(({ index }) => nodes.get(index + shift) ?? []);
        if (others.length < items.length) continue;
        const [before, after] = [`${own.family}[${own.index}]`, `${family}[${own.index + shift}]`];
        yield {
          kind: "other-argument",
          rank: family === own.family ? 12.3 : 12.9,
          factor: null,
          expression: after,
          message: `${indexMessage(before, after)}\`${before}\` stands where \`${after}\` belongs, and so in each of its ${items.length} turns`,
          isExact: true,
          change: editOf({
            place: { kind: "instead", node: step },
            make: (record) => record(step.op, { ...step.operands, [input]: others }, step.attributes),
          }),
          corrections: () => correctionAt({ at: before }, replacedBy(after)),
        };
      }
    }
  }
}

interface List {
  readonly step: ApplyNode;
  readonly input: string;
  readonly items: readonly Node[];
}
