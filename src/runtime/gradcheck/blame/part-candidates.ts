/** Hypotheses about whole contributions: one that was overwritten, counted twice, or has the wrong sign; and a cotangent of ones. */
import { alongFirst, specOf, type Application, type NamedNumber, type Node } from "../../graph";
import { elementCount, type Tensor } from "../../tensor";
import { editOf, type Candidate } from "../explain/candidate";
import { ellipsis } from "../explain/print-node";
import { bare } from "../explain/quotes";
import { correctionAt } from "../explain/written";
import type { Correction } from "../correction";
import { coneOf } from "../measure/cone";
import { gradientParts, tangentParts, type Part } from "./dropped-contributions";
import type { Expression, Outcome } from "../explain/expression";
import { ones, writtenDerivative } from "../explain/factors";
import type { Naming } from "./naming";
import type { ApplicationCheck, RuleTest } from "./rule-check";
import type { World } from "./worlds";
import { familyOf } from "./gradient-names";

export interface PartContext {
  readonly check: ApplicationCheck;
  readonly expression: Expression;
  readonly worlds: readonly World[];
  readonly textOf: Naming;
  readonly isNamed: (node: Node) => boolean;
  /** Derived values by what they are the gradients at, in the original graph. */
  readonly derived: ReadonlyMap<Node, string>;
}

/** What the rule gives, and `times` times a part. */
export function* partCandidates(
  context: PartContext,
  outcome: Outcome,
  test: RuleTest,
): Generator<Candidate> {
  const { check } = context;
  const parts =
    test.mode === "vjp"
      ? gradientParts(check.body, test.input, familyOfUse(context))
      : tangentParts(check.body, test.input);
  const tangent = test.mode === "jvp" ? context.check.tangentOf(test.input) : undefined;
  for (const part of parts)
    yield* candidatesOf(context, outcome, part, {
      partIn: (world) => world.local(part.part),
      isAtOnes: !test.rule.startsWith(`${test.mode} `),
      ...(tangent === undefined
        ? {}
        : { moved: [context.check.body.tangent(test.input).tangent, tangent] as const }),
    });
}

/** The same for an inner value's own gradient, by a cotangent of ones. */
export function* innerPartCandidates(
  context: PartContext,
  outcome: Outcome,
  node: Node,
  scale = 1,
): Generator<Candidate> {
  const { check, worlds } = context;
  const atOnes = worlds.map((world) => onesIn(check, world));
  const scaled = (part: Tensor): Tensor =>
    scale === 1 ? part : { ...part, data: Float64Array.from(part.data, (x) => scale * x) };
  for (const part of gradientParts(check.body, node, familyOfUse(context)))
    yield* candidatesOf(context, outcome, part, {
      partIn: (world) => scaled(atOnes[worlds.indexOf(world)]!(part.part)),
      isAtOnes: true,
      isScaled: scale !== 1,
    });
}

/** The family of the named value that a use leads to. */
function familyOfUse({ check, textOf, isNamed }: PartContext): (use: Node) => string | undefined {
  return (use) => {
    const way = wayOf(check, use, isNamed);
    return isNamed(way) ? familyOf(textOf(way) ?? "") : undefined;
  };
}

/** The body at a cotangent of ones. */
export function onesIn(check: ApplicationCheck, world: World): World["local"] {
  return check.body.evaluator(world.original, [[check.body.cotangent, ones(check.body.result.shape)]]);
}

interface PartNumbers {
  readonly partIn: (world: World) => Tensor;
  readonly isAtOnes: boolean;
  /** Whether derived values are multiples of gradients. */
  readonly isScaled?: boolean;
  /** The body's tangent, and what it stands for. */
  readonly moved?: readonly [tangent: Node, original: Node] | undefined;
}

function* candidatesOf(
  { check, expression, worlds, textOf, isNamed, derived }: PartContext,
  outcome: Outcome,
  { at, through, several, isFamily, part }: Part,
  { partIn, isAtOnes, isScaled, moved }: PartNumbers,
): Generator<Candidate> {
  const quoted = (node: Node): string => {
    const text = textOf(node);
    return text === undefined ? "an inner value" : `\`${bare(text)}\``;
  };
  const to = quoted(at);
  const ways = [...new Set(through.map((node) => quoted(wayOf(check, node, isNamed))))];
  const by = ways.length === 0 ? "" : ` through ${ways.join(" and ")}`;
  const gradients = isAtOnes && isScaled !== true ? derived : undefined;
  const written = termText(check, textOf, part, { moved, gradients });
  const u = bare(textOf(check.cotangent) ?? "u");
  const byHand = isAtOnes || moved !== undefined ? undefined : timesCotangent(check, textOf, part, derived);
  const term = isAtOnes && written !== undefined ? withoutOnes(written, u) : (byHand ?? written);
  const what = term === undefined || term.length > longestTold ? "" : `, \`${term}\`,`;
  const { constants } = expression.graph;
  let made: Node | undefined;
  const source = (): Node => (made ??= expression.source(ellipsis, worlds.map(partIn)));
  for (const [times, kind, message] of [
    [1, "overwritten-sum", `the contribution to ${to}${by}${what} is missing in the sum`],
    [2, "sign", `the contribution to ${to}${by} has the wrong sign`],
    [-1, "overwritten-sum", `the contribution to ${to}${by} is counted twice`],
  ] as const) {
    if (several && times !== 1) continue;
    yield {
      kind,
      // A whole contribution to something that has a name is what is forgotten; other sums are of the body's own making.
      rank:
        times !== 1
          ? isNamed(at)
            ? 15.2
            : 16
          : isFamily === true
            ? 6.95
            : several
              ? 14.5
              : isNamed(at)
                ? 6.9
                : 13.2,
      factor: null,
      expression: textOf(through[0] ?? at) ?? null,
      message,
      isExact: true,
      isOfBody: true,
      corrections: () => partCorrection(times, term),
      change: editOf({
        place: { kind: "node", node: outcome.node },
        make: (record, before) => {
          const made = source();
          const y = times === 1 ? made : record("mul", { x: made, y: constants.scalar(times, "float64") });
          return y && record("add", { x: before, y });
        },
      }),
    };
  }
}

function partCorrection(times: 1 | 2 | -1, term: string | undefined): readonly Correction[] {
  if (term === undefined) return [];
  if (times === 2) return correctionAt({ at: term }, { how: "negate" });
  return correctionAt(
    { at: null },
    times === 1 ? { how: "add-term", term, sign: 1 } : { how: "remove-term", term },
  );
}

/** The named value that a use leads to, unless that is the result; else the use itself. */
function wayOf({ body, application }: ApplicationCheck, use: Node, isNamed: PartContext["isNamed"]): Node {
  for (let node = use; ;) {
    if (node === application.result) return use;
    if (isNamed(node)) return node;
    const users = [...body.copied].filter(([{ inputs }]) => (inputs as readonly Node[]).includes(node));
    const [user] = users;
    if (user === undefined || users.length > 1) return use;
    [node] = user;
  }
}

/** `u * delta.T @ x`: in derived values, which are gradients at a cotangent of one; undefined where none of them is used, or it has several elements. */
function timesCotangent(
  check: TermContext,
  textOf: Naming,
  part: Node,
  gradients: PartContext["derived"],
): string | undefined {
  if (elementCount(check.cotangent.shape) !== 1) return undefined;
  const written = termText(check, textOf, part, { gradients });
  const u = bare(textOf(check.cotangent) ?? "u");
  const term = written && withoutOnes(written, u);
  const words = new Set(term?.match(/[\p{L}_][\p{L}\p{M}\p{N}_']*(?:\[\d+\])?/gu));
  if (term === undefined || ![...gradients.values()].some((name) => words.has(name))) return undefined;
  return `${u} * ${/ [-+] /u.test(term) ? `(${term})` : term}`;
}

/** Without the cotangent, where that is one: as a factor, and as what an element is taken of. */
export function withoutOnes(term: string, u: string): string {
  const element = new RegExp(
    `^select\\((?:([\\d.]+) \\* )?${u}( / [^()]+|), dim = \\d+, index = \\d+\\) \\* (.+)$`,
    "u",
  );
  const [, coefficient, divisor, rest] = element.exec(term) ?? [];
  if (rest !== undefined)
    return `${coefficient === undefined ? "" : `${coefficient} * `}${rest}${divisor ?? ""}`;
  const name = `(?<![\\p{L}\\p{N}_.])${u}(?![\\p{L}\\p{N}_.[(])`;
  return term
    .replaceAll(new RegExp(`${name} \\* | \\* ${name}`, "gu"), "")
    .replaceAll(new RegExp(name, "gu"), "1");
}

/** What a text of the body's graph is about. */
type TermContext = Pick<ApplicationCheck, "body" | "application" | "cotangent">;

/** What a part is, in the names of the body: as long as that is short. */
export function termText(
  check: TermContext,
  textOf: Naming,
  part: Node,
  {
    moved,
    gradients = new Map(),
  }: Pick<PartNumbers, "moved"> & { readonly gradients?: PartContext["derived"] | undefined } = {},
): string | undefined {
  const names = new Map<Node, string>([[check.body.cotangent, bare(textOf(check.cotangent) ?? "u")]]);
  for (const [original, copy] of check.body.copied) {
    const text = textOf(original);
    if (text !== undefined) names.set(copy, text);
  }
  if (moved !== undefined) names.set(moved[0], textOf(moved[1]) ?? "t");
  for (const [at, name] of gradients) {
    const gradient = check.body.gradient(at);
    if (gradient?.kind === "apply" && !names.has(gradient)) names.set(gradient, name);
  }
  const { sizes = new Map<string, number>(), rates = new Map<string, number>() } = check.application;
  const exponents = exponentsIn(check.body);
  const text = specOf(
    part,
    {
      nameOf: (node) => (node === part ? undefined : names.get(node)),
      numberOf: (value) => (exponents.has(value) ? undefined : namedNumber(value, { sizes, rates })),
    },
    writtenDerivative,
  );
  return text === undefined || text.length > longestTerm ? undefined : text;
}

/** Exponents of the body, and those that are one less: what they make of a derivative is no size, though there be one as large. */
function exponentsIn({ copied }: ApplicationCheck["body"]): ReadonlySet<number> {
  const found = [...copied].flatMap(([node]) => {
    const exponent = node.kind === "apply" && node.op.name === "pow" ? node.inputs[1] : undefined;
    const value = exponent?.kind === "source" && exponent.shape.length === 0 ? exponent.value.data[0]! : 0;
    return value > 1 ? [value, value - 1] : [];
  });
  return new Set(found);
}

/** A number by the rate or the size that it is made of: 0.2 is 2 lambda, 0.4 is 2 / N. */
function namedNumber(
  value: number,
  { sizes, rates }: Required<Pick<Application, "sizes" | "rates">>,
): NamedNumber | undefined {
  const isNear = (x: number): boolean => Math.abs(x - value) <= 1e-6 * Math.abs(value);
  for (const coefficient of [1, 2, 0.5, -1, -2, -0.5])
    for (const [name, rate] of rates)
      if (isNear(coefficient * rate)) return { coefficient, factors: [name], divisors: [] };
  if (Math.abs(value) <= 2 && Math.abs(value) >= 0.5) return undefined;
  for (const coefficient of [1, 2, -1, -2])
    for (const [name, size] of sizes)
      if (isNear(coefficient * size)) return { coefficient, factors: [name], divisors: [] };
      else if (isNear(coefficient / size)) return { coefficient, factors: [], divisors: [name] };
  return undefined;
}

const longestTerm = 80;
/** In a message. */
const longestTold = 48;

/** The rule gives what is right where the cotangent is one everywhere: the cotangent is left out. */
export function* onesCandidate(
  { check, expression, worlds, textOf }: PartContext,
  outcome: Outcome,
  test: RuleTest,
): Generator<Candidate> {
  const { truth } = test;
  if (test.mode !== "vjp" || truth === undefined) return;
  // What is there is not left out.
  if (coneOf([outcome.node]).includes(expression.given(check.cotangent))) return;
  const atOnes = worlds.map((world) => onesIn(check, world));
  yield {
    kind: "missing-cotangent",
    rank: 2.2,
    factor: null,
    expression: textOf(check.cotangent) ?? "u",
    message: `the cotangent \`${textOf(check.cotangent) ?? "u"}\` is left out`,
    corrections: () => {
      const u = textOf(check.cotangent) ?? "u";
      const by = alongFirst(u, check.cotangent.shape, outcome.node.shape);
      return correctionAt({ at: null }, { how: "multiply", by });
    },
    change: {
      how: "numbers",
      numbers: (asked, world) => {
        if (asked !== outcome) return undefined;
        const found = expression.valueIn(world, outcome.node)?.data;
        const one = atOnes[world]!(truth).data;
        const right = outcome.truths[world]!;
        return found && Float64Array.from(found, (x, i) => x - one[i]! + right[i]!);
      },
    },
  };
}
