/** Calling an operator of the registry by name: its inputs, attributes and defaults. */
import type { Attribute, AttributeValue, OpDefinition } from "../../runtime/ops";
import { dim, type Dim } from "../../runtime/tensor";
import type { Span } from "../syntax";
import { bindArguments, type Formal } from "./arguments";
import type { CallArgument, CallSite } from "./call-site";
import { toSize } from "./declared-types";
import { problems } from "./diagnostics/catalogue";
import { textOf, type Elaboration } from "./elaboration";
import { foldOperator } from "./arithmetic";
import { reportNotCompileTime } from "./compile-time-values";
import type { Frame } from "./frame";
import { nearestName } from "./module";
import { applyOperator, type Operand } from "./operator-application";
import { describeKind, isBlank, unknown, type Value } from "./value";

export function callOperator(e: Elaboration, frame: Frame, op: OpDefinition, site: CallSite): Value {
  const formals: Formal[] = op.callOrder.map((name) => ({
    name,
    required:
      op.inputs[name] === undefined
        ? (op.attributes[name]?.required ?? false)
        : op.inputs[name].arity !== "optional",
  }));
  const many = op.callOrder.find((name) => op.inputs[name]?.arity === "many");
  const bound = bindArguments(
    e,
    frame,
    many === undefined ? site : gatherList(op, site, many),
    site.calleeText,
    formals,
  );
  if (bound === undefined) return unknown;
  const operands: Record<string, Operand | readonly Operand[] | undefined> = {};
  for (const [name, { arity }] of Object.entries(op.inputs)) {
    const argument = bound.get(name);
    operands[name] =
      argument === undefined
        ? undefined
        : arity === "many"
          ? listOperands(frame, argument)
          : operandOf(frame, argument);
  }
  const attributes = readAttributes(e, frame, op, bound);
  if (attributes === undefined) return unknown;
  const values = Object.values(operands).flatMap((given) =>
    given === undefined ? [] : Array.isArray(given) ? [] : [(given as Operand).value],
  );
  const folded =
    many === undefined && !attributes.indefinite ? foldOperator(op, values, attributes.values) : undefined;
  if (folded !== undefined) return folded;
  return applyOperator(e, frame, {
    op,
    operands,
    attributes: attributes.values,
    sizes: attributes.sizes,
    attributeSpans: attributes.spans,
    span: site.span,
    indefinite: attributes.indefinite,
  });
}

/** `einsum("ij,jk->ik", a, b)` gives its tensors one by one: they are gathered as the list that the operator takes. */
function gatherList(op: OpDefinition, site: CallSite, many: string): CallSite {
  const position = op.callOrder.indexOf(many);
  const positional = site.arguments.filter(({ path }) => path === undefined);
  const gathered = positional.slice(position);
  const [first] = gathered;
  if (first === undefined) return site;
  // Alone, or before other arguments, a list is the list itself, and a blank may be one.
  const several = gathered.length > 1 && position === op.callOrder.length - 1;
  if (!several && (first.value.kind === "list" || isBlank(first.value))) return site;
  const list: CallArgument = {
    path: undefined,
    value: { kind: "list", items: gathered.map(({ value }) => value) },
    expression: {
      kind: "list",
      items: gathered.map(({ expression }) => expression),
      start: first.span.start,
      end: gathered.at(-1)?.span.end ?? first.span.end,
    },
    span: first.span,
  };
  const named = site.arguments.filter(({ path }) => path !== undefined);
  return { ...site, arguments: [...positional.slice(0, position), list, ...named] };
}

function operandOf(frame: Frame, { value, expression, text }: CallArgument): Operand {
  return { value, text: text ?? textOf(frame, expression), span: expression };
}

function listOperands(frame: Frame, argument: CallArgument): readonly Operand[] | Operand {
  const { value, expression } = argument;
  if (value.kind !== "list") return operandOf(frame, argument);
  return value.items.map((item, index) => {
    const written = expression.kind === "list" ? expression.items[index] : undefined;
    return { value: item, text: textOf(frame, written ?? expression), span: written ?? expression };
  });
}

interface ReadAttributes {
  readonly values: Record<string, AttributeValue>;
  readonly sizes: Record<string, readonly Dim[]>;
  readonly spans: Record<string, Span>;
  /** Some value is known only in a run. */
  readonly indefinite: boolean;
}

function readAttributes(
  e: Elaboration,
  frame: Frame,
  op: OpDefinition,
  bound: ReadonlyMap<string, CallArgument>,
): ReadAttributes | undefined {
  const values: Record<string, AttributeValue> = {};
  const sizes: Record<string, readonly Dim[]> = {};
  const spans: Record<string, Span> = {};
  let indefinite = false;
  for (const [name, attribute] of Object.entries(op.attributes)) {
    const argument = bound.get(name);
    if (argument === undefined) {
      values[name] = attribute.default;
      continue;
    }
    spans[name] = argument.expression;
    if (argument.value.kind === "unknown") return undefined;
    if (attribute.kind === "sizes") {
      const shape = readSizes(e, frame, argument);
      sizes[name] = shape;
      values[name] = shape.map(({ size }) => (typeof size === "number" ? size : NaN));
      continue;
    }
    if (attribute.isSize === true && isSymbolic(argument.value)) {
      sizes[name] = readSizes(e, frame, argument);
      values[name] = NaN;
      continue;
    }
    const value = readAttribute(e, frame, name, attribute, argument);
    if (value === "refused") return undefined;
    if (value === "indefinite") indefinite = true;
    else values[name] = value.known;
  }
  return { values, sizes, spans, indefinite };
}

/** A size that only a run knows. */
function isSymbolic(value: Value): boolean {
  return value.kind === "opaque" || (value.kind === "number" && value.value === undefined);
}

/** A list of sizes, or one. */
export function readSizes(
  e: Elaboration,
  frame: Frame,
  { value, expression }: Pick<CallArgument, "value" | "expression">,
): readonly Dim[] {
  if (value.kind !== "list") return [dim(toSize(e, frame, value, expression))];
  return value.items.map((item, index) => {
    const written = expression.kind === "list" ? (expression.items[index] ?? expression) : expression;
    return dim(toSize(e, frame, item, written));
  });
}

function readAttribute(
  e: Elaboration,
  frame: Frame,
  name: string,
  attribute: Attribute,
  { value, expression }: CallArgument,
): { readonly known: AttributeValue } | "refused" | "indefinite" {
  const refuse = (needs: string): "refused" => {
    if (value.kind === "tensor" || value.kind === "instance")
      reportNotCompileTime(e, frame, value, expression, `\`${name}\``);
    else if (!isBlank(value))
      e.report(frame, problems.expected(`${needs} for \`${name}\``, describeKind(value)), expression);
    return "refused";
  };
  if (value.kind === "pending" || isSymbolic(value)) return "indefinite";
  switch (attribute.kind) {
    case "number":
      if (value.kind === "number") return { known: value.value };
      if (value.kind === "string" && value.value === "inf" && attribute.alsoInfinite === true)
        return { known: Infinity };
      return refuse("a number");
    case "integer":
      return value.kind === "number" && Number.isInteger(value.value)
        ? { known: value.value }
        : refuse("a whole number");
    case "flag":
      if (value.kind === "boolean") return value.value === undefined ? "indefinite" : { known: value.value };
      return refuse("true or false");
    case "text":
      return value.kind === "string" ? { known: value.value } : refuse("text in quotes");
    case "choice": {
      if (value.kind !== "string")
        return refuse(`one of ${(attribute.choices ?? []).map((word) => `"${word}"`).join(", ")}`);
      if (attribute.choices?.includes(value.value) === true) return { known: value.value };
      const nearest = nearestName(value.value, attribute.choices ?? []);
      const known = (attribute.choices ?? []).map((word) => `"${word}"`).join(", ");
      const fixes =
        nearest === undefined
          ? []
          : [
              {
                title: `Write "${nearest}"`,
                edits: [{ start: expression.start, end: expression.end, newText: `"${nearest}"` }],
              },
            ];
      e.report(
        frame,
        problems.attribute(`\`${name}\` is one of ${known}, not "${value.value}"`),
        expression,
        { fixes },
      );
      return "refused";
    }
    case "integers": {
      const items = value.kind === "list" ? value.items : [value];
      const numbers: number[] = [];
      for (const item of items) {
        if (item.kind === "opaque" || (item.kind === "number" && item.value === undefined))
          return "indefinite";
        if (item.kind !== "number" || item.value === undefined || !Number.isInteger(item.value))
          return refuse("whole numbers");
        numbers.push(item.value);
      }
      return { known: numbers };
    }
    case "sizes":
      return "indefinite"; // read by its caller
  }
}
