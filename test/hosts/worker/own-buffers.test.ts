// What leaves for another thread is a copy of exactly its size.
import assert from "node:assert/strict";
import { ownBuffers } from "../../../src/hosts/worker/own-buffers";

suite("worker: buffers to give away", () => {
  test("every typed array gets a buffer of its own, and the original stays whole when it is given away", () => {
    const kept = new Float64Array([1, 2, 3, 4]);
    const answer = {
      shape: [2],
      parts: [{ data: kept.subarray(1, 3) }, { data: new Uint8Array([7]) }],
      of: null,
    };
    const { value, transfer } = ownBuffers(answer);
    assert.deepEqual(
      transfer.map(({ byteLength }) => byteLength),
      [16, 1],
    );
    const arrived = structuredClone(value, { transfer: [...transfer] });
    assert.deepEqual(arrived, answer);
    assert.deepEqual([...kept], [1, 2, 3, 4]);
  });
});
