/**
 * The derivatives of ⟨cotangent, root⟩ with respect to all elements of nodes at once, as numbers: differences, or the tangents of a graph
 * that is linear in its leaf. What a node enters linearly is moved in its stead, since what an element adds to it is known: a weight
 * of a layer adds one column of numbers, and nobody needs to move it itself. What bends is moved by itself while all that comes later
 * stands still, since what its own results are worth is known by then; so a deep program is gone through once, from its end. Elements
 * that stand side by side move together. Owns which way is the cheapest; whoever uses it computes some entries the plain way too.
 */
import { elementCount, isFloat, type Tensor } from "../../tensor";
import type { ApplyNode, Node } from "../../graph";
import { targetHere, type ThreadHost } from "../../compile";
import { isMovedAlone } from "./bends";
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
  /** Threads that help with what takes long. */
  readonly threads?: ThreadHost | undefined;
}

/** A power of two, so that the numbers of steps stay as round as they are. */
const finer = 64;

/** Nodes that may be laid out while it is thought about how one leaf is moved: deep nets have many ways. */
const allowance = 10_000;
/** A way of more nodes is not thought about. */
const longest = 5000;
/** Milliseconds that are not worth looking for something cheaper. */
const trifle = 0.05;

/** How a node's derivatives are found. */
type Plan = Sweep | Pulled;

/** The node is moved, and with it all that leads from it to the ends. */
interface Sweep {
  readonly kind: "sweep";
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

/** Whatever is made of the node at once says what its elements are worth. */
interface Pulled {
  readonly kind: "pulled";
  readonly ways: readonly Way[];
  /** Without what comes behind it. */
  readonly cost: number;
  /** With that of the dearest that comes behind it. */
  readonly whole: number;
  readonly bends: boolean;
}

/** On to what is made of a node: it is linear in it, or is moved with it while all that comes later stands still. */
interface Way {
  readonly user: ApplyNode;
  /** What the user's elements are worth, where it is an end and no more. */
  readonly weights: readonly Float64Array[] | undefined;
  readonly pull: Pull | undefined;
  readonly sweep: Sweep | undefined;
}

export class Fields {
  readonly #input: FieldsInput;
  readonly #ends: readonly End[];
  readonly #users: ReadonlyMap<Node, readonly ApplyNode[]>;
  readonly #leaves: ReadonlySet<Node>;
  readonly #plans = new Map<Node, Plan>();
  readonly #known = new Map<Node, readonly Float64Array[]>();
  #finer: Fields | undefined;
  #allowance = allowance;

  constructor(input: FieldsInput) {
    this.#input = input;
    const { base, root, leaves, cotangents } = input;
    const leafSet = new Set(leaves);
    const moving = new Set<Node>([...leaves, ...dependentsIn(coneOf([root]), leafSet)]);
    this.#leaves = leafSet;
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
    let sum = 0;
    for (const each of this.#needed(node)) sum += this.#planOf(each).cost;
    return sum;
  }

  /** How often `poll` is going to be called for it. */
  turns(node: Node): number {
    let sum = 0;
    for (const each of this.#needed(node)) {
      const plan = this.#planOf(each);
      if (plan.kind === "sweep") sum += plan.turns;
      else for (const { sweep: local } of plan.ways) sum += local?.turns ?? 0;
    }
    return sum;
  }

  /** By cotangent, a number for each element. */
  of(node: Node, poll: () => void): readonly Float64Array[] {
    for (const each of this.#needed(node)) this.#known.set(each, this.#made(each, poll));
    return this.#known.get(node)!;
  }

  /** The nodes whose numbers are not known yet and that are needed for one, what is used first. */
  #needed(node: Node): Node[] {
    const needed = new Set<Node>(this.#known.has(node) ? [] : [node]);
    for (const each of needed) {
      const plan = this.#planOf(each);
      if (plan.kind === "pulled")
        for (const { user, weights } of plan.ways)
          if (weights === undefined && !this.#known.has(user)) needed.add(user);
    }
    return [...needed].sort((a, b) => b.id - a.id);
  }

  #made(node: Node, poll: () => void): readonly Float64Array[] {
    const { cotangents } = this.#input;
    const plan = this.#planOf(node);
    if (plan.kind === "sweep") return this.#moved(node, plan, plan.ends, poll);
    const own = this.#ends.find((end) => end.node === node)?.weights;
    const parts = plan.ways.map(({ user, weights = this.#known.get(user)!, pull, sweep: local }) =>
      local === undefined ? weights.map(pull!) : this.#moved(node, local, [{ node: user, weights }], poll),
    );
    const all = own === undefined ? parts : [own, ...parts];
    return cotangents.map((_, k) => {
      if (all.length === 1) return all[0]![k]!;
      const sum = new Float64Array(elementCount(node.shape));
      for (const part of all) for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + part[k]![i]!;
      return sum;
    });
  }

  #moved(start: Node, plan: Sweep, ends: readonly End[], poll: () => void): readonly Float64Array[] {
    const { base, moves, cotangents, threads } = this.#input;
    const { dependents, lanes, compiled, cost: milliseconds } = plan;
    if (plan === unthinkable)
      return cotangents.map(() => new Float64Array(elementCount(start.shape)).fill(NaN));
    if (ends.length === 0) return cotangents.map(() => new Float64Array(elementCount(start.shape)));
    return sweep({ base, start, dependents, ends, lanes, moves, compiled, milliseconds, threads, poll });
  }

  #planOf(node: Node): Plan {
    const known = this.#plans.get(node);
    if (known !== undefined) return known;
    if (this.#input.itself === true) return this.#planned(node, this.#sweep(node));
    const ahead = new Map([[node, this.#waysFrom(node)]]);
    for (const [, ways] of ahead) {
      for (const { user, weights } of ways ?? [])
        if (weights === undefined && !this.#plans.has(user) && !ahead.has(user))
          ahead.set(user, this.#waysFrom(user));
      if (ahead.size > longest) return this.#planned(node, this.#sweep(node));
    }
    // What a node is used for is thought about before it, one by one, because graphs are deep.
    for (const [each, ways] of [...ahead].sort(([a], [b]) => b.id - a.id))
      this.#planned(each, this.#cheapest(each, ways));
    return this.#plans.get(node)!;
  }

  #planned(node: Node, plan: Plan): Plan {
    this.#plans.set(node, plan);
    return plan;
  }

  #cheapest(node: Node, ways: readonly Way[] | undefined): Plan {
    const pulled = ways && this.#pulled(ways);
    const isTangent = this.#input.moves === "from 0 to 1";
    // A leaf's differences are always of something that bends.
    if (pulled === undefined || !(isTangent || pulled.bends || !this.#leaves.has(node)))
      return this.#sweep(node);
    // Tangents are linear in their leaf: nothing is cheaper than to follow them back.
    if (isTangent || pulled.whole <= trifle) return pulled;
    const whole = this.#sweep(node);
    return pulled.whole <= whole.cost ? pulled : whole;
  }

  #pulled(ways: readonly Way[]): Pulled {
    let [cost, behind, bends] = [0, 0, false];
    for (const { user, weights, sweep: local } of ways) {
      const plan = weights === undefined ? this.#plans.get(user)! : undefined;
      bends ||= (local?.bends ?? false) || (plan?.bends ?? false);
      cost += local?.cost ?? costOfNodes([user]);
      behind = Math.max(behind, plan === undefined ? 0 : plan.kind === "sweep" ? plan.cost : plan.whole);
    }
    return { kind: "pulled", ways, cost, whole: cost + behind, bends };
  }

  /** By way of all that uses the node; undefined where one of them is no way, or nothing is made of it. */
  #waysFrom(node: Node): readonly Way[] | undefined {
    const ways: Way[] = [];
    for (const user of this.#users.get(node) ?? []) {
      const way = this.#wayTo(user, node);
      if (way === undefined) return undefined;
      ways.push(way);
    }
    return ways.length > 0 || this.#ends.some((end) => end.node === node) ? ways : undefined;
  }

  #wayTo(user: ApplyNode, node: Node): Way | undefined {
    const { base, moves } = this.#input;
    if (!isFloat(user.dtype)) return undefined;
    const isLast = (this.#users.get(user) ?? []).length === 0;
    const weights = isLast ? this.#ends.find((each) => each.node === user)?.weights : undefined;
    const pull = pullOf(user, node, base);
    if (pull !== undefined) return { user, weights, pull, sweep: undefined };
    if (moves === "from 0 to 1" || !isMovedAlone(user, node, base)) return undefined;
    const ends = [{ node: user, weights: [] }];
    return { user, weights, pull, sweep: swept(node, [user], ends, lanesOf(node, [user], [user])) };
  }

  #sweep(start: Node): Sweep {
    const { root, cotangents } = this.#input;
    const own = new Set([start]);
    if (this.#allowance < 0) return unthinkable;
    const laid = (all: readonly End[]): readonly [readonly ApplyNode[], readonly End[], Lanes] => {
      const cone = coneOf(
        all.map(({ node }) => node),
        own,
      );
      this.#allowance -= cone.length;
      const dependents = dependentsIn(cone, own);
      const reached = new Set<Node>([start, ...dependents]);
      const ends = all.filter(({ node }) => reached.has(node));
      const nodes = ends.map(({ node }) => node);
      return [dependents, ends, lanesOf(start, dependents, nodes)];
    };
    let layout = laid(this.#ends);
    if (layout[2].count === 1) layout = laid(wholeEnd(root, cotangents));
    return swept(start, ...layout);
  }
}

function swept(start: Node, dependents: readonly ApplyNode[], ends: readonly End[], lanes: Lanes): Sweep {
  const turns = elementCount(start.shape) / Math.max(1, lanes.count);
  const plain = 2 * turns * costOfNodes(dependents);
  const overhead = moduleOverhead(dependents.length);
  const compiled = targetHere() !== undefined && plain > 2 * overhead;
  const cost = compiled ? overhead + plain / speedup : plain;
  const bends = !isStraight(start, dependents);
  return { kind: "sweep", dependents, ends, lanes, compiled, turns, cost, bends };
}

/** Dearer than anything else. */
const unthinkable: Sweep = {
  kind: "sweep",
  dependents: [],
  ends: [],
  lanes: { count: 1, apart: [], places: [] },
  compiled: false,
  turns: 0,
  cost: Infinity,
  bends: true,
};
