/** In which order a backward pass is stepped through, and what each step is about. */
import assert from "node:assert/strict";
import { Containers } from "../../src/hosts/webview/graph/containers";
import { foldGraph } from "../../src/hosts/webview/graph/folded-graph";
import { replaySteps, stepHighlights } from "../../src/hosts/webview/replay/replay-steps";
import { sharedLimit } from "../../src/hosts/webview/replay/thumb-nail";
import { graphReport } from "./fixture-graph";

/** x, W → a step → z; z, x → J: as in J = f(z, x), z = x @ W + … */
const report = graphReport(
  [
    { name: "x" },
    { name: "W", group: 0, role: "parameter" },
    { name: null, inputs: [0, 1], group: 0 },
    { name: "z", inputs: [2], group: 0 },
    { name: "J", inputs: [3, 0] },
  ],
  [{ name: "m" }],
);

suite("steps of a backward pass", () => {
  test("from the root to the inputs; nameless steps go with the node that they make", () => {
    assert.deepEqual(replaySteps(report, "names"), [
      { node: 4, through: [4], inputs: [3, 0] },
      { node: 3, through: [3, 2], inputs: [0, 1] },
    ]);
  });

  test("with operators each is a step of its own", () => {
    assert.deepEqual(replaySteps(report, "operators"), [
      { node: 4, through: [4], inputs: [3, 0] },
      { node: 3, through: [3], inputs: [2] },
      { node: 2, through: [2], inputs: [0, 1] },
    ]);
  });

  test("a step that two nodes share comes with the last that it must wait for", () => {
    const shared = graphReport([
      { name: "x" },
      { name: null, inputs: [0] },
      { name: "a", inputs: [1] },
      { name: "b", inputs: [1] },
      { name: "s", inputs: [2, 3] },
    ]);
    // b's cotangent is there first, but what flows on to x waits for a's.
    assert.deepEqual(replaySteps(shared, "names"), [
      { node: 4, through: [4], inputs: [2, 3] },
      { node: 2, through: [2, 1], inputs: [0] },
    ]);
  });

  test("where nothing flows there are no steps", () => {
    assert.deepEqual(replaySteps({ ...report, flows: [] }, "names"), []);
  });

  test("what stands out in the drawing: boxes and the flows between them, folded or not", () => {
    const containers = new Containers(report);
    const step = replaySteps(report, "names")[0]!;
    const open = stepHighlights(
      foldGraph(report, containers, "names", () => true),
      step,
    );
    assert.deepEqual([...open.boxes].sort(), ["#0", "#3", "#4"]);
    assert.deepEqual([...open.lines].sort(), ["#4→#0", "#4→#3"]);
    const folded = foldGraph(report, containers, "names", () => false);
    const lines = new Set(folded.flows.map(({ key }) => key));
    for (const line of stepHighlights(folded, step).lines) assert.ok(lines.has(line), line);
  });

  test("pictures that are added to one another share a scale, which what is not finite leaves alone", () => {
    const picture = (data: readonly number[]) => {
      return {
        shape: [data.length],
        rows: 1,
        columns: data.length,
        data: Float64Array.from(data),
        whole: true,
        norm: 1,
      };
    };
    assert.equal(sharedLimit([picture([1, -3]), null, picture([2, Infinity, NaN])]), 3);
    assert.equal(sharedLimit([picture([0])]), 1);
  });
});
