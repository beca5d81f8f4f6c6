/** The limit of memory counts all that a run makes: what is drawn and read, and what is computed. */
import assert from "node:assert/strict";
import { RunMachine } from "../../src/engine/run-machine";
import { operator } from "../../src/runtime/ops";
import { allocate, tensor } from "../../src/runtime/tensor";

const limit = 4 * 2 ** 30;

suite("memory limit", () => {
  const elements = 2 ** 17; // a mebibyte
  function machineWithNode() {
    const machine = new RunMachine({ dtype: "float64", poll: () => undefined });
    const x = machine.graph.source(tensor("float64", [elements], allocate("float64", elements)));
    const node = machine.graph.apply(operator("neg"), { x }, {});
    assert.ok(!("rejected" in node));
    return { machine, node };
  }

  test("what is reserved leaves less for what is computed", () => {
    const { machine, node } = machineWithNode();
    assert.ok(machine.reserve(limit - elements));
    const value = machine.evaluate(node);
    assert.ok("message" in value);
    assert.match(value.message, /takes 1\.0 MiB, and 4\.0 GiB are allowed in all/u);
  });

  test("what is computed leaves less to reserve", () => {
    const { machine, node } = machineWithNode();
    assert.ok(!("message" in machine.evaluate(node)));
    assert.equal(machine.reserve(limit - elements), false);
    assert.equal(machine.reserve(limit - 2 * 8 * elements), true);
  });
});
