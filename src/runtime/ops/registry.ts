/** All operators by name: what completion, checking, lowering and rules look up. Owns nothing else. */
import type { OpDefinition } from "./define-op";
import { elementwiseOperators } from "./elementwise";
import { linearOperators } from "./linear";
import { losses } from "./loss";
import { nnOperators } from "./nn";
import { reductions } from "./reduce";
import { shapeOperators } from "./shape";

const all: readonly OpDefinition[] = [
  ...elementwiseOperators,
  ...linearOperators,
  ...losses,
  ...nnOperators,
  ...reductions,
  ...shapeOperators,
];

export const operators: ReadonlyMap<string, OpDefinition> = byName(all);

/** Those that a spec can call: a name that begins with `_` is for other operators' derivative rules alone. */
export const callableOperators: ReadonlyMap<string, OpDefinition> = new Map(
  [...operators].filter(([name]) => !name.startsWith("_")),
);

function byName(definitions: readonly OpDefinition[]): ReadonlyMap<string, OpDefinition> {
  const named = new Map<string, OpDefinition>();
  for (const definition of definitions) {
    if (named.has(definition.name)) throw new Error(`two operators are called ${definition.name}`);
    named.set(definition.name, definition);
  }
  return named;
}

/** The operator of that name. Throws where there is none: rules name operators that exist. */
export function operator(name: string): OpDefinition {
  const found = operators.get(name);
  if (found === undefined) throw new Error(`no operator is called ${name}`);
  return found;
}
