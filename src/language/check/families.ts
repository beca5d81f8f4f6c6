/** Families: names with indices, `z[l]`, whose members are separate nodes. */
import { formatSize } from "../../runtime/tensor";
import type { Index } from "../syntax";
import { reportNotCompileTime } from "./compile-time-values";
import { problems } from "./diagnostics/catalogue";
import { textOf, type Elaboration } from "./elaboration";
import type { Frame } from "./frame";
import { isBlank, type FamilyValue, type Value } from "./value";

export interface FamilyKey {
  /** Distinguishes members. */
  readonly id: string;
  /** As shown: `1`, `relu`. */
  readonly text: string;
  /** Not known before a run. */
  readonly symbolic: boolean;
}

export function emptyFamily(name: string): FamilyValue {
  return { kind: "family", name, members: new Map(), state: { open: false } };
}

/** The family of values whose keys are known as text: `W[1]`, `H[2][relu]` for `H`. Undefined where there is none. */
export function familyOfPaths(
  name: string,
  values: Iterable<readonly [path: string, value: Value]>,
): FamilyValue | undefined {
  const family = emptyFamily(name);
  for (const [path, value] of values) {
    if (!path.startsWith(`${name}[`)) continue;
    const keys = path.slice(name.length + 1, -1).split("][");
    let inner = family;
    for (const [depth, key] of keys.entries()) {
      const id = /^-?\d+$/u.test(key) ? key : `f ${key}`;
      const known = inner.members.get(id)?.value;
      const last = depth === keys.length - 1;
      const member = last ? value : known?.kind === "family" ? known : emptyFamily(`${inner.name}[${key}]`);
      inner.members.set(id, { key, value: member });
      if (member.kind === "family") inner = member;
    }
  }
  return family.members.size === 0 ? undefined : family;
}

const identities = new WeakMap<object, number>();
let identityCount = 0;

function identityOf(object: object): number {
  let identity = identities.get(object);
  if (identity === undefined) {
    identity = ++identityCount;
    identities.set(object, identity);
  }
  return identity;
}

/** The key of one bracket: a whole number, or a function or layer; undefined where it is no key (reported). */
export function familyKey(e: Elaboration, frame: Frame, family: string, index: Index): FamilyKey | undefined {
  const [item] = index.items;
  if (item?.kind !== "at" || index.items.length !== 1) {
    e.report(frame, problems.familyIndex(family), index);
    return undefined;
  }
  const value = e.evaluate(frame, item.value);
  const key = keyOf(value);
  if (key === undefined && (value.kind === "tensor" || value.kind === "instance"))
    reportNotCompileTime(e, frame, value, item.value, `An index of \`${family}\``);
  else if (key === undefined && !isBlank(value)) e.report(frame, problems.familyIndex(family), index);
  if (key?.symbolic === true) return { ...key, text: textOf(frame, item) };
  return key;
}

function keyOf(value: Value): FamilyKey | undefined {
  switch (value.kind) {
    case "number":
      if (value.value !== undefined) {
        return Number.isInteger(value.value)
          ? { id: String(value.value), text: String(value.value), symbolic: false }
          : undefined;
      }
      return value.size === undefined
        ? { id: `~${String(++identityCount)}`, text: "?", symbolic: true }
        : { id: `~${formatSize(value.size)}`, text: formatSize(value.size), symbolic: true };
    case "opaque":
      return { id: `~${value.name}`, text: value.name, symbolic: true };
    case "builtin":
      return { id: `f ${value.builtin.name}`, text: value.builtin.name, symbolic: false };
    case "operator":
      return { id: `f ${value.op.name}`, text: value.op.name, symbolic: false };
    case "op":
    case "net":
      return {
        id: `d ${String(identityOf(value.declaration))}`,
        text: value.declaration.name.name,
        symbolic: false,
      };
    case "layer":
      return { id: `l ${String(identityOf(value))}`, text: value.name, symbolic: false };
    default:
      return undefined;
  }
}
