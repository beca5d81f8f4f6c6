// Edits of values alone run again with the modules that are there: the graph's structure is what is compiled.
import assert from "node:assert/strict";
import { runText, troubles } from "./run-text";

const spec = `
net Small(n_in, n_out)(x: [N, n_in], labels: int[N]) -> [] {
  param w: [n_in, n_out] = xavier_normal()
  param b: [n_out] = zeros()
  h = tanh(0.5 * x @ w + b)
  loss = cross_entropy(h * 3, labels)
  return loss
}

run learns {
  seed torch 1
  x = randn([64, 20])
  labels = randint(10, [64])
  fit = train(Small(20, 10), batches(x, labels, size = 32), sgd(0.1), epochs = 100)
}

run multiplies {
  seed torch 2
  a = randn([400, 400])
  product = a @ a * 1.5 + 2
  check mean(product) < 1000
}
`;

/** How many modules a run makes. */
async function modulesOf(text: string): Promise<number> {
  const original = WebAssembly.Module;
  let made = 0;
  WebAssembly.Module = class extends original {
    constructor(bytes: BufferSource) {
      super(bytes);
      made++;
    }
  };
  try {
    assert.deepEqual(troubles(await runText(text)), []);
  } finally {
    WebAssembly.Module = original;
  }
  return made;
}

suite("edits of values", () => {
  test("another number in the text makes no new module; another operator does", async () => {
    assert.ok((await modulesOf(spec)) >= 2, "a training and a product are worth modules");
    assert.equal(await modulesOf(spec), 0, "the same text");
    for (const [from, to] of [
      ["seed torch 1", "seed torch 5"],
      ["sgd(0.1)", "sgd(0.05)"],
      ["epochs = 100", "epochs = 130"],
      ["0.5 * x", "0.25 * x"],
      ["h * 3", "h * 4"],
      ["1.5 + 2", "-0.5 + 7"],
    ] as const)
      assert.equal(await modulesOf(spec.replace(from, to)), 0, `${from} → ${to}`);
    assert.equal(await modulesOf(spec.replace("tanh(", "sigmoid(")), 1, "one net, one module");
  });
});
