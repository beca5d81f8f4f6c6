/**
 * Forward mode: how every later node moves when one node moves, recorded into the same graph when it is asked for. Uses
 * hand-written rules where they hold. Knows nothing of values.
 */
import { isFloat } from "../tensor";
import type { Builder } from "../ops";
import { noteDerivation } from "./derivation";
import { forEachDifferentiable } from "./differentiable";
import type { Graph } from "./graph";
import type { ApplyNode, Node } from "./node";
import type { JvpPass, PassOptions } from "./passes";
import { entered, outside, scopeKey, scopesFor, type Ruled, type RuleScopes, type Scope } from "./rule-scope";

/** The pass from `moved` along `tangent` (of its shape). */
export function jvp(
  graph: Graph,
  moved: Node,
  tangent: Node,
  options: PassOptions = { rules: "hand" },
): JvpPass {
  return new Jvp(graph, moved, tangent, options);
}

type Tangent = Node | "pending" | undefined;

/** A tangent to be found: that of `node`, as seen from inside of `scope`. */
interface Wanted {
  readonly node: Node;
  readonly scope: Scope;
}

class Jvp implements JvpPass {
  readonly moved: Node;
  readonly tangent: Node;
  readonly #graph: Graph;
  readonly #options: PassOptions;
  #scopes: RuleScopes;
  readonly #known = new Map<Node, Map<string, Tangent>>();

  constructor(graph: Graph, moved: Node, tangent: Node, options: PassOptions) {
    this.moved = moved;
    this.tangent = isFloat(moved.dtype) ? graph.builder(tangent.origin).cast(tangent, moved.dtype) : tangent;
    this.#graph = graph;
    this.#options = options;
    this.#scopes = scopesFor(graph.applications, options.rules, "jvp");
  }

  tangentOf(node: Node): Tangent {
    // Rules apply their own ops, whose applications are recorded while passes are made.
    this.#scopes = scopesFor(this.#graph.applications, this.#options.rules, "jvp");
    const stack: Wanted[] = [{ node, scope: outside }];
    for (let next = stack.at(-1); next !== undefined; next = stack.at(-1)) {
      const depth = stack.length;
      if (!this.#isKnown(next)) {
        this.#forEachNeeded(next, (needed) => {
          if (!this.#isKnown(needed)) stack.push(needed);
        });
        if (stack.length > depth) continue;
        this.#set(next, this.#record(next));
      }
      stack.pop();
    }
    return this.#get({ node, scope: outside });
  }

  #isKnown({ node, scope }: Wanted): boolean {
    if (node === this.moved || node.id < this.moved.id || !isFloat(node.dtype)) return true;
    return this.#known.get(node)?.has(scopeKey(scope)) ?? false;
  }

  #get({ node, scope }: Wanted): Tangent {
    if (node === this.moved) return this.tangent;
    return this.#known.get(node)?.get(scopeKey(scope));
  }

  #set({ node, scope }: Wanted, tangent: Tangent): void {
    let byScope = this.#known.get(node);
    if (byScope === undefined) this.#known.set(node, (byScope = new Map<string, Tangent>()));
    byScope.set(scopeKey(scope), tangent);
  }

  #forEachNeeded({ node, scope }: Wanted, visit: (needed: Wanted) => void): void {
    const at = this.#ruledAt(node, scope);
    for (const { input } of at?.rules ?? []) {
      const seen = this.#scopes.between(scope, input);
      if (seen !== undefined) visit({ node: input, scope: seen });
    }
    const inside = entered(scope, at);
    forEachDifferentiable(node, (operand) => {
      const seen = this.#scopes.between(inside, operand);
      if (seen !== undefined) visit({ node: operand, scope: seen });
    });
  }

  #ruledAt(node: Node, scope: Scope): Ruled | undefined {
    const at = this.#scopes.at(node);
    return at === undefined || scope.includes(at.index) ? undefined : at;
  }

  #record({ node, scope }: Wanted): Tangent {
    if (node.kind === "source") return undefined;
    const build = this.#builderOf(node);
    const shares: (Node | "pending")[] = [];
    const at = this.#ruledAt(node, scope);
    for (const { input, rule } of at?.rules ?? []) {
      const tangent = this.#seen(scope, input);
      if (tangent === undefined) continue;
      const share = tangent === "pending" ? tangent : rule(tangent);
      shares.push(share === undefined || share === "pending" ? "pending" : build.cast(share, node.dtype));
    }
    const inside = entered(scope, at);
    for (const name in node.operands) {
      const share = this.#shareOf(node, name, inside, build);
      if (share !== undefined) shares.push(share);
    }
    if (shares.length === 0) return undefined;
    return shares.reduce((sum, share) =>
      sum === "pending" || share === "pending" ? "pending" : build.add(sum, share),
    );
  }

  /** What the tangent of one input contributes. */
  #shareOf(node: ApplyNode, name: string, scope: Scope, build: Builder<Node>): Tangent {
    const operand = node.operands[name];
    if (operand === undefined || !node.op.inputs[name]!.differentiable) return undefined;
    const context = { build, inputs: node.operands, output: node, attributes: node.attributes };
    if ("kind" in operand) {
      const tangent = this.#seen(scope, operand);
      if (tangent === undefined || tangent === "pending") return tangent;
      const share = node.op.jvp[name]!({ ...context, tangent }) as Node; // the builder records nodes
      noteDerivation(share, { of: node, input: name, moved: tangent });
      return share;
    }
    const tangents = operand.map((item) => this.#seen(scope, item));
    if (tangents.every((tangent) => tangent === undefined)) return undefined;
    if (tangents.includes("pending")) return "pending";
    const tangent = tangents.map((each, item) =>
      each === undefined ? build.zerosLike(operand[item]!) : (each as Node),
    );
    return node.op.jvp[name]!({ ...context, tangent }) as Node;
  }

  /** The tangent of an operand as seen from inside of `scope`: an input with a rule stands still there. */
  #seen(scope: Scope, operand: Node): Tangent {
    if (!isFloat(operand.dtype)) return undefined;
    const seen = this.#scopes.between(scope, operand);
    return seen === undefined ? undefined : this.#get({ node: operand, scope: seen });
  }

  #builderOf(node: Node): Builder<Node> {
    return this.#graph.builder(node.origin, isFloat(node.dtype) ? node.dtype : undefined);
  }
}
