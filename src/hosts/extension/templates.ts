/** The texts that new specs and exercises begin with. Each is checked by a test: it has no errors, and its checks pass or wait for its holes. */

const spec = `# A small classifier. Hover a name for its gradient; Alt+Enter runs what the cursor stands in.
net Classifier(n_in, n_hidden, n_out)(X: [N, n_in], y: int[N]) -> [] {
  param W1: [n_in, n_hidden] = xavier_uniform()
  param b1: [n_hidden] = zeros()
  param W2: [n_hidden, n_out] = xavier_uniform()
  param b2: [n_out] = zeros()

  z = X @ W1 + b1
  h = relu(z)
  o = h @ W2 + b2
  L = cross_entropy(o, y)
  return L
  sample n_in = 4; sample n_hidden = 3; sample n_out = 2
  sample y = randint(n_out, [N])
}

run first {
  seed torch 0
  X = randn([5, 4])
  y = randint(2, [5])
  m = Classifier(4, 3, 2)(X, y)
  show m.o, m.L

  # d.W2 is ∂L/∂W2: every node has a gradient.
  d = backward(m.L)
  check "∂L/∂W2": d.W2 ~= m.h.T @ d.o
  gradcheck m.L
}
`;

const exercise = `# Exercise: derive the backward pass of a tanh layer by hand.
# Replace each ? by an expression. Hover a ? to see the shape it must have; Alt+Enter checks your answer.
op layer(x: [N, n], W: [n, m]) -> [N, m] {
  y = tanh(x @ W)
  return y

  # u is the cotangent of y. What arrives at x, and what at W?
  vjp x(u) = ?
  vjp W(u) = ?
}

run grade {
  seed torch 0
  x = randn([5, 3])
  W = randn([3, 2])
  y = layer(x, W)
  u = randn([5, 2])
  mine = backward(y, u)
  auto = backward(y, u, rules = false)
  check "at x": mine.x ~= auto.x
  check "at W": mine.W ~= auto.W
}
`;

export const templates = { spec, exercise } as const;
