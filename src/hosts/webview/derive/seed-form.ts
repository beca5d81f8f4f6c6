/** What a pass begins with, as a person fills it in: its kinds, and reading the fields of each. Knows no page. */
import type { NodeSummary, SeedChoice, TargetReport } from "../../../protocol";
import { plural } from "../look/number-format";

export interface SeedFields {
  readonly kind: SeedChoice["kind"];
  readonly index: string;
  readonly random: string;
  /** A root by its name; null is the target's own. */
  readonly root: string | null;
  readonly numbers: string;
}

export const freshFields: SeedFields = { kind: "ones", index: "", random: "0", root: null, numbers: "" };

export const seedTitles: Readonly<Record<SeedChoice["kind"], string>> = {
  ones: "ones",
  "one-hot": "one element",
  random: "random",
  upstream: "from above",
  numbers: "pasted numbers",
};

/** The choice, or the sentence that says what is missing. */
export function readSeedFields(
  fields: SeedFields,
  target: TargetReport,
  node: NodeSummary,
): SeedChoice | string {
  switch (fields.kind) {
    case "ones":
      return { kind: "ones" };
    case "one-hot": {
      const shape = node.value?.shape ?? [];
      const words = fields.index.match(/[^\s,;[\]()]+/g) ?? [];
      const index = words.length === 0 ? shape.map(() => 0) : words.map(Number);
      if (!index.every(Number.isSafeInteger)) return "An index is made of whole numbers.";
      return index.length === shape.length
        ? // As in the language, -1 is the last one.
          { kind: "one-hot", index: index.map((at, axis) => (at < 0 ? at + shape[axis]! : at)) }
        : `An index of ${node.name} has ${plural(shape.length, "number")}.`;
    }
    case "random": {
      const seed = fields.random.trim() === "" ? NaN : Number(fields.random);
      return Number.isSafeInteger(seed) && seed >= 0
        ? { kind: "random", seed }
        : "The seed is a whole number from 0.";
    }
    case "upstream": {
      const named = target.roots.find(({ name }) => name === fields.root);
      if (fields.root !== null && named === undefined)
        return `There is no gradient of ${fields.root} in ${target.name} any more.`;
      const root = named?.id ?? target.root;
      return root === null
        ? "There is no root whose gradient could come from above."
        : { kind: "upstream", root };
    }
    case "numbers":
      return fields.numbers.trim() === ""
        ? "Paste the numbers: nested brackets, as NumPy, PyTorch or a spec write them, or lines of CSV."
        : { kind: "numbers", text: fields.numbers };
  }
}
