/** Which node the cursor stands on, so that the inspector can show it. Knows no editor and no results. */
import type { CheckedModule, Place } from "../check";
import { nodeAt } from "../syntax";
import { nameAt } from "./names";

export interface Followed {
  /** The path as written up to the name: `m.o`, `dJ.W2`, `z[1]`. */
  readonly path: string;
  /** The name alone. */
  readonly name: string;
  /** Where it is defined. */
  readonly place: Place;
}

export function followedAt(checked: CheckedModule, offset: number): Followed | undefined {
  const use = nameAt(checked, offset);
  if (use?.symbol === undefined) return undefined;
  if (["op", "net", "run", "const", "builtin", "size", "hyperparameter"].includes(use.role)) return undefined;
  const { text } = checked.module.file;
  let end = use.span.end;
  let start = use.span.start;
  for (const { kind, node } of nodeAt(checked.module.file, use.span.start)) {
    if (kind === "member" && node.name.start === use.span.start) start = node.start;
    else if (kind === "indexing" && node.base.end === end && node.base.start === start) end = node.end;
    else if (kind === "target" && node.name.start === use.span.start) end = node.end;
  }
  const path = text.slice(start, end).replace(/\s+/g, "");
  return { path, name: use.name, place: use.symbol };
}
