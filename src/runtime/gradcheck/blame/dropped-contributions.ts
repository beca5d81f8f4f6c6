/**
 * What a gradient lacks when contributions to a value of the body are overwritten instead of added: for every value that
 * several uses send a cotangent to, the part of the gradient that came through some of them. And the same for tangents.
 */
import { isFloat } from "../../tensor";
import { backward, jvp, type ApplyNode, type Node } from "../../graph";
import type { LocalBody } from "./local-body";

export interface Part {
  /** Of the original graph: the value whose sum is incomplete. */
  readonly at: Node;
  /** What the part came through, in the original graph. */
  readonly through: readonly Node[];
  /** Whether it is more than one summand. */
  readonly several: boolean;
  /** Whether it is what comes by way of the turns of one family, of several. */
  readonly isFamily?: boolean;
  /** The part of the gradient or tangent, in the body's graph. */
  readonly part: Node;
}

/** How many values with several contributions are looked at. */
const limit = 40;
/** Sums of more summands than this are only looked at one summand at a time. */
const subsetLimit = 5;

interface Summand {
  readonly through: Node | undefined;
  readonly part: Node;
}

/** What the gradient at a value is made of besides others, by way of one use of the value. */
export interface GradientSummand extends Summand {
  readonly at: Node;
}

/** `familyOf`: of what uses a value, so that what comes by way of all turns of one loop is one part. */
export function gradientParts(
  body: LocalBody,
  input: Node,
  familyOf?: (use: Node) => string | undefined,
): Part[] {
  const copy = body.copyOf(input);
  if (copy === undefined) return [];
  const originals = originalsOf(body);
  const parts: Part[] = [];
  let looked = 0;
  for (const [original, at] of body.copied) {
    if (!isFloat(original.dtype) || looked >= limit) continue;
    const contributions = body.contributions(original);
    if (contributions.length < 2) continue;
    looked++;
    const summands = contributions.flatMap(({ through, value }): Summand[] => {
      const part = at === copy ? value : backward(body.graph, at, value, { rules: "derived" }).gradient(copy);
      return typeof part === "object" ? [{ through: through && originals.get(through), part }] : [];
    });
    parts.push(...partsOf(body, original, summands));
    if (familyOf !== undefined) parts.push(...familyParts(body, original, summands, familyOf));
  }
  return parts;
}

export function tangentParts(body: LocalBody, input: Node): Part[] {
  const copy = body.copyOf(input);
  if (copy === undefined) return [];
  const originals = originalsOf(body);
  const pass = jvp(body.graph, copy, body.tangent(input).tangent, { rules: "derived" });
  const parts: Part[] = [];
  let looked = 0;
  for (const [original, at] of body.copied) {
    if (at.kind !== "apply" || !isFloat(at.dtype) || looked >= limit) continue;
    const shares = sharesOf(body, at, (node) => pass.tangentOf(node));
    if (shares.length < 2) continue;
    looked++;
    const summands = shares.flatMap(({ operand, share }): Summand[] => {
      const part =
        at === body.result ? share : jvp(body.graph, at, share, { rules: "derived" }).tangentOf(body.result);
      return typeof part === "object" ? [{ through: originals.get(operand), part }] : [];
    });
    parts.push(...partsOf(body, original, summands));
  }
  return parts;
}

/** Every summand, and where they are few every sum of some but not all. */
function partsOf(body: LocalBody, at: Node, summands: readonly Summand[]): Part[] {
  const parts: Part[] = [];
  const all = 2 ** summands.length - 1;
  for (let chosen = 1; chosen < all; chosen++) {
    const members = summands.filter((_, i) => (chosen >> i) % 2 === 1);
    if (members.length > 1 && summands.length > subsetLimit) continue;
    parts.push({ ...partOf(body, at, members), several: members.length > 1 });
  }
  return parts;
}

/** Of a sum of more summands, those of each family: a weight of two directions gets them from the turns of both. */
function familyParts(
  body: LocalBody,
  at: Node,
  summands: readonly Summand[],
  familyOf: (use: Node) => string | undefined,
): Part[] {
  if (summands.length <= subsetLimit) return [];
  const families = new Map<string, Summand[]>();
  for (const summand of summands) {
    const family = summand.through && familyOf(summand.through);
    if (family === undefined) return [];
    const known = families.get(family);
    if (known === undefined) families.set(family, [summand]);
    else known.push(summand);
  }
  const several = [...families.values()].filter(({ length }) => length > 1 && length < summands.length);
  return several.map((members) => ({ ...partOf(body, at, members), several: true, isFamily: true }));
}

function partOf(
  body: LocalBody,
  at: Node,
  members: readonly Summand[],
): Pick<Part, "at" | "through" | "part"> {
  const build = body.graph.builder();
  const part = members.map((member) => member.part).reduce((sum, each) => build.add(sum, each));
  return { at, through: members.flatMap((member) => member.through ?? []), part };
}

/** The summands of the gradients at values that several uses send a cotangent to. */
export function summandsIn(body: LocalBody, values: readonly Node[]): (Summand & { readonly at: Node })[] {
  const originals = originalsOf(body);
  return values.slice(-summandLimit).flatMap((at) => {
    const contributions = body.contributions(at);
    if (contributions.length < 2) return [];
    return contributions.map(({ through, value }) => ({
      part: value,
      at,
      through: through && originals.get(through),
    }));
  });
}

const summandLimit = 400;

function originalsOf(body: LocalBody): Map<Node, Node> {
  return new Map([...body.copied].map(([original, made]) => [made, original]));
}

interface Share {
  readonly operand: Node;
  readonly share: Node;
}

/** What the tangent of each operand alone does to a node. */
function sharesOf(
  body: LocalBody,
  node: ApplyNode,
  tangentOf: (node: Node) => Node | "pending" | undefined,
): Share[] {
  const share = (name: string, operand: Node, item: number | undefined): Share[] => {
    const rule = node.op.jvp[name];
    const own = isFloat(operand.dtype) ? tangentOf(operand) : undefined;
    if (rule === undefined || typeof own !== "object") return [];
    const build = body.graph.builder();
    const list = item === undefined ? undefined : (node.operands[name] as readonly Node[]);
    const tangent = list?.map((each, i) => (i === item ? own : build.zerosLike(each))) ?? own;
    const context = { build, inputs: node.operands, output: node, attributes: node.attributes, tangent };
    // Builders record nodes.
    return [{ operand, share: rule(context) as Node }];
  };
  return Object.entries(node.operands).flatMap(([name, operand]) => {
    if (operand === undefined) return [];
    if ("kind" in operand) return share(name, operand, undefined);
    return operand.flatMap((each, item) => share(name, each, item));
  });
}
