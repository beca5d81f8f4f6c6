/**
 * Which values were computed from which, while nothing runs. What is found is remembered, because whole families are asked
 * for one member after another. Knows nothing of passes.
 */
import type { TensorValue } from "./value";

const ancestors = new WeakMap<TensorValue, ReadonlySet<TensorValue>>();

/**
 * Whether `root` is `leaf` or was computed from it. Tensors without known parents count as depending, so that no zero is
 * claimed wrongly.
 */
export function reaches(root: TensorValue, leaf: TensorValue): boolean {
  let found = ancestors.get(root);
  if (found === undefined) {
    found = ancestorsOf(root);
    ancestors.set(root, found);
  }
  return found.has(leaf);
}

function ancestorsOf(root: TensorValue): ReadonlySet<TensorValue> {
  const found = new Set([root]);
  const stack = [root];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    for (const parent of value.parents) {
      if (found.has(parent)) continue;
      found.add(parent);
      stack.push(parent);
    }
  }
  return found;
}

const moved = new WeakMap<TensorValue, Map<TensorValue, boolean>>();

/** The same the other way round: whether `value` is `leaf` or was computed from it, for many values of one leaf. */
export function isMovedBy(leaf: TensorValue, value: TensorValue): boolean {
  const known = moved.get(leaf) ?? new Map([[leaf, true]]);
  moved.set(leaf, known);
  const stack = [value];
  for (let next = stack.at(-1); next !== undefined; next = stack.at(-1)) {
    if (known.has(next)) {
      stack.pop();
      continue;
    }
    const open = next.parents.filter((parent) => !known.has(parent));
    if (open.length > 0) {
      stack.push(...open);
      continue;
    }
    known.set(
      next,
      next.parents.some((parent) => known.get(parent) === true),
    );
    stack.pop();
  }
  return known.get(value) === true;
}
