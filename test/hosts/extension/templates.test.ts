// The templates of new specs: run by the engine as a person would.
import assert from "node:assert/strict";
import { format } from "../../../src/language/syntax";
import { templates } from "../../../src/hosts/extension/templates";
import { runText, troubles } from "../../engine/run-text";

suite("extension: templates", () => {
  test("a new spec runs, and all of it passes", async () => {
    const session = await runText(templates.spec);
    assert.deepEqual(troubles(session), []);
    assert.deepEqual(session.outcome.diagnostics, []);
    assert.equal(session.outcome.report.runs?.[0]?.checks.length, 1);
  });

  test("a new exercise waits for its holes and for nothing else", async () => {
    const session = await runText(templates.exercise);
    const [grade] = session.outcome.report.runs ?? [];
    assert.deepEqual(
      grade?.checks.map(({ label, status }) => `${String(label)} ${status}`),
      ["at x pending", "at W pending"],
    );
    assert.ok(
      session.outcome.diagnostics.every(({ severity }) => severity !== "error" && severity !== "warning"),
    );
  });

  test("the exercise has the answer that it asks for", async () => {
    const solved = templates.exercise
      .replace("vjp x(u) = ?", "vjp x(u) = (u * (1 - y^2)) @ W.T")
      .replace("vjp W(u) = ?", "vjp W(u) = x.T @ (u * (1 - y^2))");
    assert.deepEqual(troubles(await runText(solved)), []);
  });

  test("both are formatted", () => {
    for (const text of Object.values(templates)) assert.equal(format(text), text);
  });
});
