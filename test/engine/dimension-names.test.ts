/** What the dimensions of a run's nodes are called: by the symbols of the net that makes them. */
import assert from "node:assert/strict";
import { execute } from "../../src/engine";

async function namesOf(text: string): Promise<Record<string, readonly (string | null)[]>> {
  const host = { resolve: () => undefined, data: undefined, now: () => 0 };
  const session = await execute(
    host,
    { id: "file:///a.nnspec", text, version: 1 },
    { action: "run", target: undefined },
  );
  const nodes = session.outcome.targets[0]?.nodes ?? [];
  return Object.fromEntries(nodes.map(({ name, dims }) => [name, dims]));
}

suite("names of dimensions", () => {
  test("a net's nodes have its symbols, sizes by number have none", async () => {
    const names = await namesOf(`
net Net(n_in, n_out)(X: [N, n_in]) -> [] {
  param W: [n_in, n_out] = ones()
  z = X @ W
  return sum(z)
}
run r {
  X = ones([3, 2])
  m = Net(2, 4)(X)
  show m.z
}
`);
    assert.deepEqual(names["m.W"], ["n_in", "n_out"]);
    assert.deepEqual(names["m.z"], ["N", "n_out"]);
    assert.deepEqual(names["X"], [null, null]);
  });
});
