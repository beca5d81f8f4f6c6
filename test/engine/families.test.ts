/** Families with several indices: their members are nodes like any other. */
import assert from "node:assert/strict";
import { checkDiagnostics } from "../language/check/snippet";
import { runText, troubles } from "./run-text";

const recurrent = `net Recurrent(L, d)(x: [T, d]) -> [] {
  for l in 1 to L {
    param W[l][0]: [d, d] = randn()
    param W[l][1]: [d, d] = randn()
    H[0][l] = zeros([d])
  }
  for t in 1 to T {
    H[t][0] = x[t - 1]
    for l in 1 to L { H[t][l] = tanh(W[l][0] @ H[t-1][l] + W[l][1] @ H[t][l-1]) }
  }
  return sum(H[T][L]^2)
}
`;

suite("families with two indices", () => {
  test("they are read, differentiated, given, updated and checked", async () => {
    const session = await runText(`${recurrent}run r {
  x = randn([4, 3])
  layer = Recurrent(2, 3)
  check shape(layer.W[2][1]) == [3, 3]
  m = layer(x)
  d = backward(m)
  check d.W[2][1] ~= finite_differences(m)[m.W[2][1]] within 1e-6
  check m.W[2][1][0] == m.W[2][1][0, :]
  k = layer(x, W[1][0] = zeros([3, 3]))
  check k.W[1][0] == 0 and k.W[1][1] == m.W[1][1]
  after = update(m, d, sgd(0.1), only = "W")
  check after.W[2][0] ~= m.W[2][0] - 0.1 * d.W[2][0]
  gradcheck m wrt m.W[1]
  show m.W
}
`);
    assert.deepEqual(troubles(session), []);
    assert.deepEqual(
      session.outcome.report.runs?.[0]?.shown.map(({ name }) => name),
      ["m.W[1][0]", "m.W[1][1]", "m.W[2][0]", "m.W[2][1]"],
    );
  });
  test("rules are written for their members", async () => {
    const session = await runText(`net Twice(x: [n]) -> [] {
  for i in 1 to 2 { param w[i][0]: [n] = randn() }
  return sum(w[1][0] * x) + sum(w[2][0] * x)
  for i in 1 to 2 { vjp w[i][0](u) = u * i * x }
}
run r {
  m = Twice([1, 2])
  check backward(m).w[2][0] == [2, 4] and backward(m, rules = false).w[2][0] == [1, 2]
}
`);
    assert.deepEqual(troubles(session), []);
  });
  test("a member is assigned once and has members of its own or none", () => {
    checkDiagnostics(
      `run r {
  a[1][2] = 3
  ⟦a[1]⟧ = 3
  ⟦a[1][2]⟧ = 4
  b = a[1]⟦[4]⟧
  q[1] = 3
  ⟦q[1][2]⟧ = 4
  ⟦q⟧ = 5
}
`,
      [
        ["NN222", "`a[1]` is used both"],
        ["NN213", "`a[1][2]` is defined already"],
        ["NN222", "It has `a[1][2]`"],
        ["NN222", "`q[1]` is used both"],
        ["NN222", "`q` is used both"],
      ],
    );
  });
});
