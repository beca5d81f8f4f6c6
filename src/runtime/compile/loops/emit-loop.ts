/**
 * Writes a fused loop: kept axes around folded ones, vectors along the last axis, several of them a turn where each takes
 * little. Knows nothing of graphs or of where operands are.
 */
import type { Intrinsic } from "../../ops";
import {
  forShare,
  lastShare,
  type FunctionBuilder,
  type FunctionRef,
  type Local,
  type ModuleBuilder,
  type Share,
  type Target,
} from "../emit";
import { begin, join, storeLanes, storeWhole, take, type FoldCode, type Running } from "./fold-code";
import { emitOperation, laneCountOf, loadConstants, type LaneContext, type LaneCount } from "./lane-code";
import { loadApart, loadConsecutive, loadRepeated, storeConsecutive } from "./lane-memory";
import { dividedAxis, walkOf, type LoopWalk } from "./loop-axes";
import type { LoopSpec } from "./loop-spec";

export interface LoopContext {
  readonly module: ModuleBuilder;
  /** Its parameters are the addresses of inputs, stores and folds. */
  readonly code: FunctionBuilder;
  readonly target: Target;
  host(name: Intrinsic): FunctionRef;
  /** The share that is done; all of it where it is left out. Only where the loop is divisible. */
  readonly share?: Share | undefined;
}

export function emitLoop(context: LoopContext, spec: LoopSpec): void {
  new LoopEmitter(context, spec).emit();
}

/** One vector of a turn: which, and how many of its lanes count. */
interface Turn {
  readonly position: number;
  readonly valid: number;
}

class LoopEmitter {
  readonly #spec: LoopSpec;
  readonly #code: FunctionBuilder;
  readonly #walk: LoopWalk;
  readonly #lanes: LaneCount;
  readonly #context: LaneContext;
  readonly #folds: readonly FoldCode[];
  /** The axis of the vectors: the last one. */
  readonly #vector: number;
  /** How many vectors a turn takes. */
  readonly #unrolled: number;
  /** The axis that runs inside of that of the vectors, because an input lies along it: a few of its lines are read at a time. */
  readonly #across: number | undefined;
  /** The axis whose turns are done in shares. */
  readonly #divided: number | undefined;
  readonly #share: Share | undefined;
  /** Operations that are the same for the whole loop that is being written. */
  readonly #hoisted = new Map<number, Local>();

  constructor(context: LoopContext, spec: LoopSpec) {
    this.#spec = spec;
    this.#code = context.code;
    this.#walk = walkOf(spec);
    this.#lanes = laneCountOf(spec.operations);
    const constants = loadConstants(context.code, context.target, spec.operations);
    this.#context = { ...context, lanes: this.#lanes, constants };
    this.#vector = this.#walk.axes.length - 1;
    const apart = this.#walk.places.some(
      ({ strides, bytes }) => ![0, bytes].includes(strides[this.#vector]!),
    );
    this.#across = apart && spec.folds.length === 0 && this.#vector > 0 ? this.#vector - 1 : undefined;
    this.#unrolled = spec.operations.length <= 6 ? 4 : spec.operations.length <= 12 ? 2 : 1;
    this.#share = context.share;
    this.#divided = context.share && dividedAxis(this.#walk.axes);
    const count = spec.shape.reduce((product, size, axis) => product * (spec.folded[axis]! ? size : 1), 1);
    this.#folds = spec.folds.map((fold) => ({
      code: context.code,
      lanes: this.#lanes,
      fold,
      type: spec.operations[fold.operation]!.type,
      count,
    }));
  }

  emit(): void {
    const { axes } = this.#walk;
    if (axes.some(({ size, folded }) => size === 0 && !folded)) return;
    const across = this.#across;
    const outer = axes.flatMap(({ folded }, axis) =>
      folded || axis === this.#vector || axis === across ? [] : [axis],
    );
    const parameters = this.#code.parameters.slice(0, this.#walk.places.length);
    this.#hoist((input) => this.#walk.places[input]!.strides.every((stride) => stride === 0), parameters);
    this.#nest(outer, parameters, (addresses) => {
      this.#keptPart(addresses);
    });
  }

  /** Inside of the loops over kept axes but that of the vectors. */
  #keptPart(addresses: readonly Local[]): void {
    const { axes } = this.#walk;
    const inner = axes.flatMap(({ folded }, axis) => (folded && axis !== this.#vector ? [axis] : []));
    if (axes[this.#vector]!.folded) {
      const running = this.#folds.map((fold) => this.#turns().map(() => begin(fold)));
      this.#nest(inner, addresses, (at) => {
        this.#alongVector(at, (turnAddresses, turns) => {
          this.#body(turnAddresses, turns, running);
        });
      });
      this.#folds.forEach((fold, k) => {
        const [first, ...others] = running[k]!;
        for (const other of others) join(fold, first!, other);
        storeWhole(fold, first!, addresses[this.#placeOfFold(k)]!, 0);
        this.#code.release(...running[k]!.flat());
      });
    } else if (this.#across !== undefined) {
      const across = this.#across;
      this.#alongVector(addresses, (turnAddresses, turns) => {
        this.#nest([across], turnAddresses, (at) => {
          this.#body(at, turns, []);
        });
      });
    } else if (this.#folds.length === 0) {
      this.#alongVector(addresses, (turnAddresses, turns) => {
        this.#body(turnAddresses, turns, []);
      });
    } else {
      this.#alongVector(addresses, (turnAddresses, turns) => {
        const running = this.#folds.map((fold) => turns.map(() => begin(fold)));
        this.#nest(inner, turnAddresses, (at) => {
          this.#body(at, turns, running);
        });
        this.#folds.forEach((fold, k) => {
          const place = this.#placeOfFold(k);
          const step = this.#walk.places[place]!.strides[this.#vector]! * this.#lanes;
          for (const { position, valid } of turns) {
            storeLanes(fold, running[k]![position]!, turnAddresses[place]!, position * step, valid);
          }
          this.#code.release(...running[k]!.flat());
        });
      });
    }
  }

  /** As many vectors as any turn takes. */
  #turns(): Turn[] {
    const { size } = this.#walk.axes[this.#vector]!;
    const count = Math.max(1, Math.min(this.#unrolled, Math.ceil(size / this.#lanes)));
    return Array.from({ length: count }, (_, position) => ({ position, valid: this.#lanes }));
  }

  /** Loops over the axes, the first outermost; `body` gets the addresses of every place there. */
  #nest(
    axes: readonly number[],
    addresses: readonly Local[],
    body: (addresses: readonly Local[]) => void,
  ): void {
    const [axis, ...rest] = axes;
    if (axis === undefined) {
      body(addresses);
      return;
    }
    forShare(this.#code, this.#shareOf(axis), [0, this.#walk.axes[axis]!.size], 1, (counter) => {
      const moved = this.#moved(addresses, axis, counter);
      this.#nest(rest, moved, body);
      this.#code.release(...moved.filter((local, k) => local !== addresses[k]));
    });
  }

  #shareOf(axis: number): Share | undefined {
    return axis === this.#divided ? this.#share : undefined;
  }

  /** Whole turns in a loop, then what is left. */
  #alongVector(
    addresses: readonly Local[],
    turn: (addresses: readonly Local[], turns: readonly Turn[]) => void,
  ): void {
    const { size } = this.#walk.axes[this.#vector]!;
    const lanes = this.#lanes;
    const step = this.#unrolled * lanes;
    const whole = Math.floor(size / step) * step;
    const crosses = this.#folds.length > 0 || this.#across !== undefined;
    const fixed = !crosses || this.#walk.axes[this.#vector]!.folded;
    const before = [...this.#hoisted.keys()];
    if (fixed) {
      this.#hoist((input) => this.#walk.places[input]!.strides[this.#vector] === 0, addresses);
    }
    const share = this.#shareOf(this.#vector);
    forShare(this.#code, share, [0, whole], step, (counter) => {
      const moved = this.#moved(addresses, this.#vector, counter);
      turn(moved, this.#turns());
      this.#code.release(...moved.filter((local, k) => local !== addresses[k]));
    });
    const left = size - whole;
    if (left > 0) {
      lastShare(this.#code, share, () => {
        const counter = this.#code.define("i32", () => {
          this.#code.i32(whole);
        });
        const moved = whole === 0 ? addresses : this.#moved(addresses, this.#vector, counter);
        turn(
          moved,
          Array.from({ length: Math.ceil(left / lanes) }, (_, position) => ({
            position,
            valid: Math.min(lanes, left - position * lanes),
          })),
        );
        this.#code.release(counter, ...moved.filter((local, k) => local !== addresses[k]));
      });
    }
    for (const [operation, local] of this.#hoisted) {
      if (before.includes(operation)) continue;
      this.#code.release(local);
      this.#hoisted.delete(operation);
    }
  }

  /** The addresses `counter` elements further along the axis; those that do not move are the same locals. */
  #moved(addresses: readonly Local[], axis: number, counter: Local): Local[] {
    const code = this.#code;
    const distances = new Map<number, Local>();
    const moved = addresses.map((address, k) => {
      const stride = this.#walk.places[k]!.strides[axis]!;
      if (stride === 0) return address;
      let distance = distances.get(stride);
      if (distance === undefined) {
        distance = code.define("i32", () => {
          code.get(counter);
          code.i32(stride);
          code.op("i32.mul");
        });
        distances.set(stride, distance);
      }
      return code.define("i32", () => {
        code.op("i32.add", address, distance);
      });
    });
    code.release(...distances.values());
    return moved;
  }

  /** Loads inputs that do not move, and computes what depends on them alone. */
  #hoist(isFixed: (input: number) => boolean, addresses: readonly Local[]): void {
    const code = this.#code;
    const { operations, inputs } = this.#spec;
    for (const [id, operation] of operations.entries()) {
      if (this.#hoisted.has(id) || operation.kind === "constant") continue;
      if (operation.kind === "load") {
        if (!isFixed(operation.input)) continue;
        loadRepeated(code, inputs[operation.input]!.dtype, addresses[operation.input]!, 0);
      } else {
        const operands = operation.kind === "convert" ? [operation.operand] : operation.operands;
        const known = (operand: number): boolean =>
          this.#hoisted.has(operand) || operations[operand]!.kind === "constant";
        if (!operands.every(known) || !operands.some((operand) => this.#hoisted.has(operand))) continue;
        emitOperation(this.#context, operations, operation, (operand) => this.#fixed(operand));
      }
      const local = code.local("v128");
      code.set(local);
      this.#hoisted.set(id, local);
    }
  }

  /** A constant, or what was hoisted. */
  #fixed(id: number): Local {
    const operation = this.#spec.operations[id]!;
    if (operation.kind !== "constant") return this.#hoisted.get(id)!;
    return this.#code.constant(operation.type === "f32" ? "f32x4" : "f64x2", operation.value);
  }

  #body(addresses: readonly Local[], turns: readonly Turn[], running: readonly (readonly Running[])[]): void {
    for (const turn of turns) this.#vectorOf(addresses, turn, running);
  }

  /** Everything for one vector. */
  #vectorOf(
    addresses: readonly Local[],
    { position, valid }: Turn,
    running: readonly (readonly Running[])[],
  ): void {
    const code = this.#code;
    const { operations, inputs, stores, folds } = this.#spec;
    const uses = this.#useCounts();
    const locals = new Map<number, Local>();
    const at = (id: number): Local =>
      operations[id]!.kind === "constant" || this.#hoisted.has(id) ? this.#fixed(id) : locals.get(id)!;
    const used = (id: number): void => {
      const left = uses[id]! - 1;
      uses[id] = left;
      const local = locals.get(id);
      if (left === 0 && local !== undefined) code.release(local);
    };
    for (const [id, operation] of operations.entries()) {
      if (operation.kind === "constant" || this.#hoisted.has(id) || uses[id] === 0) continue;
      if (operation.kind === "load") {
        const input = inputs[operation.input]!;
        this.#load(input.dtype, operation.input, addresses, { position, valid });
      } else emitOperation(this.#context, operations, operation, at);
      const operands =
        operation.kind === "load"
          ? []
          : operation.kind === "convert"
            ? [operation.operand]
            : operation.operands;
      operands.forEach(used);
      const local = code.local("v128");
      code.set(local);
      locals.set(id, local);
    }
    stores.forEach((store, k) => {
      const place = inputs.length + k;
      const step = this.#walk.places[place]!.strides[this.#vector]! * this.#lanes;
      const offset = position * step;
      storeConsecutive(code, store.dtype, this.#lanes, addresses[place]!, offset, at(store.operation), valid);
    });
    folds.forEach(({ operation }, k) => {
      const counted = this.#walk.axes[this.#vector]!.folded ? valid : this.#lanes;
      take(this.#folds[k]!, running[k]![position]!, at(operation), counted);
    });
    for (const { operation } of [...stores, ...folds]) used(operation);
  }

  #load(
    dtype: LoopSpec["inputs"][number]["dtype"],
    place: number,
    addresses: readonly Local[],
    { position, valid }: Turn,
  ): void {
    const { bytes, strides } = this.#walk.places[place]!;
    const stride = strides[this.#vector]!;
    const address = addresses[place]!;
    const offset = position * this.#lanes * stride;
    if (stride === 0) loadRepeated(this.#code, dtype, address, 0);
    else if (stride === bytes) loadConsecutive(this.#code, dtype, this.#lanes, address, offset);
    else loadApart(this.#code, dtype, this.#lanes, address, { offset, step: stride, valid });
  }

  /** How often each operation is used by others, stores and folds. */
  #useCounts(): number[] {
    const { operations, stores, folds } = this.#spec;
    const counts = operations.map(() => 0);
    const use = (id: number): void => void (counts[id] = counts[id]! + 1);
    for (const operation of operations) {
      if (operation.kind === "convert") use(operation.operand);
      else if (operation.kind === "intrinsic") operation.operands.forEach(use);
    }
    for (const { operation } of [...stores, ...folds]) use(operation);
    return counts;
  }

  #placeOfFold(fold: number): number {
    return this.#spec.inputs.length + this.#spec.stores.length + fold;
  }
}
