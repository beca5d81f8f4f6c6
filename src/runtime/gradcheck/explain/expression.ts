/**
 * What rules compute, copied into a graph of its own where it can be recorded again with something changed. The givens
 * (inputs, values of the body, the cotangent) are sources there; each world gives them values. Knows nothing of what is tried.
 */
import { isFloat, type Tensor } from "../../tensor";
import { isFault, isRejected, operator, type AttributeValue, type OpDefinition } from "../../ops";
import { Graph, isShapedAlike, mapOperands, type ApplyNode, type Node } from "../../graph";
import { Evaluator } from "../../interpret";
import { coneOf } from "../measure/cone";
import { numberOf } from "./print-node";
import type { Values } from "../blame/local-body";

/** A value that rules compute, and what it should be in each world. */
export interface Outcome {
  readonly label: string;
  /** In the expression's graph. */
  readonly node: Node;
  readonly truths: readonly Float64Array[];
}

/** A change of an expression: of one use of a node, or of all its uses (which makes it another result). */
export interface Edit {
  readonly place: Place;
  /** Undefined where it does not apply: the operators refuse it. */
  readonly make: (record: Recorder, operand: Node) => Node | undefined;
}

export type Place =
  | {
      readonly kind: "use";
      readonly consumer: ApplyNode;
      readonly input: string;
      readonly item: number | undefined;
    }
  | { readonly kind: "node"; readonly node: Node }
  /** All uses of a node by some steps: of a given in the expression of one outcome. */
  | {
      readonly kind: "within";
      readonly node: Node;
      readonly steps: ReadonlySet<Node>;
      /** Whether the value itself is meant, under one of its names. */
      readonly isValue?: true;
    }
  /** All uses of two nodes. */
  | { readonly kind: "both"; readonly first: Node; readonly second: Node }
  /** Instead of several steps, each of them by itself: `make` is given one and sees its operands. */
  | { readonly kind: "each"; readonly nodes: readonly ApplyNode[] }
  /** Instead of the node: `make` is given the node itself and sees its operands. */
  | { readonly kind: "instead"; readonly node: ApplyNode };

/** Applies operators; undefined where they refuse. */
export type Recorder = (
  op: string | OpDefinition,
  operands: Readonly<Record<string, Node | readonly Node[] | undefined>>,
  attributes?: Readonly<Record<string, AttributeValue>>,
) => Node | undefined;

/** A given of the expression and what it stands for. */
export interface Given {
  readonly node: Node;
  /** In the original graph; undefined where it is made for a hypothesis. */
  readonly original: Node | undefined;
  /** Its value by world. */
  readonly value: (world: number) => Tensor;
}

export interface ExpressionInput {
  /** By label: nodes of the original graph whose sum the outcome is, and the truth by world. */
  readonly outcomes: readonly {
    readonly label: string;
    readonly nodes: readonly Node[];
    readonly truths: readonly Float64Array[];
  }[];
  readonly isGiven: (node: Node) => boolean;
  /** Whether outcomes that use a node mean the same value, so that a mistake in it is one; other steps are each outcome's own. */
  readonly isShared: (node: Node) => boolean;
  readonly worlds: readonly Values[];
  /** How a given is written. */
  readonly nameOf: (node: Node) => string | undefined;
  /** The name of a value that the rules compute, where it has one. */
  readonly stepNameOf: (node: Node) => string | undefined;
}

/** Where an expression ends, rather than at what is given. */
export interface Bounds {
  readonly cut?: ReadonlySet<Node>;
  readonly sharedUses?: ReadonlyMap<Node, ReadonlySet<Node>>;
}

export class Expression {
  readonly graph: Graph;
  readonly outcomes: readonly Outcome[];
  /** Everything recorded in rules, in topological order; nothing below what is cut. */
  readonly steps: readonly ApplyNode[];
  /** Values that are right: what they are made of is not looked at. */
  readonly cut: ReadonlySet<Node>;
  /** Right values that other wrong outcomes use as well, with the steps of all that do: under one of its names it may be wrong. */
  readonly shared: Bounds["sharedUses"] & {};
  readonly #shared: Shared;
  readonly #stepsOf = new Map<Outcome, ReadonlySet<ApplyNode>>();

  private constructor(
    shared: Shared,
    outcomes: readonly Outcome[],
    { cut = new Set(), sharedUses = new Map() }: Bounds = {},
  ) {
    this.shared = sharedUses;
    this.graph = shared.graph;
    this.#shared = shared;
    this.outcomes = outcomes;
    this.cut = cut;
    const cone = coneOf(
      outcomes.map(({ node }) => node),
      cut,
    );
    this.steps = cone.filter((node) => node.kind === "apply" && !cut.has(node)) as ApplyNode[];
  }

  static of(input: ExpressionInput): Expression {
    const shared = new Shared(input);
    const outcomes = input.outcomes.map(({ label, nodes, truths }) => {
      const copies = shared.copies();
      for (const node of cutCone(nodes, input.isGiven)) copies.add(node);
      const [first, ...others] = nodes.map((node) => copies.of(node));
      if (first === undefined) throw new Error(`${label} has no expression`);
      const sum = others.reduce((x, y) => shared.record("add", { x, y }) ?? x, first);
      // A change of the result must not be one of what it consists of elsewhere.
      const isOwn = sum.kind === "apply" && !nodes.some((node) => input.isShared(node));
      return { label, node: isOwn ? sum : (shared.record("identity", { x: sum }) ?? sum), truths };
    });
    return new Expression(shared, outcomes);
  }

  get worlds(): number {
    return this.#shared.worlds;
  }

  /** The steps that an outcome is made of. */
  stepsOf(outcome: Outcome): ReadonlySet<ApplyNode> {
    let steps = this.#stepsOf.get(outcome);
    if (steps === undefined) {
      const cone = new Set<Node>(coneOf([outcome.node]));
      this.#stepsOf.set(outcome, (steps = new Set(this.steps.filter((step) => cone.has(step)))));
    }
    return steps;
  }

  /** What the expression's sources stand for, unnamed constants left out. */
  get givens(): readonly Given[] {
    return this.#shared.givens;
  }

  readonly record: Recorder = (op, operands, attributes) => this.#shared.record(op, operands, attributes);

  /** A source for a node of the original graph, as a given. */
  given(original: Node): Node {
    return this.#shared.given(original);
  }

  /** A source with a value of its own in each world. */
  source(name: string, values: readonly Tensor[]): Node {
    return this.#shared.source(name, undefined, (world) => values[world]!);
  }

  /** A literal; a scalar with a name is none. */
  numberOf(node: Node): number | undefined {
    return this.nameOf(node) === undefined ? numberOf(node) : undefined;
  }

  nameOf(node: Node): string | undefined {
    return this.#shared.names.get(node);
  }

  /** Gives a node a name, and says what it stands for. */
  call(node: Node, name: string, original: Node | undefined): void {
    this.#shared.names.set(node, name);
    if (original !== undefined) this.#shared.originals.set(node, original);
  }

  valueIn(world: number, node: Node): Tensor | undefined {
    return this.#shared.valueIn(world, node);
  }

  /** The node of the original graph that a node (or what an edit has made of it) stands for. */
  originalOf(node: Node): Node | undefined {
    return this.#shared.originals.get(node);
  }

  /** What an edit makes of the nodes that it changes; undefined where it does not fit. */
  replaced(edit: Edit): ReadonlyMap<Node, Node> | undefined {
    return this.#replaced(edit);
  }

  /** The expression with an edit made for good; undefined where it does not fit. */
  with(edit: Edit): Expression | undefined {
    const replaced = this.#replaced(edit);
    if (replaced === undefined) return undefined;
    const { names, originals } = this.#shared;
    for (const [before, after] of replaced) {
      const [name, original] = [names.get(before), originals.get(before)];
      if (before.kind === "source") continue;
      if (name !== undefined && !names.has(after)) names.set(after, name);
      if (original !== undefined && !originals.has(after)) originals.set(after, original);
    }
    const outcomes = this.outcomes.map((outcome) => ({
      ...outcome,
      node: replaced.get(outcome.node) ?? outcome.node,
    }));
    return new Expression(this.#shared, outcomes, { cut: this.cut, sharedUses: this.shared });
  }

  /** The same expression with fewer or other outcomes, cut at values that are right. */
  about(outcomes: readonly Outcome[], bounds?: Bounds): Expression {
    return new Expression(this.#shared, outcomes, bounds);
  }

  #replaced(edit: Edit): Map<Node, Node> | undefined {
    const replaced = new Map<Node, Node>();
    const { place } = edit;
    const isWhole = place.kind === "node" || place.kind === "instead";
    for (const node of place.kind === "each" ? place.nodes : isWhole ? [place.node] : []) {
      const made = edit.make(this.record, node);
      if (made === undefined || isFloat(made.dtype) !== isFloat(node.dtype)) return undefined;
      replaced.set(node, made);
    }
    for (const step of this.steps) {
      if (replaced.has(step)) continue;
      const made = this.#again(step, edit, replaced);
      if (made === undefined) return undefined;
      if (made !== step) replaced.set(step, made);
    }
    for (const { node } of this.outcomes) {
      const after = replaced.get(node);
      if (after !== undefined && !isShapedAlike(after, node)) return undefined;
    }
    return replaced;
  }

  /** The step with its operands replaced; itself where none is. */
  #again(step: ApplyNode, edit: Edit, replaced: ReadonlyMap<Node, Node>): Node | undefined {
    const operandOf = (operand: Node, input: string, item: number | undefined): Node | undefined => {
      const current = replaced.get(operand) ?? operand;
      return isUse(edit.place, step, operand, input, item) ? edit.make(this.record, current) : current;
    };
    const operands: Record<string, Node | readonly Node[] | undefined> = {};
    for (const input in step.operands) {
      const operand = step.operands[input];
      if (operand === undefined) continue;
      if ("kind" in operand) {
        operands[input] = operandOf(operand, input, undefined);
        if (operands[input] === undefined) return undefined;
      } else {
        const list: Node[] = [];
        for (const [item, node] of operand.entries()) {
          const used = operandOf(node, input, item);
          if (used === undefined) return undefined;
          list.push(used);
        }
        operands[input] = list;
      }
    }
    const same = Object.keys(operands).every((input) => isSame(operands[input], step.operands[input]));
    return same ? step : this.record(step.op, operands, step.attributes);
  }
}

type Operand = ApplyNode["operands"][string];

function isSame(a: Operand, b: Operand): boolean {
  if (a === b || a === undefined || b === undefined) return a === b;
  return !("kind" in a) && !("kind" in b) && a.every((node, item) => node === b[item]);
}

function isUse(
  place: Place,
  step: ApplyNode,
  operand: Node,
  input: string,
  item: number | undefined,
): boolean {
  switch (place.kind) {
    case "use":
      return place.consumer === step && place.input === input && place.item === item;
    case "within":
      return place.node === operand && place.steps.has(step);
    case "both":
      return place.first === operand || place.second === operand;
    case "node":
    case "instead":
    case "each":
      return false;
  }
}

/** What an expression and its edited versions have in common: the graph and the worlds. */
class Shared {
  readonly graph = new Graph();
  readonly givens: Given[] = [];
  readonly names = new Map<Node, string>();
  readonly originals = new Map<Node, Node>();
  readonly worlds: number;
  readonly #copies = new Map<Node, Node>();
  readonly #input: ExpressionInput;
  #evaluators: Evaluator[] = [];
  #made = 0;

  constructor(input: ExpressionInput) {
    this.#input = input;
    this.worlds = input.worlds.length;
    this.#renew();
  }

  readonly record: Recorder = (op, operands, attributes = {}) => {
    const made = this.graph.apply(typeof op === "string" ? operator(op) : op, operands, attributes);
    return isRejected(made) ? undefined : made;
  };

  /** The copies that one outcome is made of: its own, and what it shares with others. */
  copies(): { readonly add: (node: Node) => void; readonly of: (node: Node) => Node } {
    const own = new Map<Node, Node>();
    const of = (node: Node): Node => {
      const copy = own.get(node) ?? this.#copies.get(node);
      if (copy === undefined) throw new Error("a node outside of the expression");
      return copy;
    };
    const add = (node: Node): void => {
      if (this.#copies.has(node)) return;
      if (node.kind === "source" || this.#input.isGiven(node)) this.given(node);
      else (this.#input.isShared(node) ? this.#copies : own).set(node, this.#copied(node, of));
    };
    return { add, of };
  }

  /** Copies a node whose operands have been copied. */
  #copied(node: ApplyNode, copyOf: (node: Node) => Node): Node {
    const made = this.record(node.op, mapOperands(node.operands, copyOf), node.attributes);
    if (made === undefined) throw new Error(`${node.op.name} was refused when it was copied`);
    this.originals.set(made, node);
    const name = this.#input.stepNameOf(node);
    if (name !== undefined) this.names.set(made, name);
    return made;
  }

  given(original: Node): Node {
    const known = this.#copies.get(original);
    if (known !== undefined) return known;
    const { worlds, nameOf } = this.#input;
    const source = this.source(nameOf(original), original, (world) => worlds[world]!(original));
    this.#copies.set(original, source);
    this.originals.set(source, original);
    return source;
  }

  source(name: string | undefined, original: Node | undefined, value: (world: number) => Tensor): Node {
    const node = this.graph.source(value(0));
    this.givens.push({ node, original, value });
    if (name !== undefined) this.names.set(node, name);
    this.#evaluators.forEach((evaluator, world) => {
      evaluator.replace(new Map([[node, value(world)]]));
    });
    return node;
  }

  valueIn(world: number, node: Node): Tensor | undefined {
    if (this.#made > memory) this.#renew();
    const value = this.#evaluators[world]!.evaluate(node);
    if (isFault(value)) return undefined;
    this.#made += value.data.length;
    return value;
  }

  /** Forgets the values of what was tried and is not needed again. */
  #renew(): void {
    this.#made = 0;
    this.#evaluators = Array.from({ length: this.worlds }, (_, world) => {
      const values = new Map(this.givens.map(({ node, value }) => [node, value(world)]));
      return new Evaluator({ float: "float64", values });
    });
  }
}

/** Elements of tried values that are kept before all are forgotten. */
const memory = 4e6;

/** The nodes and what they are made of down to what is given, in topological order. */
function cutCone(nodes: readonly Node[], isGiven: (node: Node) => boolean): Node[] {
  const reached = new Set<Node>(nodes);
  for (const node of reached) if (!isGiven(node)) for (const input of node.inputs) reached.add(input);
  return [...reached].sort((a, b) => a.id - b.id);
}
