/** Judges the panel's questions about passes of its own and gradients' summands. Knows no editor. */
import type { Questions, SeedChoice } from "../../protocol";
import { isCount, isFields, type Fields } from "./unknown-values";

type Rest<K extends keyof Questions> = Omit<Questions[K]["question"], "target"> | undefined;

export function readDerive({ direction, node, seed: given }: Fields): Rest<"derive"> {
  const seed = readSeed(given);
  if ((direction !== "backward" && direction !== "forward") || !isCount(node) || seed === undefined)
    return undefined;
  return { direction, node, seed };
}

export function readContributions({ root, node }: Fields): Rest<"contributions"> {
  return (root === null || isCount(root)) && isCount(node) ? { root, node } : undefined;
}

/** Longer texts are no numbers that anybody pastes. */
const longestText = 10_000_000;

function readSeed(value: unknown): SeedChoice | undefined {
  if (!isFields(value)) return undefined;
  const { kind, index, seed, root, text } = value;
  switch (kind) {
    case "ones":
      return { kind };
    case "one-hot":
      return Array.isArray(index) && index.every(isCount) ? { kind, index } : undefined;
    case "random":
      return isCount(seed) ? { kind, seed } : undefined;
    case "upstream":
      return isCount(root) ? { kind, root } : undefined;
    case "numbers":
      return typeof text === "string" && text.length <= longestText ? { kind, text } : undefined;
    default:
      return undefined;
  }
}
