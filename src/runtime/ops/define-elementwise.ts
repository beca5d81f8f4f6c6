/**
 * Declares an operator that works element by element, from one scalar expression and its partial derivatives; shape
 * rule, kernel, vjp and jvp follow. Knows nothing of graphs or text.
 */
import { isFloat, promote, type DType, type Shape, type Tensor } from "../tensor";
import { broadcastDims } from "./broadcast-dims";
import type { Builder, ElementwiseBuilder, Ref } from "./builder";
import type { ErasedRuleContext, OpDefinition, Sample } from "./define-op";
import { toTensorFunction, type TensorFunction } from "./elementwise-program";
import type { Attributes, AttributeValue, AttributeValues, Input, Inputs, OperandType } from "./parameters";
import { isRejected, reject, type Rejected } from "./rejection";
import { scalarBuilder, variable, type ScalarExpression } from "./scalar";

/** Elementwise inputs occur once each: no lists, nothing optional. */
export type ElementwiseInputs = Readonly<Record<string, Input<"one">>>;

export type PerVariable<I extends Inputs, T> = { readonly [K in keyof I]: T };

type Differentiable<I extends Inputs> = {
  [K in keyof I]: I[K] extends Input<"one", true> ? K : never;
}[keyof I];

/**
 * The part of the output's tangent that the tangent `moved` of one input causes; the same product, read backwards, takes
 * the output's cotangent to that input's. It must be linear in `moved`: `where(x > 0, moved, 0)`, so that an infinite
 * factor at an element that does not matter does not make it NaN.
 */
export type ElementwiseDerivative<I extends Inputs, A extends Attributes> = <T>(
  build: ElementwiseBuilder<T>,
  moved: T,
  inputs: PerVariable<I, T>,
  output: T,
  attributes: AttributeValues<A>,
) => T;

export interface ElementwiseDeclaration<I extends ElementwiseInputs, A extends Attributes> {
  readonly name: string;
  readonly inputs: I;
  readonly attributes: A;
  readonly callOrder?: readonly Extract<keyof I | keyof A, string>[];
  readonly doc: string;
  readonly formula: string;
  readonly derivative: string;
  /** The result's element type; where left out, that of the operands together. */
  readonly result?: "bool" | "int" | ((attributes: AttributeValues<A>) => DType | undefined);
  scalar<T>(build: ElementwiseBuilder<T>, inputs: PerVariable<I, T>, attributes: AttributeValues<A>): T;
  readonly derivatives: { readonly [K in Differentiable<I>]: ElementwiseDerivative<I, A> };
  /** See OpDeclaration.branch: the number of the smooth piece, as an expression; `piece` makes it from the kinks. */
  branch?<T>(build: ElementwiseBuilder<T>, inputs: PerVariable<I, T>, attributes: AttributeValues<A>): T;
  /** Which attribute values are refused, for operands of these types. */
  refuse?(attributes: AttributeValues<A>, types: PerVariable<I, DType>): Rejected | undefined;
  readonly samples: readonly Sample[];
  readonly refused?: readonly Sample[];
}

type ErasedAttributes = Readonly<Record<string, AttributeValue>>;

export function defineElementwise<const I extends ElementwiseInputs, const A extends Attributes>(
  declaration: ElementwiseDeclaration<I, A>,
): OpDefinition {
  const { name, inputs, attributes, doc, formula, derivative, samples, refused } = declaration;
  const variables = Object.keys(inputs);
  const symbols = Object.fromEntries(variables.map((input, index) => [input, variable(index)]));
  // Attributes arrive as this same declaration resolved them, and the symbols are named as its inputs.
  const typed = (values: ErasedAttributes): AttributeValues<A> => values as AttributeValues<A>;
  const typedSymbols = symbols as PerVariable<I, ScalarExpression>;
  const expression = (values: ErasedAttributes): ScalarExpression =>
    declaration.scalar(scalarBuilder, typedSymbols, typed(values));
  const kernel = cachedByAttributes((values) => toTensorFunction(expression(values), variables.length));
  const operandsOf = (given: Readonly<Record<string, Tensor | readonly Tensor[] | undefined>>): Tensor[] =>
    variables.map((input) => given[input] as Tensor);
  const rules = Object.entries<ElementwiseDerivative<I, A>>(declaration.derivatives);
  return {
    name,
    inputs,
    attributes,
    callOrder: declaration.callOrder ?? [...variables, ...Object.keys(attributes)],
    doc,
    formula,
    derivative,
    elementwise: { variables, expression },
    shape: (context) => shapeOf(declaration, context.inputs, typed(context.attributes)),
    forward: (context) => kernel(context.attributes)(operandsOf(context.inputs), context.output),
    vjp: Object.fromEntries(rules.map(([input, rule]) => [input, vjpOf(input, rule)])),
    jvp: Object.fromEntries(rules.map(([input, rule]) => [input, jvpOf(rule)])),
    ...branchOf(declaration, typedSymbols),
    samples,
    refused: refused ?? [],
  };
}

/** The kernel that numbers an operator's smooth pieces, where it has more than one. */
function branchOf<const I extends ElementwiseInputs, const A extends Attributes>(
  declaration: ElementwiseDeclaration<I, A>,
  symbols: PerVariable<I, ScalarExpression>,
): Pick<OpDefinition, "branch"> {
  if (declaration.branch === undefined) return {};
  const variables = Object.keys(declaration.inputs);
  const kernel = cachedByAttributes((values) => {
    const expression = declaration.branch?.(scalarBuilder, symbols, values as AttributeValues<A>); // as resolved
    return toTensorFunction(expression ?? scalarBuilder.constant(0), variables.length);
  });
  return {
    branch: ({ inputs, attributes, output }) =>
      kernel(attributes)(
        variables.map((input) => inputs[input] as Tensor), // elementwise inputs are single tensors
        { shape: output.shape, dtype: "int" },
      ),
  };
}

/** The number of the piece between sorted kinks that `x` is on: even numbers between them, odd ones on them. */
export function piece<T>(build: ElementwiseBuilder<T>, x: T, kinks: readonly number[]): T {
  let sum = build.constant(0);
  for (const kink of kinks) {
    const at = build.constant(kink);
    sum = build.add(sum, build.add(build.greater(x, at), build.greaterEqual(x, at)));
  }
  return sum;
}

function shapeOf<I extends ElementwiseInputs, A extends Attributes>(
  declaration: ElementwiseDeclaration<I, A>,
  operands: Readonly<Record<string, OperandType | readonly OperandType[] | undefined>>,
  attributes: AttributeValues<A>,
): OperandType | Rejected {
  const named = Object.keys(declaration.inputs).map((input) => ({
    input,
    ...(operands[input] as OperandType),
  }));
  const types = Object.fromEntries(named.map(({ input, dtype }) => [input, dtype]));
  const refusal = declaration.refuse?.(attributes, types as PerVariable<I, DType>); // named as the inputs
  if (refusal !== undefined) return refusal;
  const shape = broadcastDims(named);
  if (isRejected(shape)) return shape;
  const { result } = declaration;
  const own = typeof result === "function" ? result(attributes) : result;
  return { shape, dtype: own ?? commonType(declaration.inputs, named) };
}

/** The type of the operands that the result is made of: masks and conditions do not count. */
function commonType(
  inputs: Inputs,
  named: readonly { readonly input: string; readonly dtype: DType }[],
): DType {
  const counted = named.filter(({ input }) => inputs[input]?.accepts !== "bool");
  return counted.map(({ dtype }) => dtype).reduce(promote);
}

type ErasedDerivative = (
  build: ElementwiseBuilder<Ref>,
  moved: Ref,
  inputs: Readonly<Record<string, Ref>>,
  output: Ref,
  attributes: ErasedAttributes,
) => Ref;

/** x̄ = ȳ · ∂y/∂x, summed over what broadcasting stretched. */
function vjpOf<I extends Inputs, A extends Attributes>(
  input: string,
  rule: ElementwiseDerivative<I, A>,
): OpDefinition["vjp"][string] {
  const erased = rule as unknown as ErasedDerivative;
  return (context) => {
    const operand = context.inputs[input] as Ref;
    const whole = erased(
      context.build,
      context.cotangent,
      single(context),
      context.output,
      context.attributes,
    );
    return inType(context.build, context.build.sumTo(whole, operand.shape), operand.dtype);
  };
}

/** ẏ = ∂y/∂x · ẋ, stretched to the output's shape. */
function jvpOf<I extends Inputs, A extends Attributes>(
  rule: ElementwiseDerivative<I, A>,
): OpDefinition["jvp"][string] {
  const erased = rule as unknown as ErasedDerivative;
  return ({ build, inputs, output, attributes, tangent }) => {
    const moved = erased(build, tangent as Ref, single({ inputs }), output, attributes);
    const stretched = isShape(moved.shape, output.shape) ? moved : build.expand(moved, output.shape);
    return inType(build, stretched, output.dtype);
  };
}

/** Elementwise operators have no list inputs. */
function single({ inputs }: Pick<ErasedRuleContext, "inputs">): Readonly<Record<string, Ref>> {
  return inputs as Readonly<Record<string, Ref>>;
}

function inType(build: Builder, value: Ref, dtype: DType): Ref {
  return value.dtype === dtype || !isFloat(dtype) ? value : build.cast(value, dtype);
}

function isShape(shape: Shape, other: Shape): boolean {
  return shape.length === other.length && shape.every((size, axis) => size === other[axis]);
}

/** Kernels depend on attribute values alone; equal ones share a kernel. */
function cachedByAttributes(
  make: (values: ErasedAttributes) => TensorFunction,
): (values: ErasedAttributes) => TensorFunction {
  const byObject = new WeakMap<ErasedAttributes, TensorFunction>();
  const byText = new Map<string, TensorFunction>();
  return (values) => {
    const known = byObject.get(values);
    if (known !== undefined) return known;
    const text = Object.entries(values)
      .map(([key, value]) => `${key}=${String(value)}`)
      .join(";");
    const kernel = byText.get(text) ?? make(values);
    byText.set(text, kernel);
    byObject.set(values, kernel);
    return kernel;
  };
}

/** Refuses a number with a fraction where it would become an element of whole numbers. */
export function refuseFraction(
  attribute: string,
  value: number | undefined,
  dtype: DType,
): Rejected | undefined {
  if (value === undefined || Number.isInteger(value) || isFloat(dtype)) return undefined;
  return refuseAttribute(
    attribute,
    `${attribute} must be a whole number as the tensor's elements are, not ${value}`,
  );
}

/** Refuses an attribute with a whole clause. */
export function refuseAttribute(attribute: string, message: string): Rejected {
  return reject({ kind: "attribute", attribute, message });
}
