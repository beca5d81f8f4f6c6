/** What is blamed, in the words that all hosts say it in. */
import type { BlameReport } from "./results";

/** "vjp W of linear", or the value in the rule that is the first wrong one: "m.dz". */
export function blamedName({ rule, op, node, ruleRange }: BlameReport): string {
  return ruleRange === undefined ? `${rule} of ${op}` : node;
}

/** What is wrong with a blamed rule, for where the rule is named already. */
export function blamedBecause({ rule, explanation: { message } }: BlameReport): string {
  return message.startsWith(`${rule}: `) ? message.slice(rule.length + 2) : message;
}

/** "vjp W of linear: the sign is wrong". */
export function blamedSentence(blame: BlameReport): string {
  return `${blame.rule} of ${blame.op}: ${blamedBecause(blame)}`;
}
