/**
 * Training steps as compiled modules: forward, backward and the optimizer's update in one call, one module for each batch
 * size. Parameters and the optimizer's state live in the modules' memory. Knows nothing of text.
 */
import type { TrainingPlan, TrainingVariant } from "../language/check";
import { compile, isCompiled, tune, type CompiledGraph, type ThreadHost } from "../runtime/compile";
import { Graph, type Node, type SourceNode } from "../runtime/graph";
import { elementCount, full, tensor, type Tensor } from "../runtime/tensor";
import type { OptimizerState } from "./optimizers";

/** Which examples a step sees: `count` of them from `start` of an order, or of the data itself. */
export interface Examples {
  readonly order: ArrayLike<number> | undefined;
  readonly start: number;
  readonly count: number;
}

/** How a step ended; where it did not end well nothing has been updated. */
export type CompiledOutcome =
  { readonly kind: "done"; readonly loss: number } | { readonly kind: "fault" } | { readonly kind: "broken" };

/** One batch size. */
interface Session {
  readonly compiled: CompiledGraph;
  readonly variant: TrainingVariant;
  readonly inputs: readonly SourceNode[];
  readonly parameters: readonly SourceNode[];
  /** Parameters, then the optimizer's state: what goes over to another batch size. */
  readonly lasting: readonly SourceNode[];
  /** What the optimizer computes anew at every turn. */
  readonly numbers: readonly SourceNode[];
}

/** What a host lends to trainings that are long enough. */
export interface Helpers {
  readonly threads?: ThreadHost | undefined;
  /** Milliseconds, to measure how products run fastest. */
  readonly clock?: (() => number) | undefined;
}

/** Nanoseconds of which it is worth to look for the fastest products first. */
const worthTuning = 3e9;

/** Less work than this, in elements that all steps move, is done sooner by interpreting. */
const worthwhile = 100_000;

/** Undefined where compiling does not pay or cannot be done: then steps are interpreted. */
export function compiledTraining(
  plan: TrainingPlan,
  total: number,
  memoryLimit: number,
  { threads, clock }: Helpers = {},
): CompiledTraining | undefined {
  const { optimizer } = plan;
  if (plan.record !== undefined || !isRecordable(optimizer)) return undefined;
  const moved = [...plan.initial, ...plan.data].reduce(
    (sum, { data, shape }, index) =>
      sum +
      (index < plan.initial.length ? data.length : (data.length / Math.max(1, shape[0] ?? 1)) * plan.size),
    1000,
  );
  if (total * moved < worthwhile) return undefined;
  const sessions = sessionsOf(plan, optimizer, memoryLimit, threads);
  if (sessions === undefined) return undefined;
  const nanoseconds = Math.max(...[...sessions.values()].map(({ compiled }) => compiled.report.nanoseconds));
  const isLong = total * nanoseconds > worthTuning;
  const tuned = clock !== undefined && isLong && tune(clock);
  const chosen = tuned ? sessionsOf(plan, optimizer, memoryLimit, threads) : sessions;
  if (chosen === undefined) return undefined;
  return new CompiledTraining(plan, chosen, optimizer.numbers(plan.initial));
}

/** One for each size of batch. */
function sessionsOf(
  plan: TrainingPlan,
  optimizer: OptimizerState,
  memoryLimit: number,
  threads: ThreadHost | undefined,
): ReadonlyMap<TrainingVariant, Session> | undefined {
  const sessions = new Map<TrainingVariant, Session>();
  let left = memoryLimit;
  for (const [size, variant] of plan.variants) {
    // The last batch of an epoch is not worth threads of its own.
    const session = sessionOf(variant, optimizer, left, size === plan.size ? threads : undefined);
    if (session === undefined) return undefined;
    left -= session.compiled.report.bytes;
    sessions.set(variant, session);
  }
  return sessions;
}

export class CompiledTraining {
  readonly #plan: TrainingPlan;
  readonly #sessions: ReadonlyMap<TrainingVariant, Session>;
  readonly #turn: () => readonly number[];
  #current: Session | undefined;

  constructor(
    plan: TrainingPlan,
    sessions: ReadonlyMap<TrainingVariant, Session>,
    turn: () => readonly number[],
  ) {
    this.#plan = plan;
    this.#sessions = sessions;
    this.#turn = turn;
    for (const { compiled, parameters } of sessions.values()) {
      for (const [index, node] of parameters.entries()) {
        const value = plan.initial[index];
        if (value !== undefined) compiled.set(node, value);
      }
    }
  }

  /** `poll` is called during long steps, and may throw. */
  step(variant: TrainingVariant, examples: Examples, poll?: () => void): CompiledOutcome {
    const session = this.#enter(variant);
    const { compiled } = session;
    this.#turn().forEach((value, index) => {
      const node = session.numbers[index];
      if (node !== undefined) compiled.view(node)[0] = value;
    });
    for (const { node, again } of variant.draws) {
      const value = again();
      if (node.kind === "source") compiled.set(node, value);
    }
    session.inputs.forEach((node, index) => {
      const data = this.#plan.data[index];
      if (data !== undefined && compiled.has(node)) gather(data, examples, compiled.view(node));
    });
    return this.#outcome(session, compiled.run(undefined, poll));
  }

  /** No threads until the next step. */
  rest(): void {
    for (const { compiled } of this.#sessions.values()) compiled.rest();
  }

  /** The step that was left because of a NaN, to its end; later ones are not left any more. */
  goOn(variant: TrainingVariant): CompiledOutcome {
    for (const { compiled } of this.#sessions.values()) compiled.setGuarded(false);
    const session = this.#enter(variant);
    return this.#outcome(session, session.compiled.run());
  }

  /** The values with which a step that was left began. */
  valuesOf(variant: TrainingVariant): ReadonlyMap<Node, Tensor> {
    const { compiled, inputs, parameters } = this.#enter(variant);
    const draws = variant.draws.map(({ node }) => node).filter((node) => node.kind === "source");
    const known = [...inputs, ...parameters, ...draws].filter((node) => compiled.has(node));
    return new Map(known.map((node) => [node, compiled.value(node)]));
  }

  /** As they are now. */
  parameters(): readonly Tensor[] {
    const current = this.#current;
    if (current === undefined) return this.#plan.initial;
    return current.parameters.map((node) => current.compiled.value(node));
  }

  #outcome({ compiled, variant }: Session, isDone: boolean): CompiledOutcome {
    if (isDone) return { kind: "done", loss: compiled.view(variant.loss)[0] ?? NaN };
    return { kind: compiled.outcome === "fault" ? "fault" : "broken" };
  }

  /** The session of a batch size, with the values that last brought over from the last one. */
  #enter(variant: TrainingVariant): Session {
    const session = this.#sessions.get(variant);
    if (session === undefined) throw new Error("training: a batch of an unforeseen size");
    const last = this.#current;
    if (last !== undefined && last !== session) {
      session.lasting.forEach((node, index) => {
        session.compiled.view(node).set(last.compiled.view(last.lasting[index]!));
      });
    }
    this.#current = session;
    return session;
  }
}

function sessionOf(
  variant: TrainingVariant,
  optimizer: OptimizerState,
  memoryLimit: number,
  threads: ThreadHost | undefined,
): Session | undefined {
  const parameters = sourcesOf(variant.parameters);
  const inputs = sourcesOf(variant.inputs);
  if (parameters === undefined || inputs === undefined) return undefined;
  if (variant.draws.some(({ node }) => node.kind !== "source")) return undefined;
  const zeros = new Graph();
  const gradients = variant.gradients.map((gradient, index) => {
    const { dtype, shape } = parameters[index]!;
    return gradient ?? zeros.source(full(dtype, shape, 0));
  });
  const { next, states, numbers } = optimizer.record(parameters, gradients);
  const compiled = compile([variant.loss], {
    updates: [
      ...parameters.map((node, index) => [node, next[index]!] as const),
      ...states.map(({ source, next: after }) => [source, after] as const),
    ],
    changing: [...inputs, ...numbers, ...variant.draws.map(({ node }) => node as SourceNode)], // sources, see above
    guard: variant.loss,
    memoryLimit,
    ...(threads === undefined ? {} : { threads }),
  });
  if (!isCompiled(compiled)) return undefined;
  const lasting = [...parameters, ...states.map(({ source }) => source)];
  return { compiled, variant, inputs, parameters, lasting, numbers };
}

function sourcesOf(nodes: readonly Node[]): SourceNode[] | undefined {
  const sources = nodes.filter((node) => node.kind === "source");
  return sources.length === nodes.length ? sources : undefined;
}

/** The language knows steps alone; the engine's own optimizers can be recorded as well. */
function isRecordable(optimizer: TrainingPlan["optimizer"]): optimizer is OptimizerState {
  return "record" in optimizer && "numbers" in optimizer;
}

/** Writes the examples of a batch one after the other. */
export function gather(value: Tensor, { order, start, count }: Examples, into: Tensor["data"]): void {
  const width = elementCount(value.shape.slice(1));
  if (order === undefined) into.set(value.data.subarray(start * width, (start + count) * width));
  else {
    for (let i = 0; i < count; i++) {
      const from = (order[start + i] ?? 0) * width;
      into.set(value.data.subarray(from, from + width), i * width);
    }
  }
}

/** The examples of a batch as a tensor of their own. */
export function takeExamples(value: Tensor, examples: Examples): Tensor {
  const shape = [examples.count, ...value.shape.slice(1)];
  const data = value.data.slice(0, elementCount(shape));
  gather(value, examples, data);
  return tensor(value.dtype, shape, data);
}
