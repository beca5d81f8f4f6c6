/**
 * The hand rules of one application against autodiff of its own body, at the live values: which are wrong, where most, and
 * whether each pair is adjoint. Knows nothing of why.
 */
import { elementCount, full, isFloat, type Tensor } from "../../tensor";
import { isRejected, operator } from "../../ops";
import type { Application, Graph, Node } from "../../graph";
import { dot } from "../measure/answers";
import { unravel } from "../measure/branches";
import { Differences } from "../measure/differences";
import { LocalBody, type Values } from "./local-body";
import type { Tolerance } from "../outcome";
import { roundingsOf } from "../measure/rounding";
import { isOutside } from "../verdict/on-kink";
import { besideKink, standsOnKink } from "./beside-kinks";
import { makeWorld, type World, type WorldInput, type WorldKind } from "./worlds";

/** The rules of one direction for one input node; several where one node is given for several inputs. */
export interface RuleTest {
  readonly mode: "vjp" | "jvp";
  /** As in "vjp W". */
  readonly rule: string;
  readonly input: Node;
  /** What the rules gave, recorded in the original graph; undefined where one is a hole. */
  readonly answers: readonly Node[] | undefined;
  /** What autodiff of the body gives, in the body's graph; undefined for zeros. */
  readonly truth: Node | undefined;
}

export interface RuleContext {
  readonly graph: Graph;
  readonly base: Values;
  readonly tolerance: Tolerance;
}

/** A value that is said to be the gradient of the result at a value of the body. */
export interface Claim {
  readonly label: string;
  readonly at: Node;
  readonly value: Node;
}

export interface WrongRule {
  readonly test: RuleTest;
  readonly index: number[];
  /** Live, unless some element is on a kink there. */
  readonly kind: WorldKind;
  /** Two worlds of that kind. */
  readonly turns: readonly [number, number];
}

export class ApplicationCheck {
  readonly application: Application;
  readonly body: LocalBody;
  readonly cotangent: Node;
  readonly tests: readonly RuleTest[];
  readonly #context: RuleContext;
  readonly #worldInput: WorldInput;
  readonly #worlds = new Map<string, World>();
  #isOnKink: boolean | undefined;
  readonly #roundings = new Map<World, ReadonlyMap<RuleTest, Float64Array>>();

  /** Of the rules of the application, or of claims about its result, which has one element. */
  constructor(context: RuleContext, application: Application, claims: readonly Claim[] = []) {
    const { graph, base } = context;
    this.#context = context;
    this.application = application;
    this.body = new LocalBody(application, base);
    this.cotangent = graph.source(full(application.result.dtype, application.result.shape, 1));
    const inputs = [...new Set(application.inputs.values())];
    const tangents = new Map<Node, Node>();
    const pushed = new Set([...application.jvp.keys()].map((name) => application.inputs.get(name)));
    for (const node of inputs)
      if (isFloat(node.dtype) && pushed.has(node))
        tangents.set(node, graph.source(full(node.dtype, node.shape, 1)));
    this.#worldInput = { base, body: this.body, inputs, cotangent: this.cotangent, tangents };
    this.tests = inputs
      .filter((input) => isFloat(input.dtype))
      .flatMap((input) => [
        this.#test("vjp", input, this.cotangent),
        this.#test("jvp", input, tangents.get(input)),
      ])
      .filter((test) => test !== undefined)
      .concat(claims.flatMap((claim) => this.#claimed(claim)));
  }

  /** A claim as a rule: the cotangent times the value. */
  #claimed({ label, at, value }: Claim): RuleTest[] {
    const { cotangent, graph } = this;
    const answer = graph.apply(operator("mul"), { x: cotangent, y: value }, {});
    if (isRejected(answer)) return [];
    return [{ mode: "vjp", rule: label, input: at, answers: [answer], truth: this.body.gradient(at) }];
  }

  /** The tangent of an input with a jvp rule, in the original graph. */
  tangentOf(input: Node): Node {
    const tangent = this.#worldInput.tangents.get(input);
    if (tangent === undefined) throw new Error("only inputs with jvp rules have tangents");
    return tangent;
  }

  get graph(): Graph {
    return this.#context.graph;
  }

  world(kind: WorldKind, turn: number): World {
    const key = `${kind} ${turn}`;
    let world = this.#worlds.get(key);
    if (world === undefined) this.#worlds.set(key, (world = makeWorld(this.#worldInput, kind, turn)));
    return world;
  }

  /**
   * Rules of inputs that count in steps alone (`round`, `sign`, a comparison, `stop_gradient`): the derivative is zero wherever there
   * is one, and what such a rule gives stands in for it on purpose.
   */
  standIns(): RuleTest[] {
    return this.tests.filter(({ input, answers, truth }) => {
      const copy = this.body.copyOf(input);
      return answers !== undefined && truth === undefined && copy !== undefined && copy !== this.body.result;
    });
  }

  /** What is wrong beyond tolerance, rounding and what only a kink explains. */
  wrong(): WrongRule[] {
    const standIns = new Set(this.standIns());
    return this.tests.flatMap((test) => {
      if (test.answers === undefined || standIns.has(test)) return [];
      const live = this.#misses(test, this.world("live", 0));
      if (live.length === 0) return this.#besideKinks(test);
      const worst = (misses: readonly number[]): WrongRule => ({
        test,
        index: unravel(misses[0]!, shapeOf(test, this.application)),
        kind: "live",
        turns: [0, 1],
      });
      const near = [0, 1].map((turn) => this.#misses(test, this.world("near", turn)));
      if (near.some((misses) => misses.length === 0)) {
        const beside = this.#besideKinks(test);
        return beside.length > 0 ? beside : this.#beyondKinks(test, live).map((i) => worst([i]));
      }
      // Elements that are wrong only at the very point are on a kink, where conventions differ.
      const missedNear = near.map((misses) => new Set(misses));
      const everywhere = live.filter((i) => missedNear.every((misses) => misses.has(i)));
      if (everywhere.length === live.length) return [worst(live)];
      return [{ ...worst(everywhere.length > 0 ? everywhere : near[0]!), kind: "near" }];
    });
  }

  /** Where the values stand on a kink: a rule that is wrong at one side of it. */
  #besideKinks(test: RuleTest): WrongRule[] {
    this.#isOnKink ??= standsOnKink(
      this.body,
      this.world("live", 0),
      [0, 1].map((turn) => this.world("near", turn)),
    );
    if (!this.#isOnKink) return [];
    const worlds = Array.from({ length: mostTurns }, (_, turn) => this.world("near", turn));
    const found = besideKink(
      worlds.map((world) => answerOf(test, world)),
      worlds.map((world) => truthOf(test, world, this.application)),
    );
    if (found === undefined) return [];
    const [first, second] = found.turns;
    const index = unravel(found.element, shapeOf(test, this.application));
    return [{ test, index, kind: "near", turns: [first!, second ?? (first! + 1) % mostTurns] }];
  }

  /** Of elements that are wrong only at the very point, the first at which no convention makes the rule right. */
  #beyondKinks(test: RuleTest, misses: readonly number[]): number[] {
    const leaf = this.body.copyOf(test.input);
    if (test.mode !== "vjp" || leaf === undefined) return [];
    const { original, local } = this.world("live", 0);
    const cotangent = Float64Array.from(original(this.cotangent).data);
    const differences = new Differences(local, leaf, this.body.result, [cotangent], () => undefined);
    const answer = answerOf(test, this.world("live", 0));
    return misses
      .slice(0, mostKinks)
      .filter((i) => {
        const found = differences.careful(i, () => false);
        return found.kinks.length === 1 && Number.isFinite(answer[i]) && isOutside(answer[i]!, found, 0);
      })
      .slice(0, 1);
  }

  /** Rules that give no number where autodiff gives one: whether they are wrong is not known, right they are not. */
  unfounded(): RuleTest[] {
    const world = this.world("live", 0);
    return this.tests.filter((test) => {
      if (test.answers === undefined) return false;
      const answer = answerOf(test, world);
      return truthOf(test, world, this.application).some(
        (truth, i) => Number.isFinite(truth) && !Number.isFinite(answer[i] ?? NaN),
      );
    });
  }

  /** |⟨u, J v⟩ − ⟨Jᵀ u, v⟩| for each input with rules of both directions, relative to the size of the summands. */
  adjoint(): { readonly rule: string; readonly error: number }[] {
    return this.tests.flatMap((test) => {
      const partner = this.tests.find(({ mode, input }) => mode === "jvp" && input === test.input);
      if (test.mode !== "vjp" || test.answers === undefined || partner?.answers === undefined) return [];
      const world = this.world("live", 0);
      const u = world.original(this.cotangent).data;
      const v = world.original(this.#worldInput.tangents.get(test.input)!).data;
      const pulled = answerOf(test, world);
      const pushed = answerOf(partner, world);
      const size = norm(u) * norm(pushed) + norm(pulled) * norm(v);
      const error = Math.abs(dot(u, pushed) - dot(pulled, v));
      return [{ rule: test.rule.slice("vjp ".length), error: error === 0 ? 0 : error / size }];
    });
  }

  #test(mode: "vjp" | "jvp", input: Node, moved: Node | undefined): RuleTest | undefined {
    const names = [...this.application[mode].keys()].filter(
      (name) => this.application.inputs.get(name) === input,
    );
    if (names.length === 0 || moved === undefined) return undefined;
    const answers: Node[] = [];
    for (const name of names) {
      const answer = this.application[mode].get(name)!(moved);
      if (answer !== undefined) answers.push(answer);
    }
    const truth = mode === "vjp" ? this.body.gradient(input) : this.body.tangent(input).answer;
    const rule = names.map((name) => `${mode} ${name}`).join(", ");
    return { mode, rule, input, answers: answers.length < names.length ? undefined : answers, truth };
  }

  /** The elements at which a rule is wrong in this world, the worst first. */
  #misses(test: RuleTest, world: World): number[] {
    const answer = answerOf(test, world);
    const truth = truthOf(test, world, this.application);
    const { absolute, relative } = this.#context.tolerance;
    let scale = 0;
    for (const x of truth) if (Math.abs(x) > scale) scale = Math.abs(x);
    const slack = absolute * Math.min(1, scale);
    const isMiss = (i: number, more: number): boolean => {
      const a = answer[i] ?? NaN;
      const b = truth[i]!;
      // Where autodiff has no number, it is no judge.
      if (a === b || !Number.isFinite(b)) return false;
      return !(Math.abs(a - b) <= slack + relative * Math.abs(b) + more);
    };
    const beyondTolerance: number[] = [];
    for (let i = 0; i < truth.length; i++) if (isMiss(i, 0)) beyondTolerance.push(i);
    if (beyondTolerance.length === 0) return [];
    const rounding = this.#rounding(test, world);
    const misses = beyondTolerance.filter((i) => isMiss(i, rounding[i] ?? 0));
    const errors = Float64Array.from(misses, (i) => {
      const error = Math.abs((answer[i] ?? NaN) - truth[i]!);
      return Number.isNaN(error) ? Infinity : error;
    });
    return worstFirst(misses, errors);
  }

  /** Once for all rules at the live values and near them. */
  #rounding(test: RuleTest, world: World): Float64Array {
    const live = world.kind === "near" ? this.#roundings.get(this.world("live", 0))?.get(test) : undefined;
    if (live?.some((error) => error > 0) === true) return live;
    let errors = this.#roundings.get(world);
    if (errors === undefined) this.#roundings.set(world, (errors = this.#roundingIn(world)));
    return errors.get(test)!;
  }

  #roundingIn(world: World): Map<RuleTest, Float64Array> {
    const inputs = this.#worldInput.inputs;
    const isInput = new Set<Node>(inputs);
    const rounded = (source: Node): boolean =>
      source.dtype === "float32" && source.shape.length === 0 && !isInput.has(source);
    const tests = this.tests.filter(({ answers }) => answers !== undefined);
    const answers = [...new Set(tests.flatMap((test) => test.answers ?? []))];
    const truths = [...new Set(tests.flatMap(({ truth }) => truth ?? []))];
    const copies = inputs.flatMap((input) => this.body.copyOf(input) ?? []);
    const errors = new Map<Node, Float64Array>();
    roundingsOf(world.original, answers, { from: inputs, rounded }).forEach((error, i) =>
      errors.set(answers[i]!, error),
    );
    roundingsOf(world.local, truths, { from: copies }).forEach((error, i) => errors.set(truths[i]!, error));
    return new Map(
      tests.map((test) => {
        const total = new Float64Array(elementCount(shapeOf(test, this.application)));
        for (const node of [...(test.answers ?? []), ...(test.truth === undefined ? [] : [test.truth])])
          errors.get(node)!.forEach((x, i) => (total[i] = (total[i] ?? 0) + x));
        return [test, total];
      }),
    );
  }
}

/** The elements of the largest errors in front: they are few that anybody looks at. */
function worstFirst(elements: readonly number[], errors: Float64Array): number[] {
  const order = Array.from(elements.keys());
  if (elements.length <= mostSorted) order.sort((a, b) => errors[b]! - errors[a]!);
  else {
    let worst = 0;
    for (let i = 0; i < errors.length; i++) if (errors[i]! > errors[worst]!) worst = i;
    [order[0], order[worst]] = [worst, 0];
  }
  return order.map((i) => elements[i]!);
}

/** Of more elements, only the worst comes first. */
const mostSorted = 1000;

/** Worlds near the live values that are looked at for one in which a rule is wrong beside a kink. */
const mostTurns = 6;

/** Elements that are looked at for what only holds at the very point. */
const mostKinks = 8;

/** The sum of what a test's rules give. */
export function answerOf({ answers }: RuleTest, world: World): Float64Array {
  const [first, ...others] = (answers ?? []).map((answer) => world.original(answer));
  const sum = Float64Array.from(first?.data ?? []);
  for (const other of others) other.data.forEach((x, i) => (sum[i] = sum[i]! + x));
  return sum;
}

export function truthOf(test: RuleTest, world: World, application: Application): Float64Array {
  if (test.truth !== undefined) return Float64Array.from(world.local(test.truth).data);
  return new Float64Array(elementCount(shapeOf(test, application)));
}

/** A cotangent has its input's shape, a tangent the result's. */
export function shapeOf({ mode, input }: RuleTest, { result }: Application): Tensor["shape"] {
  return mode === "vjp" ? input.shape : result.shape;
}

function norm(x: ArrayLike<number>): number {
  return Math.sqrt(dot(x, x));
}
