/** Holes of a declaration: what each must be, and what could stand there. */
import { compareSizes, formatDims } from "../../runtime/tensor";
import { problems } from "./diagnostics/catalogue";
import type { Elaborator } from "./elaborator";
import type { HoleFact } from "./facts";
import type { Frame } from "./frame";

/** Tells what each hole of this declaration must be, and which names in scope would fit. */
export function reportHoles(e: Elaborator, frame: Frame): void {
  for (const hole of e.facts.holes.values()) {
    if (hole.place.file !== frame.module.id || hole.scope.body !== frame.scope.body) continue;
    const shape =
      hole.shape === undefined ? "an expression" : `an expression of shape ${formatDims(hole.shape)}`;
    const names = fittingNames(hole);
    const fits =
      names.length === 0 ? "" : ` In scope, of that shape: ${names.map((name) => `\`${name}\``).join(", ")}.`;
    e.report(frame, problems.hole(shape, fits), hole.place);
  }
}

/** The names that a hole could be replaced by. */
export function fittingNames({ shape, scope, place, inRule, own }: HoleFact): string[] {
  if (shape === undefined) return [];
  const fitting: string[] = [];
  for (const name of new Set(scope.names())) {
    const binding = scope.lookup(name);
    if (binding === undefined || binding.value.kind !== "tensor" || binding.role === "size") continue;
    if (!inRule && binding.place.start > place.start) continue;
    if (!inRule && name === own) continue;
    const found = binding.value.shape;
    if (
      found?.length === shape.length &&
      found.every(({ size }, axis) => compareSizes(size, shape[axis]?.size ?? -1) === "equal")
    )
      fitting.push(name);
  }
  return fitting;
}
