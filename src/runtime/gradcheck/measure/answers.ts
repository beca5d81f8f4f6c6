/**
 * What reverse and forward mode answer, as numbers: the gradient of ⟨cotangent, root⟩ at a leaf by the rules in force and by plain
 * autodiff, for several cotangents, and tangents of the root. Records the passes once and replays them.
 */
import { elementCount, fromArray, full, tensor, type Tensor } from "../../tensor";
import type { ThreadHost } from "../../compile";
import { backward, jvp, type BackwardPass, type Graph, type Node } from "../../graph";
import type { Move } from "./differences";
import { alongDirection } from "./direction";
import { compiledCost } from "./cost";
import { Fields } from "./fields";
import { movingOf, type Ahead, type EntryMove, type Moving } from "./moving";
import { doublesOf } from "./pulls";
import { Replay } from "./replay";
import { roundingOf, roundingsOf } from "./rounding";

export type Rules = "hand" | "derived";

/** Gradients by cotangent, or "pending" where a hole stands in the way. */
export class Reverse {
  readonly #base: (node: Node) => Tensor;
  readonly #cotangents: readonly Float64Array[];
  readonly #seed: Node;
  readonly #passes: Readonly<Record<Rules, BackwardPass>>;
  readonly #leaves = new Set<Node>();
  #roundings: ReadonlyMap<Node, Float64Array> | undefined;
  readonly #gradients = new Map<Node, readonly Float64Array[]>();

  /** Plain autodiff is of `truth`. */
  constructor(
    graph: Graph,
    base: (node: Node) => Tensor,
    { root, truth }: { readonly root: Node; readonly truth: Node },
    cotangents: readonly Float64Array[],
  ) {
    this.#base = base;
    this.#cotangents = cotangents;
    this.#seed = graph.source(fromArray(root.dtype, root.shape, cotangents[0] ?? []));
    const hand = backward(graph, root, this.#seed, { rules: "hand" });
    const isPlain = truth === root && graph.applications.every(({ vjp }) => vjp.size === 0);
    this.#passes = {
      hand,
      derived: isPlain ? hand : backward(graph, truth, this.#seed, { rules: "derived" }),
    };
  }

  gradients(leaf: Node, rules: Rules): readonly Float64Array[] | "pending" {
    this.#leaves.add(leaf);
    const node = this.#passes[rules].gradient(leaf);
    if (node === "pending") return node;
    const shape = this.#seed.shape;
    if (node === undefined) return this.#cotangents.map(() => new Float64Array(elementCount(leaf.shape)));
    // Where no hand rule stands in the way both are the same nodes.
    const known = this.#gradients.get(node);
    if (known !== undefined) return known;
    const replay = new Replay(this.#base, [this.#seed], [node]);
    const found = this.#cotangents.map((cotangent) => {
      replay.run([[this.#seed, tensor("float64", shape, cotangent)]]);
      return doublesOf(replay.valueOf(node));
    });
    this.#gradients.set(node, found);
    return found;
  }

  /** Whether there is no way back to a leaf, so that its zeros are not those of any computation. */
  isStructuralZero(leaf: Node): boolean {
    return Object.values(this.#passes).every((pass) => pass.gradient(leaf) === undefined);
  }

  /** The rounding error of each entry of a gradient, for the first cotangent. */
  rounding(leaf: Node, rules: Rules): Float64Array {
    const node = this.#passes[rules].gradient(leaf);
    if (node === "pending" || node === undefined) return new Float64Array(elementCount(leaf.shape));
    this.#roundings ??= this.#allRoundings();
    return this.#roundings.get(node) ?? roundingOf(this.#base, node, { rounded: this.#isRounded });
  }

  /** Of all gradients that have been asked for, at once: they have most of their steps in common. */
  #allRoundings(): Map<Node, Float64Array> {
    const nodes = [...this.#gradients.keys()];
    const errors = roundingsOf(this.#base, nodes, { rounded: this.#isRounded });
    return new Map(nodes.map((node, i) => [node, errors[i]!]));
  }

  readonly #isRounded = (source: Node): boolean => isRounded(source) && !this.#leaves.has(source);
}

export interface ForwardOptions {
  readonly rules?: Rules;
  /** Threads that help with what takes long. */
  readonly threads?: ThreadHost | undefined;
}

/** The root's tangent as the leaf moves along an entry or direction, contracted with each cotangent. */
export class Forward {
  readonly #moved: Node;
  readonly #answer: Node | "pending" | undefined;
  readonly #replay: Replay | undefined;
  readonly #cotangents: readonly Float64Array[];
  readonly #base: (node: Node) => Tensor;
  readonly #threads: ThreadHost | undefined;
  #moving: Moving | undefined;
  #ownFields: Fields | undefined;
  /** Zeros, but for the entry that moves just now. */
  #unit: Float64Array | undefined;

  constructor(
    graph: Graph,
    base: (node: Node) => Tensor,
    leaf: Node,
    root: Node,
    cotangents: readonly Float64Array[],
    { rules = "hand", threads }: ForwardOptions = {},
  ) {
    this.#moved = graph.source(full(leaf.dtype, leaf.shape, 0));
    this.#cotangents = cotangents;
    this.#base = base;
    this.#threads = threads;
    this.#answer = jvp(graph, leaf, this.#moved, { rules }).tangentOf(root);
    if (typeof this.#answer === "object") this.#replay = new Replay(base, [this.#moved], [this.#answer]);
  }

  get pending(): boolean {
    return this.#answer === "pending";
  }

  get steps(): Replay["steps"] {
    return this.#replay?.steps ?? [];
  }

  /** Has tangents along single entries computed by a compiled module, by the same rule as `Differences.accelerate`. */
  accelerate(sample: readonly number[]): void {
    if (typeof this.#answer !== "object") return;
    const [base, leaf, root, cotangents] = [this.#base, this.#moved, this.#answer, this.#cotangents];
    const moveOf = (): EntryMove => fromZeroToOne;
    const moving = movingOf({ base, leaf, root, cotangents, moveOf, milliseconds: compiledCost(this.steps) });
    if (moving === undefined) return;
    const pairs = sample.map((entry) => [this.along(entry), moving.slopes(entry)] as const);
    const largest = Math.max(...pairs.flatMap(([slow]) => slow.map(Math.abs)));
    const agrees = pairs.every(([slow, fast]) =>
      fast?.every((value, k) => {
        const expected = slow[k]!;
        return Object.is(value, expected) || Math.abs(value - expected) <= 1e-10 * largest;
      }),
    );
    if (agrees) this.#moving = moving;
  }

  /** Has several threads compute those tangents, where that is worth it. */
  ahead(entries: readonly number[], help: Ahead): boolean {
    return this.#moving?.ahead(entries, [0], help) ?? false;
  }

  /** The tangents along all entries at once, by the same rule as `Differences.all`. */
  all(
    sample: readonly number[],
    direction: Float64Array,
    poll: () => void,
  ): readonly Float64Array[] | undefined {
    const fields = this.#fields;
    if (fields === undefined)
      return this.#cotangents.map(() => new Float64Array(elementCount(this.#moved.shape)));
    const found = fields.of(this.#moved, poll);
    const agrees = [...sample, direction].every((move) =>
      this.along(move).every((slope, k) => {
        if (typeof move === "number") return isNear(slope, found[k]![move]!, Math.abs(slope));
        const [sum, size] = alongDirection(found[k]!, move);
        return isNear(slope, sum, size);
      }),
    );
    return agrees ? found : undefined;
  }

  /** What `all` is estimated to take, in milliseconds. */
  get costOfAll(): number {
    return this.#fields?.cost(this.#moved) ?? 0;
  }

  /** How often `all` polls. */
  get turnsOfAll(): number {
    return this.#fields?.turns(this.#moved) ?? 0;
  }

  get #fields(): Fields | undefined {
    if (typeof this.#answer !== "object") return undefined;
    this.#ownFields ??= new Fields({
      base: this.#base,
      root: this.#answer,
      leaves: [this.#moved],
      cotangents: this.#cotangents,
      moves: "from 0 to 1",
      threads: this.#threads,
    });
    return this.#ownFields;
  }

  along(move: Move): number[] {
    const fast = typeof move === "number" ? this.#moving?.slopes(move) : undefined;
    if (fast !== undefined) return fast;
    const { shape } = this.#moved;
    if (typeof move !== "number") return this.#alongDirection(tensor("float64", shape, move));
    const unit = (this.#unit ??= new Float64Array(elementCount(shape)));
    unit[move] = 1;
    const found = this.#alongDirection(tensor("float64", shape, unit));
    unit[move] = 0;
    return found;
  }

  #alongDirection(direction: Tensor): number[] {
    if (this.#replay === undefined || typeof this.#answer !== "object") return this.#cotangents.map(() => 0);
    this.#replay.run([[this.#moved, direction]]);
    const tangent = this.#replay.valueOf(this.#answer).data;
    return this.#cotangents.map((cotangent) => dot(cotangent, tangent));
  }
}

/** The leaf's tangent is zero, but for the entry. */
const fromZeroToOne: EntryMove = { changes: [1], width: 1 };

/** Scalars that were rounded to float32 on entering the graph; in float64 they are as wrong as that. */
function isRounded(source: Node): boolean {
  return source.dtype === "float32" && source.shape.length === 0;
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Up to the rounding of sums of this size. */
function isNear(slow: number, fast: number, size: number): boolean {
  return Object.is(slow, fast) || Math.abs(slow - fast) <= 1e-10 * size + 1e-14;
}
