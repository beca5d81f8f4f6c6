/**
 * Reverse mode: the gradient of ⟨cotangent, root⟩ at every node, recorded into the same graph when it is asked for. Uses
 * hand-written rules where they hold. Knows nothing of values.
 */
import { isFloat, type FloatDType } from "../tensor";
import type { Builder } from "../ops";
import type { Graph } from "./graph";
import { noteDerivation } from "./derivation";
import { forEachDifferentiable, type Edge } from "./differentiable";
import type { Node } from "./node";
import type { BackwardPass, Contribution, PassOptions } from "./passes";
import {
  entered,
  outside,
  scopeKey,
  scopesFor,
  type InputRule,
  type Ruled,
  type RuleScopes,
  type Scope,
} from "./rule-scope";

/**
 * The pass from `root` with its cotangent (of the root's shape). Nothing is recorded before a gradient is asked for; each
 * node's gradient is recorded once, with the origin of the node that it comes through.
 */
export function backward(
  graph: Graph,
  root: Node,
  cotangent: Node,
  options: PassOptions = { rules: "hand" },
): BackwardPass {
  return new Backward(graph, root, cotangent, options);
}

/** Where a gradient's summands come from: an operator that uses the node, or an application with a rule for it. */
type Path =
  | { readonly kind: "operand"; readonly edge: Edge }
  | { readonly kind: "rule"; readonly at: Ruled; readonly rule: InputRule };

/** A summand of a gradient inside of `scope`. */
interface Flow {
  readonly scope: Scope;
  readonly contribution: Contribution | undefined;
  /** "pending" exactly where there is no contribution. */
  readonly value: Node | "pending";
}

/** A node's finished gradient: its summands, and their sums by scope. */
interface Gradient {
  readonly contributions: readonly Contribution[];
  readonly sums: readonly { readonly scope: Scope; readonly value: Node | "pending" }[];
  readonly total: Node | "pending" | undefined;
}

class Backward implements BackwardPass {
  readonly root: Node;
  readonly cotangent: Node;
  readonly #graph: Graph;
  readonly #scopes: RuleScopes;
  /** For every node that the root depends on differentiably, the ways back to it, latest consumer first. */
  readonly #paths = new Map<Node, Path[]>();
  readonly #gradients = new Map<Node, Gradient>();
  /** What list inputs' rules have given, by consumer, input and scope. */
  readonly #lists = new Map<Node, Map<string, readonly Node[]>>();

  constructor(graph: Graph, root: Node, cotangent: Node, options: PassOptions) {
    this.root = root;
    this.#graph = graph;
    this.cotangent = isFloat(root.dtype)
      ? graph.builder(cotangent.origin).cast(cotangent, root.dtype)
      : cotangent;
    this.#scopes = scopesFor(graph.applications, options.rules, "vjp");
    if (isFloat(root.dtype)) this.#findPaths();
  }

  gradient(node: Node): Node | "pending" | undefined {
    return this.#gradientOf(node)?.total;
  }

  contributions(node: Node): readonly Contribution[] {
    return this.#gradientOf(node)?.contributions ?? [];
  }

  #findPaths(): void {
    const reached = new Set<Node>([this.root]);
    const visited: Node[] = [];
    const reach = (node: Node): void => void reached.add(node);
    for (const node of reached) {
      visited.push(node);
      this.#scopes.at(node)?.rules.forEach(({ input }) => reach(input));
      forEachDifferentiable(node, reach);
    }
    visited.sort((a, b) => b.id - a.id);
    for (const node of visited) this.#paths.set(node, []);
    for (const node of visited) {
      const at = this.#scopes.at(node);
      at?.rules.forEach((rule) => this.#paths.get(rule.input)!.push({ kind: "rule", at, rule }));
      forEachDifferentiable(node, (operand, edge) =>
        this.#paths.get(operand)!.push({ kind: "operand", edge }),
      );
    }
  }

  /** Records what is still missing between `node` and the root, latest first; iteratively, because graphs are deep. */
  #gradientOf(node: Node): Gradient | undefined {
    const known = this.#gradients.get(node);
    if (known !== undefined || !this.#paths.has(node)) return known;
    const missing = new Set<Node>([node]);
    for (const next of missing) {
      for (const path of this.#paths.get(next)!) {
        const before = path.kind === "operand" ? path.edge.consumer : path.at.result;
        if (!this.#gradients.has(before)) missing.add(before);
      }
    }
    const order = [...missing].filter((each) => !this.#gradients.has(each)).sort((a, b) => b.id - a.id);
    for (const each of order) this.#gradients.set(each, this.#record(each));
    return this.#gradients.get(node);
  }

  #record(node: Node): Gradient {
    const flows: Flow[] = [];
    if (node === this.root) {
      const contribution = { through: undefined, rule: undefined, value: this.cotangent };
      flows.push({ scope: outside, contribution, value: this.cotangent });
    }
    for (const path of this.#paths.get(node)!) {
      if (path.kind === "rule") this.#throughRule(node, path.at, path.rule, flows);
      else this.#throughOperand(node, path.edge, flows);
    }
    return this.#summed(node, flows);
  }

  #throughRule(node: Node, at: Ruled, { name, rule }: InputRule, flows: Flow[]): void {
    for (const { scope, value } of this.#leaving(at.result, node, undefined)) {
      const given = value === "pending" ? undefined : rule(value);
      if (given === undefined) flows.push({ scope, contribution: undefined, value: "pending" });
      else {
        const typed = this.#builderOf(node, at.result).cast(given, node.dtype);
        flows.push({ scope, contribution: { through: at.result, rule: name, value: typed }, value: typed });
      }
    }
  }

  #throughOperand(node: Node, edge: Edge, flows: Flow[]): void {
    for (const { scope, value } of this.#leaving(edge.consumer, node, this.#scopes.at(edge.consumer))) {
      if (value === "pending") flows.push({ scope, contribution: undefined, value });
      else {
        const share = this.#derived(edge, value);
        flows.push({
          scope,
          contribution: { through: edge.consumer, rule: undefined, value: share },
          value: share,
        });
      }
    }
  }

  /** The gradient of `from` by the scope that its flow is in once it has arrived at `to`. */
  #leaving(
    from: Node,
    to: Node,
    entering: Ruled | undefined,
  ): readonly { scope: Scope; value: Node | "pending" }[] {
    const arriving: { scope: Scope; values: (Node | "pending")[] }[] = [];
    const { sums, total } = this.#gradients.get(from)!;
    for (const { scope, value } of sums) {
      const arrived = this.#scopes.between(entered(scope, entering), to);
      if (arrived === undefined) continue;
      const same = arriving.find((other) => scopeKey(other.scope) === scopeKey(arrived));
      if (same === undefined) arriving.push({ scope: arrived, values: [value] });
      else same.values.push(value);
    }
    return arriving.map(({ scope, values }) => ({
      scope,
      value: values.length === sums.length ? total! : this.#sum(values, from),
    }));
  }

  #derived({ consumer, name, item }: Edge, cotangent: Node): Node {
    const context = {
      build: this.#builderOf(consumer, consumer),
      inputs: consumer.operands,
      output: consumer,
      attributes: consumer.attributes,
      cotangent,
    };
    // The builder records nodes, so rules give nodes; a list input's rule gives a list.
    if (item === undefined) {
      const share = consumer.op.vjp[name]!(context) as Node;
      noteDerivation(share, { of: consumer, input: name, moved: cotangent });
      return share;
    }
    let lists = this.#lists.get(consumer);
    if (lists === undefined) this.#lists.set(consumer, (lists = new Map<string, readonly Node[]>()));
    const key = `${name} ${cotangent.id}`;
    let list = lists.get(key);
    if (list === undefined) lists.set(key, (list = consumer.op.vjp[name]!(context) as readonly Node[]));
    return list[item]!;
  }

  #summed(node: Node, flows: readonly Flow[]): Gradient {
    const contributions = flows.flatMap(({ contribution }) => contribution ?? []);
    const scopes = new Map<string, { scope: Scope; values: (Node | "pending")[] }>();
    for (const { scope, value } of flows) {
      const key = scopeKey(scope);
      const same = scopes.get(key);
      if (same === undefined) scopes.set(key, { scope, values: [value] });
      else same.values.push(value);
    }
    const sums = [...scopes.values()].map(({ scope, values }) => ({ scope, value: this.#sum(values, node) }));
    return {
      contributions,
      sums,
      total:
        sums.length === 0
          ? undefined
          : this.#sum(
              sums.map(({ value }) => value),
              node,
            ),
    };
  }

  #sum(values: readonly (Node | "pending")[], at: Node): Node | "pending" {
    const build = this.#builderOf(at, at);
    return values.reduce((sum, value) =>
      sum === "pending" || value === "pending" ? "pending" : build.add(sum, value),
    );
  }

  #builderOf(node: Node, from: Node): Builder<Node> {
    return this.#graph.builder(
      from.origin,
      isFloat(node.dtype) ? (node.dtype satisfies FloatDType) : undefined,
    );
  }
}
