// Fixes of checks are tried with other random numbers: what is right by accident is not offered.
import assert from "node:assert/strict";
import type { FixReport } from "../../../src/protocol";
import { runText } from "./patient-run";

const rectified = (seed: number, gradient: string): string => `run r {
  seed torch ${String(seed)}
  w = randn([2])
  J = sum(relu(w))
  dw = ${gradient}
  check dw ~= backward(J).w
}
`;

async function fixOf(text: string): Promise<FixReport | undefined> {
  const { outcome } = await runText(text);
  const [check] = outcome.report.runs?.[0]?.checks ?? [];
  assert.equal(check?.status, "failed");
  return check.explanation?.fix;
}

suite("fixes of checks at other seeds", function () {
  this.timeout(60_000);

  test("a gradient that is right only where all inputs are positive is no fix", async () => {
    // torch.manual_seed(1); torch.randn(2) is [0.6614, 0.2669]: the gradient is [1, 1] there, but not elsewhere.
    assert.equal(await fixOf(rectified(1, "2 * ones([2])")), undefined);
  });

  test("what is right everywhere is", async () => {
    const fix = await fixOf(rectified(1, "2 * where(w > 0, 1.0, 0.0)"));
    assert.equal(fix?.title, "Take away the factor `2`");
  });

  test("a check against numbers that are copied holds for its own seed alone", async () => {
    const text = `run r {
  seed torch 1
  w = randn([2])
  copied = [0.6613519, 0.2669242]
  twice = 2 * w
  check twice ~= copied within 1e-6
}
`;
    assert.equal((await fixOf(text))?.title, "Take away the factor `2`");
  });

  test("a size is the one that fits in every run that checks the rule", async () => {
    const { outcome } = await runText(`net Factors(k)(R: [n, m]) -> [] {
  param P: [n, k] = randn()
  param Q: [m, k] = randn()
  E = R - P @ Q.T
  J = sum(E^2) / (n * m)
  return J
  vjp P(u) = -2 * u * E @ Q / n
}
run square {
  seed torch 15
  f = Factors(2)(randn([3, 3]))
  gradcheck f.J
}
run wide {
  seed torch 14
  f = Factors(2)(randn([4, 3]))
  gradcheck f.J
}
`);
    const fixes = outcome.report.runs?.flatMap(({ gradchecks }) =>
      gradchecks.flatMap(({ blame }) => blame.map(({ explanation }) => explanation.fix?.title)),
    );
    assert.equal(fixes?.length, 2);
    for (const title of fixes) assert.match(title ?? "", /^Divide .*by `m`$/u);
  });
});
