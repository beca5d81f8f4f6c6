/**
 * Einstein sums: of one operand as strides and a fold, of two as a matrix product between permutations, of more pair by pair.
 * Knows nothing of kernels.
 */
import { readEquation } from "../../ops";
import type { Shape } from "../../tensor";
import { permuted, stretched, type Access } from "./access";
import type { ExpandedCall } from "./expansions";

/** An operand and the letter of each of its dimensions. */
interface Term {
  readonly access: Access;
  readonly letters: readonly string[];
}

type Sizes = ReadonlyMap<string, number>;

export function einsum(call: ExpandedCall): Access | undefined {
  const { equation } = call.attributes;
  const operands = call.list;
  if (typeof equation !== "string") return undefined;
  const read = readEquation(
    equation,
    operands.map(({ shape }) => shape.length),
  );
  if (typeof read === "string") return undefined;
  const sizes = sizesOf(read.operands, operands);
  const terms = operands.map((access, i) =>
    withoutRepeats({ access, letters: [...read.operands[i]!] }, sizes),
  );
  const result = [...read.result];
  while (terms.length > 2) {
    const pair = cheapestPair(terms, result, sizes);
    const access = product(call, pair.first, pair.second, pair.kept, sizes);
    if (access === undefined) return undefined;
    terms.splice(terms.indexOf(pair.first), 1);
    terms.splice(terms.indexOf(pair.second), 1, { access, letters: pair.kept });
  }
  const [first, second] = terms;
  if (first === undefined) return undefined;
  if (second === undefined) return summed(call, first, result, sizes);
  return product(call, first, second, result, sizes);
}

interface Pair {
  readonly first: Term;
  readonly second: Term;
  /** The letters of their product that the result or another term has. */
  readonly kept: readonly string[];
}

/** The pair whose product has the fewest elements, the first of those. */
function cheapestPair(terms: readonly Term[], result: readonly string[], sizes: Sizes): Pair {
  let best: { readonly pair: Pair; readonly count: number } | undefined;
  for (const [i, first] of terms.entries()) {
    for (const [j, second] of terms.entries()) {
      if (j <= i) continue;
      const others = terms.filter((_, k) => k !== i && k !== j).flatMap(({ letters }) => letters);
      const needed = new Set([...result, ...others]);
      const kept = [...new Set([...first.letters, ...second.letters])].filter((letter) => needed.has(letter));
      const count = shapeOf(kept, sizes).reduce((all, size) => all * size, 1);
      if (best === undefined || count < best.count) best = { pair: { first, second, kept }, count };
    }
  }
  if (best === undefined) throw new Error("a pair of fewer than two terms");
  return best.pair;
}

/** A size of 1 stretches to that of another operand. */
function sizesOf(terms: readonly string[], operands: readonly Access[]): Sizes {
  const sizes = new Map<string, number>();
  for (const [i, term] of terms.entries()) {
    for (const [axis, letter] of [...term].entries()) {
      const size = operands[i]!.shape[axis]!;
      const known = sizes.get(letter);
      if (known === undefined || known === 1) sizes.set(letter, size);
    }
  }
  return sizes;
}

/** Each letter once, in the size that it has everywhere: a letter that occurs twice walks along the diagonal. */
function withoutRepeats({ access, letters }: Term, sizes: Sizes): Term {
  const own = [...new Set(letters)];
  const strides = own.map((letter) =>
    letters.reduce((sum, each, axis) => {
      if (each !== letter || access.shape[axis] === 1) return sum;
      return sum + access.strides[axis]!;
    }, 0),
  );
  return { access: { ...access, shape: shapeOf(own, sizes), strides }, letters: own };
}

function shapeOf(letters: readonly string[], sizes: Sizes): number[] {
  return letters.map((letter) => sizes.get(letter)!);
}

/** The dimensions in the order of these letters, all of which the term has. */
function ordered({ access, letters }: Term, wanted: readonly string[]): Access {
  return permuted(
    access,
    wanted.map((letter) => letters.indexOf(letter)),
  );
}

/** The sum over the letters that `kept` does not have, in the order of `kept`. */
function summed({ record, dtype }: ExpandedCall, term: Term, kept: readonly string[], sizes: Sizes): Access {
  const lost = term.letters.filter((letter) => !kept.includes(letter));
  const whole = ordered(term, [...kept, ...lost]);
  if (lost.length === 0) return whole;
  const folded = whole.shape.map((_, axis) => axis >= kept.length);
  return record.reshape(record.fold("sum", whole, folded, dtype), shapeOf(kept, sizes));
}

function product(
  call: ExpandedCall,
  first: Term,
  second: Term,
  result: readonly string[],
  sizes: Sizes,
): Access | undefined {
  const { record, dtype } = call;
  // What one operand alone has and the result has not is summed first.
  const useful = (term: Term, other: Term): Term => {
    const letters = term.letters.filter(
      (letter) => other.letters.includes(letter) || result.includes(letter),
    );
    return { letters, access: summed(call, term, letters, sizes) };
  };
  const [x, y] = [useful(first, second), useful(second, first)];
  const batch = result.filter((letter) => x.letters.includes(letter) && y.letters.includes(letter));
  const left = result.filter((letter) => x.letters.includes(letter) && !y.letters.includes(letter));
  const right = result.filter((letter) => y.letters.includes(letter) && !x.letters.includes(letter));
  const inner = x.letters.filter((letter) => y.letters.includes(letter) && !result.includes(letter));
  const count = (letters: readonly string[]): number =>
    letters.reduce((all, letter) => all * sizes.get(letter)!, 1);
  const matrix = (access: Access, rows: number, columns: number): Access => {
    const shape: Shape = batch.length === 0 ? [rows, columns] : [count(batch), rows, columns];
    return record.reshape(access, shape);
  };
  const made = record.product(
    matrix(ordered(x, [...batch, ...left, ...inner]), count(left), count(inner)),
    matrix(ordered(y, [...batch, ...inner, ...right]), count(inner), count(right)),
    dtype,
  );
  if (made === undefined) return undefined;
  const letters = [...batch, ...left, ...right];
  const access = record.reshape(made, shapeOf(letters, sizes));
  return stretched(ordered({ access, letters }, result), shapeOf(result, sizes));
}
