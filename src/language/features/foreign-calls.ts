/** What a function or method of NumPy or PyTorch is written as here, given its arguments as text. Knows no tree. */
import { builtins, foreignMember, foreignNames, isInStandardLibrary } from "../check";
import { callableOperators } from "../../runtime/ops";

/** A piece of an expression; an atom needs no brackets as an operand. */
export interface Written {
  readonly text: string;
  readonly atom: boolean;
}

export interface WrittenArgument extends Written {
  readonly name: string | undefined;
}

/** In brackets where it needs them. */
export function operandText({ text, atom }: Written): string {
  return atom ? text : `(${text})`;
}

const products: ReadonlySet<string> = new Set(["dot", "matmul", "mm", "bmm", "mv"]);
const wrappers: ReadonlySet<string> = new Set(
  "array asarray tensor as_tensor from_numpy Tensor FloatTensor float32 float64".split(" "),
);
/** What has no meaning here. */
const needless: ReadonlySet<string> = new Set("dtype device requires_grad out generator inplace".split(" "));

/** `name(…)`; `foreign` where nothing here has the name or it stands behind a library's. */
export function calledFunction(
  name: string,
  given: readonly WrittenArgument[],
  {
    foreign,
    imports,
    inCheck,
  }: { readonly foreign: boolean; readonly imports: Set<string>; readonly inCheck: boolean },
): Written | undefined {
  const positional = given.filter((argument) => argument.name === undefined);
  const [first, second] = positional;
  const only = positional.length === 1 && first !== undefined ? first : undefined;
  if (foreign && wrappers.has(name) && only !== undefined) return only;
  const plain = positional.length === given.length;
  if (name === "dot" && plain && positional.length === 2 && first && second) return product(first, second);
  if (name === "transpose" && plain && only !== undefined)
    return { text: `${operandText(only)}.T`, atom: true };
  if (name === "Sequential" && plain)
    return { text: `chain([${positional.map(({ text }) => text).join(", ")}])`, atom: true };
  if (name === "allclose" && inCheck && plain && positional.length === 2 && first && second)
    return { text: `${operandText(first)} ~= ${operandText(second)}`, atom: false };
  const known = isFunction(name) ? name : (foreignNames.get(name) ?? name);
  if (isFunction(known)) return { text: `${known}(${listed(known, given)})`, atom: true };
  if (isInStandardLibrary(name)) {
    imports.add(name);
    return { text: `${name}(${listed(name, given)})`, atom: true };
  }
  // An activation is a function here, and no layer of its own.
  const activation = name.toLowerCase();
  return positional.length === 0 && callableOperators.has(activation)
    ? { text: activation, atom: true }
    : undefined;
}

/** `base.name(…)`. */
export function methodCalled(
  name: string,
  base: Written,
  given: readonly WrittenArgument[],
): Written | undefined {
  const positional = given.filter((argument) => argument.name === undefined);
  const [first] = positional;
  if (products.has(name) && first !== undefined && given.length === 1) return product(base, first);
  if (name === "size" && first !== undefined)
    return { text: `shape(${base.text})[${first.text}]`, atom: true };
  if (name === "size") return { text: `shape(${base.text})`, atom: true };
  if (name === "transpose" && given.length > 0) return applied(name, base, given);
  if (name === "view") return applied("reshape", base, given);
  if (name === "astype" || name === "type" || name === "to") {
    const wanted = given.map(({ text }) => text).join(" ");
    const cast = /int|long/.test(wanted) ? "int" : /float|double/.test(wanted) ? "float" : undefined;
    return cast === undefined ? undefined : { text: `${cast}(${base.text})`, atom: true };
  }
  const pattern = foreignMember(name);
  if (pattern !== undefined && !pattern.includes("…")) return patterned(pattern, base);
  const known = isFunction(name) ? name : foreignNames.get(name);
  return known === undefined ? undefined : applied(known, base, given);
}

/** `base.name`, not called. */
export function memberWritten(name: string, base: Written): Written | undefined {
  const pattern = foreignMember(name) ?? (name === "shape" || name === "size" ? `${name}($)` : undefined);
  return pattern === undefined || pattern.includes("…") ? undefined : patterned(pattern, base);
}

/** `range(n)` as `0 to n - 1`. */
export function rangeWritten(given: readonly WrittenArgument[]): string | undefined {
  const [first, second] = given;
  if (first === undefined || given.length > 2 || given.some(({ name }) => name !== undefined))
    return undefined;
  const [from, end] = second === undefined ? ["0", first] : [first.text, second];
  const last = /^\d+$/.test(end.text) ? String(Number(end.text) - 1) : `${end.text} - 1`;
  return `${from} to ${last}`;
}

function isFunction(name: string): boolean {
  return callableOperators.has(name) || builtins.has(name);
}

function patterned(pattern: string, base: Written): Written {
  const isCall = pattern.includes("($)") || pattern.includes("(shape($))");
  if (pattern === "$") return base;
  return { text: pattern.replace("$", () => (isCall ? base.text : operandText(base))), atom: true };
}

function product(left: Written, right: Written): Written {
  return { text: `${operandText(left)} @ ${operandText(right)}`, atom: false };
}

function applied(name: string, base: Written, given: readonly WrittenArgument[]): Written {
  return { text: `${name}(${listed(name, [{ name: undefined, ...base }, ...given])})`, atom: true };
}

/** The arguments as the function takes them: by its own names, with its shape as a list. */
function listed(name: string, given: readonly WrittenArgument[]): string {
  const formals =
    callableOperators.get(name)?.callOrder ?? builtins.get(name)?.parameters.map((each) => each.name);
  const named = given.flatMap((argument) => {
    if (argument.name === undefined) return [];
    const meant = foreignNames.get(argument.name);
    const takes = formals === undefined || formals.includes(argument.name);
    const known = !takes && meant !== undefined && formals.includes(meant) ? meant : argument.name;
    return !takes && needless.has(argument.name) ? [] : [`${known} = ${argument.text}`];
  });
  const positional = given.flatMap((argument) => (argument.name === undefined ? [argument.text] : []));
  const last = formals?.at(-1);
  const loose = formals === undefined ? 0 : formals.length - 1;
  const isShape = last === "shape" || last === "dims" || last === "repeats";
  const sizes = positional.slice(loose);
  const gathers = isShape && (sizes.length > 1 || /^-?\d+$/.test(sizes[0] ?? ""));
  const texts = gathers ? [...positional.slice(0, loose), `[${sizes.join(", ")}]`] : positional;
  return [...texts, ...named].join(", ");
}
