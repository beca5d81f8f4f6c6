// Backward equations over the real protocol: in hovers and asked for, in right, half-typed and broken texts.
import assert from "node:assert/strict";
import type { Hover, MarkupContent } from "vscode-languageserver-protocol/node";
import { serverRequests, type EquationReply } from "../../../src/protocol";
import { readMarks } from "../../language/features/marked";
import { startSession, type Session } from "./session";

const net =
  "net C(n, k, lambda = 0.1)(X: [N, n], y: [N, k]) -> [] {\n  param ‸W: [n, k] = randn()\n  o = X @ W\n  L = mse_loss(o, y)\n  s = lambda * sum(W^2)\n  J = L + s\n  return J\n}\n";

async function hover(session: Session, marked: string, name = "a.nnspec"): Promise<string> {
  await session.open(name, readMarks(marked).text);
  const found = await session.request<Hover | null>("textDocument/hover", session.at(name, marked));
  return (found?.contents as MarkupContent | undefined)?.value ?? "";
}

suite("language server: backward equations", () => {
  test("a hover has the equation of the node, written out, and each contribution", async () => {
    const text = await hover(await startSession(), net);
    assert.match(text, /∂J\/∂W = Xᵀ · ∂J\/∂o \+ 2 λ · W/);
    assert.match(text, /= 2 \(Xᵀ · \(o - y\)\) \/ \(k · N\) \+ 2 λ · W/);
    assert.match(text, /- through `o`: `Xᵀ · ∂J\/∂o`/);
    assert.match(text, /- through `s`: `2 λ · W`/);
  });

  test("a gradient in a run has the equation of its pass", async () => {
    const run = "run r {\n  m = C(4, 3)(randn([5, 4]), randn([5, 3]))\n  d = backward(m.J)\n  show d.‸W\n}\n";
    assert.match(
      await hover(await startSession(), net.replace("‸", "") + run),
      /d\.W = m\.Xᵀ · d\.o \+ 0\.2 m\.W/,
    );
  });

  test("an input of an op has its rules", async () => {
    const op = "op f(‸x: [p, N], W: [m, p]) -> [m, N] {\n  return W @ x\n}\n";
    const text = await hover(await startSession(), op);
    assert.match(text, /vjp x\(u\) = Wᵀ · u/);
    assert.match(text, /jvp x\(dx\) = W · dx/);
  });

  test("an exercise keeps its answers", async () => {
    const exercise = "op f(‸x: [p, N], W: [m, p]) -> [m, N] {\n  return W @ x\n  vjp x(u) = ?\n}\n";
    const text = await hover(await startSession(), exercise);
    assert.match(text, /x: \[p, N\]/);
    assert.doesNotMatch(text, /Wᵀ/);
  });

  test("half-typed statements cost their own names only", async () => {
    const session = await startSession();
    const typing = net.replace("  return J\n", "  q = relu(\n  return J\n");
    assert.match(await hover(session, typing), /∂J\/∂W = /);
  });

  test("a body with an error has no equation and still a hover", async () => {
    const session = await startSession();
    const broken = net.replace("X @ W", "W @ X");
    const text = await hover(session, broken);
    assert.match(text, /param W: \[n, k\]/);
    assert.doesNotMatch(text, /∂J/);
  });

  test("equations are there to copy, as text and as TeX", async () => {
    const session = await startSession();
    await session.open("a.nnspec", readMarks(net).text);
    const { textDocument, position } = session.at("a.nnspec", net);
    const found = await session.request<readonly EquationReply[]>(serverRequests.equations, {
      uri: textDocument.uri,
      position,
    });
    assert.deepEqual(found, [
      {
        text: "∂J/∂W = Xᵀ · ∂J/∂o + 2 λ · W",
        tex: "\\frac{\\partial J}{\\partial W} = X^{\\top} \\, \\frac{\\partial J}{\\partial o} + 2 \\, \\lambda \\cdot W",
      },
    ]);
  });

  test("data files are known by their headers alone", async () => {
    const text = await hover(
      await startSession(),
      'run r {\n  x = npy("missing.npy")\n  w = randn([3])\n  ‸y = w * 2\n  J = sum(y)\n}\n',
    );
    assert.match(text, /∂J\/∂y = 1/);
  });
});
