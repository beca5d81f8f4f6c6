/** The values that language values stand for: tensors of nodes, members of families and passes. Knows nothing of hosts. */
import {
  instancePath,
  type NamedValue,
  type PassValue,
  type TensorValue,
  type Value,
} from "../language/check";
import type { LoopTurn } from "../protocol";
import type { Evaluator } from "../runtime/interpret";
import { cast, fromArray, scalar, type Tensor } from "../runtime/tensor";

/** A number of tensors with names, or why there are none. */
export type Evaluated =
  | { readonly kind: "tensor"; readonly tensor: Tensor }
  | { readonly kind: "fault"; readonly message: string; readonly origin: unknown }
  | { readonly kind: "pending" }
  | { readonly kind: "error" };

export function evaluateValue(evaluator: Evaluator, value: Value): Evaluated {
  switch (value.kind) {
    case "tensor":
      return evaluateTensor(evaluator, value);
    case "instance":
      return evaluateValue(evaluator, value.state.result);
    case "number":
      return value.value === undefined ? { kind: "error" } : { kind: "tensor", tensor: scalar(value.value) };
    case "boolean":
      return value.value === undefined
        ? { kind: "error" }
        : { kind: "tensor", tensor: scalar(Number(value.value), "bool") };
    case "list":
      return evaluateList(evaluator, value.items);
    case "pending":
      return { kind: "pending" };
    default:
      return { kind: "error" };
  }
}

function evaluateTensor(evaluator: Evaluator, { node }: TensorValue): Evaluated {
  if (node === undefined) return { kind: "error" };
  const value = evaluator.evaluate(node);
  if ("fault" in value) return { kind: "fault", message: value.fault.message, origin: value.node.origin };
  return { kind: "tensor", tensor: value };
}

/** A list of equal-shaped values, stacked. */
function evaluateList(evaluator: Evaluator, items: readonly Value[]): Evaluated {
  const parts: Tensor[] = [];
  for (const item of items) {
    const part = evaluateValue(evaluator, item);
    if (part.kind !== "tensor") return part;
    parts.push(part.tensor);
  }
  const [first] = parts;
  if (first === undefined) return { kind: "tensor", tensor: fromArray("float64", [0], []) };
  if (parts.some(({ shape }) => shape.join() !== first.shape.join())) return { kind: "error" };
  const data = parts.flatMap((part) => Array.from(cast(part, "float64").data));
  return { kind: "tensor", tensor: fromArray("float64", [parts.length, ...first.shape], data) };
}

export interface Member {
  readonly name: string;
  readonly value: Value;
}

/** What `show` and `plot` list for a value: itself, or one entry for each member of a family or pass. */
export function membersOf({ name, value }: Pick<NamedValue, "name" | "value">): readonly Member[] {
  switch (value.kind) {
    case "family":
      return [...value.members.values()].flatMap((member) =>
        membersOf({ name: `${name}[${member.key}]`, value: member.value }),
      );
    case "record":
      return [...value.fields].flatMap(([field, each]) =>
        membersOf({ name: `${name}.${field}`, value: each }),
      );
    case "layer":
      return [...value.state.parameters].map(([key, parameter]) => ({
        name: `${name}.${key}`,
        value: parameter,
      }));
    case "pass":
      return membersOfPass(name, value);
    default:
      return [{ name, value }];
  }
}

/** A pass lists its gradient at every named node of the root's instance and of the run. */
function membersOfPass(name: string, pass: PassValue): Member[] {
  const members: Member[] = [];
  const seen = new Set<TensorValue>();
  for (const scope of [pass.rootInstance?.scope, pass.scope]) {
    for (const binding of scope?.bindings() ?? []) {
      for (const member of membersOf({
        name: binding.name,
        value: binding.value.kind === "pass" ? { kind: "unknown" } : binding.value,
      })) {
        const target = member.value.kind === "instance" ? member.value.state.result : member.value;
        if (target.kind !== "tensor" || target.node === undefined || seen.has(target)) continue;
        seen.add(target);
        const node = pass.read?.(target);
        if (node === undefined || node === "pending") continue;
        members.push({ name: `${name}.${member.name}`, value: { ...target, node } });
      }
    }
  }
  return members;
}

/** The path of a named node in its run. */
export function pathOf(name: string, owner: TensorValue["owner"]): string {
  return owner === undefined ? name : `${instancePath(owner)}.${name}`;
}

/** The turn of a report: null outside loops. */
export function turnOf(turn: LoopTurn): LoopTurn | null {
  return Object.keys(turn).length === 0 ? null : turn;
}
