/**
 * Hypotheses about a term that is left out in each turn of a comprehension: `af[t]` where `af[t] + ab[t]` belongs, as where a weight is
 * shared by two directions. Knows nothing of terms that are no members of families.
 */
import { isShapedAlike } from "../../graph";
import type { Candidate } from "./candidate";
import type { TurnContext } from "./each-turn-candidates";
import { membersOf, shifted, usedMembers } from "./turn-members";
import { inEachTurn, operandOf, repeatedIn, turnsText, withOperand } from "./turns";
import { correctionAt, writtenStep, writtenValue } from "./written";
import { quotedStep } from "./quotes";

export function* turnTermCandidates({ expression, values }: TurnContext): Generator<Candidate> {
  const members = membersOf(expression, values);
  for (const turns of repeatedIn(expression)) {
    for (const input of Object.keys(turns[0].operands)) {
      const operands = turns.map((step) => operandOf(step, input));
      const [first] = operands;
      const used = usedMembers(expression, operands);
      if (used === undefined || first === undefined) continue;
      for (const [name, family] of members) {
        if (used.some((each) => each.family === name)) continue;
        for (const shift of [0, 1, -1]) {
          const others = shifted(turns, used, family, shift);
          const own = others?.get(turns[0]);
          if (others === undefined || own === undefined || !isShapedAlike(own, first)) continue;
          const term = `${name}[${used[0]!.index + shift}]`;
          for (const [op, sign, rank] of [
            ["add", 1, 6.9],
            ["sub", -1, 6.94],
          ] as const)
            yield {
              kind: "overwritten-sum",
              rank: rank + Math.abs(shift) * 4,
              factor: null,
              expression: term,
              message: `the term ${sign === 1 ? "+" : "−"} ${term} is missing at \`${writtenValue(first, expression) ?? "…"}\` in ${quotedStep(turns[0], expression)}${turnsText(turns)}`,
              isExact: true,
              change: inEachTurn(turns, (record, step) => {
                const [x, y] = [operandOf(step, input), others.get(step)];
                return x && y && withOperand(record, step, input, record(op, { x, y }));
              }),
              corrections: () =>
                correctionAt(
                  { at: writtenValue(first, expression), within: writtenStep(turns[0], expression) },
                  { how: "add-term", term, sign },
                ),
            };
        }
      }
    }
  }
}
