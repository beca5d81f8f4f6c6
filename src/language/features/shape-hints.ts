/** Shapes behind names that are defined without an annotation. Knows no editor. */
import type { CheckedModule, DefinedName } from "../check";
import type { Span } from "../syntax";
import { typeOf } from "./value-text";

export interface ShapeHint {
  /** Directly behind the name and its index. */
  readonly offset: number;
  readonly label: string;
}

export function shapeHintsIn({ module, facts }: CheckedModule, within: Span): readonly ShapeHint[] {
  const hints: ShapeHint[] = [];
  for (const declaration of facts.declarations) {
    if (declaration.end < within.start || declaration.start > within.end) continue;
    for (const defined of facts.of(declaration).definitions.values()) {
      const { place } = defined;
      const { start, end } = place;
      if (place.file !== module.id || start < declaration.start || end > declaration.end) continue;
      if (start < within.start || end > within.end) continue;
      const shape = shapeText(defined);
      if (shape === undefined) continue;
      const offset = endOfTarget(module.file.text, place.end);
      if (isAnnotated(module.file.text, offset)) continue;
      hints.push({ offset, label: `: ${shape}` });
    }
  }
  return hints.sort((a, b) => a.offset - b.offset);
}

/** Nodes and parameters have shapes worth showing; a scalar's `[]` is one too. */
function shapeText({ role, value }: DefinedName): string | undefined {
  if (role !== "value" && role !== "parameter" && role !== "argument") return undefined;
  if (value.kind !== "tensor" || value.shape === undefined) return undefined;
  const text = typeOf(value);
  return text.includes("?") ? undefined : text;
}

function endOfTarget(text: string, end: number): number {
  let position = end;
  while (text[position] === "[") {
    const close = text.indexOf("]", position);
    if (close < 0 || text.slice(position, close).includes("\n")) return position;
    position = close + 1;
  }
  return position;
}

function isAnnotated(text: string, offset: number): boolean {
  return /^[ \t]*:/.test(text.slice(offset, offset + 20));
}
