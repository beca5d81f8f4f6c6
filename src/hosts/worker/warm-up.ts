/**
 * Specs that a worker runs while nobody waits for it, so that the first run of a user finds the engine's code compiled and its
 * parts loaded. Knows nothing of messages.
 */
import { execute, type EngineHost } from "../../engine";
import { standardLibrary } from "../../language/std";

/** Everything that runs are made of, of a size that takes no time. */
const small = (seed: number): string => `
op half(x: [n]) -> [n] {
  y = x / 2
  vjp x(dy) = dy / 2
  return y
}

net Small(n_in, n_out)(x: [N, n_in], labels: int[N]) -> [] {
  param w: [n_in, n_out] = xavier_normal()
  param b: [n_out] = zeros()
  h = tanh(x @ w + b)
  loss = cross_entropy(h, labels)
  return loss
}

run first {
  seed torch ${String(seed)}
  m = Small(3, 2)(randn([4, 3]), randint(2, [4]))
  g = backward(m.loss)
  show norm(g.w)
  check "b": g.b ~= g.b
  gradcheck sum(half(randn([3])) ^ 2)
}
`;

/** Large enough that it is compiled, and that its numbers are many. No two widths are compiled to one module. */
const large = (width: number): string => `
net Large(n)(x: [N, m], labels: int[N]) -> [] {
  param v: [m, n] = xavier_normal()
  param a: [n] = zeros()
  param w: [n, 10] = xavier_normal()
  param b: [10] = zeros()
  h = tanh(x @ v + a)
  z = h @ w + b
  loss = cross_entropy(z, labels)
  return loss
}

run first {
  seed torch ${String(width)}
  m = Large(${String(width)})(randn([192, 256]), randint(10, [192]))
  g = backward(m.loss)
  show norm(g.v)
  show norm(g.w)
}
`;

const smallOnes = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => small(first + i));

/** In this order; engines make faster code of what has run some times, and again of what has run many times. */
const texts = [
  ...[small(0), large(304), small(1), large(312), small(2), large(320)],
  ...[...smallOnes(3, 12), large(328), large(336), large(344), ...smallOnes(15, 12)],
];

/** Milliseconds: slow machines have better things to do. */
const longest = 800;

/** Ends early as soon as `isWanted` says no, or after a while; whether all was well where it was not told to end. */
export async function warmUp(
  isWanted: () => boolean,
  { now, breathe }: { readonly now: () => number; readonly breathe: () => Promise<void> },
): Promise<boolean> {
  const host: EngineHost = {
    resolve: (_, path) => (path === "std" ? { id: "std", text: standardLibrary() } : undefined),
    data: undefined,
    now,
  };
  const options = { target: undefined, fixes: false, cancelled: () => !isWanted(), breathe };
  const started = now();
  try {
    for (const text of texts) {
      if (now() - started > longest) break;
      const file = { id: "warm-up.nnspec", text, version: 0 };
      const { outcome } = await execute(host, file, { ...options, action: "run" });
      if (outcome.report.runs?.every(({ status }) => status === "passed") !== true) return false;
      await breathe();
      if (!isWanted()) return false;
    }
    return true;
  } catch {
    // Nobody waits for it: it was cancelled, or a real run will tell what is wrong.
    return false;
  }
}
