/** The data-dependent loop: unrolled along the path that the values take. */
import { compareSizes, formatTensor, isUnknown } from "../../runtime/tensor";
import type { Identifier, Iterate, Span } from "../syntax";
import { bindTarget } from "./bindings";
import { formatType } from "./describe";
import { problems } from "./diagnostics/catalogue";
import type { Elaboration } from "./elaboration";
import type { Frame } from "./frame";
import { turnFrame } from "./loops";
import { toTensor } from "./tensors";
import { unknown, type PendingValue, type TensorValue, type UnknownValue, type Value } from "./value";

/** `iterate y = first while condition do next`: unrolled along the path that the values take. */
export function iterate(e: Elaboration, frame: Frame, statement: Iterate): void {
  const initial = toTensor(e, frame, e.evaluate(frame, statement.initial), statement.initial);
  const final = initial.kind === "tensor" ? unroll(e, frame, statement, initial) : initial;
  bindPlain(e, frame, statement.name, final);
}

function bindPlain(e: Elaboration, frame: Frame, name: Identifier, value: Value): void {
  bindTarget(e, frame, { name, indices: [], start: name.start, end: name.end }, value, "value");
}

const mostTurns = 10_000;

function unroll(
  e: Elaboration,
  frame: Frame,
  statement: Iterate,
  initial: TensorValue,
): TensorValue | UnknownValue | PendingValue {
  let value: TensorValue = initial;
  for (let turn = 0; ; turn++) {
    const inner = turnFrame(
      e,
      frame,
      {
        name: statement.name,
        from: statement.initial,
        direction: "list",
        to: undefined,
        start: statement.start,
        end: statement.end,
      },
      value,
    );
    const bare: Frame = { ...inner, turn: frame.turn };
    const condition = toTensor(e, bare, e.evaluate(bare, statement.condition), statement.condition);
    if (condition.kind !== "tensor") return condition;
    if (
      condition.shape !== undefined &&
      condition.shape.length > 0 &&
      !condition.shape.every(({ size }) => size === 1 || isUnknown(size))
    ) {
      e.report(
        frame,
        problems.oneElement("the condition of `iterate`", formatType(condition)),
        statement.condition,
      );
      return unknown;
    }
    const go = condition.node === undefined ? turn === 0 : truth(e, frame, condition, statement.condition);
    if (!go) return value;
    if (turn >= mostTurns) {
      e.report(
        frame,
        problems.iterateEndless(statement.name.name, mostTurns, valueText(frame, value)),
        statement,
      );
      return unknown;
    }
    if (!e.spend(frame, statement)) return unknown;
    if (turn > 0) e.tell(`\`iterate ${statement.name.name}\`: turn ${String(turn)}`);
    const next = toTensor(e, bare, e.evaluate(bare, statement.next), statement.next);
    if (next.kind !== "tensor") return next;
    if (!sameShape(value, next)) {
      e.report(
        frame,
        problems.iterateShape(statement.name.name, formatType(value), formatType(next)),
        statement.next,
      );
      return unknown;
    }
    value = next;
    if (condition.node === undefined) return value;
  }
}

function truth(e: Elaboration, frame: Frame, condition: TensorValue, span: Span): boolean {
  if (condition.node === undefined || frame.machine === undefined) return false;
  const decided = frame.machine.decide(condition.node);
  if (typeof decided === "boolean") return decided;
  e.report(frame, problems.neverRuns(decided.message), span);
  return false;
}

function valueText({ machine }: Frame, { node }: TensorValue): string {
  const known = node && machine?.evaluate(node);
  if (known === undefined || "message" in known || known.data.length > 12) return "";
  if (known.shape.length === 0) return String(known.data[0]);
  return formatTensor(known).replaceAll(/\s+/gu, " ");
}

function sameShape(a: TensorValue, b: TensorValue): boolean {
  if (a.shape === undefined || b.shape === undefined) return true;
  return (
    a.shape.length === b.shape.length &&
    a.shape.every(({ size }, axis) => compareSizes(size, b.shape?.[axis]?.size ?? 0) !== "different")
  );
}
