/** Curves of trainings: put together from pieces, thinned, smoothed. Expected numbers are closed forms. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { counted, smoothed, thinned } from "../../src/hosts/webview/training/curve-points";
import { LiveTrainings } from "../../src/hosts/webview/training/training-curves";
import { epochText, examplesDone, timeLeft } from "../../src/hosts/webview/training/training-figures";
import { trainingCurves, trainingPiece, trainingReport } from "./fixture-training";

suite("curves of trainings", () => {
  test("pieces make the whole, told anew from the start or by another run", () => {
    const live = new LiveTrainings();
    live.receive(1, trainingPiece(0, 30));
    live.receive(1, trainingPiece(30, 95));
    assert.deepEqual(live.all[0]!.curves, trainingCurves(0, 95));
    live.receive(1, trainingPiece(0, 40));
    assert.deepEqual(live.all[0]!.curves.losses, trainingCurves(0, 40).losses, "a panel that was reloaded");
    live.receive(2, trainingPiece(0, 5));
    assert.equal(live.all.length, 1);
    assert.equal(live.all[0]!.curves.losses.length, 5);
    live.clear();
    assert.deepEqual(live.all, []);
  });

  test("thinning keeps every peak and trough, and the order of steps", () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), {
      minLength: 2001,
      maxLength: 6000,
    });
    fc.assert(
      fc.property(values, (y) => {
        const points = thinned(counted(y.length), y);
        assert.ok(points.x.length <= 2000);
        assert.equal(Math.max(...points.y), Math.max(...y));
        assert.equal(Math.min(...points.y), Math.min(...y));
        for (let i = 1; i < points.x.length; i++) assert.ok(points.x[i]! >= points.x[i - 1]!);
        points.x.forEach((step, i) => assert.equal(points.y[i], y[step]));
      }),
      { seed: 42, numRuns: 20 },
    );
  });

  test("a smoothed constant is that constant, and a NaN does not spread", () => {
    assert.deepEqual(
      [...smoothed([2, 2, 2], 0.9)].map((x) => x.toFixed(12)),
      Array(3).fill("2.000000000000"),
    );
    // Weights 1 and 1/2: (1/2 · 1 + 3) / (1/2 + 1).
    assert.ok(Math.abs(smoothed([1, 3], 0.5)[1]! - 7 / 3) < 1e-12);
    assert.deepEqual([...smoothed([NaN, 4, NaN], 0.5)], [NaN, 4, 4]);
  });

  test("figures count examples of short last batches, epochs and the time that is left", () => {
    // 100 examples in batches of 30: 30, 30, 30, 10.
    const report = trainingReport({
      stepsPerEpoch: 4,
      batch: 30,
      examples: 100,
      epochs: 5,
      total: 20,
      done: 6,
    });
    assert.equal(examplesDone(report), 160);
    assert.equal(epochText(report), "1.5 of 5");
    assert.equal(timeLeft({ ...report, milliseconds: 60 }), 140);
    assert.equal(timeLeft({ ...report, done: 0 }), null);
  });
});
