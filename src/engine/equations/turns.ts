/** Names in the turn of a loop, and sums over many turns written as one: Σ_t H[t-1] ⊗ ∂J/∂H[t]. Knows no graphs. */
import type { WrittenEquation } from "../../runtime/graph";

/** The value of each loop index around a statement. */
export type TurnOfLoop = Readonly<Record<string, number | string>>;

/** The names of one turn of a loop as the body says them: `z[2]` in the turn l = 2 is `z[l]`, `z[3]` is `z[l+1]`. */
export function inTurn(name: string, turn: TurnOfLoop): string {
  const indices = Object.entries(turn).flatMap(([index, value]) =>
    typeof value === "number" ? [[index, value] as const] : [],
  );
  if (indices.length === 0) return name;
  return name.replaceAll(/\[(-?\d+)\]/g, (whole: string, digits: string) => {
    const near = indices
      .map(([index, value]) => ({ index, offset: Number(digits) - value }))
      .filter(({ offset }) => Math.abs(offset) <= 2)
      .sort((a, b) => Math.abs(a.offset) - Math.abs(b.offset))[0];
    if (near === undefined) return whole;
    const { index, offset } = near;
    return `[${index}${offset === 0 ? "" : offset < 0 ? String(offset) : `+${String(offset)}`}]`;
  });
}

/** A summand that comes through a member of a family, as its own turn says it. */
export interface TurnSummand {
  /** As in `H`. */
  readonly family: string;
  /** The loop's index, as in `t`. */
  readonly index: string;
  readonly equation: WrittenEquation;
}

type Part<T> =
  | { readonly one: T }
  | { readonly all: readonly T[]; readonly through: string; readonly equation: WrittenEquation };

/** Fewer turns than this are written one by one. */
const many = 4;

/**
 * The summands with those that are the same in every turn as one. What differs in the same family is the first or last
 * turn, where something is known: the sum covers it.
 */
export function overTurns<T>(
  summands: readonly T[],
  turnOf: (summand: T) => TurnSummand | undefined,
): readonly Part<T>[] {
  const families = groupBy(summands, (summand) => turnOf(summand)?.family);
  return [...families].flatMap(([family, members]): Part<T>[] => {
    const texts = groupBy(members, (member) => turnOf(member)?.equation.text);
    const [most = []] = [...texts.values()].sort((a, b) => b.length - a.length);
    const turn = most[0] === undefined ? undefined : turnOf(most[0]);
    if (family === undefined || turn === undefined || most.length < many || members.length - most.length > 2)
      return members.map((one) => ({ one }));
    const { text, tex, isWhole } = turn.equation;
    const equation = { text: `Σ_${turn.index} ${text}`, tex: `\\sum_{${turn.index}} ${tex}`, isWhole };
    return [{ all: members, through: `${family}[${turn.index}]`, equation }];
  });
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
