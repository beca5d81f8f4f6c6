/** Where elaboration stands: the declaration, its scope, its instance, and whether numbers are made. */
import type { Node } from "../../runtime/graph";
import type { Dim, FloatDType, Tensor } from "../../runtime/tensor";
import type { Type } from "../syntax";
import type { Place } from "./diagnostics/diagnostic";
import type { Machine } from "./machine";
import type { Module } from "./module";
import type { RunRecord } from "./record";
import type { Scope } from "./scope";
import type { InstanceValue, LayerValue, TensorValue, Value } from "./value";

/** The value of each loop index around a statement. */
export type Turn = Readonly<Record<string, number | string>>;

export interface Frame {
  readonly kind: "file" | "op" | "net" | "run";
  readonly module: Module;
  readonly scope: Scope;
  /** The machine that records and draws; absent while shapes alone are wanted. */
  readonly machine: Machine | undefined;
  /** Reports nothing: the same text is, or will be, elaborated where errors are reported. */
  readonly silent: boolean;
  /** Warns of nothing: the values are read together with others, and may not be what is wanted. */
  readonly quiet?: boolean;
  readonly dtype: FloatDType;
  /** What the run records; absent outside runs. */
  readonly record: RunRecord | undefined;
  readonly turn: Turn;
  /** The instance whose body this is. */
  readonly owner: InstanceValue | undefined;
  /** The layer whose body this is. */
  readonly layer: LayerBody | undefined;
  /** The ops and nets being applied, outermost first: a cycle shows here. */
  readonly calls: readonly string[];
  /** Where the declaration in hand was applied, for messages about its body. */
  readonly appliedAt: Place | undefined;
  /** The shape that a draw or filler without one takes. */
  readonly expectedShape: readonly Dim[] | undefined;
  /** The shape that the expression is annotated with: a broadcast that stretches both sides to it is meant. */
  readonly annotated: readonly Dim[] | undefined;
  /** The declared result of the op or net whose body this is. */
  readonly result: Type | undefined;
  /** The name that the statement assigns. */
  readonly assigning: string | undefined;
}

/** The names on the way from a declaration in `calls` back to itself. */
export function cyclePath({ calls }: Frame, key: string): readonly string[] {
  return [...calls.slice(calls.indexOf(key)), key].map((each) => each.slice(each.lastIndexOf(" ") + 1));
}

/** What a net's body needs of its layer while it is drawn or applied. */
export interface LayerBody {
  readonly layer: LayerValue;
  readonly phase: "plan" | "apply";
  /** Where draws are queued while a layer is planned, the applications in its body included; undefined where they happen. */
  readonly plan: DrawPlan | undefined;
  /** While applying: the parameters given in the call, by path. */
  readonly given: ReadonlyMap<string, GivenParameter>;
  /** While applying: replaced parameters of this and nested layers. */
  readonly overrides: ReadonlyMap<LayerValue, ReadonlyMap<string, TensorValue>>;
  /** While applying for `update` or `train`: what becomes of the draws of the body. */
  readonly draws: BodyDraws | undefined;
}

/** Draws used again in order, or noted to be drawn again at every step. */
export type BodyDraws =
  | { readonly kind: "kept"; readonly values: readonly TensorValue[]; next: number }
  | { readonly kind: "repeated"; readonly note: (node: Node, again: () => Tensor) => void };

export interface GivenParameter {
  readonly value: Value;
  readonly place: Place;
  used: boolean;
}

/** The draws of a layer in statement order. */
export interface DrawPlan {
  /** Draws when the steps are carried out; the walk itself sees shapes alone. */
  readonly machine: Machine | undefined;
  readonly steps: (() => void)[];
  /** The plans of the layers made in the body, each a step of this one. */
  readonly nested: Map<LayerValue, DrawPlan>;
  /** The plan of the layer in whose body this one is made. */
  readonly outer: DrawPlan | undefined;
  /** False where a shape of its own is not known. */
  ready: boolean;
}
