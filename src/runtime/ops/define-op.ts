/**
 * What one operator is: everything that the rest of the tool derives from its one file. Knows nothing of graphs or text.
 */
import type { DType, Tensor } from "../tensor";
import type { Builder, Ref } from "./builder";
import type {
  Attributes,
  AttributeValue,
  AttributeValues,
  Input,
  Inputs,
  OperandType,
  PerInput,
  ShapeAttributes,
} from "./parameters";
import type { Fault, Rejected } from "./rejection";
import type { ScalarExpression } from "./scalar";

/** What a derivative rule sees. `output` is the operator's own result. */
export interface RuleContext<I extends Inputs, A extends Attributes> {
  readonly build: Builder;
  readonly inputs: PerInput<I, Ref>;
  readonly output: Ref;
  readonly attributes: AttributeValues<A>;
}

type Differentiable<I extends Inputs> = {
  [K in keyof I]: I[K] extends Input<infer _Arity, true> ? K : never;
}[keyof I];

/** One rule for each differentiable input: the cotangent of that input (a list for a list input). */
export type VjpRules<I extends Inputs, A extends Attributes> = {
  readonly [K in Differentiable<I>]: (
    context: RuleContext<I, A> & { readonly cotangent: Ref },
  ) => I[K]["arity"] extends "many" ? readonly Ref[] : Ref;
};

/** One rule for each differentiable input: the tangent of the output that its tangent alone causes. */
export type JvpRules<I extends Inputs, A extends Attributes> = {
  readonly [K in Differentiable<I>]: (
    context: RuleContext<I, A> & { readonly tangent: I[K]["arity"] extends "many" ? readonly Ref[] : Ref },
  ) => Ref;
};

export interface KernelContext<I extends Inputs, A extends Attributes> {
  readonly inputs: PerInput<I, Tensor>;
  readonly attributes: AttributeValues<A>;
  /** What the shape rule said the result is. */
  readonly output: { readonly shape: readonly number[]; readonly dtype: DType };
}

/** An example call for tests, docs and gradchecks. A `like` draws: "normal" (default), "positive", "unit" (0…1), "labels" (0 … below-1), "mask", … */
export interface Sample {
  readonly inputs: Readonly<Record<string, SampleInput | readonly SampleInput[]>>;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

export interface SampleInput {
  readonly shape: readonly number[];
  readonly like?:
    "normal" | "positive" | "unit" | "nonzero" | "distinct" | "labels" | "mask" | "probabilities";
  /** For "labels": the number of classes. */
  readonly below?: number;
}

/** A declaration of an operator. */
export interface OpDeclaration<I extends Inputs, A extends Attributes> {
  /** Its name in the language: PyTorch's. */
  readonly name: string;
  readonly inputs: I;
  readonly attributes: A;
  /** The order of the arguments in a call where it is not inputs, then attributes. */
  readonly callOrder?: readonly Extract<keyof I | keyof A, string>[];
  /** One or two sentences of Markdown for hover, completion and docs. */
  readonly doc: string;
  /** The definition, as in `y = exp(x)`, and the derivative, in words of the formula. */
  readonly formula: string;
  readonly derivative: string;
  /** Symbolic and actual shapes alike. Inputs have their dtypes already promoted as `accepts` says. */
  shape(context: {
    readonly inputs: PerInput<I, OperandType>;
    readonly attributes: AttributeValues<A>;
    readonly sizes: ShapeAttributes<A>["sizes"];
  }): OperandType | Rejected;
  /** The reference kernel: plain loops in the output's dtype. */
  forward(context: KernelContext<I, A>): Tensor | Fault;
  readonly vjp: VjpRules<I, A>;
  readonly jvp: JvpRules<I, A>;
  /** Which smooth piece of the function each element is on, as whole numbers; a point on the kink itself has a number of its own. */
  branch?(context: KernelContext<I, A>): Tensor;
  readonly samples: readonly Sample[];
  /** Calls that must be refused. */
  readonly refused?: readonly Sample[];
}

/** Any operator, its parameter types erased. */
export interface OpDefinition {
  readonly name: string;
  readonly inputs: Inputs;
  readonly attributes: Attributes;
  readonly callOrder: readonly string[];
  readonly doc: string;
  readonly formula: string;
  readonly derivative: string;
  /** The scalar expression of an elementwise operator: what compilers fuse and the interpreter loops over. */
  readonly elementwise?: ElementwiseKernel;
  shape(context: {
    readonly inputs: Readonly<Record<string, OperandType | readonly OperandType[] | undefined>>;
    readonly attributes: Readonly<Record<string, AttributeValue>>;
    readonly sizes: ShapeAttributes<Attributes>["sizes"];
  }): OperandType | Rejected;
  forward(context: {
    readonly inputs: Readonly<Record<string, Tensor | readonly Tensor[] | undefined>>;
    readonly attributes: Readonly<Record<string, AttributeValue>>;
    readonly output: { readonly shape: readonly number[]; readonly dtype: DType };
  }): Tensor | Fault;
  readonly vjp: Readonly<
    Record<string, (context: ErasedRuleContext & { readonly cotangent: Ref }) => Ref | readonly Ref[]>
  >;
  readonly jvp: Readonly<
    Record<string, (context: ErasedRuleContext & { readonly tangent: Ref | readonly Ref[] }) => Ref>
  >;
  readonly branch?: (context: {
    readonly inputs: Readonly<Record<string, Tensor | readonly Tensor[] | undefined>>;
    readonly attributes: Readonly<Record<string, AttributeValue>>;
    readonly output: { readonly shape: readonly number[]; readonly dtype: DType };
  }) => Tensor;
  readonly samples: readonly Sample[];
  readonly refused: readonly Sample[];
}

export interface ErasedRuleContext {
  readonly build: Builder;
  readonly inputs: Readonly<Record<string, Ref | readonly Ref[] | undefined>>;
  readonly output: Ref;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** See scalar.ts. */
export interface ElementwiseKernel {
  /** The inputs' names in the order of the expression's variables. */
  readonly variables: readonly string[];
  expression(attributes: Readonly<Record<string, AttributeValue>>): ScalarExpression;
}

/** Declares an operator. */
export function defineOp<const I extends Inputs, const A extends Attributes>(
  declaration: OpDeclaration<I, A>,
): OpDefinition {
  const { inputs, attributes, callOrder, refused, ...rest } = declaration;
  const order: readonly string[] = callOrder ?? [...Object.keys(inputs), ...Object.keys(attributes)];
  // The erased form takes records by name; callers build them from this same declaration, so the types agree.
  return { ...rest, inputs, attributes, callOrder: order, refused: refused ?? [] } as unknown as OpDefinition;
}
