/** Binding names: plain ones and members of families, each assigned once. */
import type { Target } from "../syntax";
import { problems } from "./diagnostics/catalogue";
import { placeOf, textOf, type Elaboration } from "./elaboration";
import { emptyFamily, familyKey } from "./families";
import type { Frame } from "./frame";
import type { BindingRole } from "./scope";
import type { FamilyValue, Value } from "./value";

/** The name as it stands in paths: `z`, `z[1]`, `H[2][0]`. */
export function targetText(e: Elaboration, frame: Frame, target: Target): string {
  const silent = { ...frame, silent: true };
  const keys = target.indices.map((index) => {
    const key = familyKey(e, silent, target.name.name, index);
    return `[${key?.text ?? textOf(frame, index).slice(1, -1)}]`;
  });
  return target.name.name + keys.join("");
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
  if (name.name === "T") e.report(frame, problems.transposeName(), name);
  if (target.indices.length > 0) {
    bindMember(e, frame, target, value, role);
    return;
  }
  const place = placeOf(frame, name);
  const existing = frame.scope.own(name.name);
  if (existing !== undefined) {
    const related = [{ place: existing.place, message: `\`${name.name}\` is defined here first` }];
    const problem = existing.value.kind === "family" ? problems.familyOrPlain : problems.duplicateName;
    e.report(frame, problem(name.name), name, { related });
    return;
  }
  frame.scope.bind({ name: name.name, value, role, place });
  e.facts.define({ name: name.name, place, role, value, scope: frame.scope, container: "" });
  recordNamed(frame, name.name, value, role, place);
}

function bindMember(e: Elaboration, frame: Frame, target: Target, value: Value, role: BindingRole): void {
  const { name, indices } = target;
  const scope = frame.scope.body;
  let family = familyOf(e, frame, target, scope, role);
  let path = name.name;
  for (const [depth, index] of indices.entries()) {
    const key = family && familyKey(e, frame, path, index);
    if (family === undefined) return;
    if (key === undefined) {
      family.state.open = true;
      return;
    }
    if (key.symbolic) family.state.open = true;
    path += `[${key.text}]`;
    const existing = family.members.get(key.id)?.value;
    if (depth < indices.length - 1) {
      const inner = existing ?? emptyFamily(path);
      if (inner.kind !== "family") {
        e.report(frame, problems.familyOrPlain(path), target);
        return;
      }
      family.members.set(key.id, { key: key.text, value: inner });
      family = inner;
      continue;
    }
    if (existing !== undefined && !key.symbolic) {
      const problem = existing.kind === "family" ? problems.familyOrPlain : problems.duplicateMember;
      e.report(frame, problem(path), target);
      return;
    }
    family.members.set(key.id, { key: key.text, value });
  }
  e.facts.define({ name: name.name, place: placeOf(frame, name), role, value, scope, container: "" });
  recordNamed(frame, path, value, role, placeOf(frame, target));
}

function familyOf(
  e: Elaboration,
  frame: Frame,
  { name, start, end }: Target,
  scope: Frame["scope"],
  role: BindingRole,
): FamilyValue | undefined {
  const existing = scope.own(name.name)?.value;
  if (existing?.kind === "family") return existing;
  if (existing !== undefined) {
    e.report(frame, problems.familyOrPlain(name.name), { start, end });
    return undefined;
  }
  const family = emptyFamily(name.name);
  scope.bind({ name: name.name, value: family, role, place: placeOf(frame, name) });
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
