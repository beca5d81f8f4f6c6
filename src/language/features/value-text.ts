/** Values and signatures in words, for hovers, completion and hints. Knows no editor. */
import { describeKind, formatType, type Module, type Value } from "../check";
import { formatSize } from "../../runtime/tensor";
import type { Net, Op } from "../syntax";
import { formalsOf, type Callee } from "./callees";

/** What stands behind a name's colon: `[N, 3]`, `= 0.1`, `SimpleClassifier → []`; empty where nothing is known. */
export function typeOf(value: Value): string {
  switch (value.kind) {
    case "tensor":
      return withRest(formatType(value));
    case "instance": {
      const result = typeOf(value.state.result);
      return result === "" ? value.layer.name : `${value.layer.name} → ${result}`;
    }
    case "layer":
      return `layer ${value.name}`;
    case "number":
      if (value.value !== undefined) return String(value.value);
      return value.size === undefined ? "number" : formatSize(value.size);
    case "boolean":
      return value.value === undefined ? "truth value" : String(value.value);
    case "string":
      return JSON.stringify(value.value);
    case "list":
      return `list of ${String(value.items.length)}`;
    case "family": {
      const members = [...value.members.values()];
      const types = new Set(members.map((member) => typeOf(member.value)));
      const keys = value.state.open ? "[…]" : `[${members.map(({ key }) => key).join(", ")}]`;
      return `family ${keys}${types.size === 1 ? ` of ${[...types].join("")}` : ""}`;
    }
    case "pass":
      return value.text;
    case "pending":
      return value.shape === undefined
        ? "to be written"
        : `${formatType({ shape: value.shape, dtype: "float64" })}, to be written`;
    case "unknown":
    case "opaque":
      return "";
    case "builtin":
    case "operator":
    case "op":
    case "net":
    case "record":
    case "optimizer":
    case "batches":
      return describeKind(value).replaceAll("`", "");
  }
}

/** An op's `...` is checked as a few dimensions that stand for any. */
function withRest(type: string): string {
  return type.replace(/…\d(?:, …\d)*/g, "...");
}

/** `matmul(x, y)`, `SimpleClassifier(n_in, lambda = 0.1)`. */
export function signatureText(callee: Callee): string {
  const formals = formalsOf(callee);
  return `${calleeName(callee)}(${formals.map(({ label }) => label).join(", ")})`;
}

export function calleeName(callee: Callee): string {
  switch (callee.kind) {
    case "operator":
      return callee.op.name;
    case "builtin":
      return callee.builtin.name;
    case "op":
      return callee.op.name.name;
    case "net":
    case "layer":
      return callee.net.name.name;
  }
}

/** A declaration's head as written, on one line: everything before its body. */
export function headText(module: Module, declaration: Op | Net): string {
  return module.file.text.slice(declaration.start, declaration.body.start).replace(/\s+/g, " ").trim();
}
