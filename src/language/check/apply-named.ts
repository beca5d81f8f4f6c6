/** Applying operators by their names in the registry, as the forms of expression do. */
import { operators, type AttributeValue, type OpDefinition } from "../../runtime/ops";
import type { Expression, Span } from "../syntax";
import { textOf, type Elaboration } from "./elaboration";
import type { Frame } from "./frame";
import { applyOperator, type Operand } from "./operator-application";
import type { Value } from "./value";

/** Applies the operator `name` of the registry. */
export function applyNamed(
  e: Elaboration,
  frame: Frame,
  name: string,
  operands: Readonly<Record<string, Operand | readonly Operand[]>>,
  span: Span,
  attributes: Readonly<Record<string, AttributeValue>> = {},
): Value {
  const op = operators.get(name);
  if (op === undefined) throw new Error(`No operator is named ${name}.`);
  return applyOperator(e, frame, {
    op,
    operands,
    attributes: withDefaults(op, attributes),
    sizes: {},
    attributeSpans: {},
    span,
    indefinite: false,
  });
}

export function withDefaults(
  op: OpDefinition,
  given: Readonly<Record<string, AttributeValue>>,
): Record<string, AttributeValue> {
  const values: Record<string, AttributeValue> = {};
  for (const [name, attribute] of Object.entries(op.attributes))
    values[name] = name in given ? given[name] : attribute.default;
  return values;
}

export function operandOf(frame: Frame, expression: Expression, value: Value): Operand {
  return { value, text: textOf(frame, expression), span: expression };
}
