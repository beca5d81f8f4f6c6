// A line that the panel made goes to the end of a run, under a name that is free there.
import assert from "node:assert/strict";
import { newLine } from "../../../src/hosts/extension/new-line";

function written(run: string): string | undefined {
  const line = newLine(run, "backward(s)", "d");
  return line && run.slice(0, line.at) + line.text + run.slice(line.at);
}

suite("extension: a line written into a run", () => {
  test("it is the last line, indented as a body is", () => {
    assert.equal(written("run a {\n  s = 1\n}"), "run a {\n  s = 1\n  d = backward(s)\n}");
    assert.equal(written("  run a {\n    s = 1\n  }"), "  run a {\n    s = 1\n    d = backward(s)\n  }");
  });

  test("a run on one line is opened", () => {
    assert.equal(written("run a { s = 1 }"), "run a { s = 1 \n  d = backward(s)\n}");
  });

  test("a name that stands anywhere in the run is not taken again", () => {
    assert.equal(newLine("run a {\n  d = 1\n  # d_2\n}", "x", "d")?.name, "d_3");
    assert.equal(newLine("run a {\n  d_h = 1\n  # d_h_2\n}", "x", "d_h")?.name, "d_h_3");
    assert.equal(newLine("run a {\n  dd = 1\n}", "x", "d")?.name, "d");
  });

  test("without its brace there is no place", () => {
    assert.equal(newLine("run a {\n  s = 1\n", "x", "d"), undefined);
  });
});
