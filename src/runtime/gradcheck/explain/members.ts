/** Members of families by their names: `h[2]`. Owns how a wrong index is told; knows no values. */

export interface Member {
  readonly family: string;
  readonly index: number;
}

export function memberOf(name: string): Member | undefined {
  const [, family, index] = /^(.*)\[(-?\d+)\]$/u.exec(name) ?? [];
  return family === undefined || index === undefined ? undefined : { family, index: Number(index) };
}

/** "the index is one too high: ", before what is said; nothing where two names are not of one family. */
export function indexMessage(name: string | undefined, right: string): string {
  const [own, other] = [memberOf(name ?? ""), memberOf(right)];
  if (own === undefined || other === undefined || own.family !== other.family) return "";
  const excess = own.index - other.index;
  if (excess === 0) return "";
  const size = Math.abs(excess);
  return `the index is ${size === 1 ? "one" : String(size)} too ${excess > 0 ? "high" : "low"}: `;
}
