// Planted faults in hand-derived backpropagation of whole nets, as specs through the engine: place, rule and kind.
import assert from "node:assert/strict";
import { runText } from "../../engine/run-text";

/** tanh layers with hand-derived backpropagation; each hook replaces one line. */
function net(lines: Readonly<Record<string, string>> = {}, sizes = "[2, 3, 2]"): string {
  const line = (key: string, right: string): string => lines[key] ?? right;
  return `
net MyNet(n)(x: [N, n[0]], y: [N, n[-1]]) -> [] {
  const L = len(n) - 1
  a[0] = x
  for l in 1 to L {
    param W[l]: [n[l], n[l-1]] = randn()
    param b[l]: [n[l]] = randn()
    z[l] = a[l-1] @ W[l].T + b[l]
    a[l] = tanh(z[l])
  }
  loss = sum((a[L] - y)^2) / 2
  return loss
  ${line("last", "dz[L] = (a[L] - y) / cosh(z[L])^2")}
  for l in L - 1 downto 1 {
    ${line("inner", "dz[l] = dz[l+1] @ W[l+1] / cosh(z[l])^2")}
  }
  for l in 1 to L {
    ${line("W", "vjp W[l](u) = u * dz[l].T @ a[l-1]")}
    ${line("b", "vjp b[l](u) = u * sum(dz[l], dim = 0)")}
  }
}
run r {
  seed torch 1
  m = MyNet(${sizes})(randn([4, 2]), randn([4, ${sizes.slice(0, -1).split(", ").at(-1)!}]))
  gradcheck m.loss
}
`;
}

interface Expected {
  readonly kind: string;
  readonly rule: string;
  readonly node: string;
  /** Rules that are wrong by the same line. */
  readonly also?: readonly string[];
}

async function blameOf(text: string): Promise<{ found: Expected[]; messages: string; verdict: string }> {
  const session = await runText(text, "run");
  const [run] = session.outcome.report.runs ?? [];
  const [report] = run?.gradchecks ?? [];
  assert.ok(report !== undefined, JSON.stringify(session.outcome.diagnostics));
  return {
    verdict: report.verdict,
    found: report.blame.map(({ rule, node, explanation, also }) => ({
      kind: explanation.kind,
      rule,
      node,
      ...(also === undefined ? {} : { also: also.map((each) => each.rule) }),
    })),
    messages: report.blame
      .map(
        ({ rule, node, index, explanation: e }) =>
          `${rule} ${node} [${String(index)}] ${e.kind} ${String(e.factor)} ${e.expression ?? ""} fit ${String(e.fit)} (${e.runnerUp?.kind ?? ""} ${String(e.runnerUp?.fit)}): ${e.message}`,
      )
      .join("\n"),
  };
}

const planted: readonly {
  readonly name: string;
  readonly lines: Readonly<Record<string, string>>;
  readonly sizes?: string;
  readonly blame: readonly Expected[];
}[] = [
  {
    name: "f' left out of the last layer",
    lines: { last: "dz[L] = a[L] - y" },
    blame: [{ kind: "missing-factor", rule: "vjp b[2]", node: "m.dz[2]" }],
  },
  {
    name: "f' left out of the first layer",
    lines: { inner: "dz[l] = dz[l+1] @ W[l+1]" },
    blame: [{ kind: "missing-factor", rule: "vjp b[1]", node: "m.dz[1]" }],
  },
  {
    name: "f' left out of both",
    lines: { last: "dz[L] = a[L] - y", inner: "dz[l] = dz[l+1] @ W[l+1]" },
    blame: [
      { kind: "missing-factor", rule: "vjp b[2]", node: "m.dz[2]" },
      { kind: "missing-factor", rule: "vjp b[1]", node: "m.dz[1]" },
    ],
  },
  {
    name: "f' at the output",
    lines: { inner: "dz[l] = dz[l+1] @ W[l+1] / cosh(a[l])^2" },
    blame: [{ kind: "evaluated-at-output", rule: "vjp b[1]", node: "m.dz[1]" }],
  },
  {
    name: "a transposed weight, square",
    lines: { inner: "dz[l] = dz[l+1] @ W[l+1].T / cosh(z[l])^2" },
    sizes: "[2, 3, 3]",
    blame: [{ kind: "transposed", rule: "vjp b[1]", node: "m.dz[1]" }],
  },
  {
    name: "+ for −",
    lines: { last: "dz[L] = (a[L] + y) / cosh(z[L])^2" },
    blame: [{ kind: "sign", rule: "vjp b[2]", node: "m.dz[2]" }],
  },
  {
    name: "the sign of the residual",
    lines: { last: "dz[L] = (y - a[L]) / cosh(z[L])^2" },
    blame: [{ kind: "sign", rule: "vjp b[2]", node: "m.dz[2]" }],
  },
  {
    name: "the factor 2 of a square that was halved",
    lines: { last: "dz[L] = 2 * (a[L] - y) / cosh(z[L])^2" },
    blame: [{ kind: "factor", rule: "vjp b[2]", node: "m.dz[2]" }],
  },
  {
    name: "mean for sum in the biases",
    lines: { b: "vjp b[l](u) = u * mean(dz[l], dim = 0)" },
    blame: [{ kind: "factor", rule: "vjp b[2]", node: "m.b[2]", also: ["vjp b[1]"] }],
  },
  {
    name: "one row for the sum over the batch",
    lines: { b: "vjp b[l](u) = u * dz[l][0]" },
    blame: [{ kind: "missing-reduction", rule: "vjp b[2]", node: "m.b[2]", also: ["vjp b[1]"] }],
  },
  {
    name: "the cotangent left out",
    lines: { W: "vjp W[l](u) = dz[l].T @ a[l-1]" },
    blame: [{ kind: "missing-cotangent", rule: "vjp W[2]", node: "m.W[2]", also: ["vjp W[1]"] }],
  },
  {
    name: "z for a, square",
    lines: {
      W: "vjp W[l](u) = u * dz[l].T @ (z[1] if l == 2 else x)".replace(" (z[1] if l == 2 else x)", " a[l-1]"),
      inner: "dz[l] = dz[l+1] @ W[l+1] / cosh(a[l])^2",
    },
    blame: [{ kind: "evaluated-at-output", rule: "vjp b[1]", node: "m.dz[1]" }],
  },
  {
    name: "two places at once",
    lines: { last: "dz[L] = a[L] - y", b: "vjp b[l](u) = -u * sum(dz[l], dim = 0)" },
    blame: [
      { kind: "missing-factor", rule: "vjp W[2]", node: "m.dz[2]" },
      { kind: "sign", rule: "vjp b[2]", node: "m.b[2]", also: ["vjp b[1]"] },
    ],
  },
];

suite("planted faults in hand-derived nets", () => {
  test("the right net passes", async () => {
    for (const sizes of ["[2, 3, 2]", "[2, 4, 3, 5]", "[2, 3, 3, 3]"])
      assert.equal((await blameOf(net({}, sizes))).verdict, "passed");
  });

  for (const { name, lines, sizes, blame } of planted) {
    test(name, async () => {
      const { verdict, found, messages } = await blameOf(net(lines, sizes));
      if (process.env.SHOW !== undefined) console.log(messages);
      assert.equal(verdict, "failed");
      assert.deepEqual(found, blame, messages);
    });
  }
});
