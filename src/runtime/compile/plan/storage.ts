/**
 * Where every value is: sources for good, results until nobody reads them any more, in place of an operand that ends with
 * the step where its elements are read in the same order. Everything is planned before a byte is allocated. Knows nothing of
 * instructions.
 */
import { elementCount, type Shape, type DType } from "../../tensor";
import type { Target } from "../emit";
import { bytesOf } from "../loops/lane-memory";
import type { Access } from "../program/access";
import type { Program } from "../program/program";
import { operandsOf } from "../program/value";
import { Blocks } from "./blocks";
import type { Schedule, Step } from "./steps";
import { isAligned } from "./usage";
import type { Division } from "./work";

export interface Storage {
  /** By value: where it begins; undefined for values that are never in memory. */
  readonly addresses: readonly (number | undefined)[];
  /** By step: where its scratch memory is, and how many bytes of it each share has. */
  readonly scratch: readonly ({ readonly address: number; readonly bytes: number } | undefined)[];
  /** What is copied after the last step: a source's next value that is not in its place already. */
  readonly copies: readonly { readonly from: number; readonly to: number; readonly bytes: number }[];
  /** Everything, in bytes. */
  readonly bytes: number;
  /** The most that is needed at any moment, in bytes. */
  readonly needed: number;
}

/** Before the first value: flags, and what threads tell each other. */
const reserved = 64;

/** Kernels may read this much beyond any value. */
const margin = 64;

/** Steps that are divided have scratch memory for each of the shares that may be done at the same time. */
export function storageOf(
  program: Program,
  schedule: Schedule,
  target: Target,
  divisions: readonly (Division | undefined)[],
): Storage {
  return new Planner(program, schedule, target, divisions).run();
}

/** In whole vectors. */
export function storedBytes(shape: Shape, dtype: DType): number {
  return Math.ceil((elementCount(shape) * bytesOf(dtype)) / 16) * 16;
}

class Planner {
  readonly #program: Program;
  readonly #steps: readonly Step[];
  readonly #careful: number;
  /** So many steps run once; what others read of them stays. */
  readonly #lasting: number;
  readonly #isKept: readonly boolean[];
  readonly #isWanted: readonly boolean[];
  readonly #target: Target;
  /** By value: the block that it is in. */
  readonly #places: (number | undefined)[];
  /** The step that reads a value last. */
  readonly #lastReads: number[];
  readonly #blocks = new Blocks(reserved);
  /** By step: the block of scratch memory, and how many bytes of it each share has. */
  readonly #scratch: ({ readonly block: number; readonly bytes: number } | undefined)[];
  readonly #divisions: readonly (Division | undefined)[];
  /** Updates by the value that they store. */
  readonly #updates = new Map<number, number>();
  /** The values of sources by slot. */
  readonly #sources: number[] = [];

  constructor(
    program: Program,
    { steps, usage, careful, lasting }: Schedule,
    target: Target,
    divisions: readonly (Division | undefined)[],
  ) {
    this.#divisions = divisions;
    this.#program = program;
    this.#steps = steps;
    this.#careful = careful;
    this.#lasting = lasting;
    this.#isWanted = usage.isWanted;
    this.#target = target;
    this.#places = program.values.map(() => undefined);
    this.#lastReads = program.values.map(() => -1);
    this.#scratch = steps.map(() => undefined);
    steps.forEach(({ inputs }, step) => {
      for (const { value } of inputs) this.#lastReads[value] = step;
    });
    const isKept = program.values.map(() => false);
    for (const { results } of steps.slice(0, lasting))
      for (const value of results) isKept[value] = this.#lastReads[value]! >= lasting;
    this.#isKept = isKept;
    for (const { slot, access } of program.updates) {
      if (!this.#updates.has(access.value)) this.#updates.set(access.value, slot);
    }
  }

  run(): Storage {
    const { values } = this.#program;
    for (const [index, value] of values.entries()) {
      if (value.kind !== "source") continue;
      this.#sources[value.slot] = index;
      this.#places[index] = this.#blocks.take(this.#bytesOf(index), -1);
    }
    this.#steps.forEach((step, at) => {
      this.#placeStep(step, at);
    });
    const placed = this.#blocks.placed();
    const addresses = this.#places.map((block) =>
      block === undefined ? undefined : placed.addresses[block],
    );
    const copies = this.#program.updates.flatMap(({ slot, access }) => {
      const source = this.#sources[slot]!;
      const { dtype } = values[access.value]!;
      const from = addresses[access.value]! + access.offset * bytesOf(dtype);
      const to = addresses[source]!;
      return from === to ? [] : [{ from, to, bytes: elementCount(access.shape) * bytesOf(dtype) }];
    });
    return {
      addresses,
      scratch: this.#scratch.map((own) => own && { address: placed.addresses[own.block]!, bytes: own.bytes }),
      copies,
      bytes: placed.end + margin,
      needed: placed.most,
    };
  }

  #placeStep(step: Step, at: number): void {
    const ending = new Set(
      step.inputs
        .map(({ value }) => value)
        .filter((value) => this.#lastReads[value] === at && this.#isTemporary(value)),
    );
    for (const result of step.results) {
      const place = this.#sourcePlace(step, at, result) ?? this.#operandPlace(step, result, ending);
      this.#places[result] = place ?? this.#blocks.take(this.#bytesOf(result), at);
    }
    if (step.kind === "kernel") {
      const bytes = 16 * Math.ceil((step.value.kernel.scratch?.(step.value.node, this.#target) ?? 0) / 16);
      const all = bytes * (this.#divisions[at]?.parts ?? 1);
      if (bytes > 0) {
        const block = this.#blocks.take(all, at);
        this.#scratch[at] = { block, bytes };
        this.#blocks.giveBack(block, at);
      }
    }
    for (const value of ending) this.#blocks.giveBack(this.#places[value]!, at);
    for (const result of step.results) {
      // Nobody reads a result that is only computed along with others.
      if (this.#lastReads[result] === -1 && this.#isTemporary(result))
        this.#blocks.giveBack(this.#places[result]!, at);
    }
  }

  #isTemporary(value: number): boolean {
    return this.#program.values[value]!.kind !== "source" && !this.#isWanted[value] && !this.#isKept[value];
  }

  /** The place of the source that the result replaces, where nobody reads the source later or in another order. */
  #sourcePlace(step: Step, at: number, result: number): number | undefined {
    const slot = this.#updates.get(result);
    if (slot === undefined || at < Math.max(this.#careful, this.#lasting)) return undefined;
    const { values, updates } = this.#program;
    const source = this.#sources[slot]!;
    if (!this.#mayReplace(step, result, source)) return undefined;
    const update = updates.find((each) => each.slot === slot)!;
    const isWhole = update.access.value === result && update.access.offset === 0;
    if (!isWhole || this.#lastReads[source]! > at || this.#isWanted[source]) return undefined;
    if (values[source]!.dtype !== values[result]!.dtype || this.#bytesOf(source) !== this.#bytesOf(result))
      return undefined;
    return this.#isReadInOrder(step.inputs, source, result) ? this.#places[source] : undefined;
  }

  /** Whether the step stores each element of the result after all that it reads of the source's, if it reads them in order. */
  #mayReplace(step: Step, result: number, source: number): boolean {
    if (step.kind === "loop") return step.spec.stores.some((_, k) => step.results[k] === result);
    if (step.kind !== "kernel" || step.epilogue === undefined) return false;
    const { kernel, node } = step.value;
    if (kernel.storesOnce?.(node, this.#target) !== true) return false;
    return operandsOf(step.value).every(({ value }) => value !== source);
  }

  /** The place of an operand that ends here, which the result takes over. */
  #operandPlace(step: Step, result: number, ending: Set<number>): number | undefined {
    if (step.kind !== "loop" || step.spec.folds.length > 0) return undefined;
    const { values } = this.#program;
    for (const value of ending) {
      if (bytesOf(values[value]!.dtype) !== bytesOf(values[result]!.dtype)) continue;
      if (elementCount(values[value]!.shape) !== elementCount(values[result]!.shape)) continue;
      if (!this.#isReadInOrder(step.inputs, value, result)) continue;
      ending.delete(value);
      return this.#places[value];
    }
    return undefined;
  }

  #isReadInOrder(inputs: readonly Access[], value: number, result: number): boolean {
    const { values } = this.#program;
    return inputs.every((access) => access.value !== value || isAligned(access, values[result]!));
  }

  #bytesOf(value: number): number {
    const { shape, dtype } = this.#program.values[value]!;
    return storedBytes(shape, dtype);
  }
}
