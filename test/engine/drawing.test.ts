/** When and in which order layers draw, held against the plain stream of the same generator. */
import assert from "node:assert/strict";
import { runText, troubles } from "./run-text";

async function holds(text: string): Promise<void> {
  assert.deepEqual(troubles(await runText(text)), []);
}

const lazy = `net Lazy(k)(x: [N, n]) -> [N, k] {
  param W: [n, k] = randn()
  y = x @ W
  return y
}
`;

suite("drawing of layers", () => {
  test("a nested layer whose shape its application tells draws at its statement, not after its neighbours", () =>
    holds(`${lazy}net Outer(x: [N, n]) -> [] {
  fc = Lazy(1)
  param V: [1, 1] = randn()
  h = fc(x)
  return sum(h @ V)
}
run r {
  const s = 1
  seed torch 0
  a = randn([1]); b = randn([1]); c = randn([1])
  seed torch 0
  layer = Outer()
  before = randn([1])
  m = layer([[2]])
  check before == a and m.fc.W[0] == b and m.V[0] == c
  check m.h.y ~= 2 * b and m ~= sum(2 * b * c)
}
`));
  test("so do the layers of a family two levels down, and one in the returned expression", () =>
    holds(`${lazy}net Middle(k)(x: [N, n]) -> [N, k] {
  for i in 1 to 2 {
    l[i] = Lazy(k)
    param b[i]: [1] = randn()
  }
  h[0] = x
  for i in 1 to 2 { h[i] = l[i](h[i-1]) + b[i] }
  return h[2]
}
net Top(x: [N, n]) -> [] {
  middle = Middle(1)
  param c: [1] = randn()
  h = middle(x) * c
  return sum(Lazy(1)(h))
}
run r {
  seed torch 3
  s = [randn([1]), randn([1]), randn([1]), randn([1]), randn([1]), randn([1])]
  seed torch 3
  t = Top([[1]])
  check t.middle.l[1].W[0] == s[0] and t.middle.b[1] == s[1]
  check t.middle.l[2].W[0] == s[2] and t.middle.b[2] == s[3]
  check t.c == s[4] and t ~= sum(t.h * s[5])
}
`));
  test("a loop whose length the inputs tell defers the layer; an untyped parameter of known shape does not", () =>
    holds(`net Steps(x: [T, k]) -> [] {
  for t in 1 to T { param W[t]: [1] = randn() }
  return sum(x) + W[1][0] + W[T][0]
}
net Untyped(x: [T, k]) -> [] {
  param W = randn([2])
  return sum(x) + sum(W)
}
run r {
  seed torch 1
  s = [randn([2])[0], randn([1])[0], randn([1])[0], randn([1])[0]]
  seed torch 1
  steps = Steps()
  u = Untyped()(ones([1, 1]))
  a = randn([1])[0]
  m = steps(ones([2, 1]))
  check u.W[0] == s[0] and a == s[1] and m.W[1] == s[2] and m.W[2] == s[3]
}
`));
  test("given and updated parameters of a family of layers are read in force", () =>
    holds(`${lazy}net Outer(x: [N, n]) -> [] {
  for i in 1 to 2 { l[i] = Lazy(n) }
  h[0] = x
  for i in 1 to 2 { h[i] = l[i](h[i-1]) }
  return sum(h[2])
}
run r {
  m = Outer(ones([1, 2]), l[2].W = [[1, 2], [3, 4]])
  check m.l[2].W == [[1, 2], [3, 4]]
  d = backward(m)
  after = update(m, d, sgd(1))
  check after.l[2].W ~= m.l[2].W - d.l[2].W and after.l[1].W ~= m.l[1].W - d.l[1].W
}
`));
});
