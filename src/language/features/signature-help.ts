/** What the call around the cursor takes, and which argument the cursor is in. Knows no editor. */
import type { CheckedModule } from "../check";
import { nodeAt, type Call } from "../syntax";
import { calleeOf, formalsOf, type Callee } from "./callees";
import { operatorText } from "./hover";
import { calleeName } from "./value-text";

export interface Signature {
  readonly label: string;
  /** Each argument's place in the label. */
  readonly parameters: readonly { readonly start: number; readonly end: number }[];
  readonly active: number | undefined;
  readonly documentation: string;
}

export function signatureAt(checked: CheckedModule, offset: number): Signature | undefined {
  const call = callAround(checked, offset);
  const callee = call && calleeOf(checked, call.callee);
  if (call === undefined || callee === undefined) return undefined;
  const formals = formalsOf(callee);
  let label = `${calleeName(callee)}(`;
  const parameters = formals.map((formal, i) => {
    if (i > 0) label += ", ";
    const start = label.length;
    label += formal.label;
    return { start, end: label.length };
  });
  label += ")";
  return {
    label,
    parameters,
    active: activeArgument(checked, call, callee, offset),
    documentation: documentationOf(callee),
  };
}

/** The innermost call whose brackets hold the offset. */
export function callAround(checked: CheckedModule, offset: number): Call | undefined {
  const { text } = checked.module.file;
  for (const { kind, node } of nodeAt(checked.module.file, offset)) {
    if (kind !== "call") continue;
    const open = text.indexOf("(", node.callee.end);
    const closed = text[node.end - 1] === ")" && offset >= node.end;
    if (open >= 0 && offset > open && !closed) return node;
  }
  return undefined;
}

function activeArgument(
  checked: CheckedModule,
  call: Call,
  callee: Callee,
  offset: number,
): number | undefined {
  const formals = formalsOf(callee);
  const { text } = checked.module.file;
  // A value that is still to be written lies behind what is there of its argument, before the next comma.
  const current = call.arguments.findLast(
    ({ start }) => start <= offset && commasBefore(text.slice(start, offset)) === 0,
  );
  if (current?.path !== undefined) {
    const index = formals.findIndex(({ name }) => name === current.path?.name.name);
    return index < 0 ? undefined : index;
  }
  const position = positionIn(text, call, offset);
  const rest = formals.findIndex((formal) => formal.rest);
  if (rest >= 0 && position > rest) return rest;
  return position < formals.length ? position : undefined;
}

/** How many arguments of the call end before the offset. */
export function positionIn(text: string, call: Call, offset: number): number {
  return commasBefore(text.slice(text.indexOf("(", call.callee.end) + 1, offset));
}

/** Commas outside inner brackets and strings. */
function commasBefore(text: string): number {
  let depth = 0;
  let commas = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\\n]|\\.)*"?|#[^\n]*|[()[\]{},]/g)) {
    if (token === "(" || token === "[" || token === "{") depth++;
    else if (token === ")" || token === "]" || token === "}") depth--;
    else if (token === "," && depth === 0) commas++;
  }
  return commas;
}

function documentationOf(callee: Callee): string {
  switch (callee.kind) {
    case "operator":
      return operatorText(callee.op);
    case "builtin":
      return callee.builtin.doc;
    case "op":
      return callee.op.documentation;
    case "net":
    case "layer":
      return callee.net.documentation;
  }
}
