// The other path of the same kernels: engines that multiply and add with one rounding. Node has it behind a flag.
import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import fc from "fast-check";
import { targetHere, type Target } from "../../../src/runtime/compile";
import { ModuleBuilder } from "../../../src/runtime/compile/emit";
import { operators } from "../../../src/runtime/ops";
import { assertAgrees } from "./agreement";
import { composed } from "./composed-program";
import { recordedSample } from "./recorded-sample";

const fused: Target = { simd: true, fma: true, deterministic: false };

function validatesRelaxed(): boolean {
  const module = new ModuleBuilder();
  const code = module.function({ parameters: ["v128"], results: ["v128"] });
  const [x] = code.parameters;
  code.op("f64x2.relaxed_madd", x!, x!, x!);
  return WebAssembly.validate(module.finish(0));
}

suite("kernels with fused multiply-add", () => {
  suiteSetup(() => {
    // What is found without the flag is what other suites go by.
    targetHere();
    setFlagsFromString("--experimental-wasm-relaxed-simd");
  });

  suiteTeardown(() => {
    setFlagsFromString("--no-experimental-wasm-relaxed-simd");
  });

  test("the engine here has them behind its flag", () => {
    assert.ok(validatesRelaxed());
    assert.equal(targetHere({ deterministic: true })?.fma, false);
  });

  test("every operator computes what its reference does, in both widths, with its derivatives", () => {
    for (const op of operators.values()) {
      for (const [index, sample] of op.samples.entries()) {
        for (const float of ["float64", "float32"] as const)
          assertAgrees(recordedSample(op, sample, float), `${op.name}, sample ${index} in ${float}`, {
            target: fused,
          });
      }
    }
  }).timeout(20_000);

  test("random programs of several operators, by this path and by the one without", () => {
    const check = (choices: readonly number[]): void => {
      for (const float of ["float64", "float32"] as const)
        for (const target of [fused, { ...fused, fma: false, deterministic: true }])
          assertAgrees(composed(choices, float), `${choices.join()} in ${float}`, { target });
    };
    fc.assert(fc.property(fc.array(fc.nat(100_000), { minLength: 4, maxLength: 12 }), check), {
      seed: 43,
      endOnFailure: true,
      numRuns: 20,
    });
  }).timeout(60_000);
});
