// Definitions, uses and renaming, here and across files.
import assert from "node:assert/strict";
import { definitionAt, highlightsAt, rename, usesAt } from "../../../src/language/features";
import { check, slices } from "./marked";

const library = `# Half the squared norm.
op l2(w: [...]) -> [] {
  return sum(w^2) / 2
}
net Linear(n_in, n_out)(X: [N, n_in]) -> [N, n_out] {
  param W: [n_in, n_out] = zeros()
  z = X @ W
  return z
}
`;

/** The definition of what is at the cursor is the first marked range. */
function checkDefinition(marked: string, files?: Readonly<Record<string, string>>): void {
  const { checked, cursor, ranges } = check(marked, files);
  const found = definitionAt(checked, cursor);
  assert.ok(found, "no definition");
  assert.equal(found.place.file, "main.nnspec");
  assert.deepEqual({ start: found.place.start, end: found.place.end }, ranges[0]);
}

suite("features: going to the definition", () => {
  for (const [what, marked] of [
    ["a node", "net M(x: [N]) -> [] {\n  ⟦z⟧ = x\n  return sum(‸z)\n}\n"],
    ["an input", "net M(⟦x⟧: [N]) -> [] {\n  return sum(x‸)\n}\n"],
    ["a size", "net M(x: [⟦N⟧], y: [N]) -> [] {\n  return sum(x) / ‸N\n}\n"],
    ["a hyperparameter", "net M(⟦k⟧)(x: [N]) -> [] {\n  return k‸ * sum(x)\n}\n"],
    [
      "a hyperparameter named in a call",
      "net M(⟦k⟧ = 2)(x: [N]) -> [] {\n  return k * sum(x)\n}\nrun r {\n  m = M(‸k = 3)([1, 2])\n}\n",
    ],
    [
      "a parameter given in a call",
      "net M()(x: [N]) -> [] {\n  param ⟦w⟧: [] = zeros()\n  return w * sum(x)\n}\nrun r {\n  m = M()([1, 2], ‸w = 3)\n}\n",
    ],
    [
      "a member of an instance",
      "net M(x: [N]) -> [] {\n  ⟦z⟧ = x\n  return sum(z)\n}\nrun r {\n  m = M([1, 2])\n  show m.‸z\n}\n",
    ],
    [
      "a gradient",
      "net M(x: [N]) -> [] {\n  ⟦z⟧ = x\n  return sum(z)\n}\nrun r {\n  m = M([1.0, 2])\n  d = backward(m)\n  show d.‸z\n}\n",
    ],
    ["a net", "net ⟦M⟧(x: [N]) -> [] {\n  return sum(x)\n}\nrun r {\n  m = ‸M([1, 2])\n}\n"],
    ["a constant of the file", "const ⟦k⟧ = 2\nrun r {\n  x = ‸k + 1\n}\n"],
    ["a loop's index", "run r {\n  for ⟦i⟧ in 1 to 2 { z[‸i] = 1.0 }\n}\n"],
    ["a rule's argument", "op f(x: [N]) -> [N] {\n  return x\n  vjp x(⟦u⟧) = ‸u\n}\n"],
    ["an op's input from its rule", "op f(⟦x⟧: [N]) -> [N] {\n  return x\n  vjp ‸x(u) = u\n}\n"],
  ] as const) {
    test(`of ${what}`, () => checkDefinition(marked));
  }

  test("in another file, from a use, from the import and from its path", () => {
    const files = { "lib.nnspec": library };
    for (const marked of [
      'import { l2 } from "lib.nnspec"\nrun r {\n  x = ‸l2([1.0, 2])\n}\n',
      'import { ‸l2 } from "lib.nnspec"\nrun r {\n  x = l2([1.0, 2])\n}\n',
      'import { l2 as half } from "lib.nnspec"\nrun r {\n  x = ‸half([1.0, 2])\n}\n',
    ]) {
      const { checked, cursor } = check(marked, files);
      const place = definitionAt(checked, cursor)?.place;
      assert.equal(place?.file, "lib.nnspec");
      assert.equal(library.slice(place.start, place.end), "l2");
    }
    const { checked, cursor } = check('import { l2 } from "lib‸.nnspec"\n', files);
    assert.deepEqual(definitionAt(checked, cursor)?.place, { file: "lib.nnspec", start: 0, end: 0 });
  });

  test("a builtin has none", () => {
    const { checked, cursor } = check("run r {\n  x = ‸exp(1.0)\n}\n");
    assert.equal(definitionAt(checked, cursor), undefined);
  });
});

suite("features: uses", () => {
  test("the members of a family are one name", () => {
    const { checked, cursor, text, ranges } = check(
      "net M(x: [N]) -> [] {\n  ⟦z⟧[0] = x\n  for l in 1 to 2 { ⟦z⟧[l] = 2 * ⟦‸z⟧[l-1] }\n  return sum(⟦z⟧[2])\n}\n",
    );
    const found = highlightsAt(checked, cursor);
    assert.deepEqual(
      found.map(({ start, end }) => ({ start, end })).sort((a, b) => a.start - b.start),
      ranges,
    );
    assert.deepEqual(slices(text, found), ["z", "z", "z", "z"]);
  });

  test("two nets may use the same name for different nodes", () => {
    const { checked, cursor, ranges } = check(
      "net A(x: [N]) -> [] {\n  ⟦z⟧ = x\n  return sum(⟦‸z⟧)\n}\nnet B(x: [N]) -> [] {\n  z = x\n  return sum(z)\n}\n",
    );
    assert.deepEqual(
      highlightsAt(checked, cursor).map(({ start, end }) => ({ start, end })),
      ranges,
    );
  });

  test("are found in every file", () => {
    const { checked, cursor, other } = check(
      'import { Linear } from "lib.nnspec"\nrun r {\n  m = Linear(2, 3)(zeros([4, 2]))\n  show m.‸z\n}\n',
      { "lib.nnspec": library },
    );
    const uses = usesAt(checked, cursor, [checked, other("lib.nnspec")]);
    assert.deepEqual(uses.map(({ file, defines }) => `${file} ${String(defines)}`).sort(), [
      "lib.nnspec false",
      "lib.nnspec true",
      "main.nnspec false",
    ]);
  });
});

suite("features: rename", () => {
  function renamed(marked: string, newName: string): string {
    const { checked, cursor, text } = check(marked);
    const renaming = rename(checked, cursor, newName, [checked]);
    assert.equal(renaming.kind, "edits", JSON.stringify(renaming));
    return [...renaming.edits]
      .sort((a, b) => b.start - a.start)
      .reduce(
        (result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end),
        text,
      );
  }

  test("changes every use in the same net, in runs and in gradients", () => {
    const before =
      "net M(x: [N]) -> [] {\n  ‸z = x\n  return sum(z)\n}\nrun r {\n  z = 3.0\n  m = M([1.0, 2])\n  d = backward(m)\n  show m.z, d.z, z\n}\n";
    // The run's own `z` keeps its name; `d.z` is the net's.
    const after =
      "net M(x: [N]) -> [] {\n  hidden = x\n  return sum(hidden)\n}\nrun r {\n  z = 3.0\n  m = M([1.0, 2])\n  d = backward(m)\n  show m.hidden, d.hidden, z\n}\n";
    assert.equal(renamed(before, "hidden"), after);
  });

  test("changes a hyperparameter and the arguments that name it", () => {
    assert.equal(
      renamed(
        "net M(‸k = 2)(x: [N]) -> [] {\n  return k * sum(x)\n}\nrun r {\n  m = M(k = 3)([1, 2])\n  show m.k\n}\n",
        "scale",
      ),
      "net M(scale = 2)(x: [N]) -> [] {\n  return scale * sum(x)\n}\nrun r {\n  m = M(scale = 3)([1, 2])\n  show m.scale\n}\n",
    );
  });

  test("changes what a layer that is not applied is asked for, and what is named in quotes", () => {
    const net = "net M(x: [N, 3]) -> [] {\n  param ‸w: [3] = randn()\n  return mean(x @ w)\n}\n";
    const run =
      'run r {\n  layer = M()\n  m = layer(ones([4, 3]))\n  n = update(m, backward(m), sgd(0.1), only = ["w"])\n  show layer.w, n.w\n}\n';
    const after = (net + run).replace("‸", "").replace(/\bw\b/g, "weight");
    assert.equal(renamed(net + run, "weight"), after);
    const family =
      "net M(x: [N]) -> [] {\n  for l in 1 to 2 {\n    param ‸w[l]: [] = randn()\n  }\n  return sum(x * w[1] * w[2])\n}\n";
    const use = "run r {\n  layer = M()\n  m = layer(ones([4]))\n  show layer.w[1], m.w[2]\n}\n";
    assert.equal(renamed(family + use, "c"), (family + use).replace("‸", "").replace(/\bw\b/g, "c"));
  });

  test("keeps an alias: only the name before `as` changes", () => {
    const { checked, other } = check(
      'import { l2 as half } from "lib.nnspec"\nrun r {\n  x = half([1.0, 2])\n}\n',
      {
        "lib.nnspec": library,
      },
    );
    const lib = other("lib.nnspec");
    const renaming = rename(lib, library.indexOf("l2("), "halfNorm", [checked, lib]);
    assert.equal(renaming.kind, "edits");
    assert.deepEqual(renaming.edits.map(({ file }) => file).sort(), ["lib.nnspec", "main.nnspec"]);
  });

  for (const [why, marked, newName, reason] of [
    ["builtins", "run r {\n  x = ‸exp(1.0)\n}\n", "e", /built in/],
    [
      "the standard library",
      'import { Linear } from "std"\nrun r {\n  m = ‸Linear(2, 3)\n}\n',
      "Dense",
      /standard library/,
    ],
    ["to what is no name", "run r {\n  ‸x = 1\n}\n", "2x", /not a name/],
    ["to a reserved word", "run r {\n  ‸x = 1\n}\n", "and", /reserved/],
    ["to T", "run r {\n  ‸x = 1\n}\n", "T", /transpose/],
    ["to a name that is taken", "run r {\n  ‸x = 1\n  y = 2\n}\n", "y", /already/],
    ["to a declaration that exists", "run ‸r {\n}\nrun s {\n}\n", "s", /already/],
    ["where there is nothing", "run r {\n  x =‸ 1\n}\n", "y", /no name/],
  ] as const) {
    test(`refuses ${why}`, () => {
      const { checked, cursor } = check(marked);
      const renaming = rename(checked, cursor, newName, [checked]);
      assert.equal(renaming.kind, "refused");
      assert.match(renaming.reason, reason);
    });
  }
});
