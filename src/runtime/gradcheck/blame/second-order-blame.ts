/**
 * Which hand rules are right in value and wrong when they are differentiated again: each rule's own derivatives against those of what
 * autodiff of the body gives. Knows nothing of rules that are wrong themselves.
 */
import { isFloat, torchGenerator, type Tensor } from "../../tensor";
import { isRejected } from "../../ops";
import type { Application, Graph, Node } from "../../graph";
import { coneOf } from "../measure/cone";
import { unravel } from "../measure/branches";
import { extentOf } from "../measure/extent";
import { distance } from "../explain/search";
import { defaultTolerance, type Blame, type Explanation } from "../outcome";
import { bare } from "../explain/quotes";
import { correctionAt, replacedBy } from "../explain/written";
import { applicationsBelow } from "./blame";
import { LocalBody, type Values } from "./local-body";
import { describedBy, namesIn, type Naming } from "./naming";
import { ApplicationCheck, type RuleTest } from "./rule-check";
import type { World } from "./worlds";

export interface SecondOrderInput {
  readonly graph: Graph;
  readonly root: Node;
  readonly base: Values;
  /** Applications that are known to be wrong: what uses them only inherits it. */
  readonly known: ReadonlySet<Application>;
  readonly nameOf: Naming;
  readonly poll: () => void;
}

/** Derivatives that differ by less, relative to their size, are the same. */
const same = 1e-5;

export function blameAgain(input: SecondOrderInput): Blame[] {
  const { graph, root, base, known, nameOf, poll } = input;
  return applicationsBelow(graph, root).flatMap((application) => {
    if (application.vjp.size + application.jvp.size === 0 || known.has(application)) return [];
    poll();
    const check = new ApplicationCheck({ graph, base, tolerance: defaultTolerance }, application);
    const wrong = new Set(check.wrong().map(({ test }) => test));
    const named = namesIn({ application, check, nameOf });
    return check.tests.flatMap((test): Blame[] => {
      if (wrong.has(test) || usesAny(test, graph, known)) return [];
      const found = mistakeIn(check, test);
      return found === undefined ? [] : [blameOf(check, test, found, named)];
    });
  });
}

function usesAny({ answers = [] }: RuleTest, graph: Graph, known: ReadonlySet<Application>): boolean {
  if (known.size === 0) return false;
  const cone = new Set<Node>(coneOf(answers));
  return graph.applications.some((each) => known.has(each) && cone.has(each.result));
}

interface Mistake {
  /** What the rule is differentiated with respect to: an input, or what moves. */
  readonly by: Node;
  readonly index: number[];
  readonly isConstant: boolean;
  /** The `stop_gradient` without which the derivative is right. */
  readonly stop: Node | undefined;
}

function mistakeIn(check: ApplicationCheck, test: RuleTest): Mistake | undefined {
  const { application } = check;
  const [answer, more] = test.answers ?? [];
  if (answer === undefined || more !== undefined || test.truth === undefined) return undefined;
  const moved = test.mode === "vjp" ? check.cotangent : check.tangentOf(test.input);
  const movedCopy = test.mode === "vjp" ? check.body.cotangent : check.body.tangent(test.input).tangent;
  const inputs = [...application.inputs].filter(([, { dtype }]) => isFloat(dtype));
  const pairs = [
    ...inputs.map(([, node]) => [node, check.body.copyOf(node)] as const),
    [moved, movedCopy] as const,
  ];
  const live = check.world("live", 0);
  const written = (result: Node): LocalBody =>
    bodyOf(
      application,
      result,
      pairs.map(([node]) => node),
      live.original,
    );
  const truth = bodyOf(
    application,
    test.truth,
    pairs.flatMap(([, copy]) => copy ?? []),
    live.local,
  );
  for (const [by, copy] of pairs) {
    if (copy === undefined) continue;
    const wrongIn = (rule: LocalBody, world: World): Compared | undefined =>
      compared(rule, truth, [by, copy], world);
    const rule = written(answer);
    const found = wrongIn(rule, live);
    if (found === undefined || wrongIn(rule, check.world("near", 0)) === undefined) continue;
    const stop = coneOf([answer]).find(
      (node) =>
        node.kind === "apply" &&
        node.op.name === "stop_gradient" &&
        check.body.copyOf(node) === undefined &&
        wrongIn(written(without(check.graph, answer, node)), live) === undefined,
    );
    return { by, ...found, stop };
  }
  return undefined;
}

function bodyOf(application: Application, result: Node, inputs: readonly Node[], values: Values): LocalBody {
  const named = new Map(inputs.map((node, i) => [String(i), node]));
  return new LocalBody({ ...application, inputs: named, result }, values);
}

type Compared = Pick<Mistake, "index" | "isConstant">;

/** The derivatives of ⟨w, result⟩ for a random w; undefined where they are the same. */
function compared(
  rule: LocalBody,
  truth: LocalBody,
  [by, copy]: readonly [Node, Node],
  world: World,
): Compared | undefined {
  const { shape } = rule.result;
  const weights: Tensor = torchGenerator(29).randn(shape, "float64");
  const valueOf = (body: LocalBody, values: Values, at: Node): ArrayLike<number> => {
    const gradient = body.gradient(at);
    if (gradient === undefined) return new Float64Array(sizeOf(at));
    return body.evaluator(values, [[body.cotangent, weights]])(gradient).data;
  };
  const found = valueOf(rule, world.original, by);
  const right = valueOf(truth, world.local, copy);
  const size = extentOf([...Array.from(right, Math.abs), ...Array.from(found, Math.abs)]).most;
  if (size < 1e-12 || !Array.from(right).every(Number.isFinite)) return undefined;
  if (!(distance(found, Float64Array.from(right), 1) > same)) return undefined;
  let worst = 0;
  for (let i = 0; i < right.length; i++)
    if (!(Math.abs(found[i]! - right[i]!) <= Math.abs(found[worst]! - right[worst]!))) worst = i;
  return { index: unravel(worst, by.shape), isConstant: Array.from(found).every((x) => x === 0) };
}

function sizeOf({ shape }: Node): number {
  return shape.reduce((product, each) => product * each, 1);
}

/** The same value with what `stop_gradient` is applied to in its place. */
function without(graph: Graph, answer: Node, stop: Node): Node {
  const replaced = new Map<Node, Node>([[stop, stop.inputs[0]!]]);
  const of = (node: Node): Node => replaced.get(node) ?? node;
  for (const node of coneOf([answer])) {
    if (node.kind === "source" || node === stop || !node.inputs.some((each) => replaced.has(each))) continue;
    const operands: Record<string, Node | readonly Node[] | undefined> = {};
    for (const [name, operand] of Object.entries(node.operands))
      operands[name] = operand === undefined || "kind" in operand ? operand && of(operand) : operand.map(of);
    const made = graph.apply(node.op, operands, node.attributes);
    if (!isRejected(made)) replaced.set(node, made);
  }
  return of(answer);
}

function blameOf(
  { application, body }: ApplicationCheck,
  { rule, input, answers = [] }: RuleTest,
  { by, index, isConstant, stop }: Mistake,
  named: Naming,
): Blame {
  const stopped = stop?.inputs[0];
  // The named value of the rule whose expression it stands in.
  const owner =
    stop &&
    coneOf(answers).find(
      (node) => named(node) !== undefined && body.copyOf(node) === undefined && coneOf([node]).includes(stop),
    );
  const place = owner === undefined ? "" : ` in \`${named(owner)!}\``;
  const name = named(by) ?? "an input";
  const text = stopped && describedBy(named)(stopped);
  const described = text && bare(text);
  const value = described ?? "what it is applied to";
  const because =
    stopped !== undefined
      ? `\`stop_gradient\` holds \`${value}\` constant${place}; without it the derivative is right`
      : isConstant
        ? `it does not change with \`${name}\``
        : "the rule gives the right numbers in another way than by the derivative's formula";
  const explanation: Explanation = {
    kind: stopped === undefined ? "unknown" : "other-argument",
    factor: null,
    expression: described ?? null,
    fit: stopped === undefined ? Infinity : 0,
    runnerUp: null,
    corrections:
      described === undefined
        ? []
        : correctionAt({ at: `stop_gradient(${described})` }, replacedBy(described)).map((each) => ({
            ...each,
            value: (owner && named(owner)) ?? null,
          })),
    message: `${rule}: its values are right, its derivative with respect to \`${name}\` is not: ${because}`,
  };
  return { application, rule, node: owner ?? input, index: owner === undefined ? index : [], explanation };
}
