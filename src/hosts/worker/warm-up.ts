/**
 * A small spec that a worker runs while nobody waits for it, so that the first run of a user finds the engine's code compiled and its
 * parts loaded. Knows nothing of messages.
 */
import { execute, type EngineHost } from "../../engine";
import { standardLibrary } from "../../language/std";

const text = `
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
  seed torch 0
  m = Small(3, 2)(randn([4, 3]), randint(2, [4]))
  g = backward(m.loss)
  show norm(g.w)
  check "b": g.b ~= g.b
  gradcheck sum(half(randn([3])) ^ 2)
}
`;

/** Ends early as soon as `isWanted` says no; whether it came to its end and all was well there. */
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
  try {
    const { outcome } = await execute(
      host,
      { id: "warm-up.nnspec", text, version: 0 },
      { ...options, action: "run" },
    );
    return outcome.report.runs?.every(({ status }) => status === "passed") === true;
  } catch {
    // Nobody waits for it: it was cancelled, or a real run will tell what is wrong.
    return false;
  }
}
