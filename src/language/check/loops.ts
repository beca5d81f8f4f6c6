/** Loops: the values of an index, and the frame of each turn. */
import { formatSize } from "../../runtime/tensor";
import type { Over } from "../syntax";
import { wholeNumber } from "./compile-time-values";
import { problems } from "./diagnostics/catalogue";
import { placeOf, textOf, type Elaboration } from "./elaboration";
import type { Frame } from "./frame";
import { Scope } from "./scope";
import { describeKind, isBlank, makeSymbolicIndex, numberValue, unknown, type Value } from "./value";

/** The values of a loop's index in order, or undefined where they are not known before a run. */
export function loopValues(e: Elaboration, frame: Frame, over: Over): readonly Value[] | undefined {
  const from = e.evaluate(frame, over.from);
  if (over.direction === "list") {
    if (from.kind === "list") return from.items;
    if (!isBlank(from) && from.kind !== "opaque")
      e.report(frame, problems.expected("a list, or a range `1 to n`,", describeKind(from)), over.from);
    return undefined;
  }
  const to = over.to === undefined ? unknown : e.evaluate(frame, over.to);
  const first = wholeNumber(e, frame, from, over.from, "The start of a range");
  const last = wholeNumber(e, frame, to, over.to ?? over, "The end of a range");
  if (first === undefined || last === undefined) return undefined;
  const step = over.direction === "to" ? 1 : -1;
  const count = Math.max(0, (last - first) * step + 1);
  if (count > 100_000) {
    e.report(frame, problems.tooLarge(`A range of ${String(count)} turns`), over);
    return [];
  }
  return Array.from({ length: count }, (_, i) => numberValue(first + i * step));
}

/** An index that stands for every turn, where the turns are not known before a run. */
export function someIndex(frame: Frame, over: Over): Value {
  return over.direction === "list"
    ? { kind: "opaque", name: textOf(frame, over.name) }
    : makeSymbolicIndex(over.name.name);
}

/** The frame of one turn of a loop, its index bound. */
export function turnFrame(e: Elaboration, frame: Frame, over: Over, value: Value): Frame {
  const scope = new Scope(frame.scope, true);
  const { name, start, end } = over.name;
  const place = placeOf(frame, { start, end });
  scope.bind({ name, value, role: "index", place });
  e.facts.define({ name, place, role: "index", value, scope, container: "" });
  return { ...frame, scope, turn: { ...frame.turn, [name]: turnLabel(value) } };
}

function turnLabel(value: Value): number | string {
  switch (value.kind) {
    case "number":
      return value.value ?? (value.size === undefined ? "?" : formatSize(value.size));
    case "builtin":
      return value.builtin.name;
    case "operator":
      return value.op.name;
    case "op":
    case "net":
      return value.declaration.name.name;
    case "layer":
      return value.name;
    case "string":
      return value.value;
    default:
      return "…";
  }
}
