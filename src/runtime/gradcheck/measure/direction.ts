/** Directions drawn at random, the same in every run, and fields of numbers along them. Knows nothing of what moves. */

/** Elements in [−1, 1), by a hash of their positions: drawn many times faster than a generator's that must be somebody's. */
export function randomDirection(size: number, seed: number): Float64Array {
  const direction = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let hash = Math.imul(i + 1, 0x9e3779b1) + Math.imul(seed + 1, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
    hash ^= hash >>> 15;
    direction[i] = hash / 2 ** 31;
  }
  return direction;
}

/** A field's number at an entry, its size, and 1. */
export function alongEntry(field: Float64Array, entry: number): readonly [number, number, number] {
  return [field[entry]!, Math.abs(field[entry]!), 1];
}

/** A field along a direction: the sum, that of the summands' sizes, and the direction's length. */
export function alongDirection(
  field: Float64Array,
  direction: Float64Array,
): readonly [number, number, number] {
  let [sum, size, squares] = [0, 0, 0];
  for (let i = 0; i < field.length; i++) {
    const part = field[i]! * direction[i]!;
    sum += part;
    size += Math.abs(part);
    squares += direction[i]! ** 2;
  }
  return [sum, size, Math.sqrt(squares)];
}
