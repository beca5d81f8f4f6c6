/**
 * NumPy's and PyTorch's way of writing a statement, rewritten as it is written here: prefixes, methods, names, arguments, operators.
 * Diagnostics have said what is wrong; this owns what would be right, as text. What no diagnostic speaks of stays as it is.
 */
import { foreignNames, libraryPrefix } from "../check";
import { children, type Binary, type Call, type Member, type Name, type Over, type Visit } from "../syntax";
import {
  calledFunction,
  memberWritten,
  methodCalled,
  operandText,
  rangeWritten,
  type Written,
  type WrittenArgument,
} from "./foreign-calls";

export interface Rewriting {
  readonly text: string;
  /** Whether a diagnostic of that code begins there. */
  readonly told: (code: string, start: number) => boolean;
  /** What fixes of syntax errors write in the place of single words and signs. */
  readonly tokenEdits: readonly { readonly start: number; readonly end: number; readonly newText: string }[];
  /** Names of the standard library that the result needs. */
  readonly imports: Set<string>;
  /** In a check `~=` may stand. */
  readonly inCheck: boolean;
}

/** The text of a node, rewritten; the same where nothing in it is foreign. */
export function rewritten(context: Rewriting, visited: Visit): string {
  const special = rewriteForeign(context, visited);
  return special?.text ?? spliced(context, visited);
}

/** The node's own text, with its children rewritten. */
function spliced(context: Rewriting, visited: Visit): string {
  const { start, end } = visited.node;
  let result = "";
  let at = start;
  for (const child of children(visited)) {
    if (child.node.start < at) continue;
    const gap = plain(context, at, child.node.start);
    result += gap.trim() === "**" ? gap.replace("**", "^") : gap;
    result += operand(context, child, needsAtom(visited, child));
    at = child.node.end;
  }
  return result + plain(context, at, end);
}

/** Words and signs between the nodes. */
function plain({ text, tokenEdits }: Rewriting, start: number, end: number): string {
  let result = "";
  let at = start;
  for (const edit of tokenEdits) {
    if (edit.start < at || edit.end > end || (edit.start === edit.end && edit.start === end)) continue;
    result += text.slice(at, edit.start) + edit.newText;
    at = edit.end;
  }
  return result + text.slice(at, end);
}

function operand(context: Rewriting, visited: Visit, atom: boolean): string {
  const special = rewriteForeign(context, visited);
  if (special === undefined) return spliced(context, visited);
  return atom ? operandText(special) : special.text;
}

/** Whether what becomes an infix expression there must stand in brackets. */
function needsAtom(parent: Visit, child: Visit): boolean {
  switch (parent.kind) {
    case "binary":
      return parent.node.operator !== "+" && parent.node.operator !== "-";
    case "unary":
    case "comparison":
      return true;
    case "member":
    case "call":
    case "indexing":
      return child.node.start === parent.node.start;
    default:
      return false;
  }
}

function rewriteForeign(context: Rewriting, visited: Visit): Written | undefined {
  switch (visited.kind) {
    case "call":
      return rewriteCall(context, visited.node);
    case "member":
      return rewriteMember(context, visited.node);
    case "binary":
      return rewriteBinary(context, visited.node);
    case "name":
      return rewriteName(context, visited.node);
    case "over":
      return rewriteOver(context, visited.node);
    default:
      return undefined;
  }
}

/** The name that stands right behind a library's prefix, as `exp` in `np.exp`. */
function prefixedName({ text, told }: Rewriting, member: Member): string | undefined {
  let root = member.base;
  while (root.kind === "member") root = root.base;
  if (root.kind !== "name" || !told("NN201", root.start)) return undefined;
  const prefix = libraryPrefix(text.slice(root.start, member.end));
  return prefix !== undefined && root.start + prefix.length === member.name.start
    ? member.name.name
    : undefined;
}

function rewriteMember(context: Rewriting, member: Member): Written | undefined {
  const prefixed = prefixedName(context, member);
  if (prefixed !== undefined) {
    const idiom = prefixed === "newaxis" ? "None" : prefixed === "e" ? "exp(1)" : undefined;
    return { text: idiom ?? foreignNames.get(prefixed) ?? prefixed, atom: true };
  }
  const base = baseOf(context, member);
  return isForeignMember(context, member, base) ? memberWritten(member.name.name, base) : undefined;
}

/** What follows something foreign has not been checked, so that nothing is told of it. */
function isForeignMember(context: Rewriting, { base, name }: Member, written: Written): boolean {
  if (context.told("NN215", name.start)) return true;
  const inner = base.kind === "parenthesized" ? base.inner : base;
  return written.text !== context.text.slice(inner.start, inner.end);
}

/** What a member is of, as an operand. */
function baseOf(context: Rewriting, { base }: Member): Written {
  const inner = base.kind === "parenthesized" ? base.inner : base;
  const visited = { kind: inner.kind, node: inner } as Visit; // the kind is the node's own
  return rewriteForeign(context, visited) ?? { text: spliced(context, visited), atom: inner === base };
}

function rewriteCall(context: Rewriting, call: Call): Written | undefined {
  const { callee } = call;
  if (context.text[call.end - 1] !== ")") return undefined;
  const prefixed = callee.kind === "member" ? prefixedName(context, callee) : undefined;
  const name = prefixed ?? (callee.kind === "name" ? callee.name : undefined);
  const foreign = prefixed !== undefined || context.told("NN201", callee.start);
  if (name !== undefined) {
    const inner = call.arguments.some(({ value }) => context.told("NN205", value.start));
    const troubled = foreign || inner || context.told("NN212", call.start);
    const named = call.arguments.some(({ start }) => context.told("NN212", start));
    if (!troubled && !named) return undefined;
    return calledFunction(name, argumentsOf(context, call), { ...context, foreign });
  }
  if (callee.kind === "call" && callee.arguments.length === 0) {
    const layer = rewriteCall(context, callee);
    return layer === undefined
      ? undefined
      : calledFunction(layer.text, argumentsOf(context, call), { ...context, foreign: true });
  }
  if (callee.kind !== "member") return undefined;
  if (context.told("NN214", callee.start) && callee.name.name === "T" && call.arguments.length === 0)
    return { text: spliced(context, { kind: "member", node: callee }), atom: true };
  const base = baseOf(context, callee);
  if (!isForeignMember(context, callee, base)) return undefined;
  return methodCalled(callee.name.name, base, argumentsOf(context, call));
}

function argumentsOf(context: Rewriting, call: Call): readonly WrittenArgument[] {
  return call.arguments.map(({ path, value }) => {
    const visited = { kind: value.kind, node: value } as Visit; // the kind is the node's own
    const special = rewriteForeign(context, visited);
    const atom = !["binary", "unary", "comparison"].includes(value.kind);
    const name = path === undefined || path.steps.length > 0 ? undefined : path.name.name;
    return { name, ...(special ?? { text: spliced(context, visited), atom }) };
  });
}

function rewriteBinary(context: Rewriting, { left, right, operatorSpan }: Binary): Written | undefined {
  const side = (node: Binary["left"], atom: boolean): string =>
    operand(context, { kind: node.kind, node } as Visit, atom); // the kind is the node's own
  const sign = context.text.slice(operatorSpan.start, operatorSpan.end);
  if (sign === "//" && !isComment(context, right))
    return { text: `floor(${side(left, true)} / ${side(right, true)})`, atom: true };
  if (sign === "%") return { text: `remainder(${side(left, false)}, ${side(right, false)})`, atom: true };
  const transposed = sign === "^" && right.kind === "name" && right.name === "T";
  if (transposed && context.told("NN201", right.start)) return { text: `${side(left, true)}.T`, atom: true };
  return undefined;
}

/** After `//` words that nothing has are meant to be read by people. */
export function isComment({ told }: Pick<Rewriting, "told">, right: Binary["right"]): boolean {
  return right.kind === "name" && told("NN201", right.start);
}

function rewriteName(context: Rewriting, { name, start }: Name): Written | undefined {
  if (!context.told("NN201", start)) return undefined;
  if (name.endsWith("ᵀ")) return { text: `${name.slice(0, -1)}.T`, atom: true };
  const known = foreignNames.get(name);
  return known === undefined ? undefined : { text: known, atom: true };
}

/** `for i in range(n)`. */
function rewriteOver(context: Rewriting, { name, from, direction, start, end }: Over): Written | undefined {
  if (direction !== "list" || from.kind !== "call" || from.callee.kind !== "name") return undefined;
  if (from.callee.name !== "range" || !context.told("NN201", from.callee.start)) return undefined;
  const range = rangeWritten(argumentsOf(context, from));
  if (range === undefined) return undefined;
  const { text } = context;
  return {
    text: `${text.slice(start, name.end)}${text.slice(name.end, from.start)}${range}${text.slice(from.end, end)}`,
    atom: true,
  };
}
