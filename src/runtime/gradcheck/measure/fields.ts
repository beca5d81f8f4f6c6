/**
 * The derivatives of ⟨cotangent, root⟩ with respect to all elements of nodes at once, as numbers: differences, or the tangents of a graph
 * that is linear in its leaf. What a node enters linearly is moved in its stead, since what an element adds to it is known: a weight
 * of a layer adds one column of numbers, and nobody needs to move it itself. Elements that stand side by side move together. Owns which
 * way is the cheapest; whoever uses it computes some entries the plain way too.
 */
import { elementCount, isFloat, type Tensor } from "../../tensor";
import type { ApplyNode, Node } from "../../graph";
import { targetHere } from "../../compile";
import { coneOf, dependentsIn } from "./cone";
import { costOfNodes, moduleOverhead, speedup } from "./cost";
import { endsOf, wholeEnd, type End } from "./ends";
import { lanesOf, type Lanes } from "./lanes";
import { isStraight } from "./line";
import { pullOf, type Pull } from "./pulls";
import { sweep, type Moves } from "./sweep";

export interface FieldsInput {
  readonly base: (node: Node) => Tensor;
  readonly root: Node;
  /** All that is going to be asked for. */
  readonly leaves: readonly Node[];
  readonly cotangents: readonly Float64Array[];
  readonly moves: Moves;
  /** Whether every node is moved itself, so that differences are those of its own steps. By default what is cheapest. */
  readonly itself?: boolean;
}

/** A power of two, so that the numbers of steps stay as round as they are. */
const finer = 64;

/** Nodes that may be laid out while it is thought about how one leaf is moved: deep nets have many ways. */
const allowance = 10_000;
/** What going through a node costs of it: no way is longer than a thousand. */
const perPull = 10;

/** How a node's derivatives are found. */
type Plan = Sweep | Pulled;

interface Sweep {
  readonly kind: "sweep";
  readonly node: Node;
  /** Itself. */
  readonly sweeps: ReadonlySet<Sweep>;
  readonly dependents: readonly ApplyNode[];
  readonly ends: readonly End[];
  readonly lanes: Lanes;
  readonly compiled: boolean;
  readonly turns: number;
  /** In milliseconds. */
  readonly cost: number;
  /** Whether something in it is not affine. */
  readonly bends: boolean;
}

interface Pulled {
  readonly kind: "pulled";
  readonly users: readonly { readonly node: ApplyNode; readonly pull: Pull }[];
  /** All that it comes down to. */
  readonly sweeps: ReadonlySet<Sweep>;
  readonly cost: number;
  readonly bends: boolean;
}

export class Fields {
  readonly #input: FieldsInput;
  readonly #ends: readonly End[];
  readonly #users: ReadonlyMap<Node, readonly ApplyNode[]>;
  readonly #plans = new Map<Node, Plan>();
  readonly #known = new Map<Node, readonly Float64Array[]>();
  #finer: Fields | undefined;
  #allowance = allowance;

  constructor(input: FieldsInput) {
    this.#input = input;
    const { base, root, leaves, cotangents } = input;
    const leafSet = new Set(leaves);
    const moving = new Set<Node>([...leaves, ...dependentsIn(coneOf([root]), leafSet)]);
    this.#ends = endsOf(root, cotangents, base, (node) => moving.has(node));
    // Elements of losses are nodes of our own.
    for (const end of this.#ends) moving.add(end.node);
    const users = new Map<Node, ApplyNode[]>();
    for (const node of coneOf(this.#ends.map((end) => end.node))) {
      if (node.kind === "source" || !moving.has(node) || node.op.name === "stop_gradient") continue;
      for (const input of new Set(node.inputs)) {
        if (!moving.has(input)) continue;
        const known = users.get(input);
        if (known === undefined) users.set(input, [node]);
        else known.push(node);
      }
    }
    this.#users = users;
  }

  /** The same by finer steps, which kinks are less often in the way of, and rounding more. */
  finer(): Fields {
    const { moves } = this.#input;
    if (moves === "from 0 to 1") return this;
    this.#finer ??= new Fields({ ...this.#input, moves: (x) => moves(x) / finer });
    return this.#finer;
  }

  /** What finding them is estimated to take, in milliseconds; infinite where that is too long a story. */
  cost(node: Node): number {
    this.#allowance = allowance;
    return this.#planOf(node).cost;
  }

  /** How often `poll` is going to be called for it. */
  turns(node: Node): number {
    let sum = 0;
    if (!this.#known.has(node))
      for (const each of this.#planOf(node).sweeps) if (!this.#known.has(each.node)) sum += each.turns;
    return sum;
  }

  /** By cotangent, a number for each element. */
  of(node: Node, poll: () => void): readonly Float64Array[] {
    let field = this.#known.get(node);
    if (field === undefined) this.#known.set(node, (field = this.#made(node, this.#planOf(node), poll)));
    return field;
  }

  #made(node: Node, plan: Plan, poll: () => void): readonly Float64Array[] {
    const { base, moves, cotangents } = this.#input;
    if (plan.kind === "sweep") {
      const { dependents, ends, lanes, compiled } = plan;
      if (ends.length === 0) return cotangents.map(() => new Float64Array(elementCount(node.shape)));
      return sweep({ base, start: node, dependents, ends, lanes, moves, compiled, poll });
    }
    const own = this.#ends.find((end) => end.node === node)?.weights;
    const parts = plan.users.map((user) => this.of(user.node, poll).map(user.pull));
    const all = own === undefined ? parts : [own, ...parts];
    return cotangents.map((_, k) => {
      if (all.length === 1) return all[0]![k]!;
      const sum = new Float64Array(elementCount(node.shape));
      for (const part of all) for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + part[k]![i]!;
      return sum;
    });
  }

  #planOf(node: Node): Plan {
    let plan = this.#plans.get(node);
    if (plan === undefined) {
      const { itself, moves } = this.#input;
      // Tangents are linear in their leaf: nothing is cheaper than to follow them back.
      const own = moves === "from 0 to 1" ? undefined : this.#sweep(node);
      const pulled = itself === true || this.#allowance < 0 ? undefined : this.#pulled(node);
      const better = own === undefined || (pulled !== undefined && pulled.cost <= own.cost) ? pulled : own;
      plan = better ?? this.#sweep(node);
      this.#plans.set(node, plan);
    }
    return plan;
  }

  /** Through all that uses the node, where that is linear in it; differences are always taken of something that bends. */
  #pulled(node: Node): Pulled | undefined {
    const { base, moves } = this.#input;
    const isEnd = (each: Node): boolean => this.#ends.some((end) => end.node === each);
    this.#allowance -= perPull;
    const users: { node: ApplyNode; pull: Pull }[] = [];
    if (moves !== "from 0 to 1" && isEnd(node)) return undefined;
    for (const user of this.#users.get(node) ?? []) {
      if (!isFloat(user.dtype) || (moves !== "from 0 to 1" && isEnd(user))) return undefined;
      const pull = pullOf(user, node, base);
      if (pull === undefined) return undefined;
      users.push({ node: user, pull });
    }
    if (users.length === 0 && !isEnd(node)) return undefined;
    const plans = users.map((user) => this.#planOf(user.node));
    const bends = plans.some((plan) => plan.bends);
    if (moves !== "from 0 to 1" && !bends) return undefined;
    const sweeps = new Set<Sweep>();
    for (const plan of plans) for (const each of plan.sweeps) sweeps.add(each);
    this.#allowance -= sweeps.size;
    let cost = 0;
    for (const each of sweeps) cost += each.cost;
    return { kind: "pulled", users, sweeps, bends, cost };
  }

  #sweep(start: Node): Sweep {
    const { root, cotangents } = this.#input;
    const own = new Set([start]);
    if (this.#allowance < 0) return unthinkable(start);
    const laid = (all: readonly End[]): Pick<Sweep, "dependents" | "ends" | "lanes"> => {
      const cone = coneOf(
        all.map(({ node }) => node),
        own,
      );
      this.#allowance -= cone.length;
      const dependents = dependentsIn(cone, own);
      const reached = new Set<Node>([start, ...dependents]);
      const ends = all.filter(({ node }) => reached.has(node));
      return {
        dependents,
        ends,
        lanes: lanesOf(
          start,
          dependents,
          ends.map(({ node }) => node),
        ),
      };
    };
    let layout = laid(this.#ends);
    if (layout.lanes.count === 1) layout = laid(wholeEnd(root, cotangents));
    const turns = elementCount(start.shape) / Math.max(1, layout.lanes.count);
    const evaluations = 2 * turns;
    const plain = evaluations * costOfNodes(layout.dependents);
    const overhead = moduleOverhead(layout.dependents.length);
    const compiled = targetHere() !== undefined && plain > 2 * overhead;
    const cost = compiled ? overhead + plain / speedup : plain;
    const bends = !isStraight(start, layout.dependents);
    return swept({ kind: "sweep", node: start, ...layout, compiled, turns, cost, bends });
  }
}

function swept(given: Omit<Sweep, "sweeps">): Sweep {
  const sweeps = new Set<Sweep>();
  const made = { ...given, sweeps };
  sweeps.add(made);
  return made;
}

/** Dearer than anything else. */
function unthinkable(node: Node): Sweep {
  const lanes = { count: 1, apart: [], places: [] };
  const nothing = { dependents: [], ends: [], lanes, compiled: false, turns: 0, bends: true };
  return swept({ kind: "sweep", node, ...nothing, cost: Infinity });
}
