/**
 * Real runs for the panel's harness: the engine executes a spec in the page itself, so that everything the panel asks is
 * answered as in the editor. Bundled for the page.
 */
import { execute, type Session } from "../../src/engine";
import { standardLibrary } from "../../src/language/std";
import type { PanelState } from "../../src/protocol";
import lib from "../../examples/lib.nnspec";
import weightDecay from "../../examples/weight-decay.nnspec";

const uri = "file:///project/live.nnspec";

const nested = `op cube(a: [...]) -> [...] {
  q = a * a
  return q * a
  vjp a(u) = 3 * a^2 * u
}
net Layer(n)(x: [N, k]) -> [N, n] {
  W: [k, n] = randn([k, n])
  h = cube(x @ W)
  return h
}
net Tower(x: [N, k]) -> [N, 2] {
  a = Layer(4)(x)
  y[0] = a
  for i in 1 to 6 { y[i] = tanh(y[i-1]) + a }
  b = Layer(2)(y[6])
  return b
}
run one {
  seed torch 0
  x = randn([3, 5])
  m = Tower(x)
  s = sum(m^2)
  d = backward(s)
}
`;

/** The rule doubles one column of W's gradient, and nothing else. */
const faulty = `op double_first(W: [n, 2]) -> [n, 2] {
  return 1 * W
  vjp W(u) = u * [2.0, 1.0]
}
run one {
  seed torch 0
  X = randn([6, 4])
  W = randn([4, 2])
  loss = mean(tanh(X @ double_first(W))^2) + 0.5 * sum(W^2)
  d = backward(loss)
  gradcheck loss
}
`;

const texts: Readonly<Record<string, string>> = { "weight-decay": weightDecay, nested, faulty };

export interface LiveRun {
  readonly session: Session;
  readonly state: PanelState;
}

export async function runLive(name: string): Promise<LiveRun> {
  const text = texts[name];
  if (text === undefined) throw new Error(`no live spec ${name}`);
  const session = await execute(
    {
      resolve: (_, path) => {
        const text = path === "std" ? standardLibrary : path === "lib.nnspec" ? lib : undefined;
        return text === undefined ? undefined : { id: path, text };
      },
      data: undefined,
      now: () => performance.now(),
    },
    { id: uri, text, version: 1 },
    { action: "run", target: undefined },
  );
  const { targets } = session.outcome;
  const state: PanelState = {
    uri,
    fileName: `${name}.nnspec`,
    phase: "finished",
    stale: false,
    runId: 7,
    progress: null,
    targets,
    target: targets[0]?.name ?? null,
    message: null,
  };
  return { session, state };
}
