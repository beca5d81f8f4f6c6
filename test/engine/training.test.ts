/** Training and updating through the language: what is refused, what each step draws, and what stays as it was. */
import assert from "node:assert/strict";
import { checkDiagnostics } from "../language/check/snippet";
import { execute } from "../../src/engine";
import { hostFor, runText, troubles } from "./run-text";

const nets = `net N(X: [n, d], y: int[n]) -> [] {
  param W: [d, 3] = randn()
  return cross_entropy(X @ W, y)
}
net V(X: [n, d]) -> [n] {
  param W: [d] = randn()
  return X @ W
}
net Given(X: [n, 2]) -> [] {
  param W: [2]
  return sum(X @ W)
}
`;

suite("training", () => {
  test("what cannot be trained is refused before anything runs, at its place", () => {
    checkDiagnostics(
      `${nets}run r {
  X = randn([5, 2])
  y: int[5] = [0, 1, 2, 0, 1]
  a = train(N(), ⟦batches(X, size = 2)⟧, sgd(0.1))
  b = train(N(), ⟦batches(X, y, X, size = 2)⟧, sgd(0.1))
  c = train(⟦V()⟧, batches(X, size = 2), sgd(0.1))
  d = train(N(), batches(X, ⟦X⟧, size = 2), sgd(0.1))
  e = train(N(), batches(X, y, size = 2), sgd(0.1), epochs = ⟦1.5⟧)
  f = train(N(), ⟦batches(size = 2)⟧, sgd(0.1))
  g = train(N(), batches(⟦3⟧, size = 2), sgd(0.1))
  h = ⟦train(Given(), batches(X, size = 2), sgd(0.1))⟧
  rate = 0.1
  i = sgd(⟦rate⟧)
  j = adam(betas = ⟦0.9⟧)
  k = adam(betas = [0.9, 0.99])
}
`,
      [
        ["NN212", "`N` takes 2 tensors (X, y); the batches hold 1"],
        ["NN212", "the batches hold 3"],
        ["NN244", "it has shape [2]"],
        ["NN207", "must be int"],
        ["NN209", "not 1.5"],
        ["NN212", "needs `tensors`"],
        ["NN236", "a single number"],
        ["NN234", "`W` has no initialiser"],
        ["NN220", "Write `const rate = …`"],
        ["NN236", "A list of two numbers"],
      ],
    );
  });
  test("literals and ints take the elements that the net's inputs want; `betas` are PyTorch's", async () => {
    const session = await runText(`${nets}run r {
  X: int[3, 2] = [[1, 2], [3, 4], [5, 6]]
  fit = train(N(), batches(X, [0, 1, 2], size = 2), adam(betas = [0.5, 0.9]), epochs = 2)
  seed torch 0
  same = train(N(), batches(float(X), [0, 1, 2], size = 2), adam(beta1 = 0.5, beta2 = 0.9), epochs = 2)
  seed torch 0
  again = train(N(), batches(X, [0, 1, 2], size = 2), adam(betas = [0.5, 0.9]), epochs = 2)
  check shape(fit.loss) == [4] and same.loss == again.loss
}
`);
    assert.deepEqual(troubles(session), []);
  });
  test("a draw in the body is made anew at every step", async () => {
    // Each step moves W by the sum over the batch of that step's mask, so every loss tells the masks before it.
    const session = await runText(`net Dropping(X: [n, 2]) -> [] {
  param W: [2] = zeros()
  mask = bernoulli(0.5, [n, 2])
  return sum((X * mask) @ W)
}
run r {
  seed torch 4
  const steps = 6
  masks = [bernoulli(0.5, [2, 2]) for i in 1 to steps]
  seed torch 4
  fit = train(Dropping(), batches(ones([2, 2]), size = 2), sgd(1), epochs = steps)
  W[0] = zeros([2])
  for i in 0 to steps - 1 {
    check fit.loss[i] == sum(masks[i] @ W[i])
    W[i + 1] = W[i] - sum(masks[i], dim = 0)
  }
  check fit.model.W == W[steps] and masks[0] != masks[1]
}
`);
    assert.deepEqual(troubles(session), []);
  });
  test("a NaN in training is told with its step and birth, a fault stops it", async () => {
    const session = await runText(`net Log(X: [n, 2]) -> [] {
  param W: [2] = ones()
  return sum(log(X @ W))
}
net Table(i: int[n]) -> [] {
  param E: [3, 2] = ones()
  return sum(embedding(i, E))
}
run r {
  a = train(Log(), batches([[1, 1], [-1, -1]], size = 1), sgd(0.1))
  b = train(Table(), batches([0, 1, 7], size = 1), sgd(0.1))
}
run s { check 1 == 1 }
`);
    const [born, fault] = session.outcome.diagnostics.filter(({ code }) => code.startsWith("NN50"));
    assert.deepEqual([born?.code, born?.range.start.line], ["NN501", 9]);
    assert.match(born?.message ?? "", /From step 1 on the loss is NaN\. It is born at `log`: x = \[-1\.9\]/u);
    assert.deepEqual([fault?.code, fault?.range.start.line], ["NN502", 10]);
    assert.match(fault?.message ?? "", /Training stops at step 2/u);
    assert.equal(session.outcome.report.runs?.[1]?.status, "passed");
  });
  test("a hole in the net makes its training pending", async () => {
    const session = await runText(`net H(X: [n, 2]) -> [] {
  param W: [2] = ones()
  return sum(X @ W)
  vjp W(u) = ?
}
run r {
  fit = train(H(), batches(ones([4, 2]), size = 2), sgd(0.1))
  check fit.loss[0] == 4
}
`);
    assert.equal(session.outcome.report.runs?.[0]?.checks[0]?.status, "pending");
  });
  test("an `iterate` goes its own way at every step, draws and shuffling as PyTorch's", async () => {
    // import torch; torch.set_default_dtype(torch.float64); torch.manual_seed(3)
    // X = torch.randn(10, 3); y = torch.randn(10); w = torch.full((3,), 0.3, requires_grad=True)
    // opt = torch.optim.SGD([w], lr=0.01)
    // for epoch in range(3):
    //     order = torch.randperm(10)
    //     for s in range(0, 10, 4):
    //         i = order[s:s+4]; h = X[i] @ w
    //         while h.norm() < 10: h = h * 1.5 + 0.1
    //         loss = ((h + 0.01 * torch.randn(len(i)) - y[i]) ** 2).mean()
    //         opt.zero_grad(); loss.backward(); opt.step()
    const session = await runText(`net Loop(n)(X: [N, n], y: [N]) -> [] {
  param w: [n] = constant(0.3)
  iterate h = X @ w while norm(h) < 10 do h * 1.5 + 0.1
  noise = 0.01 * randn([N])
  return mean((h + noise - y)^2)
}
run r {
  seed torch 3
  X = randn([10, 3])
  y = randn([10])
  fit = train(Loop(3), batches(X, y, size = 4, shuffle = true), sgd(0.01), epochs = 3)
  losses = [38.89188550801772, 54.064097940909804, 51.52762465401685, 40.58742025767517, 35.99635115085159,
    59.222365344798305, 47.5933956700891, 34.87112199856165, 117.80337326856784]
  check fit.loss ~= losses within 1e-12
  check fit.model.w ~= [1.3999642446, 1.3612692644, -3.1949228475] within 1e-9
}
`);
    assert.deepEqual(troubles(session), []);
  });
  test("an `iterate` that ends in no step is told once, at itself", async () => {
    const session = await runText(`net Loop(X: [n]) -> [] {
  param w: [] = ones()
  iterate y = w * sum(X) while y < 10 do y * 2
  return y
}
run r { fit = train(Loop(), batches([1, 2, 3, 4], size = 2), sgd(1)) }
`);
    assert.match(troubles(session).join("\n"), /^3 NN503 `y` did not stop after 10000 turns[^\n]*$/u);
  });
  test("elaboration can be cancelled, and says what it is at", async () => {
    const told: string[] = [];
    const text =
      "run r {\n  X = randn([60, 60])\n  iterate y = X while norm(y) > 0 do y / norm(y) @ X / norm(X)\n}\n";
    let now = 0;
    const host = { ...hostFor(), now: () => (now += 1) };
    await assert.rejects(
      execute(
        host,
        { id: "x", text, version: 1 },
        {
          action: "run",
          target: undefined,
          onProgress: (done, total, what) => told.push(what),
          cancelled: () => told.filter((what) => what.startsWith("`iterate y`")).length > 3,
        },
      ),
      { name: "CancelledError" },
    );
    assert.ok(
      told.some((what) => /^`iterate y`: turn \d+$/u.test(what)),
      told.join(),
    );
  });
  test("training stops within a step when it is cancelled", async () => {
    let polls = 0;
    const text = `${nets}run r { fit = train(N(), batches(randn([8, 2]), randint(3, [8]), size = 2), sgd(0.1), epochs = 1000000) }\n`;
    const cancelled = (): boolean => ++polls > 50;
    await assert.rejects(
      execute(hostFor(), { id: "x", text, version: 1 }, { action: "run", target: undefined, cancelled }),
      { name: "CancelledError" },
    );
    assert.ok(polls < 60);
  });
});

const nested = `import { Linear } from "std"
net M(x: [N, n]) -> [] {
  fc = Linear(n, 3)
  c = chain([Linear(3, 2), tanh])
  for i in 1 to 2 { param v[i]: [1] = ones() }
  return sum(c(fc(x))) * v[1][0] * v[2][0]
}
`;

suite("update", () => {
  test("steps parameters of nested layers, chains and families, and given ones", async () => {
    const session = await runText(`${nested}run r {
  m = M([[1, 2]])
  d = backward(m)
  a = update(m, d, sgd(0.1))
  check a.fc.weight ~= m.fc.weight - 0.1 * d.fc.weight
  check a.c.layers[0].weight ~= m.c.layers[0].weight - 0.1 * d[m.c.layers[0].weight]
  check a.v[1] ~= m.v[1] - 0.1 * d.v[1]
  b = update(m, d, sgd(0.1), only = "weight")
  check b.fc.weight == a.fc.weight and b.fc.bias == m.fc.bias and b.v[1] == m.v[1]
  c = update(m, d, sgd(0.1), only = ["v", "bias"])
  check c.fc.weight == m.fc.weight and c.fc.bias == a.fc.bias and c.v[2] == a.v[2]
  e = update(a, backward(a), sgd(0.1))
  check e.fc.weight ~= a.fc.weight - 0.1 * backward(a).fc.weight
  w = [5]
  g = M([[1, 2]], v[1] = w)
  h = update(g, backward(g), sgd(0.1))
  check h.v[1] ~= w - 0.1 * backward(g).w and g.v[1] == 5
  n = update(m, d, adam(0.1))
  check n.v[1] ~= m.v[1] - 0.1 * sign(d.v[1]) within 1e-6
}
`);
    assert.deepEqual(troubles(session), []);
  });
  test("a pass of another instance is a step that changes nothing", () => {
    checkDiagnostics(
      `${nested}run r {
  m = M([[1, 2]])
  k = M([[1, 2]])
  a = update(m, ⟦backward(k)⟧, sgd(0.1))
}
`,
      [["NN302", "depends on no parameter of `m`"]],
    );
  });
});
