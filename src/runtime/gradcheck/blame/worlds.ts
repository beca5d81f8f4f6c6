/**
 * Settings at which the rules of one application are compared with its own autodiff: the live inputs, inputs near them (off
 * a kink) and inputs scaled at random, each with a random cotangent and random tangents.
 */
import { isFloat, tensor, torchGenerator, type Generator, type Tensor } from "../../tensor";
import type { Node } from "../../graph";
import { Evaluator } from "../../interpret";
import { valuesOf, type LocalBody, type Values } from "./local-body";

export type WorldKind = "live" | "near" | "varied";

export interface World {
  readonly kind: WorldKind;
  /** Of nodes of the original graph, rules included. */
  readonly original: Values;
  /** Of nodes of the application's body by itself. */
  readonly local: Values;
}

export interface WorldInput {
  readonly base: Values;
  readonly body: LocalBody;
  /** The application's inputs. */
  readonly inputs: readonly Node[];
  /** The cotangent in the original graph. */
  readonly cotangent: Node;
  /** By input, its tangent in the original graph. */
  readonly tangents: ReadonlyMap<Node, Node>;
}

/** The same kind and turn give the same world. */
export function makeWorld(input: WorldInput, kind: WorldKind, turn: number): World {
  const { base, body, inputs, cotangent, tangents } = input;
  const draw = torchGenerator(17 * turn + seeds[kind]);
  // Near the live values cotangents stay the same, and so does what is rounding.
  const moving = torchGenerator(kind === "near" ? seeds.live : 17 * turn + seeds[kind]);
  const given = new Map<Node, Tensor>();
  for (const node of inputs)
    given.set(node, isFloat(node.dtype) ? moved(base(node), kind, draw) : base(node));
  const seedsOfBody = new Map<Node, Tensor>();
  const u = moving.randn(cotangent.shape, "float64");
  given.set(cotangent, u);
  seedsOfBody.set(body.cotangent, u);
  for (const [node, tangent] of tangents) {
    const v = moving.randn(tangent.shape, "float64");
    given.set(tangent, v);
    seedsOfBody.set(body.tangent(node).tangent, v);
  }
  const original = valuesOf(new Evaluator({ float: "float64", values: given }));
  return { kind, original, local: body.evaluator(original, seedsOfBody) };
}

const seeds: Readonly<Record<WorldKind, number>> = { live: 3, near: 5, varied: 7 };

function moved(value: Tensor, kind: WorldKind, draw: Generator): Tensor {
  if (kind === "live") return value;
  const noise = draw.randn(value.shape, "float64").data;
  const scale = kind === "near" ? 1e-5 * meanSize(value) : 0;
  // Scaling keeps signs and zeros, so that what must be positive, or one-hot, stays so; but nothing but zeros tells nothing.
  const isZero = value.data.every((x) => x === 0);
  const move = (x: number, i: number): number =>
    kind === "near"
      ? x + noise[i]! * scale
      : isZero
        ? 0.3 * Math.tanh(noise[i]!)
        : x * (1 + 0.2 * Math.tanh(noise[i]!));
  return tensor("float64", value.shape, Float64Array.from(value.data, move));
}

/** The root mean square, 1 of nothing but zeros. */
function meanSize({ data }: Tensor): number {
  let sum = 0;
  for (const x of data) sum += x * x;
  return sum === 0 ? 1 : Math.sqrt(sum / data.length);
}
