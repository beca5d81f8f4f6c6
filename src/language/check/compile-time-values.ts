/** Values that must be known before anything runs: whole numbers, and what to say where a node stands instead. */
import type { Span } from "../syntax";
import { problems } from "./diagnostics/catalogue";
import { textOf, type Elaboration } from "./elaboration";
import type { Frame } from "./frame";
import { describeKind, isBlank, type Value } from "./value";

/** A known whole number, or undefined: reported where it is a tensor or no whole number, silent where it is symbolic. */
export function wholeNumber(
  e: Elaboration,
  frame: Frame,
  value: Value,
  span: Span,
  use: string,
): number | undefined {
  if (value.kind === "number") {
    if (value.value === undefined || Number.isInteger(value.value)) return value.value;
    e.report(frame, problems.expected("a whole number", describeKind(value)), span);
    return undefined;
  }
  if (isBlank(value) || value.kind === "opaque") return undefined;
  reportNotCompileTime(e, frame, value, span, use);
  return undefined;
}

/** Says that a compile-time value is needed; where a plain name stands, its definition can become a `const`. */
export function reportNotCompileTime(
  e: Elaboration,
  frame: Frame,
  value: Value,
  span: Span,
  use: string,
): void {
  const text = textOf(frame, span);
  const binding = frame.scope.lookup(text);
  if (value.kind !== "tensor" && value.kind !== "instance") {
    e.report(frame, problems.expected("a number", describeKind(value)), span);
    return;
  }
  if (binding?.place.file !== frame.module.id || binding.role !== "value") {
    e.report(frame, problems.needsCompileTimeExpression(use), span);
    return;
  }
  const { start } = binding.place;
  e.report(frame, problems.needsCompileTime(text, use), span, {
    related: [{ place: binding.place, message: `\`${text}\` is defined here` }],
    fixes: [{ title: `Write \`const ${text}\``, edits: [{ start, end: start, newText: "const " }] }],
  });
}
