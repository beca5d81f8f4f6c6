/**
 * What an operator takes: tensor inputs and compile-time attributes, as typed declarations from which the types of
 * every rule's context are inferred. Knows nothing of graphs or text.
 */
import type { Dim, DType } from "../tensor";

/** How often an input occurs: once, perhaps, or as a list of tensors. */
export type Arity = "one" | "optional" | "many";

/** Which elements an input takes. "float" promotes int and bool; "numeric" takes ints as they are; "any" takes everything. */
export type Accepts = "float" | "int" | "bool" | "numeric" | "any";

/** One tensor input. A differentiable one needs a vjp and a jvp rule: forgetting it is a compile error. */
export interface Input<A extends Arity = Arity, D extends boolean = boolean> {
  readonly arity: A;
  readonly differentiable: D;
  readonly accepts: Accepts;
  /** Its elements keep their type whatever the other operands' are. */
  readonly standsApart?: true;
}

/** A float tensor that gradients flow to; ints and bools given to it become float. */
export function float(): Input<"one", true> {
  return { arity: "one", differentiable: true, accepts: "float" };
}

/** Like `float()`, but ints stay int and bools become int (arithmetic); gradients flow where it is float. */
export function numeric(): Input<"one", true> {
  return { arity: "one", differentiable: true, accepts: "numeric" };
}

/** Any element type, kept; gradients flow where it is float. */
export function any(): Input<"one", true> {
  return { arity: "one", differentiable: true, accepts: "any" };
}

/** Whole-number labels, or a float tensor in their place that gradients flow to: neither is promoted. */
export function labelsOrFloat(): Input<"one", true> {
  return { arity: "one", differentiable: true, accepts: "any", standsApart: true };
}

/** A whole-number tensor (labels, indices): no gradient. */
export function int(): Input<"one", false> {
  return { arity: "one", differentiable: false, accepts: "int" };
}

/** A truth-value tensor: no gradient. */
export function bool(): Input<"one", false> {
  return { arity: "one", differentiable: false, accepts: "bool" };
}

/** A tensor of `accepts` that no gradient flows to (a mask, class weights). */
export function constant(accepts: Accepts): Input<"one", false> {
  return { arity: "one", differentiable: false, accepts };
}

export function optional<D extends boolean>(input: Input<"one", D>): Input<"optional", D> {
  return { ...input, arity: "optional" };
}

/** A list of tensors. */
export function many<D extends boolean>(input: Input<"one", D>): Input<"many", D> {
  return { ...input, arity: "many" };
}

export type Inputs = Readonly<Record<string, Input>>;

/** Each input of `I` as a `T`, a perhaps missing `T`, or a list of `T`. */
export type PerInput<I extends Inputs, T> = {
  readonly [K in keyof I]: I[K]["arity"] extends "many"
    ? readonly T[]
    : I[K]["arity"] extends "optional"
      ? T | undefined
      : T;
};

/** The value of an attribute in a graph. `undefined` is "not given" (Python's None). */
export type AttributeValue = number | boolean | string | readonly number[] | undefined;

/** A compile-time argument. `T` is its type in kernels and derivative rules. */
export interface Attribute<T extends AttributeValue = AttributeValue> {
  readonly kind: "number" | "integer" | "flag" | "choice" | "text" | "integers" | "sizes";
  readonly required: boolean;
  readonly default: T | undefined;
  /** The allowed words of a "choice". */
  readonly choices?: readonly string[];
  /** Also allowed in place of a number, such as "inf" for `p`. */
  readonly alsoInfinite?: boolean;
  /** A whole number that is a size of the result, and may be symbolic in shape rules. */
  readonly isSize?: boolean;
}

type Kind = Attribute["kind"];

function declare<T extends AttributeValue>(kind: Kind, fallback: T | undefined): Attribute<T> {
  return { kind, required: false, default: fallback };
}

/** A real number with a default. */
export function number(fallback: number): Attribute<number> {
  return declare("number", fallback);
}

/** A whole number with a default. */
export function integer(fallback: number): Attribute<number> {
  return declare("integer", fallback);
}

/** A whole number that must be given and is a size of the result: in shape rules a dim of `sizes`, and NaN where it is symbolic. */
export function size(): Attribute<number> {
  return { kind: "integer", required: true, default: undefined, isSize: true };
}

/** true or false. */
export function flag(fallback: boolean): Attribute<boolean> {
  return declare("flag", fallback);
}

/** One of several words. */
export function choice<const W extends string>(words: readonly W[], fallback: NoInfer<W>): Attribute<W> {
  return { kind: "choice", required: false, default: fallback, choices: words };
}

/** One whole number or a list of them; always a list in rules. */
export function integers(fallback: readonly number[]): Attribute<readonly number[]> {
  return declare("integers", fallback);
}

/** Any text (einsum's equation). */
export function text(): Attribute<string> {
  return { kind: "text", required: true, default: undefined };
}

/** A shape: the one kind that may be symbolic in shape rules (`Dim[]` there, numbers elsewhere). -1 may stand in it. */
export function sizes(): Attribute<readonly number[]> {
  return { kind: "sizes", required: true, default: undefined };
}

/** An attribute without default that must be given. */
export function required<T extends AttributeValue>(attribute: Attribute<T>): Attribute<T> {
  return { ...attribute, required: true, default: undefined };
}

/** An attribute that may be left out and is then `undefined` (Python's None). */
export function maybe<T extends AttributeValue>(attribute: Attribute<T>): Attribute<T | undefined> {
  return { ...attribute, required: false, default: undefined };
}

export type Attributes = Readonly<Record<string, Attribute>>;

/** The attributes as kernels and derivative rules see them: every size a number. */
export type AttributeValues<A extends Attributes> = {
  readonly [K in keyof A]: A[K] extends Attribute<infer T> ? T : never;
};

/** The attributes as shape rules see them: an attribute of kind "sizes", or that is a size, arrives in `sizes` as dims. */
export interface ShapeAttributes<A extends Attributes> {
  readonly values: AttributeValues<A>;
  /** Each such attribute as dims, symbolic or not; a -1 is `dim(-1)`. `values` holds them as numbers only where all are known. */
  readonly sizes: Readonly<Record<string, readonly Dim[]>>;
}

/** Shape and element type of an operand or a result. */
export interface OperandType {
  readonly shape: readonly Dim[];
  readonly dtype: DType;
}
