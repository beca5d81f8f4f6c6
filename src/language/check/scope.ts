/** Names and what they are bound to, innermost scope first. Knows nothing of how values are made. */
import type { Place } from "./diagnostics/diagnostic";
import type { Value } from "./value";

export type BindingRole =
  "input" | "hyperparameter" | "size" | "parameter" | "value" | "constant" | "index" | "argument";

export interface Binding {
  readonly name: string;
  readonly value: Value;
  readonly role: BindingRole;
  readonly place: Place;
}

/** One level of names. Plain names of a `for` live in its turn; families in the nearest scope that is not a turn. */
export class Scope {
  readonly parent: Scope | undefined;
  readonly turn: boolean;
  readonly #bindings = new Map<string, Binding>();

  constructor(parent: Scope | undefined, turn = false) {
    this.parent = parent;
    this.turn = turn;
  }

  lookup(name: string): Binding | undefined {
    return this.#bindings.get(name) ?? this.parent?.lookup(name);
  }

  own(name: string): Binding | undefined {
    return this.#bindings.get(name);
  }

  bind(binding: Binding): void {
    this.#bindings.set(binding.name, binding);
  }

  /** The scope that families of this place belong to. */
  get body(): Scope {
    return this.turn && this.parent !== undefined ? this.parent.body : this;
  }

  /** The bindings of this level, in order of definition. */
  bindings(): IterableIterator<Binding> {
    return this.#bindings.values();
  }

  /** Every name in sight, innermost first. */
  *names(): Generator<string> {
    yield* this.#bindings.keys();
    if (this.parent !== undefined) yield* this.parent.names();
  }
}
