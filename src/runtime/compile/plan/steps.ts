/** The program as steps in the order in which they run: loops, kernels, references. Knows nothing of memory. */
import type { Target } from "../emit";
import type { Access } from "../program/access";
import type { Program } from "../program/program";
import { operandsOf, type KernelValue, type ReferenceValue, type Value } from "../program/value";
import { fusedKernel, type EpilogueSpec } from "./fused-kernel";
import { fusedLoop, type FusedLoop } from "./fused-loop";
import { groupsOf } from "./groups";
import { lastingValues } from "./lasting";
import { usageOf, type Usage } from "./usage";

export interface LoopStep extends FusedLoop {
  readonly kind: "loop";
}

export interface KernelStep {
  readonly kind: "kernel";
  readonly value: KernelValue;
  /** The kernel's operands, then what its epilogue reads. */
  readonly inputs: readonly Access[];
  /** The kernel's result, then what its epilogue stores as well. */
  readonly results: readonly number[];
  readonly epilogue: EpilogueSpec | undefined;
}

export interface ReferenceStep {
  readonly kind: "reference";
  readonly value: ReferenceValue;
  readonly inputs: readonly Access[];
  readonly results: readonly number[];
}

/** `inputs` is what is read, `results` the values that are written. */
export type Step = LoopStep | KernelStep | ReferenceStep;

export interface Schedule {
  readonly usage: Usage;
  readonly steps: readonly Step[];
  /** So many steps, the first ones, depend on nothing that changes between runs. */
  readonly lasting: number;
  /** So many steps run before anything may be updated: all that may find a fault, and the guard's. */
  readonly careful: number;
}

export function scheduleOf(program: Program, target: Target): Schedule {
  const usage = usageOf(program);
  const isLasting = lastingValues(program, usage);
  const { groups } = groupsOf(program, usage, isLasting);
  const updated = new Set(program.updates.map(({ access }) => access.value));
  const behind = new Set<number>();
  const steps = groups.map(({ members }): Step => {
    const inside = new Set(members);
    const isStored = (value: number): boolean =>
      usage.isWanted[value]! || usage.uses[value]!.some(({ consumer }) => !inside.has(consumer));
    const loop = fusedLoop(program.values, members, isStored);
    // What is updated takes the place of what it is made of.
    const takes = (kernel: KernelValue): boolean =>
      !members.some((member) => updated.has(member)) ||
      kernel.kernel.storesOnce?.(kernel.node, target) === true;
    const kernel = kernelBefore(program, usage, loop, inside, isLasting, takes);
    if (kernel !== undefined) behind.add(kernel.kernel);
    return kernel?.step ?? { kind: "loop", ...loop };
  });
  for (const [index, value] of program.values.entries()) {
    if (!usage.isAlive[index] || behind.has(index)) continue;
    const inputs = operandsOf(value);
    if (value.kind === "kernel")
      steps.push({ kind: "kernel", value, inputs, results: [index], epilogue: undefined });
    if (value.kind === "reference") steps.push({ kind: "reference", value, inputs, results: [index] });
  }
  const isOnce = ({ results }: Step): boolean => isLasting[results[0]!]!;
  const lasting = steps.filter(isOnce);
  const inOrder = [
    ...ordered(lasting, program),
    ...ordered(
      steps.filter((step) => !isOnce(step)),
      program,
    ),
  ];
  const isCareful = (step: Step): boolean =>
    mayFail(step) || step.results.includes(program.guard?.value ?? -1);
  return { usage, steps: inOrder, lasting: lasting.length, careful: inOrder.findLastIndex(isCareful) + 1 };
}

/** The kernel that can do the loop itself, because nobody else reads its result. */
function kernelBefore(
  { values }: Program,
  usage: Usage,
  loop: FusedLoop,
  inside: ReadonlySet<number>,
  isLasting: readonly boolean[],
  takes: (kernel: KernelValue) => boolean,
): { readonly kernel: number; readonly step: KernelStep } | undefined {
  for (const { value: kernel } of loop.inputs) {
    const value = values[kernel]!;
    if (value.kind !== "kernel" || !usage.uses[kernel]!.every(({ consumer }) => inside.has(consumer)))
      continue;
    // What is computed once is not computed with what is not.
    if (isLasting[kernel] !== isLasting[loop.results[0]!] || !takes(value)) continue;
    const fused = fusedKernel(values, usage, kernel, loop, operandsOf(value));
    if (fused === undefined) continue;
    const { operands, extras, results, epilogue } = fused;
    return { kernel, step: { kind: "kernel", value, inputs: [...operands, ...extras], results, epilogue } };
  }
  return undefined;
}

/** Whether the step may find that its operands are at fault. */
export function mayFail(step: Step): boolean {
  return step.kind === "reference" || (step.kind === "kernel" && step.value.kernel.mayFail === true);
}

/** Operands first; otherwise as the graph was recorded; what replaces a source after everything that reads it. */
function ordered(steps: readonly Step[], program: Program): Step[] {
  const makers = new Map<number, number>();
  steps.forEach(({ results }, step) => {
    for (const value of results) makers.set(value, step);
  });
  const followers: Set<number>[] = steps.map(() => new Set());
  const waits = steps.map(() => 0);
  const follow = (first: number, second: number): void => {
    if (first === second || followers[first]!.has(second)) return;
    followers[first]!.add(second);
    waits[second] = waits[second]! + 1;
  };
  steps.forEach(({ inputs }, step) => {
    for (const { value } of inputs) {
      const maker = makers.get(value);
      if (maker !== undefined) follow(maker, step);
    }
  });
  keepSourcesForReaders(steps, program, makers, follow, (step) => followers[step]!.size === 0);
  const order: Step[] = [];
  const ready = new Ready(steps.map(({ results }) => Math.max(...results)));
  waits.forEach((count, step) => {
    if (count === 0) ready.add(step);
  });
  for (let step = ready.take(); step !== undefined; step = ready.take()) {
    order.push(steps[step]!);
    for (const follower of followers[step]!) {
      waits[follower] = waits[follower]! - 1;
      if (waits[follower] === 0) ready.add(follower);
    }
  }
  if (order.length !== steps.length)
    throw new Error("the steps of a program depend on each other in a circle");
  return order;
}

/**
 * A last step that makes a source's next value waits for those that read the source and are not last themselves, and for those that
 * may find a fault.
 */
function keepSourcesForReaders(
  steps: readonly Step[],
  { values, updates, guard }: Program,
  makers: ReadonlyMap<number, number>,
  follow: (first: number, second: number) => void,
  isLast: (step: number) => boolean,
): void {
  const replaced = new Map<number, number>();
  for (const { slot, access } of updates) {
    const maker = makers.get(access.value);
    if (maker !== undefined && isLast(maker)) replaced.set(slot, maker);
  }
  const last = new Set(replaced.values());
  const guarding = guard === undefined ? undefined : makers.get(guard.value);
  steps.forEach((own, step) => {
    if (last.has(step)) return;
    if (mayFail(own) || step === guarding) for (const each of last) follow(step, each);
    for (const { value } of own.inputs) {
      const maker = replaced.get(slotOf(values[value]!));
      if (maker !== undefined) follow(step, maker);
    }
  });
}

function slotOf(value: Value): number {
  return value.kind === "source" ? value.slot : -1;
}

/** The steps that may run now, the one recorded first taken first: a heap. */
class Ready {
  readonly #priorities: readonly number[];
  readonly #heap: number[] = [];

  constructor(priorities: readonly number[]) {
    this.#priorities = priorities;
  }

  add(step: number): void {
    const heap = this.#heap;
    let at = heap.push(step) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(heap[at]!, heap[parent]!)) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  take(): number | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return first;
    heap[0] = last;
    for (let at = 0; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && this.#before(heap[child]!, heap[least]!)) least = child;
      }
      if (least === at) return first;
      this.#swap(at, least);
      at = least;
    }
  }

  #before(a: number, b: number): boolean {
    return this.#priorities[a]! < this.#priorities[b]!;
  }

  #swap(a: number, b: number): void {
    [this.#heap[a], this.#heap[b]] = [this.#heap[b]!, this.#heap[a]!];
  }
}
