// The tester tested: each rule of each operator with each planted error must fail a check that the right rule passes.
import assert from "node:assert/strict";
import { operators, type OpDefinition, type Sample } from "../../../src/runtime/ops";
import { checkAdjoint, checkDifferences, checkSecond, seed } from "./derivative-checks";
import { checkEdges, edgeCases } from "./edge-check";
import { mutantsOf } from "./mutants";
import { caseFiles, storedCases, type StoredCase } from "./oracle-case";
import { checkCase, operatorOf } from "./oracle-check";
import { sampledCall } from "./sampled-call";

const cases: readonly StoredCase[] = caseFiles
  .flatMap((file) => storedCases(file))
  .filter(({ raises }) => raises !== true);

const edges = edgeCases();

/** Errors that change no derivative, or only where another test looks, with the reason. */
const harmless: readonly { readonly mutant: RegExp; readonly because: string }[] = [
  {
    mutant: /^(batch|group|layer)_norm: (vjp|jvp) x, .*: (swapped sub|negated mul)$/,
    because: "the normalised x occurs twice in x̄, so that its sign cancels",
  },
  { mutant: /^l1_loss: .*: scaled sub$/, because: "a multiple has the same sign" },
  { mutant: /^smooth_l1_loss: .*sign$/, because: "with β = 0 no difference is near" },
  { mutant: /^kl_div: .*: (detached|swapped) div$/, because: "y/y is 1, or NaN, either way" },
  { mutant: /^remainder: .*: left out round$/, because: "rounding takes off rounding errors only" },
  {
    mutant: /^norm: .*: zerosLike for onesLike$/,
    because: "what the safe divisor of 0 is shows in second derivatives at 0 only: reduce/kinks.test.ts",
  },
];

suite("planted errors in derivative rules", function () {
  this.timeout(120_000);
  const survivors: string[] = [];
  let planted = 0;
  for (const op of [...operators.values()].sort((a, b) => a.name.localeCompare(b.name))) {
    if (Object.keys(op.vjp).length === 0) continue;
    test(`those in ${op.name} are caught`, () => {
      const mutants = mutantsOf(op);
      planted += mutants.length;
      const own = cases.filter((stored) => operatorOf(stored) === op);
      const left = mutants.filter((mutant) => !isCaught(mutant.op, own)).map((mutant) => mutant.description);
      survivors.push(...left);
      const unexplained = left.filter((mutant) => !harmless.some((each) => each.mutant.test(mutant)));
      assert.deepEqual(unexplained, []);
    });
  }

  test("those that are explained do survive", () => {
    for (const { mutant, because } of harmless) {
      assert.ok(
        survivors.some((survivor) => mutant.test(survivor)),
        `${mutant} (${because}) is caught now`,
      );
    }
  });

  test("there are thousands of them", function () {
    assert.ok(planted > 4000, `${planted} only`);
    const caught = planted - survivors.length;
    this.test!.title = `${caught} of ${planted} are caught, the other ${survivors.length} are harmless and explained`;
  });
});

/** Whether any check at any sample, or any of PyTorch's cases, fails. */
function isCaught(op: OpDefinition, own: readonly StoredCase[]): boolean {
  const atSamples = [
    (sample: Sample, index: number) => checkAdjoint(sampledCall(op, sample, seed + index)),
    (sample: Sample, index: number) => checkDifferences(op, sample, seed + index),
    (sample: Sample, index: number) => checkSecond(op, sample, seed + index),
  ];
  return (
    atSamples.some((check) => op.samples.some((sample, index) => fails(() => check(sample, index)))) ||
    own.some((stored) => fails(() => checkCase(op, stored))) ||
    edges.some((stored) => stored.op === op.name && fails(() => checkEdges(op, stored)))
  );
}

function fails(check: () => void): boolean {
  try {
    check();
    return false;
  } catch {
    return true;
  }
}
