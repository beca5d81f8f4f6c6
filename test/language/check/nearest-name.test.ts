/** Which name is offered for one that is not there. */
import assert from "node:assert/strict";
import { nearestName } from "../../../src/language/check";

suite("check: the nearest name", () => {
  test("one slip is near, another word is not", () => {
    assert.equal(nearestName("sofmax", ["relu", "softmax"]), "softmax");
    assert.equal(nearestName("lambda", ["relu", "softmax"]), undefined);
    // Two neighbours in each other's place are one slip.
    assert.equal(nearestName("rleu", ["relu", "gelu"]), "relu");
    assert.equal(nearestName("rnadn", ["rand", "randn", "randint"]), "randn");
  });

  test("a name of one letter is near to its other case alone", () => {
    assert.equal(nearestName("x", ["X", "y"]), "X");
    assert.equal(nearestName("a", ["r", "ab"]), undefined);
  });
});
