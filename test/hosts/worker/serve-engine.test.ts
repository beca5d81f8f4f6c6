// The worker's side of the protocol, with the real engine behind it.
import assert from "node:assert/strict";
import { serveEngine } from "../../../src/hosts/worker/serve-engine";
import {
  workerProtocolVersion,
  type FromWorker,
  type RunOutcome,
  type RunRequest,
  type ToWorker,
} from "../../../src/protocol";

const uri = "file:///spec/a.nnspec";
const spec = `import { half_square } from "lib.nnspec"
run one {
  x = [1.0, 2.0, 3.0]
  s = half_square(x)
  d = backward(s)
  check "fourteen halves": s == 7
}
`;
const library = "op half_square(w: [...]) -> [] {\n  return sum(w^2) / 2\n}\n";
const lasting = `run lasting {
  seed torch 0
  x = randn([40, 40])
  z[0] = x
  for i in 1 to 3000 { z[i] = z[i-1] @ x / norm(z[i-1]) }
  check "late": sum(z[3000]) == 0
}
`;

function request(text: string, part: Partial<RunRequest> = {}): RunRequest {
  const files = { [uri]: text, "file:///spec/lib.nnspec": library };
  return { uri, version: 7, action: "run", target: undefined, files, ...part };
}

/** An engine that is spoken to directly; messages wait until it breathes, as they do in a worker. */
function startEngine() {
  const said: FromWorker[] = [];
  const given: ArrayBuffer[] = [];
  const inbox: ToWorker[] = [];
  const waiting: {
    readonly wanted: (message: FromWorker) => boolean;
    readonly resolve: (message: FromWorker) => void;
  }[] = [];
  const receive = serveEngine({
    post: (message, transfer) => {
      said.push(message);
      given.push(...transfer);
      for (const { wanted, resolve } of waiting) if (wanted(message)) resolve(message);
    },
    breathe: async () => {
      await Promise.resolve();
      for (const message of inbox.splice(0)) receive(message);
    },
    pull: () => pulled.shift(),
    now: () => performance.now(),
    data: undefined,
  });
  const pulled: ToWorker[] = [];
  const until = (wanted: (message: FromWorker) => boolean): Promise<FromWorker> => {
    const found = said.find(wanted);
    return found === undefined
      ? new Promise((resolve) => waiting.push({ wanted, resolve }))
      : Promise.resolve(found);
  };
  const finished = async (runId: number): Promise<RunOutcome> => {
    const end = await until(
      (message) => "runId" in message && message.runId === runId && message.type !== "progress",
    );
    assert.equal(end.type, "finished", JSON.stringify(end));
    return end.outcome;
  };
  return { receive, said, given, inbox, pulled, until, finished };
}

suite("worker: serving the engine", () => {
  test("it answers a greeting with its version", () => {
    const { receive, said } = startEngine();
    receive({ type: "hello", version: 1 });
    assert.deepEqual(said, [{ type: "hello", version: workerProtocolVersion }]);
  });

  test("a run's outcome has its document, its version and its checks, imports resolved among the given texts", async () => {
    const { receive, finished } = startEngine();
    receive({ type: "run", runId: 1, request: request(spec) });
    const outcome = await finished(1);
    assert.equal(outcome.uri, uri);
    assert.equal(outcome.version, 7);
    assert.deepEqual(
      outcome.targets.map(({ name, status }) => [name, status]),
      [["one", "passed"]],
    );
  });

  test("an import that was not given is a diagnostic, not a crash", async () => {
    const { receive, finished } = startEngine();
    receive({ type: "run", runId: 1, request: request(spec, { files: { [uri]: spec } }) });
    const outcome = await finished(1);
    assert.ok(outcome.report.diagnostics.some(({ code }) => code === "NN216"));
  });

  test("a slice has the numbers in a buffer of exactly their size, which is given away", async () => {
    const { receive, said, given, finished } = startEngine();
    receive({ type: "run", runId: 1, request: request(spec) });
    const [target] = (await finished(1)).targets;
    const x = target?.nodes.find(({ name }) => name === "x");
    assert.ok(x);
    const window = { leading: [], rows: { from: 0, to: 1 }, columns: { from: 0, to: 3 }, limit: 3 };
    receive({
      type: "slice",
      requestId: 5,
      runId: 1,
      slice: { node: x.id, of: "value", root: null, ...window },
    });
    receive({
      type: "slice",
      requestId: 6,
      runId: 1,
      slice: { node: x.id, of: "gradient", root: target?.root ?? null, ...window },
    });
    const replies = said.filter((message) => message.type === "slice");
    assert.deepEqual(
      replies.map(({ requestId, reply }) => [requestId, [...(reply?.data ?? [])]]),
      [
        [5, [1, 2, 3]],
        [6, [1, 2, 3]], // the derivative of half a sum of squares is the vector itself
      ],
    );
    assert.deepEqual(
      given.map(({ byteLength }) => byteLength),
      [24, 24],
    );
  });

  test("a forgotten or unknown session has no slices and no roots", async () => {
    const { receive, said, finished } = startEngine();
    receive({ type: "run", runId: 1, request: request(spec) });
    const [target] = (await finished(1)).targets;
    receive({ type: "forget", runId: 1 });
    const node = target?.nodes[0]?.id ?? 0;
    receive({
      type: "slice",
      requestId: 2,
      runId: 1,
      slice: {
        node,
        of: "value",
        root: null,
        leading: [],
        rows: { from: 0, to: 1 },
        columns: { from: 0, to: 1 },
        limit: 1,
      },
    });
    receive({ type: "root", requestId: 3, runId: 1, target: "one", root: node });
    assert.deepEqual(said.slice(-2), [
      { type: "slice", requestId: 2, reply: null },
      { type: "root", requestId: 3, target: null },
    ]);
  });

  test("another root gives its own gradients", async () => {
    const { receive, finished, until } = startEngine();
    const text = "run one {\n  x = [1.0, 2.0]\n  a = sum(x)\n  b = sum(3 * x)\n  d = backward(a)\n}\n";
    receive({ type: "run", runId: 1, request: request(text) });
    const [target] = (await finished(1)).targets;
    const root = target?.roots.find(({ name }) => name === "b");
    assert.ok(target && root);
    receive({ type: "root", requestId: 2, runId: 1, target: "one", root: root.id });
    const answer = await until(({ type }) => type === "root");
    assert.equal(answer.type, "root");
    const x = answer.target?.nodes.find(({ name }) => name === "x");
    assert.equal(typeof x?.gradient === "object" ? x.gradient?.mean : undefined, 3);
  });

  test("a question about a finished run is answered; one about a forgotten run or an unknown target is not", async () => {
    const { receive, said, finished } = startEngine();
    receive({ type: "run", runId: 1, request: request(spec) });
    await finished(1);
    const question = { kind: "graph", target: "one", root: null, norms: false } as const;
    receive({ type: "ask", requestId: 2, runId: 1, question });
    receive({ type: "ask", requestId: 3, runId: 1, question: { ...question, target: "two" } });
    receive({ type: "forget", runId: 1 });
    receive({ type: "ask", requestId: 4, runId: 1, question });
    const answers = said.filter((message) => message.type === "answer");
    assert.deepEqual(
      answers.map(({ requestId, answer, problem }) => [requestId, answer === null, problem]),
      [
        [2, false, null],
        [3, true, null],
        [4, true, null],
      ],
    );
    const graph = answers[0]?.answer ?? null;
    assert.ok(graph !== null && "nodes" in graph);
    const labels = graph.nodes.map(({ name }) => name);
    assert.ok(labels.includes("x") && labels.includes("s"), String(labels));
  });

  test("data that the worker cannot open comes with the request; what is refused says why", async () => {
    const { receive, finished } = startEngine();
    const text = 'run r {\n  X = csv("x.csv")\n  check sum(X) == 10\n  show csv("gone.csv")\n}\n';
    const data = {
      "file:///spec/x.csv": new Uint8Array(Buffer.from("1,2\n3,4\n")),
      "file:///spec/gone.csv": { problem: "missing", detail: "nobody has it" },
    } as const;
    receive({ type: "run", runId: 1, request: request(text, { data }) });
    const { targets, diagnostics } = await finished(1);
    assert.deepEqual(
      targets[0]?.run?.checks.map(({ status }) => status),
      ["passed"],
    );
    assert.deepEqual(
      diagnostics.map(({ code, message }) => [code, message]),
      [["NN401", "`gone.csv` is not there: nobody has it."]],
    );
  });

  test("where the workspace is not trusted, files outside of its folders are refused", async () => {
    const { receive, finished } = startEngine();
    const text = 'run r {\n  show csv("../x.csv")\n}\n';
    const data = { "file:///x.csv": new Uint8Array(Buffer.from("1,2\n3,4\n")) };
    const codes = async (runId: number, part: Partial<RunRequest>): Promise<readonly string[]> => {
      receive({ type: "run", runId, request: request(text, { data, ...part }) });
      return (await finished(runId)).diagnostics.map(({ code }) => code);
    };
    assert.deepEqual(await codes(1, { folders: ["file:///spec"] }), ["NN402"]);
    assert.deepEqual(await codes(2, {}), []);
  });

  test("runs wait for one another, and a waiting one can be cancelled", async () => {
    const { receive, until, finished, said } = startEngine();
    receive({ type: "run", runId: 1, request: request(spec) });
    receive({ type: "run", runId: 2, request: request(spec) });
    receive({ type: "run", runId: 3, request: request(spec) });
    receive({ type: "cancel", runId: 2 });
    await until((message) => message.type === "cancelled" && message.runId === 2);
    await finished(3);
    const ends = said.flatMap((message) =>
      "runId" in message && message.type !== "progress" ? [`${message.type} ${String(message.runId)}`] : [],
    );
    assert.deepEqual(ends, ["finished 1", "cancelled 2", "finished 3"]);
  });

  test("where messages can be taken before their turn, elaboration itself is cancelled", async () => {
    const { receive, pulled, until } = startEngine();
    const endless =
      "run r {\n  X = randn([9, 9])\n  iterate y = X while norm(y) > 0 do y @ X / norm(y @ X)\n}\n";
    pulled.push({ type: "cancel", runId: 1 });
    receive({ type: "run", runId: 1, request: request(endless) });
    const end = await until((message) => "runId" in message && message.type !== "progress");
    assert.deepEqual(end, { type: "cancelled", runId: 1 });
  });

  test("a run under way stops when it breathes", async () => {
    const { receive, inbox, until } = startEngine();
    receive({ type: "run", runId: 1, request: request(lasting) });
    inbox.push({ type: "cancel", runId: 1 });
    const end = await until((message) => "runId" in message && message.type !== "progress");
    assert.deepEqual(end, { type: "cancelled", runId: 1 });
  });
});
