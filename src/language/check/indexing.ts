/** Brackets: members of families, gradients by node, items of lists, and indexing of tensors as in NumPy. */
import { formatSize, isFloat } from "../../runtime/tensor";
import type { Index, IndexItem, Indexing, Span } from "../syntax";
import { formatType } from "./describe";
import { problems } from "./diagnostics/catalogue";
import { textOf, type Elaboration } from "./elaboration";
import { applyNamed } from "./apply-named";
import { reportNotCompileTime, wholeNumber } from "./compile-time-values";
import { familyKey } from "./families";
import type { Frame } from "./frame";
import { readPass } from "./gradients";
import { fieldOfRecord } from "./members";
import { resolveSlice, slice } from "./slicing";
import { toTensor } from "./tensors";
import {
  isBlank,
  unknown,
  describeKind,
  type FamilyValue,
  type ListValue,
  type TensorValue,
  type Value,
} from "./value";

export function evaluateIndexing(e: Elaboration, frame: Frame, expression: Indexing): Value {
  const base = e.evaluate(frame, expression.base);
  if (isBlank(base)) return base;
  const { index } = expression;
  switch (base.kind) {
    case "family":
      return memberOfFamily(e, frame, base, index);
    case "pass": {
      const [item] = index.items;
      if (item?.kind !== "at" || index.items.length !== 1)
        return invalid(e, frame, "a node, as in `d[m.W]`,", "an index", index);
      return readPass(e, frame, base, e.evaluate(frame, item.value), textOf(frame, item), index);
    }
    case "record": {
      const [item] = index.items;
      const key = item?.kind === "at" && index.items.length === 1 ? e.evaluate(frame, item.value) : unknown;
      // `weights.encoder[0].weight`, `arrays["x y"]`
      if (item !== undefined && (key.kind === "number" || key.kind === "string") && key.value !== undefined)
        return fieldOfRecord(e, frame, base, String(key.value), item);
      break;
    }
    case "list":
      return itemOfList(e, frame, base, index, expression);
    case "opaque": {
      const [item] = index.items;
      const key = item?.kind === "at" ? e.evaluate(frame, item.value) : undefined;
      const text =
        key?.kind === "number" && key.size !== undefined ? formatSize(key.size) : textOf(frame, index);
      return { kind: "opaque", name: `${base.name}[${text.replaceAll("*", "·")}]` };
    }
    case "instance":
    case "tensor": {
      const value = base.kind === "instance" ? base.state.result : base;
      if (isBlank(value)) return value;
      if (value.kind === "tensor") return indexTensor(e, frame, value, index, expression);
      break;
    }
    default:
      break;
  }
  return invalid(e, frame, "a tensor, a list or a family", describeKind(base), expression.base);
}

function invalid(e: Elaboration, frame: Frame, needs: string, found: string, span: Span): Value {
  e.report(frame, problems.expected(needs, found), span);
  return unknown;
}

function memberOfFamily(e: Elaboration, frame: Frame, family: FamilyValue, index: Index): Value {
  const key = familyKey(e, frame, family.name, index);
  if (key === undefined) return unknown;
  const member = family.members.get(key.id);
  if (member !== undefined) return member.value;
  if (family.state.open || key.symbolic) return unknown;
  const known = [...family.members.values()].map((each) => `\`${family.name}[${each.key}]\``);
  const list =
    known.length > 6 ? `${known.slice(0, 3).join(", ")}, … ${known.at(-1) ?? ""}` : known.join(", ");
  e.report(frame, problems.familyKey(family.name, key.text, list === "" ? "no members yet" : list), index);
  return unknown;
}

function itemOfList(
  e: Elaboration,
  frame: Frame,
  list: ListValue,
  index: Index,
  expression: Indexing,
): Value {
  const [item] = index.items;
  if (item?.kind === "slice" && index.items.length === 1) {
    return sliceOfList(e, frame, list, item);
  }
  if (index.items.some(({ kind }) => kind === "new-axis")) {
    const tensor = toTensor(e, frame, list, expression.base);
    return tensor.kind === "tensor" ? indexTensor(e, frame, tensor, index, expression) : tensor;
  }
  if (item?.kind !== "at" || index.items.length !== 1) {
    return invalid(e, frame, "one whole number", "several indices of a list", index);
  }
  const value = e.evaluate(frame, item.value);
  if (value.kind === "tensor") {
    // A list of numbers indexed by a tensor is a tensor.
    const operand = { value: list as Value, text: textOf(frame, expression.base), span: expression.base };
    return applyNamed(
      e,
      frame,
      "take",
      { x: operand, index: { value, text: textOf(frame, item), span: item } },
      expression,
      { dim: 0 },
    );
  }
  const at = wholeNumber(e, frame, value, item, "An index of a list");
  if (at === undefined) return unknown;
  const found = list.items[at < 0 ? list.items.length + at : at];
  if (found === undefined) e.report(frame, problems.listIndexRange(at, list.items.length), item);
  return found ?? unknown;
}

function sliceOfList(
  e: Elaboration,
  frame: Frame,
  list: ListValue,
  item: Extract<IndexItem, { kind: "slice" }>,
): Value {
  const bound = (part: typeof item.from, use: string): number | "left out" | undefined =>
    part === undefined ? "left out" : wholeNumber(e, frame, e.evaluate(frame, part), part, use);
  const start = bound(item.from, "A slice's start");
  const stop = bound(item.to, "A slice's end");
  const step = bound(item.step, "A slice's step");
  if (start === undefined || stop === undefined || step === undefined) return unknown;
  const stride = step === "left out" ? 1 : step;
  if (stride === 0) {
    e.report(frame, problems.attribute("a slice's step cannot be 0"), item);
    return unknown;
  }
  const given = (part: number | "left out") => (part === "left out" ? undefined : part);
  const range = resolveSlice(list.items.length, given(start), given(stop), stride);
  const ascending = list.items
    .slice(range.start, range.stop)
    .filter((_, index) => index % Math.abs(stride) === 0);
  return { kind: "list", items: stride > 0 ? ascending : ascending.reverse() };
}

/** NumPy's basic indexing and slicing, and integer tensors along one dimension. */
function indexTensor(
  e: Elaboration,
  frame: Frame,
  base: TensorValue,
  index: Index,
  expression: Indexing,
): Value {
  if (base.shape === undefined) return unknown;
  const ellipses = index.items.filter(({ kind }) => kind === "ellipsis").length;
  const taken = index.items.filter(({ kind }) => kind === "at" || kind === "slice").length;
  if (ellipses > 1) {
    e.report(frame, problems.ambiguousEllipsis(), index);
    return unknown;
  }
  if (taken > base.shape.length) {
    e.report(frame, problems.indexCount(taken, formatType(base)), index);
    return unknown;
  }
  const values = index.items.map((item) =>
    item.kind === "at" ? settled(e.evaluate(frame, item.value)) : undefined,
  );
  let value: Value = base;
  let axis = 0;
  let joined = false;
  for (let at = 0; at < index.items.length; at++) {
    const item = index.items[at];
    if (item === undefined) break;
    if (item.kind === "ellipsis") {
      axis += base.shape.length - taken;
      continue;
    }
    if (item.kind === "new-axis") {
      const x = { value, text: textOf(frame, expression.base), span: expression.base };
      value = applyNamed(e, frame, "unsqueeze", { x }, expression, { dim: axis });
      if (value.kind !== "tensor") return value;
      axis += 1;
      continue;
    }
    const group = adjacentIndices(index.items, values, at);
    if (group.length > 0 && joined) {
      e.report(
        frame,
        problems.attribute("index tensors must stand side by side, or be applied one after the other"),
        item,
      );
      return unknown;
    }
    joined ||= group.length > 0;
    const step: { readonly value: Value; readonly axes: number } =
      group.length > 1
        ? takeJointly(e, frame, value, axis, group, expression)
        : indexAxis(e, frame, value, axis, item, values[at] ?? unknown, expression);
    value = step.value;
    if (value.kind !== "tensor") return value;
    axis += step.axes;
    at += Math.max(0, group.length - 1);
  }
  return value;
}

function settled(value: Value): Value {
  return value.kind === "instance" ? value.state.result : value;
}

interface IndexTensor {
  readonly item: IndexItem;
  readonly value: Value;
}

/** The index tensors and lists that stand side by side from `start` on. */
function adjacentIndices(
  items: readonly IndexItem[],
  values: readonly (Value | undefined)[],
  start: number,
): IndexTensor[] {
  const group: IndexTensor[] = [];
  for (let at = start; at < items.length; at++) {
    const [item, value] = [items[at], values[at]];
    const isTensor = value?.kind === "list" || (value?.kind === "tensor" && value.dtype === "int");
    if (item === undefined || value === undefined || !isTensor) break;
    group.push({ item, value });
  }
  return group;
}

/** `x[i, j]` with int tensors names one element for each pair, as in NumPy. */
function takeJointly(
  e: Elaboration,
  frame: Frame,
  base: Value,
  axis: number,
  group: readonly IndexTensor[],
  expression: Indexing,
): { readonly value: Value; readonly axes: number } {
  const x = { value: base, text: textOf(frame, expression.base), span: expression.base };
  const indices = group.map(({ item, value }) => ({ value, text: textOf(frame, item), span: item }));
  const value = applyNamed(e, frame, "take_at", { x, indices }, expression, { dim: axis });
  const rank = base.kind === "tensor" ? (base.shape?.length ?? 0) : 0;
  const left = value.kind === "tensor" ? (value.shape?.length ?? rank) - (rank - group.length) : 0;
  return { value, axes: left };
}

/** Indexes one axis; `axes` is how many axes of the result it leaves behind. */
function indexAxis(
  e: Elaboration,
  frame: Frame,
  base: TensorValue,
  axis: number,
  item: Extract<IndexItem, { kind: "at" | "slice" }>,
  chosen: Value,
  expression: Indexing,
): { readonly value: Value; readonly axes: number } {
  const operand = { value: base, text: textOf(frame, expression.base), span: expression.base };
  if (item.kind === "slice") return { value: slice(e, frame, base, axis, item, expression), axes: 1 };
  if (isBlank(chosen)) return { value: chosen, axes: 0 };
  if (chosen.kind === "tensor" || chosen.kind === "list") {
    if (chosen.kind === "tensor" && chosen.dtype === "bool") {
      e.report(frame, problems.booleanMask(), item, { fixes: maskFix(frame, expression, item) });
      return { value: unknown, axes: 0 };
    }
    if (chosen.kind === "tensor" && isFloat(chosen.dtype)) {
      if (chosen.shape?.length === 0) reportNotCompileTime(e, frame, chosen, item.value, "An index");
      else e.report(frame, problems.dtype("An index", "int; write `int(…)` to truncate", "float"), item);
      return { value: unknown, axes: 0 };
    }
    const value = applyNamed(
      e,
      frame,
      "take",
      { x: operand, index: { value: chosen, text: textOf(frame, item), span: item } },
      expression,
      { dim: axis },
    );
    return { value, axes: chosen.kind === "tensor" ? (chosen.shape?.length ?? 1) : 1 };
  }
  const number = wholeNumber(e, frame, chosen, item, "An index");
  if (number === undefined) {
    const rest = base.shape?.filter((_, i) => i !== axis);
    return { value: { ...base, shape: rest, node: undefined, parents: [base] }, axes: 0 };
  }
  const size = base.shape?.[axis]?.size;
  if (typeof size === "number" && (number >= size || number < -size)) {
    e.report(frame, problems.indexRange(number, String(size)), item);
    return { value: unknown, axes: 0 };
  }
  return {
    value: applyNamed(e, frame, "select", { x: operand }, expression, { dim: axis, index: number }),
    axes: 0,
  };
}

function maskFix(
  frame: Frame,
  expression: Indexing,
  item: Span,
): { title: string; edits: { start: number; end: number; newText: string }[] }[] {
  const newText = `where(${textOf(frame, item)}, ${textOf(frame, expression.base)}, 0)`;
  return [
    { title: `Write \`${newText}\``, edits: [{ start: expression.start, end: expression.end, newText }] },
  ];
}
