/** The initialisers against PyTorch's (test/oracle/initializers.json, written by make_initializers.py beside it). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  fans,
  initializers,
  numpyGenerator,
  torchGenerator,
  type FloatDType,
  type Initializer,
  type InitializerName,
  type InitializerOptions,
  type Tensor,
} from "../../../../src/runtime/tensor";

interface Case {
  readonly initializer: InitializerName;
  readonly options: InitializerOptions;
  readonly shape: readonly number[];
  readonly seed: number;
  readonly dtype: FloatDType;
  readonly values: readonly number[];
}

const oracle = readFileSync(join(__dirname, "../../../oracle/initializers.json"), "utf8");
const { cases } = JSON.parse(oracle) as { readonly cases: readonly Case[] };

/** What two correct roundings in another order may differ by: an ulp for draws, LAPACK's own error for decompositions. */
function tolerance({ initializer, dtype }: Case): number {
  if (initializer === "orthogonal") return dtype === "float64" ? 1e-12 : 2e-6;
  return dtype === "float64" ? 1e-15 : 0;
}

suite("initialisers", () => {
  for (const item of cases) {
    const { initializer, options, shape, seed, dtype, values } = item;
    const title = `${initializer} ${JSON.stringify(options)} of [${shape.join(", ")}] in ${dtype}, seed ${seed}, is PyTorch's`;
    test(title, () => {
      const drawn = initializers[initializer].draw(torchGenerator(seed), shape, dtype, options);
      assert.equal(drawn.dtype, dtype);
      assert.deepEqual(drawn.shape, shape);
      assert.equal(drawn.data.length, values.length);
      for (const [i, expected] of values.entries()) {
        const gap = Math.abs(drawn.data[i]! - expected);
        assert.ok(
          gap <= tolerance(item) * Math.max(1, Math.abs(expected)),
          `element ${i}: ${drawn.data[i]!} ${expected}`,
        );
      }
    });
  }

  test("each is drawn with all its options, and they change the result", () => {
    const others: Required<InitializerOptions> = {
      gain: 3,
      a: 2,
      mode: "fan_out",
      nonlinearity: "tanh",
      transposed: true,
      low: -5,
      high: 9,
      mean: 4,
      std: 7,
      value: 6,
    };
    const draw = (initializer: Initializer, options: InitializerOptions): Tensor =>
      initializer.draw(torchGenerator(1), [4, 3, 2], "float64", options);
    for (const [name, initializer] of Object.entries<Initializer>(initializers)) {
      for (const option of initializer.options) {
        if (option === "transposed" && name.startsWith("xavier")) continue; // its two fans stand in a symmetric sum
        const changed = draw(initializer, { [option]: others[option] });
        assert.notDeepEqual(changed.data, draw(initializer, {}).data, `${name} ignores ${option}`);
      }
    }
  });

  test("a weight is read as [fan_out, fan_in, receptive field], and the other way round when transposed", () => {
    assert.deepEqual(fans([8, 3, 5, 2]), { fanIn: 30, fanOut: 80 });
    assert.deepEqual(fans([8, 3, 5, 2], { transposed: true }), { fanIn: 80, fanOut: 30 });
    assert.throws(() => fans([3]));
  });

  test("a transposed kaiming weight [in, out] has the deviation of the weight [out, in]", () => {
    const plain = initializers.kaiming_uniform.draw(torchGenerator(0), [2, 50], "float64", {});
    const transposed = initializers.kaiming_uniform.draw(torchGenerator(0), [50, 2], "float64", {
      transposed: true,
    });
    assert.deepEqual([...transposed.data], [...plain.data]);
  });

  test("orthogonal rows are orthonormal whichever library draws", () => {
    const { data } = initializers.orthogonal.draw(numpyGenerator(5), [4, 9], "float64", {});
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 4; j++) {
        let product = 0;
        for (let k = 0; k < 9; k++) product += data[i * 9 + k]! * data[j * 9 + k]!;
        assert.ok(Math.abs(product - Number(i === j)) < 1e-14);
      }
    }
  });

  test("an empty weight draws nothing", () => {
    const generator = torchGenerator(0);
    assert.deepEqual(initializers.orthogonal.draw(generator, [0, 3], "float64", {}).shape, [0, 3]);
    assert.deepEqual(generator.rand([2], "float64"), torchGenerator(0).rand([2], "float64"));
  });
});
