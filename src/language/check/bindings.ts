/** Binding names: plain ones and members of families, each assigned once. */
import type { Target } from "../syntax";
import { problems } from "./diagnostics/catalogue";
import { placeOf, textOf, type Elaboration } from "./elaboration";
import { familyKey } from "./families";
import type { Frame } from "./frame";
import type { BindingRole } from "./scope";
import type { FamilyValue, Value } from "./value";

/** The name as it stands in paths: `z`, `z[1]`. */
export function targetText(e: Elaboration, frame: Frame, target: Target): string {
  const [index] = target.indices;
  if (index === undefined) return target.name.name;
  const key = familyKey(e, { ...frame, silent: true }, target.name.name, index);
  return `${target.name.name}[${key?.text ?? textOf(frame, index).slice(1, -1)}]`;
}

/** Binds a name, or a member of a family; names are assigned once. */
export function bindTarget(
  e: Elaboration,
  frame: Frame,
  target: Target,
  value: Value,
  role: BindingRole,
): void {
  const { name } = target;
  if (name.name === "") return; // a damaged line, which the parser has reported
  const [index, second] = target.indices;
  const scope = index === undefined ? frame.scope : frame.scope.body;
  const place = placeOf(frame, index === undefined ? name : target);
  const existing = scope.own(name.name);
  if (second !== undefined) {
    e.report(frame, problems.familyIndex(name.name), second);
    return;
  }
  if (index === undefined) {
    if (existing !== undefined) {
      const related = [{ place: existing.place, message: `\`${name.name}\` is defined here first` }];
      e.report(frame, problems.duplicateName(name.name), name, { related });
      return;
    }
    scope.bind({ name: name.name, value, role, place });
    e.facts.define({ name: name.name, place, role, value, scope, container: "" });
    recordNamed(frame, name.name, value, role, place);
    return;
  }
  const family = familyOf(e, frame, target, existing?.value, scope, role);
  const key = family && familyKey(e, frame, name.name, index);
  if (family === undefined) return;
  if (key === undefined) {
    family.state.open = true;
    return;
  }
  if (key.symbolic) family.state.open = true;
  if (family.members.has(key.id) && !key.symbolic) {
    e.report(frame, problems.duplicateName(`${name.name}[${key.text}]`), target);
    return;
  }
  family.members.set(key.id, { key: key.text, value });
  e.facts.define({ name: name.name, place: placeOf(frame, name), role, value, scope, container: "" });
  recordNamed(frame, `${name.name}[${key.text}]`, value, role, place);
}

function familyOf(
  e: Elaboration,
  frame: Frame,
  target: Target,
  existing: Value | undefined,
  scope: Frame["scope"],
  role: BindingRole,
): FamilyValue | undefined {
  if (existing?.kind === "family") return existing;
  if (existing !== undefined) {
    e.report(frame, problems.familyOrPlain(target.name.name), target);
    return undefined;
  }
  const family: FamilyValue = {
    kind: "family",
    name: target.name.name,
    members: new Map(),
    state: { open: false },
  };
  scope.bind({ name: target.name.name, value: family, role, place: placeOf(frame, target.name) });
  return family;
}

function recordNamed(
  frame: Frame,
  name: string,
  value: Value,
  role: BindingRole,
  place: ReturnType<typeof placeOf>,
): void {
  if (value.kind !== "tensor" || frame.record === undefined || frame.kind === "op") return;
  const shown = role === "parameter" ? "parameter" : "value";
  frame.record.named.push({ name, owner: frame.owner, role: shown, value, place, turn: frame.turn });
}
