// Every operator on every sample, with its derivatives: compiled is interpreted.
import assert from "node:assert/strict";
import { operators } from "../../../src/runtime/ops";
import { assertAgrees } from "./agreement";
import { recordedSample } from "./recorded-sample";

suite("compiled operators", () => {
  for (const op of operators.values()) {
    test(`${op.name} computes what its reference does, in both widths, with its derivatives`, () => {
      for (const [index, sample] of op.samples.entries()) {
        for (const float of ["float64", "float32"] as const) {
          const { report } = assertAgrees(recordedSample(op, sample, float), `sample ${index} in ${float}`);
          assert.deepEqual(report.references, [], "all of them have kernels");
        }
      }
    });
  }
});
