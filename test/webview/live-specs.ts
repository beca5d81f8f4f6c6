/**
 * Real runs for the panel's harness: the engine executes a spec in the page itself, so that everything the panel asks is
 * answered as in the editor. Bundled for the page.
 */
import { execute, type Session } from "../../src/engine";
import { standardLibrary } from "../../src/language/std";
import type { HistoryEntry, PanelState } from "../../src/protocol";
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

/** Of the first check every element is wrong, of the second those of one matrix. */
const wrongChecks = `run one {
  seed torch 0
  x = randn([6, 4])
  W = randn([4, 2])
  R = randn([2, 3, 4])
  loss = sum((x @ W)^2) + sum(R)
  d = backward(loss)
  check "half of it": d.W ~= x.T @ (x @ W)
  check "the last row": d.R[1, 2] ~= ones([4]) + [0.0, 0.0, 0.5, 0.0]
  check "a number": loss ~= 0
  check "right": d.R ~= 1
  check "one element": 2 * R ~= R + R + stack([zeros([3, 4]), 0.25 * R[0]], dim = 0)
}
`;

/** The same run before and after an edit, which moves some numbers and shapes and leaves others. */
const edited = (weight: string, last: string): string => `net Layer(x: [N, k]) -> [N, 4] {
  W: [k, 4] = randn([k, 4])
  z = x @ W
  h = ${weight} * tanh(z)
  return h
}
run one {
  seed torch 0
  x = randn([6, 3])
  m = Layer(x)
  ${last}
  loss = mean(m^2)
  d = backward(loss)
}
`;

/** What was run before, of those specs that have a history. */
const earlierTexts: Readonly<Record<string, string>> = { edited: edited("1.0", "tail = x[0]") };

const texts: Readonly<Record<string, string>> = {
  "weight-decay": weightDecay,
  nested,
  faulty,
  "wrong-checks": wrongChecks,
  edited: edited("1.5", "tail = x[0, 0:2]\n  fresh = 2 * x"),
};

export interface LiveRun {
  readonly session: Session;
  /** Of a run before that, by its id. */
  readonly earlier: (run: number) => Session | undefined;
  readonly state: PanelState;
}

export async function runLive(name: string): Promise<LiveRun> {
  const text = texts[name];
  if (text === undefined) throw new Error(`no live spec ${name}`);
  const session = await executed(text);
  const before = earlierTexts[name];
  const earlier = before === undefined ? undefined : await executed(before);
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
    history: earlier === undefined ? [] : [entry(7, 22), entry(earlierRun, 5)],
    earlierRun: null,
    documents: [],
  };
  return { session, earlier: (run) => (run === earlierRun ? earlier : undefined), state };
}

const earlierRun = 5;

function entry(runId: number, seconds: number): HistoryEntry {
  const finished = new Date(2030, 0, 1, 14, 3, seconds).getTime();
  return { runId, finished, status: "passed", milliseconds: 3.2 };
}

function executed(text: string): Promise<Session> {
  return execute(
    {
      resolve: (_, path) => {
        const text = path === "std" ? standardLibrary() : path === "lib.nnspec" ? lib : undefined;
        return text === undefined ? undefined : { id: path, text };
      },
      data: undefined,
      now: () => performance.now(),
    },
    { id: uri, text, version: 1 },
    { action: "run", target: undefined },
  );
}
