// Owns a small language for gradcheck tests: named sources, user-written ops and nets with rules, as lowering records them.
import assert from "node:assert/strict";
import { Graph, type Application, type HandRule, type Node } from "../../../src/runtime/graph";
import { gradcheck, type GradcheckInput, type GradcheckOutcome } from "../../../src/runtime/gradcheck";
import { isRejected, type Builder, type OpDefinition } from "../../../src/runtime/ops";
import { fromArray, torchGenerator, type FloatDType, type Generator } from "../../../src/runtime/tensor";

export type Rule = (b: Builder<Node>, moved: Node) => Node | undefined;

export interface Rules {
  readonly vjp?: Readonly<Record<string, Rule>>;
  readonly jvp?: Readonly<Record<string, Rule>>;
}

export class Program {
  readonly graph: Graph;
  readonly b: Builder<Node>;
  readonly draw: Generator;
  readonly dtype: FloatDType;
  readonly names = new Map<Node, string>();

  constructor(options: { readonly dtype?: FloatDType; readonly seed?: number } = {}) {
    this.dtype = options.dtype ?? "float64";
    this.graph = new Graph({ float: this.dtype });
    this.b = this.graph.builder(undefined);
    this.draw = torchGenerator(options.seed ?? 0);
  }

  /** A named source: standard normal, or with the values given. */
  source(name: string, shape: readonly number[], values?: ArrayLike<number>): Node {
    const value =
      values === undefined ? this.draw.randn(shape, this.dtype) : fromArray(this.dtype, shape, values);
    return this.name(name, this.graph.source(value));
  }

  labels(values: readonly number[]): Node {
    return this.graph.source(fromArray("int", [values.length], values));
  }

  /** Applies an operator that need not be in the registry. */
  apply(op: OpDefinition, operands: Readonly<Record<string, Node>>): Node {
    const node = this.graph.apply(op, operands, {});
    assert.ok(!isRejected(node));
    return node;
  }

  name(name: string, node: Node): Node {
    this.names.set(node, name);
    return node;
  }

  op(
    name: string,
    inputs: Readonly<Record<string, Node>>,
    body: (b: Builder<Node>) => Node,
    rules: Rules,
  ): Node {
    return this.#apply("op", name, inputs, body, rules);
  }

  net(
    name: string,
    inputs: Readonly<Record<string, Node>>,
    body: (b: Builder<Node>) => Node,
    rules: Rules,
  ): Node {
    return this.#apply("net", name, inputs, body, rules);
  }

  check(
    root: Node,
    leaves: Readonly<Record<string, Node>>,
    options: Partial<GradcheckInput> = {},
  ): GradcheckOutcome {
    return gradcheck({
      graph: this.graph,
      root,
      leaves: Object.entries(leaves).map(([name, node]) => ({ name, node })),
      nameOf: (node) => this.names.get(node),
      ...options,
    });
  }

  #apply(
    kind: Application["kind"],
    name: string,
    inputs: Readonly<Record<string, Node>>,
    body: (b: Builder<Node>) => Node,
    { vjp, jvp }: Rules,
  ): Node {
    const first = this.graph.nodes.length;
    const result = body(this.b);
    const closures = (rules: Readonly<Record<string, Rule>> = {}): Map<string, HandRule> =>
      new Map(Object.entries(rules).map(([input, rule]) => [input, (moved: Node) => rule(this.b, moved)]));
    this.graph.addApplication({
      kind,
      name,
      origin: undefined,
      first,
      end: this.graph.nodes.length,
      inputs: new Map(Object.entries(inputs)),
      result,
      vjp: closures(vjp),
      jvp: closures(jvp),
    });
    return result;
  }
}
