/**
 * What an expression means while a program is elaborated: tensors (with symbolic shapes, and with graph nodes where a
 * machine runs), compile-time values, layers, instances, passes. Knows nothing of how they come about.
 */
import type { BackwardPass, JvpPass, Node } from "../../runtime/graph";
import type { OpDefinition } from "../../runtime/ops";
import type { Dim, DType, Size } from "../../runtime/tensor";
import type { Net, Op, Span } from "../syntax";
import type { Builtin } from "./builtin";
import type { Place } from "./diagnostics/diagnostic";
import type { Module } from "./module";
import type { Scope } from "./scope";

export type Value =
  | TensorValue
  | NumberValue
  | BooleanValue
  | StringValue
  | ListValue
  | CallableValue
  | LayerValue
  | InstanceValue
  | PassValue
  | FamilyValue
  | RecordValue
  | OptimizerValue
  | BatchesValue
  | OpaqueValue
  | UnknownValue
  | PendingValue;

/** A node. Its identity is the object's: `y = x` names the same node. */
export interface TensorValue {
  readonly kind: "tensor";
  /** Undefined where not even the rank is known. */
  readonly shape: readonly Dim[] | undefined;
  readonly dtype: DType;
  /** Present where a machine records, and only there. */
  readonly node: Node | undefined;
  /** What it was computed from. */
  readonly parents: readonly TensorValue[];
  /** The instance in whose body it was made. */
  readonly owner: InstanceValue | undefined;
  /** Reads a gradient further by name, `d.fc.W`. */
  readonly member?: (name: string, span: Span) => Value;
}

/** A compile-time number: known, or symbolic as a size, or neither (a real number that only a run knows). */
export interface NumberValue {
  readonly kind: "number";
  readonly value: number | undefined;
  readonly size: Size | undefined;
  /** Whether it is written or computed as a whole number, so that it may become an int. */
  readonly whole: boolean;
}

export interface BooleanValue {
  readonly kind: "boolean";
  readonly value: boolean | undefined;
}

export interface StringValue {
  readonly kind: "string";
  readonly value: string;
}

export interface ListValue {
  readonly kind: "list";
  readonly items: readonly Value[];
}

/** Something to call that is not applied yet: a builtin, an operator, a user-written op or net. */
export type CallableValue =
  | { readonly kind: "builtin"; readonly builtin: Builtin }
  | { readonly kind: "operator"; readonly op: OpDefinition }
  | { readonly kind: "op"; readonly declaration: Op; readonly module: Module }
  | { readonly kind: "net"; readonly declaration: Net; readonly module: Module };

/** A drawn parameter of a layer. */
export interface Parameter {
  /** `W` or `W[1]`. */
  readonly key: string;
  readonly value: TensorValue;
}

/** A net applied to hyperparameters, or a chain of functions and layers. Its identity carries its parameters. */
export interface LayerValue {
  readonly kind: "layer";
  readonly name: string;
  readonly net:
    | {
        readonly declaration: Net;
        readonly module: Module;
        readonly hyperparameters: ReadonlyMap<string, Value>;
      }
    | undefined;
  /** A chain's parts in order. */
  readonly chain: readonly Value[] | undefined;
  /** Where each part of a chain is written, if they are written out. */
  readonly steps?: readonly Place[];
  readonly place: Place;
  /** Filled when the layer is drawn. */
  readonly state: LayerState;
}

export interface LayerState {
  drawn: boolean;
  readonly parameters: Map<string, TensorValue>;
  /** Layers made in its body, by the place and turn of their making. */
  readonly nested: Map<string, LayerValue>;
}

/** A layer applied to tensors: its named nodes, and its result, for which it stands. */
export interface InstanceValue {
  readonly kind: "instance";
  readonly layer: LayerValue;
  readonly scope: Scope;
  /** The tensors it was applied to. */
  readonly inputs: readonly TensorValue[];
  readonly state: InstanceState;
}

export interface InstanceState {
  result: Value;
  /** The parameters in force that its own body declares, by key. */
  readonly parameters: Map<
    string,
    { readonly value: TensorValue; readonly layer: LayerValue; readonly key: string }
  >;
  /** The instances made in its body. */
  readonly children: InstanceValue[];
  /** What its body drew outside parameters, in order: kept by `update`. */
  readonly draws: TensorValue[];
  readonly parent: InstanceValue | undefined;
  /** Its name in the run or the parent. */
  name: string | undefined;
}

/** A pass, keyed by node. */
export interface PassValue {
  readonly kind: "pass";
  readonly mode: "backward" | "jvp" | "finite_differences";
  /** The root, or for `jvp` the moved node. */
  readonly root: TensorValue;
  readonly rootInstance: InstanceValue | undefined;
  /** The run or body it was made in: where names are looked up after the instance. */
  readonly scope: Scope;
  /** As written, for messages: `backward(m.J)`. */
  readonly text: string;
  /** The gradient or tangent at a node; undefined where nothing runs. */
  readonly read: ((value: TensorValue) => Node | "pending" | undefined) | undefined;
  readonly transform: (() => BackwardPass | JvpPass) | undefined;
}

/** `z[1]`, `z[2]`, … by key; `open` where a key was not known, so that any member may exist. */
export interface FamilyValue {
  readonly kind: "family";
  readonly name: string;
  readonly members: Map<string, { readonly key: string; readonly value: Value }>;
  readonly state: { open: boolean };
}

/** Named fields: a data set, a training's result. */
export interface RecordValue {
  readonly kind: "record";
  readonly name: string;
  readonly fields: ReadonlyMap<string, Value>;
  /** Fields that are there and have no value, and why. */
  readonly refused?: ReadonlyMap<string, { readonly code: string; readonly message: string }>;
}

export interface OptimizerValue {
  readonly kind: "optimizer";
  readonly name: string;
  readonly arguments: ReadonlyMap<string, number | boolean>;
}

export interface BatchesValue {
  readonly kind: "batches";
  readonly tensors: readonly TensorValue[];
  /** As given: a literal takes the elements that the net's input wants. */
  readonly given: readonly { readonly value: Value; readonly expression: Span }[];
  readonly size: number;
  readonly shuffle: boolean;
}

/** A hyperparameter or an index that nobody has given a value yet: anything may come of it. */
export interface OpaqueValue {
  readonly kind: "opaque";
  readonly name: string;
}

/** An error has been reported, or nothing can be known: everything that depends on it is silent. */
export interface UnknownValue {
  readonly kind: "unknown";
  /** Whether it may have been meant as an instance, whose nodes have names; only what is certainly none says false. */
  readonly instance?: false;
}

/** Depends on a hole. Its shape where known. */
export interface PendingValue {
  readonly kind: "pending";
  readonly shape: readonly Dim[] | undefined;
}

export const unknown: UnknownValue = { kind: "unknown" };

export function numberValue(value: number, whole = Number.isInteger(value)): NumberValue {
  return { kind: "number", value, size: Number.isInteger(value) ? value : undefined, whole };
}

export function sizeValue(size: Size): NumberValue {
  return typeof size === "number"
    ? numberValue(size)
    : { kind: "number", value: undefined, size, whole: true };
}

/** A real number that only a run knows. */
export const someNumber: NumberValue = { kind: "number", value: undefined, size: undefined, whole: false };

export function listValue(items: readonly Value[]): ListValue {
  return { kind: "list", items };
}

/** Whether anything that depends on the value must be silent. */
export function isBlank(value: Value): value is UnknownValue | PendingValue {
  return value.kind === "unknown" || value.kind === "pending";
}

/** What a value is, for messages: "a layer", "the number 3". */
export function describeKind(value: Value): string {
  switch (value.kind) {
    case "tensor":
      return "a tensor";
    case "number":
      return value.value === undefined ? "a number" : `the number ${String(value.value)}`;
    case "boolean":
      return "a truth value";
    case "string":
      return `the text "${value.value}"`;
    case "list":
      return "a list";
    case "builtin":
      return `the function \`${value.builtin.name}\``;
    case "operator":
      return `the function \`${value.op.name}\``;
    case "op":
      return `the op \`${value.declaration.name.name}\``;
    case "net":
      return `the net \`${value.declaration.name.name}\``;
    case "layer":
      return `the layer \`${value.name}\`, not applied to tensors yet`;
    case "instance":
      return `an instance of \`${value.layer.name}\``;
    case "pass":
      return `a pass; read a node of it, as in \`d.W\``;
    case "family":
      return `the family \`${value.name}\`; read a member, as in \`${value.name}[1]\``;
    case "record":
      return `\`${value.name}\`; read a field of it`;
    case "optimizer":
      return `the optimizer \`${value.name}\``;
    case "batches":
      return "batches of data";
    case "opaque":
      return `\`${value.name}\``;
    case "unknown":
    case "pending":
      return "not known";
  }
}

/** The index of a loop whose bounds only a run knows: an opaque size that is no declared symbol. */
export function makeSymbolicIndex(name: string): NumberValue {
  return { kind: "number", value: undefined, size: { terms: new Map([[`${name}°`, 1]]) }, whole: true };
}
