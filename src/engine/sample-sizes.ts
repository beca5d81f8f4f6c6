/**
 * The sizes that an op or a net is sampled with: what its own samples say, else pairwise distinct ones, so that a transposed rule
 * cannot hide. Knows nothing of values but their shapes.
 */
import type { Elaborator, Frame, Value } from "../language/check";
import { Scope, sizeValue, type Place } from "../language/check";
import { namesIn } from "./rewriting";
import type { Input, Sample, Type } from "../language/syntax";

export interface SizesInput {
  readonly e: Elaborator;
  /** With no record: nothing here is a node of the sample. */
  readonly frame: Frame;
  readonly inputs: readonly Input[];
  readonly result: Type | undefined;
  readonly place: Place;
  readonly samples: ReadonlyMap<string, Sample>;
  readonly hyperparameters: ReadonlyMap<string, Value>;
  readonly known: ReadonlyMap<string, Value> | undefined;
  readonly firstSize: number;
}

/** Sizes by name, in a scope with the hyperparameters. */
export class SampleSizes {
  readonly #input: SizesInput;
  /** What the shapes of samples have said. */
  readonly #fixed = new Map<string, number>();
  #fixedRest: readonly number[] | undefined;
  #scope: Scope;
  #rest: readonly number[] = [];

  constructor(input: SizesInput) {
    this.#input = input;
    this.#scope = this.#fitting();
  }

  get scope(): Scope {
    return this.#scope;
  }

  /** The shape that a type has; undefined where a size in it cannot be told. */
  shapeOf(type: Type): number[] | undefined {
    const shape: number[] = [];
    for (const item of type.dims) {
      if (item.kind === "ellipsis") shape.push(...this.#rest);
      else {
        const size = this.#sizeOf(item, this.#scope);
        if (size === undefined) return undefined;
        shape.push(size);
      }
    }
    return shape;
  }

  /** Whether sizes have changed so that the type is of this shape, which a sample has. */
  adapt(type: Type, shape: readonly number[]): boolean {
    const at = type.dims.findIndex(({ kind }) => kind === "ellipsis");
    const rest = shape.length - type.dims.length + 1;
    if (at < 0 ? shape.length !== type.dims.length : rest < 0) return false;
    let changed = false;
    if (at >= 0) {
      const wanted = shape.slice(at, at + rest);
      if (this.#fixedRest === undefined && wanted.join() !== this.#rest.join()) {
        this.#fixedRest = wanted;
        changed = true;
      }
    }
    for (const [i, item] of type.dims.entries()) {
      if (item.kind === "ellipsis") continue;
      const actual = shape[at >= 0 && i > at ? i + rest - 1 : i]!;
      if (this.#sizeOf(item, this.#scope) === actual) continue;
      const [name, ...others] = [...namesIn(item)].filter((each) => this.#isFree(each));
      if (name === undefined || others.length > 0) continue;
      const size = item.kind === "name" ? actual : this.#solved(item, name, actual);
      if (size === undefined) continue;
      this.#fixed.set(name, size);
      changed = true;
    }
    if (changed) this.#scope = this.#fitting();
    return changed;
  }

  #isFree(name: string): boolean {
    const { samples, hyperparameters } = this.#input;
    return !samples.has(name) && !hyperparameters.has(name) && !this.#fixed.has(name);
  }

  /** The size for which an expression of it has this value. */
  #solved(item: Exclude<Type["dims"][number], { kind: "ellipsis" }>, name: string, actual: number) {
    for (let size = 1; size <= actual + mostAdded; size++) {
      const scope = new Scope(this.#scope);
      scope.bind({ name, value: sizeValue(size), role: "size", place: this.#input.place });
      if (this.#sizeOf(item, scope) === actual) return size;
    }
    return undefined;
  }

  #sizeOf(item: Exclude<Type["dims"][number], { kind: "ellipsis" }>, scope: Scope): number | undefined {
    const { e, frame } = this.#input;
    const size = e.evaluate({ ...frame, scope }, item);
    return size.kind === "number" ? size.value : undefined;
  }

  /** Sizes of which nothing that is declared is empty: in `[n - k + 1]` n is the larger. */
  #fitting(): Scope {
    const rising = this.#chosen("rising");
    const least = this.#leastSize(rising);
    if (least >= leastWanted) return rising;
    const falling = this.#chosen("falling");
    return this.#leastSize(falling) > least ? falling : this.#chosen("rising");
  }

  /** The smallest of all declared sizes that can be told. */
  #leastSize(scope: Scope): number {
    const { inputs, result } = this.#input;
    const types = [...inputs.map(({ type }) => type), result];
    const sizes = types.flatMap((type) =>
      (type?.dims ?? []).flatMap((item) =>
        item.kind === "ellipsis" ? [] : (this.#sizeOf(item, scope) ?? []),
      ),
    );
    return Math.min(leastWanted, ...sizes);
  }

  #chosen(order: "rising" | "falling"): Scope {
    const { e, frame, inputs, place, samples, hyperparameters, known, firstSize } = this.#input;
    const scope = new Scope(undefined);
    for (const [name, value] of hyperparameters) scope.bind({ name, value, role: "hyperparameter", place });
    const used = new Set<number>([
      ...this.#fixed.values(),
      ...[...hyperparameters.values()].flatMap((value) =>
        value.kind === "number" && value.value !== undefined ? [value.value] : [],
      ),
    ]);
    const numbers = order === "rising" ? rising(firstSize) : falling(firstSize, namesOfSizes(inputs).size);
    const distinct = (): number => {
      for (;;) {
        const { value } = numbers.next();
        if (used.has(value)) continue;
        used.add(value);
        return value;
      }
    };
    for (const { type } of inputs) {
      for (const item of type?.dims ?? []) {
        if (item.kind !== "name" || scope.own(item.name) !== undefined) continue;
        const sample = samples.get(item.name);
        const given = sample === undefined ? undefined : e.evaluate({ ...frame, scope }, sample.value);
        const fixed = this.#fixed.get(item.name);
        const said = given ?? (fixed === undefined ? known?.get(item.name) : sizeValue(fixed));
        scope.bind({ name: item.name, value: said ?? sizeValue(distinct()), role: "size", place });
      }
    }
    this.#rest = this.#fixedRest ?? [distinct(), distinct()];
    return scope;
  }
}

function* rising(first: number): Generator<number, never> {
  for (let size = first; ; size++) yield size;
}

/** A large one and smaller ones, `least` the smallest of them; what is wanted beyond these is larger. */
function* falling(least: number, count: number): Generator<number, never> {
  const most = least + count + 1;
  yield most;
  for (let size = most - 3; size >= least; size--) yield size;
  return yield* rising(most + 1);
}

function namesOfSizes(inputs: readonly Input[]): ReadonlySet<string> {
  return new Set(
    inputs.flatMap(({ type }) =>
      (type?.dims ?? []).flatMap((item) => (item.kind === "name" ? item.name : [])),
    ),
  );
}

/** With one element alone much goes unseen. */
const leastWanted = 2;

/** Sizes are looked for up to so many above what they are to give: `[n - 2]`. */
const mostAdded = 64;
