/** Data files through the language: shapes known before anything runs, values in a run, and every refusal at its call. */
import assert from "node:assert/strict";
import { checkReport, execute, type EngineHost, type Session } from "../../src/engine";
import { memoryFile, type DataFile, type Refusal } from "../../src/engine/data";
import { fixtureBytes } from "./data/fixtures";
import { hostFor, troubles } from "./run-text";

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** Two arrays, one of them with a dot in its name, as PyTorch's state dicts have. */
function safetensors(): Uint8Array {
  const header = text(
    JSON.stringify({
      w: { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] },
      "layer.0.bias": { dtype: "F32", shape: [2], data_offsets: [16, 24] },
    }),
  );
  const length = new Uint8Array(new BigUint64Array([BigInt(header.length)]).buffer);
  return Uint8Array.from([
    ...length,
    ...header,
    ...new Uint8Array(new Float32Array([1, 2, 3, 4, 5, 6]).buffer),
  ]);
}

const bytes: Readonly<Record<string, Uint8Array>> = {
  "x.npy": fixtureBytes("f8-le.npy"),
  "cut.npy": fixtureBytes("f8-le.npy").slice(0, 140),
  "mixed.npz": fixtureBytes("mixed.npz"),
  "labels.gz": fixtureBytes("labels-idx1-ubyte.gz"),
  "w.safetensors": safetensors(),
  "table.csv": text("u,v\n1,2\n3,4.5\n"),
  "ragged.csv": text("1,2\n3\n"),
  "gap.csv": text("1,2\n3,\n"),
  "nan.csv": text("0\nnan\n2\n"),
  "picture.png": fixtureBytes("gray-8.png"),
  "not.npy": text("hello"),
};

/** NumPy's header of an array of float64. */
function npyHeader(shape: readonly number[]): Uint8Array {
  const header =
    `{'descr': '<f8', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`.padEnd(117) + "\n";
  return Buffer.concat([
    Buffer.from("\x93NUMPY\x01\x00", "latin1"),
    Buffer.from([header.length, 0]),
    Buffer.from(header, "latin1"),
  ]);
}

function open(_: string, path: string): DataFile | Refusal {
  const found = bytes[path];
  if (path.startsWith("..")) return { problem: "outside-workspace", detail: "/elsewhere" };
  return found === undefined ? { problem: "missing", detail: "no such file" } : memoryFile(found);
}

const host: EngineHost = { ...hostFor(), data: { open } };

function run(body: string): Promise<Session> {
  return execute(host, { id: "spec.nnspec", text: body, version: 1 }, { action: "run", target: undefined });
}

/** [line, code] of what is told before anything runs. */
function told(body: string): (readonly [line: number, code: string, message: string])[] {
  return checkReport(host, { id: "spec.nnspec", text: body, version: 1 })
    .diagnostics.filter(({ severity }) => severity === "error")
    .map(({ code, message, range }) => [range.start.line + 1, code, message] as const);
}

suite("data files in the language", () => {
  test("every format is read, floats in the run's type", async () => {
    const session = await run(`run r {
  dtype float32
  x = npy("x.npy")
  w = safetensors("w.safetensors")
  const path = "table.csv"
  t = csv(path)
  p = png("picture.png")
  labels = idx("labels.gz")
  check w.w == [[1, 2], [3, 4]] and w["w"] == w.w
  check w.layer[0].bias == [5, 6] and w["layer.0.bias"] == [5, 6]
  check shape(npz("mixed.npz")["layer/weight"]) == [3, 2]
  check t == [[1, 2], [3, 4.5]]
  check csv("table.csv", header = true) == t
  check 0 <= p <= 1
  check labels == labels
  y: int[?] = labels
  show x, w
}
`);
    assert.deepEqual(troubles(session), []);
    const shown = session.outcome.report.runs?.[0]?.shown ?? [];
    assert.deepEqual(
      shown.map(({ name, dtype }) => [name, dtype]),
      [
        ["x", "float32"],
        ["w.w", "float32"],
        ["w.layer.0.bias", "float32"],
      ],
    );
  });
  test("headers tell the shapes before anything runs", () => {
    assert.deepEqual(
      told('net N(x: [n, 3]) -> [] { return sum(x) }\nrun r {\n  t = csv("table.csv")\n  m = N(t)\n}\n').map(
        ([line, code]) => [line, code],
      ),
      [[4, "NN202"]],
    );
  });
  test("what is missing, cut, ragged, of another format or outside is told at its call", () => {
    const found = told(`run r {
  a = npy("missing.npy")
  b = npy("../up.npy")
  c = npy("cut.npy")
  d = npy("not.npy")
  e = npz("x.npy").x
  f = csv("ragged.csv")
  g = npz("mixed.npz").nothing
  h = safetensors("w.safetensors").layer.q
  i = npy(3)
  j = csv("gap.csv", missing = "zero")
}
`);
    assert.deepEqual(
      found.map(([line, code]) => [line, code]),
      [
        [2, "NN401"],
        [3, "NN402"],
        [4, "NN405"],
        [5, "NN404"],
        [6, "NN404"],
        [7, "NN412"],
        [8, "NN215"],
        [9, "NN215"],
        [10, "NN236"],
        [11, "NN236"],
      ],
    );
  });
  test("an array that cannot be a tensor says why", () => {
    const [refused] = told('run r { a = npz("mixed.npz").objects }\n');
    assert.deepEqual(refused?.slice(0, 2), [1, "NN408"]);
  });
  test("missing cells and NaN among labels are told when their values are read", async () => {
    const session = await run(`run a { x = csv("gap.csv") }
run b {
  x = csv("gap.csv", missing = "nan")
  y = int(csv("nan.csv"))
}
run c { check 1 == 1 }
`);
    const found = session.outcome.diagnostics.filter(({ severity }) => severity === "error");
    assert.deepEqual(
      found.map(({ code, range }) => [range.start.line + 1, code]),
      [
        [1, "NN413"],
        [4, "NN210"],
      ],
    );
    assert.match(found[1]?.message ?? "", /element at \[1, 0\] is nan/u);
    assert.equal(session.outcome.report.runs?.[2]?.status, "passed");
  });
  test("of a large file checking reads the header alone, and a run reads it once", async () => {
    let read = 0;
    const rows = 100_000;
    const head = npyHeader([rows, 20]);
    const large: DataFile = {
      size: head.length + rows * 20 * 8,
      read(offset, length) {
        read += length;
        const part = new Uint8Array(length);
        part.set(head.subarray(offset, offset + length));
        return part;
      },
    };
    const counting: EngineHost = { ...hostFor(), data: { open: () => large } };
    const text = `net M(X: [N, 20]) -> [] {
  param w: [20] = zeros()
  return mean((X @ w - 1)^2)
}
run r {
  X = npy("large.npy")
  Y = npy("large.npy")
  fit = train(M(), batches(X, size = 30_000), sgd(0.1))
  check X[3:5] == 0 and fit.loss == 1
  check sum(Y[:, 0]) == 0
}
`;
    const file = { id: "spec.nnspec", text, version: 1 };
    assert.deepEqual(checkReport(counting, file).diagnostics, []);
    assert.ok(read < 2000, `${String(read)} bytes to check`);
    read = 0;
    assert.deepEqual(troubles(await execute(counting, file, { action: "run", target: undefined })), []);
    assert.ok(read < large.size + 10_000, `${String(read)} bytes to run`);
  });
  test("reading is cancelled between pieces", async () => {
    const endless: DataFile = {
      size: 2 ** 30,
      read: (offset, length) => new Uint8Array(length).fill(offset === 0 ? 0x31 : 0x0a),
    };
    let polls = 0;
    await assert.rejects(
      execute(
        { ...hostFor(), data: { open: () => ({ ...endless, size: polls === 0 ? 10 : 2 ** 30 }) } },
        { id: "x", text: 'run r { x = csv("x.csv") }\n', version: 1 },
        { action: "run", target: undefined, cancelled: () => ++polls > 20 },
      ),
      { name: "CancelledError" },
    );
  });
  test("a host without files says so when a run needs one", async () => {
    const session = await execute(
      hostFor(),
      { id: "x", text: 'run r { x = npy("x.npy") }\n', version: 1 },
      { action: "run", target: undefined },
    );
    assert.match(troubles(session).join(), /NN230 Reading files here/u);
  });
});
