/**
 * Why a value written by hand is not the gradient that it is held to be: it is looked at as a rule of the program between the named
 * sources and the root, so that the first of the values that it is made of is found. Knows nothing of checks.
 */
import { elementCount, isFloat } from "../../tensor";
import type { Application, Graph, Node } from "../../graph";
import { Evaluator } from "../../interpret";
import { leavesOf } from "../explain/leaves";
import { coneOf } from "../measure/cone";
import { tidied } from "../explain/quotes";
import { distance } from "../explain/search";
import type { Correction } from "../correction";
import { defaultTolerance, type Explanation } from "../outcome";
import { explainRules } from "./explain-rules";
import { valuesOf } from "./local-body";
import { ApplicationCheck } from "./rule-check";

export interface GradientClaim {
  readonly graph: Graph;
  /** What was written, and what it is the gradient of, and at which node. */
  readonly written: Node;
  readonly root: Node;
  readonly at: Node;
  /** Whether nobody has written what it is made of. */
  readonly isOpaque: boolean;
  /** How the value is called where it has no name. */
  readonly label: string;
  /** What the value is held to. */
  readonly expected: Node;
  readonly scope: readonly { readonly name: string; readonly node: Node }[];
  /** Gradients that passes have made, by the names that they are read by: they are no mistakes. */
  readonly reads: readonly { readonly name: string; readonly node: Node }[];
  readonly writtenAt?: ((node: Node) => string | undefined) | undefined;
  readonly definedAt?: ((node: Node, name: string) => unknown) | undefined;
  /** Constants by name, which are no whole numbers. */
  readonly rates?: ReadonlyMap<string, number>;
  readonly poll?: () => void;
}

/** Gradients by hand rules and by plain autodiff may differ by rounding, where functions are saturated. */
const sameGradient = 0.05;

/** Programs with more nodes than this take too long. */
const nodeLimit = 5000;

/** Undefined where the value is no gradient of a program with named sources, or no known mistake makes it wrong. */
export function explainGradient(claim: GradientClaim): Explanation | undefined {
  const { graph, written, root, at, expected, scope } = claim;
  if (elementCount(root.shape) !== 1 || !isShape(written, at)) return undefined;
  const cone = coneOf([root, written]);
  if (cone.length > nodeLimit) return undefined;
  const names = namesOf(graph, scope, root);
  const label = names.get(written) ?? claim.label;
  const made = new Map(
    claim.reads.filter(({ node }) => node !== expected).map(({ name, node }) => [node, name]),
  );
  const application = programOf(claim, names, label);
  const base = valuesOf(new Evaluator({ float: "float64" }));
  const check = new ApplicationCheck({ graph, base, tolerance: defaultTolerance }, application, [
    { label, at, value: written },
  ]);
  const [test] = check.tests;
  if (test?.truth === undefined) return undefined;
  const wrong = check.wrong();
  const [first] = wrong;
  if (first === undefined) return undefined;
  const atOne = check.body.evaluator(base, [
    [check.body.cotangent, { dtype: "float64", shape: root.shape, data: Float64Array.of(1) }],
  ]);
  if (!(distance(atOne(test.truth).data, base(expected).data, 1) < sameGradient)) return undefined;
  const allNames = new Map<Node, string[]>();
  for (const { name, node } of scope) allNames.set(node, [...(allNames.get(node) ?? []), name]);
  const inner = graph.applications
    .filter(({ result, kind }) => kind === "op" && cone.includes(result))
    .slice(0, 12);
  const blames = explainRules({
    application,
    check,
    wrong,
    inner,
    nameOf: (node) => names.get(node) ?? made.get(node),
    namesOf: (node) => allNames.get(node) ?? [],
    writtenAt: claim.writtenAt,
    definedAt: claim.definedAt,
    isOpaque: (node) => (claim.isOpaque && node === written) || made.has(node),
    poll: () => claim.poll?.(),
  });
  const [main, ...others] = blames.map(({ explanation }) => explanation);
  if (main === undefined || main.kind === "unknown") return undefined;
  const message = [main, ...others].map((each) => each.message).join(". Besides, ");
  // What is written, before anything is added to it.
  const ordered = (corrections: readonly Correction[]): Correction[] => {
    const plain = corrections.map(withoutCotangent);
    const [inside, after] = [true, false].map((isOwn) => plain.filter(({ at }) => (at === label) === isOwn));
    return [...inside!.map((each) => ({ ...each, at: null, within: null })), ...after!];
  };
  const { otherCorrections } = main;
  const told = tidied(
    message.replaceAll(cotangentFactor, "").replaceAll(` at \`${label}\``, " in what is written"),
  );
  return {
    ...main,
    corrections: ordered([main, ...others].flatMap((each) => each.corrections)),
    ...(otherCorrections === undefined || others.length > 0
      ? {}
      : { otherCorrections: ordered(otherCorrections) }),
    message: told,
  };
}

/** Nobody has written the cotangent, which is one. */
const cotangentName = "𝟙";
const cotangentFactor = `${cotangentName} * `;

function withoutCotangent(correction: Correction): Correction {
  const plain = (text: string | null): string | null => text?.replaceAll(cotangentFactor, "") ?? null;
  return { ...correction, at: plain(correction.at), within: plain(correction.within) };
}

/** Names in scope, of derivations those nearer to the check, of what the root is made of the first; and what nets have been given. */
function namesOf({ applications }: Graph, scope: GradientClaim["scope"], root: Node): Map<Node, string> {
  const forward = new Set(coneOf([root]));
  const names = new Map<Node, string>();
  // `dh[n] = h[n]` does not rename what was there.
  for (const { name, node } of scope) if (!forward.has(node) || !names.has(node)) names.set(node, name);
  for (const { kind, inputs, first, end } of applications) {
    if (kind !== "net") continue;
    const inner = scope.find(({ name, node }) => node.id >= first && node.id < end && name.includes("."));
    if (inner === undefined) continue;
    const prefix = inner.name.slice(0, inner.name.lastIndexOf(".") + 1);
    for (const [name, node] of inputs) if (!names.has(node)) names.set(node, prefix + name);
  }
  return names;
}

/** The program between the named sources and the root, as if it were one net. */
function programOf(
  { graph, root, rates: given = new Map() }: GradientClaim,
  names: ReadonlyMap<Node, string>,
  label: string,
): Application {
  const inputs = leavesOf([root], (node) => names.has(node)).map((node) => [names.get(node)!, node] as const);
  const cone = new Set(coneOf([root]));
  const nets = graph.applications.filter(({ kind, result }) => kind === "net" && cone.has(result));
  return {
    kind: "net",
    name: "",
    origin: undefined,
    first: 0,
    end: graph.nodes.length,
    inputs: new Map(inputs),
    result: root,
    vjp: new Map(),
    jvp: new Map(),
    movedNames: new Map([[label, cotangentName]]),
    sizes: new Map(nets.flatMap(({ sizes }) => [...(sizes ?? [])])),
    rates: new Map([...nets.flatMap(({ rates }) => [...(rates ?? [])]), ...given]),
  };
}

function isShape(a: Node, b: Node): boolean {
  return (
    isFloat(a.dtype) &&
    a.shape.length === b.shape.length &&
    a.shape.every((size, axis) => size === b.shape[axis])
  );
}
