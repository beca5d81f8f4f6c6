/** Seeds and draws that PyTorch or NumPy would refuse are refused where they stand. */
import { checkDiagnostics } from "./snippet";

suite("draws", () => {
  test("numbers outside what a draw takes", () => {
    checkDiagnostics(
      `run r {
  a = randperm(⟦-1⟧)
  b = bernoulli(⟦2⟧, [3])
  c = normal(0, ⟦-1⟧, [3])
  d = uniform(1, ⟦0⟧, [2])
  e = ⟦randint(5, 2, [3])⟧
  f = digits(3, size = ⟦0⟧)
  g = ⟦basis(ones([2, 2]), 1)⟧
  h = ⟦zeros([-1])⟧
}
`,
      [
        ["NN209", "at least 0"],
        ["NN209", "from 0 to 1"],
        ["NN209", "`std` is at least 0"],
        ["NN209", "`high` is at least `low`, 1"],
        ["NN209", "low < high"],
        ["NN209", "at least 1"],
        ["NN240", "1 index for a tensor of shape [2, 2]"],
        ["NN209", "cannot be negative"],
      ],
    );
  });
  test("options of initialisers", () => {
    checkDiagnostics(
      `run r {
  a = kaiming_uniform(mode = ⟦"fan"⟧, shape = [2, 3])
  b = kaiming_normal(nonlinearity = ⟦relu⟧, shape = [2, 3])
  c = xavier_uniform(gain = ⟦"1"⟧, shape = [2, 3])
  d = xavier_normal(transposed = ⟦1⟧, shape = [2, 3])
  e = kaiming_uniform(a = sqrt(5), mode = "fan_out", nonlinearity = "relu", transposed = true, shape = [2, 3])
}
`,
      [
        ["NN209", '"fan_in", "fan_out"'],
        ["NN236", '"relu"'],
        ["NN236", "A number for `gain`"],
        ["NN236", "True or false for `transposed`"],
      ],
    );
  });
  test("seeds", () => {
    checkDiagnostics(
      `run r {
  n = 3
  seed numpy ⟦-1⟧
  seed numpy ⟦4294967296⟧
  seed numpy [1, 2, 3]
  seed torch ⟦[1, 2]⟧
  seed torch ⟦1e300⟧
  seed torch ⟦1.5⟧
  seed torch ⟦n⟧
  seed torch -1
}
`,
      [
        ["NN209", "below 2^32"],
        ["NN209", "below 2^32"],
        ["NN209", "one whole number"],
        ["NN209", "below 2^53"],
        ["NN236", "A whole number"],
        ["NN220", "Write `const n = …`"],
      ],
    );
  });
});
