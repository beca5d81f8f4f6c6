import assert from "node:assert/strict";
import { checkDiagnostics, diagnose } from "./snippet";

const std = 'import { Linear } from "std"\n';

suite("diagnostics of chains", () => {
  test("a step that does not fit is named, and what it takes is what the step before gives", () => {
    checkDiagnostics(
      `${std}run r {\n  X = randn([5, 8])\n  y = chain([Linear(8, 4), relu, ⟦Linear(3, 2)⟧])(X)\n}\n`,
      [
        [
          "NN202",
          "`x` of `Linear` is declared as [..., n_in], but `layers[1]` is [5, 4]: dimension 1 must be 3",
        ],
      ],
    );
    checkDiagnostics(
      "op f(x: int[n]) -> [n] {\n  return x\n}\nrun r {\n  y = chain([relu, ⟦f⟧])(randn([5]))\n}\n",
      [["NN207", "must be int"]],
    );
  });
  test("the first step's mistake is about what the chain is given", () => {
    checkDiagnostics(`${std}run r {\n  X = randn([5, 8])\n  y = chain([Linear(3, 4), relu])(⟦X⟧)\n}\n`, [
      ["NN202", "but `X` is [5, 8]"],
    ]);
  });
  test("a chain that is written elsewhere says where it is applied", () => {
    const text = `${std}run r {\n  X = randn([5, 8])\n  c = chain([Linear(8, 4), Linear(3, 2)])\n  y = c(X)\n}\n`;
    const [found, ...others] = diagnose(text);
    assert.deepEqual(others, []);
    assert.equal(text.slice(found?.place.start, found?.place.end), "Linear(3, 2)");
    const applied = found?.related.find(({ message }) => message === "Applied here");
    assert.equal(text.slice(applied?.place.start, applied?.place.end), "c(X)");
  });
  test("a step that lacks an argument is called by its name", () => {
    checkDiagnostics("run r {\n  y = ⟦chain([relu, transpose])(randn([2, 3]))⟧\n}\n", [
      ["NN212", "`transpose` needs `dim0`"],
    ]);
  });
});
