/** Constants that terms are written with: 1, 2, ½ and sizes by name. Knows nothing of terms. */
import type { Sizes } from "./sizes";

export interface Constant {
  readonly value: number;
  /** As it stands before a product, and after it. */
  readonly before: string;
  readonly after: string;
}

/** A number as it is. */
export function plain(value: number): Constant {
  return { value, before: "", after: "" };
}

/** 1, 2, ½, and sizes by name: n, 1 / n, 2 / n; with either sign. */
export function constantsOf(sizes: Sizes): Constant[] {
  const found: Constant[] = [
    plain(1),
    { value: 2, before: "2 * ", after: "" },
    { value: 0.5, before: "0.5 * ", after: "" },
  ];
  for (const [size, { text }] of sizes)
    found.push(
      { value: 1 / size, before: "", after: ` / ${text}` },
      { value: 2 / size, before: "2 * ", after: ` / ${text}` },
      { value: size, before: `${text} * `, after: "" },
    );
  return found.flatMap((each) => [each, { ...each, value: -each.value }]);
}
