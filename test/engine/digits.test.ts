/** The built-in digits: reproducible, in range, balanced, and as learnable as handwriting is. */
import assert from "node:assert/strict";
import { digits, type Digits } from "../../src/engine/digits";

suite("digits", () => {
  test("the same seed draws the same set, another seed another", () => {
    const draw = (seed: number): Digits => digits({ count: 20, seed, dtype: "float64" });
    assert.deepEqual(draw(3), draw(3));
    assert.notDeepEqual(draw(3).images, draw(4).images);
    assert.deepEqual(digits({ count: 20, dtype: "float64" }), draw(0));
  });

  test("images are [count, size, size] from paper at 0 to ink at 1, classes are whole numbers", () => {
    const { images, classes } = digits({ count: 30, dtype: "float32" });
    assert.deepEqual(
      [images.dtype, images.shape, classes.dtype, classes.shape],
      ["float32", [30, 28, 28], "int", [30]],
    );
    assert.ok(images.data.every((value) => value >= 0 && value <= 1));
    for (let image = 0; image < 30; image++) {
      const pixels = [...images.data.slice(image * 784, (image + 1) * 784)];
      const inked = pixels.filter((value) => value > 0.5).length;
      assert.ok(inked > 25 && inked < 784 / 3, `image ${image} has ${inked} inked pixels`);
      assert.ok(pixels.some((value) => value > 0.8));
      assert.ok([0, 27, 756, 783].every((corner) => pixels[corner] === 0));
    }
  });

  test("float32 images are the float64 images rounded", () => {
    const wide = digits({ count: 10, dtype: "float64" }).images.data;
    assert.deepEqual(digits({ count: 10, dtype: "float32" }).images.data, Float32Array.from(wide));
  });

  test("each ten images hold every digit once, in an order that varies", () => {
    const classes = [...digits({ count: 200, size: 4, dtype: "float32" }).classes.data];
    const orders = Array.from({ length: 20 }, (_, i) => classes.slice(10 * i, 10 * i + 10));
    for (const order of orders) assert.deepEqual([...order].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.equal(new Set(orders.map(String)).size, 20);
  });

  test("a longer set begins with the shorter one", () => {
    const [short, long] = [7, 25].map((count) => digits({ count, size: 12, dtype: "float64" }));
    assert.deepEqual(long!.images.data.slice(0, 7 * 144), short!.images.data);
    assert.deepEqual(long!.classes.data.slice(0, 7), short!.classes.data);
  });

  test("an empty set is empty", () => {
    assert.deepEqual(digits({ count: 0, dtype: "float64" }).images.shape, [0, 28, 28]);
  });

  for (const size of [28, 10]) {
    test(`the nearest class mean names over 80 % of fresh images of ${size} pixels, and not of shuffled classes`, () => {
      const known = digits({ count: 500, size, seed: 1, dtype: "float64" });
      const fresh = digits({ count: 500, size, seed: 2, dtype: "float64" });
      assert.ok(accuracy(classMeans(known, known.classes.data), fresh) > 0.8);
      const shifted = known.classes.data.map((_, i) => i % 10);
      assert.ok(accuracy(classMeans(known, shifted), fresh) < 0.3);
    });
  }
});

/** The mean image of each class; the classes may be others than the set's own. */
function classMeans({ images }: Digits, classes: ArrayLike<number>): Float64Array[] {
  const pixels = images.shape[1]! * images.shape[2]!;
  const means = Array.from({ length: 10 }, () => new Float64Array(pixels));
  const share = 10 / classes.length;
  for (let i = 0; i < classes.length; i++) {
    const mean = means[classes[i]!]!;
    for (let p = 0; p < pixels; p++) mean[p] = mean[p]! + share * images.data[i * pixels + p]!;
  }
  return means;
}

function accuracy(means: readonly Float64Array[], { images, classes }: Digits): number {
  let hits = 0;
  for (let i = 0; i < classes.data.length; i++) {
    const distances = means.map((mean) =>
      mean.reduce((sum, value, p) => sum + (value - images.data[i * mean.length + p]!) ** 2, 0),
    );
    if (distances.indexOf(Math.min(...distances)) === classes.data[i]) hits++;
  }
  return hits / classes.data.length;
}
