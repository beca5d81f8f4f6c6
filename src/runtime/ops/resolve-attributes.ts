/** Completes the attributes of a call: defaults, single numbers as lists, sizes as dims. Knows nothing of graphs. */
import { dims, type Dim } from "../tensor";
import type { OpDefinition } from "./define-op";
import type { Attribute, AttributeValue } from "./parameters";
import { reject, type Rejected } from "./rejection";

export interface ResolvedAttributes {
  readonly values: Readonly<Record<string, AttributeValue>>;
  readonly sizes: Readonly<Record<string, readonly Dim[]>>;
}

const none: ResolvedAttributes = { values: {}, sizes: {} };

/** Every declared attribute with its value; rejected where a required one is missing or one is unknown. */
export function resolveAttributes(
  op: OpDefinition,
  given: Readonly<Record<string, AttributeValue>>,
): ResolvedAttributes | Rejected {
  const names = Object.keys(op.attributes);
  for (const name in given) {
    if (!(name in op.attributes)) return refuse(name, `\`${op.name}\` has no argument \`${name}\``);
  }
  if (names.length === 0) return none;
  const values: Record<string, AttributeValue> = {};
  const sizes: Record<string, readonly Dim[]> = {};
  for (const name of names) {
    const attribute = op.attributes[name]!;
    const value = given[name] ?? attribute.default;
    if (value === undefined && attribute.required) return refuse(name, `\`${name}\` must be given`);
    const resolved = normalized(attribute, value);
    if (
      attribute.choices !== undefined &&
      resolved !== undefined &&
      !attribute.choices.includes(String(resolved))
    ) {
      return refuse(name, `${name} must be one of ${attribute.choices.join(", ")}, not ${String(resolved)}`);
    }
    values[name] = resolved;
    if (attribute.kind === "sizes" && Array.isArray(resolved))
      sizes[name] = dims(resolved as readonly number[]);
  }
  return { values, sizes };
}

function normalized({ kind }: Attribute, value: AttributeValue): AttributeValue {
  switch (kind) {
    case "integers":
    case "sizes":
      return typeof value === "number" ? [value] : value;
    case "number":
      return value === "inf" ? Infinity : value === "-inf" ? -Infinity : value;
    case "integer":
    case "flag":
    case "choice":
    case "text":
      return value;
  }
}

function refuse(attribute: string, message: string): Rejected {
  return reject({ kind: "attribute", attribute, message });
}
