/**
 * When a gradient that a backward pass has made is not the derivative: the hand rules that it comes by way of and that are wrong. Knows
 * nothing of checks.
 */
import { elementCount } from "../../tensor";
import { backward, dependsOn, type BackwardPass, type Node } from "../../graph";
import { Evaluator } from "../../interpret";
import { distance, scaleTo } from "../explain/search";
import { coneOf } from "../measure/cone";
import { defaultTolerance, type Blame, type GradcheckInput } from "../outcome";
import { applicationsBelow, blamesOf } from "./blame";
import { valuesOf } from "./local-body";

export interface MadeGradient extends Pick<
  GradcheckInput,
  "graph" | "nameOf" | "namesOf" | "writtenAt" | "definedAt"
> {
  readonly pass: Pick<BackwardPass, "root" | "cotangent">;
  /** The node that it is the gradient at. */
  readonly at: Node;
  /** What the rules in force give. */
  readonly made: Node;
  /** What it is held against. */
  readonly other: Node;
  readonly poll?: (() => void) | undefined;
}

/** Programs with more nodes than this take too long. */
const nodeLimit = 20_000;

export interface GradientBlame {
  readonly blame: readonly Blame[];
  /** What the gradient must be multiplied by to be the derivative, where a number does it. */
  readonly factor: number | null;
}

/** Undefined where the other value is not what plain autodiff gives, or the gradient is, or no rule is wrong. */
export function blameOfGradient(input: MadeGradient): GradientBlame | undefined {
  const { graph, pass, at, made, other, poll = () => undefined } = input;
  const { root, cotangent } = pass;
  if (elementCount(root.shape) !== 1 || coneOf([root, other]).length > nodeLimit) return undefined;
  const derived = backward(graph, root, cotangent, { rules: "derived" }).gradient(at);
  if (typeof derived !== "object") return undefined;
  const base = valuesOf(new Evaluator({ float: "float64" }));
  const truth = base(derived).data;
  const distanceOf = (node: Node, scale: number): number => distance(base(node).data, truth, scale);
  if (!(distanceOf(other, 1) < rounding) || distanceOf(made, 1) < rounding) return undefined;
  const applications = applicationsBelow(graph, root).filter(({ result }) => dependsOn(result, at));
  const asked = { ...input, root, leaves: [], poll };
  const blame = blamesOf({ input: asked, base, tolerance: defaultTolerance, applications, poll }, at);
  if (blame.length === 0) return undefined;
  const scale = scaleTo(base(made).data, truth);
  return { blame, factor: truth.length > 1 && distanceOf(made, scale) < rounding ? scale : null };
}

/** By which gradients that come by other ways differ, relative to their size. */
const rounding = 1e-6;
