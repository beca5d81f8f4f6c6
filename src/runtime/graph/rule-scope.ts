/**
 * Where hand-written rules hold: which applications have them, and which part of a flow has to stop at their inputs.
 *
 * What enters an application through its result with rules is *inside* it until it reaches one of its inputs: a ruled
 * input takes nothing from inside, because its rule has spoken for it; every other input lets it out. What enters an
 * application elsewhere, at an inner node that is used outside, is not inside it in this sense and passes everywhere.
 */
import { isFloat } from "../tensor";
import type { Application, HandRule, Node } from "./node";

/** An application with rules in the direction of a pass. */
export interface Ruled {
  readonly index: number;
  readonly result: Node;
  readonly inputs: ReadonlySet<Node>;
  readonly rules: readonly InputRule[];
  readonly ruledInputs: ReadonlySet<Node>;
}

export interface InputRule {
  /** As in "vjp W". */
  readonly name: string;
  readonly input: Node;
  readonly rule: HandRule;
}

/** The applications that a flow is inside of, by index, ascending; almost always none. */
export type Scope = readonly number[];

export const outside: Scope = [];

type Direction = "vjp" | "jvp";

/** The scopes of applications that only ever grow in number: made once for each number of them. */
function ruleScopes(applications: readonly Application[], direction: Direction): RuleScopes {
  let made = known.get(applications);
  if (made?.count !== applications.length) {
    const count = applications.length;
    made = { count, vjp: new RuleScopes(applications, "vjp"), jvp: new RuleScopes(applications, "jvp") };
    known.set(applications, made);
  }
  return made[direction];
}

interface Scopes {
  readonly count: number;
  readonly vjp: RuleScopes;
  readonly jvp: RuleScopes;
}

const known = new WeakMap<readonly Application[], Scopes>();

/** No rules at all. */
const none: readonly Application[] = [];

/** The scopes that a pass with these options minds. */
export function scopesFor(
  applications: readonly Application[],
  rules: "hand" | "derived",
  direction: Direction,
): RuleScopes {
  return ruleScopes(rules === "hand" ? applications : none, direction);
}

export class RuleScopes {
  readonly #byIndex: readonly (Ruled | undefined)[];
  readonly #byResult = new Map<Node, Ruled>();

  constructor(applications: readonly Application[], direction: Direction) {
    this.#byIndex = applications.map((application, index) => ruledBy(application, index, direction));
    for (const ruled of this.#byIndex) if (ruled !== undefined) this.#byResult.set(ruled.result, ruled);
  }

  /** The application with rules whose result `node` is. */
  at(node: Node): Ruled | undefined {
    return this.#byResult.get(node);
  }

  /** Where a flow between `scope` and the operand `node` is when it has arrived, or undefined where it must not arrive. */
  between(scope: Scope, node: Node): Scope | undefined {
    if (scope.length === 0) return scope;
    const left: number[] = [];
    for (const index of scope) {
      const ruled = this.#byIndex[index]!;
      if (ruled.ruledInputs.has(node)) return undefined;
      if (!ruled.inputs.has(node)) left.push(index);
    }
    return left.length === scope.length ? scope : left;
  }
}

/** The scope of a flow that has entered one more application. */
export function entered(scope: Scope, ruled: Ruled | undefined): Scope {
  if (ruled === undefined || scope.includes(ruled.index)) return scope;
  return [...scope, ruled.index].sort((a, b) => a - b);
}

export function scopeKey(scope: Scope): string {
  return scope.join(" ");
}

function ruledBy(application: Application, index: number, direction: Direction): Ruled | undefined {
  const rules: InputRule[] = [];
  for (const [name, rule] of application[direction]) {
    const input = application.inputs.get(name);
    if (input !== undefined && isFloat(input.dtype))
      rules.push({ name: `${direction} ${name}`, input, rule });
  }
  if (rules.length === 0) return undefined;
  return {
    index,
    result: application.result,
    inputs: new Set(application.inputs.values()),
    rules,
    ruledInputs: new Set(rules.map(({ input }) => input)),
  };
}
