/** Where a net declares what its layers carry: parameters, layers of its own, hyperparameters. Knows no values. */
import type { Block, Identifier } from "../syntax";
import type { Place } from "./diagnostics/diagnostic";
import { placeOf, type Elaboration } from "./elaboration";
import type { Frame } from "./frame";
import type { BindingRole } from "./scope";
import type { LayerValue, Value } from "./value";

/** Notes that a name written at a place is that of a member of a layer, applied or not. */
export function referToMember(
  e: Elaboration,
  frame: Frame,
  layer: LayerValue,
  { name, start, end }: Identifier,
  value: Value,
): void {
  const found = declaredMember(layer, name);
  if (found === undefined) return;
  e.facts.refer({
    name,
    place: placeOf(frame, { start, end }),
    definition: { kind: "binding", ...found, value },
  });
}

/** The first place where its net defines the name. */
function declaredMember(
  { net }: LayerValue,
  name: string,
): { readonly role: BindingRole; readonly place: Place } | undefined {
  if (net === undefined) return undefined;
  const { declaration, module } = net;
  const at = (role: BindingRole, span: Identifier | undefined) =>
    span === undefined ? undefined : { role, place: { file: module.id, start: span.start, end: span.end } };
  const hyperparameter = declaration.hyperparameters?.find((input) => input.name.name === name);
  return (
    at("hyperparameter", hyperparameter?.name) ??
    at("parameter", firstTarget(declaration.body, "param", name)) ??
    at("value", firstTarget(declaration.body, "assignment", name))
  );
}

function firstTarget(block: Block, kind: "param" | "assignment", name: string): Identifier | undefined {
  for (const statement of block.statements) {
    const found =
      statement.kind === "for"
        ? firstTarget(statement.body, kind, name)
        : statement.kind === kind && statement.target.name.name === name
          ? statement.target.name
          : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
