/** Directions drawn at random, the same in every run. Owns nothing; knows nothing of what moves along them. */

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
