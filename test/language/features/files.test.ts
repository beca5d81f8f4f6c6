// The other files of a text: links, renames, imports that are added, and who calls whom.
import assert from "node:assert/strict";
import {
  callNodeAt,
  completionsAt,
  incomingCalls,
  outgoingCalls,
  pathEdits,
  pathsIn,
  quickFixesIn,
  relativePath,
  type Exporter,
} from "../../../src/language/features";
import { parse } from "../../../src/language/syntax";
import { check, slices } from "./marked";

suite("features: links", () => {
  test("imports and data files, also beside half-typed ones", () => {
    const text =
      'import { Linear } from "std"\nimport { f } from "lib/f.nnspec"\nrun r {\n  x = npy("x.npy")\n  y = npz("d.npz").y\n  z = csv("\n}\n';
    const file = parse(text);
    assert.deepEqual(
      pathsIn(file).map(({ kind, path }) => `${kind} ${path}`),
      ["import std", "import lib/f.nnspec", "data x.npy", "data d.npz"],
    );
    assert.deepEqual(
      slices(
        text,
        pathsIn(file).map(({ span }) => span),
      ),
      ["std", "lib/f.nnspec", "x.npy", "d.npz"],
    );
  });
});

suite("features: renamed files", () => {
  const home = "file:///w/nets/a.nnspec";
  const text = 'import { f } from "lib.nnspec"\nrun r {\n  x = npy("../data/x y.npy")\n}\n';
  const edited = (from: string, to: string): string =>
    [...pathEdits(parse(text), home, [{ from, to }])]
      .sort((a, b) => b.start - a.start)
      .reduce((sofar, { start, end, newText }) => sofar.slice(0, start) + newText + sofar.slice(end), text);

  test("an imported file, a data file, a folder", () => {
    assert.match(
      edited("file:///w/nets/lib.nnspec", "file:///w/nets/tools/lib2.nnspec"),
      /from "tools\/lib2\.nnspec"/,
    );
    assert.match(edited("file:///w/data/x%20y.npy", "file:///w/data/z.npy"), /npy\("\.\.\/data\/z\.npy"\)/);
    assert.match(edited("file:///w/data", "file:///w/nets/data"), /npy\("data\/x y\.npy"\)/);
  });

  test("the file itself into another folder takes its paths along", () => {
    const moved = edited(home, "file:///w/a.nnspec");
    assert.match(moved, /from "nets\/lib\.nnspec"/);
    assert.match(moved, /npy\("data\/x y\.npy"\)/);
  });

  test("what has nothing to do with it stays", () => {
    assert.equal(edited("file:///w/other.nnspec", "file:///w/b.nnspec"), text);
    assert.equal(edited(home, "file:///w/nets/b.nnspec"), text);
  });

  test("paths between folders", () => {
    assert.equal(relativePath("file:///w/a/b.nnspec", "file:///w/c/d%20e.nnspec"), "../c/d e.nnspec");
    assert.equal(relativePath("file:///w/a.nnspec", "untitled:Untitled-1"), undefined);
  });
});

suite("features: importing names", () => {
  const exporters: readonly Exporter[] = [
    { path: "std", names: [{ name: "Linear", kind: "net" }] },
    { path: "lib.nnspec", names: [{ name: "scale", kind: "op" }] },
  ];
  const files = {
    "lib.nnspec": "op scale(x: [N]) -> [N] {\n  return x\n}\nop other(x: [N]) -> [N] {\n  return x\n}\n",
  };

  function withImport(marked: string, label: string): string {
    const { checked, text, cursor } = check(marked, files);
    const item = completionsAt(checked, cursor, exporters).find((each) => each.label === label);
    const [edit] = item?.edits ?? [];
    assert.ok(edit, `${label} is not offered with an import`);
    return text.slice(0, edit.start) + edit.newText + text.slice(edit.end);
  }

  test("a completion brings its import: a new one, below others, or one name more", () => {
    assert.match(
      withImport("run r {\n  m = Lin‸\n}\n", "Linear"),
      /^import \{ Linear \} from "std"\n\nrun r/,
    );
    assert.match(
      withImport('import { other } from "lib.nnspec"\nrun r {\n  m = Lin‸\n}\n', "Linear"),
      /^import \{ other \} from "lib\.nnspec"\nimport \{ Linear \} from "std"\nrun r/,
    );
    assert.match(
      withImport('import { other } from "lib.nnspec"\nrun r {\n  m = sca‸\n}\n', "scale"),
      /^import \{ other, scale \} from "lib\.nnspec"\n/,
    );
    assert.match(
      withImport("# About this file.\n\nrun r {\n  m = Lin‸\n}\n", "Linear"),
      /^# About this file\.\nimport \{ Linear \} from "std"\n\nrun r/,
    );
  });

  test("what is declared or imported already is offered once, without", () => {
    const { checked, cursor } = check('import { scale } from "lib.nnspec"\nrun r {\n  m = sca‸\n}\n', files);
    const found = completionsAt(checked, cursor, exporters).filter(({ label }) => label === "scale");
    assert.deepEqual(
      found.map(({ edits }) => edits),
      [undefined],
    );
  });

  test("an unknown name that another file has can be imported", () => {
    const { checked, text } = check("run r {\n  y = scale([1.0])\n}\n", files);
    const fixes = quickFixesIn(checked, { start: 0, end: text.length }, exporters);
    const fix = fixes.find(({ title }) => title === 'Import `scale` from "lib.nnspec"');
    assert.equal(fix?.preferred, true);
    assert.deepEqual(fix.edits, [{ start: 0, end: 0, newText: 'import { scale } from "lib.nnspec"\n\n' }]);
  });
});

suite("features: what fits a hole", () => {
  const labels = (marked: string): readonly string[] => {
    const { checked, cursor } = check(marked);
    return completionsAt(checked, cursor).map(({ label }) => label);
  };

  test("names of its shape, and transposes of names", () => {
    const op = "op f(x: [p, N], W: [m, p], V: [p, m]) -> [m, N] {\n  return W @ x\n  vjp W(u) = ?‸\n}\n";
    assert.deepEqual([...labels(op).slice(0, 3)].sort(), ["V.T", "W", "u"]);
  });

  test("the hole is what they take the place of", () => {
    const { checked, cursor, text } = check("op f(x: [N]) -> [N] {\n  return x\n  vjp x(u) = ‸?\n}\n");
    const [item] = completionsAt(checked, cursor);
    assert.ok(item?.replaces);
    assert.deepEqual(slices(text, [item.replaces]), ["?"]);
  });

  test("a hole of unknown shape offers what may be written there, and does not say that it fits", () => {
    const { checked, cursor } = check("run r {\n  a = [1.0]\n  x = ?‸\n}\n");
    const found = completionsAt(checked, cursor);
    assert.equal(found[0]?.label, "a");
    assert.ok(found.some(({ label }) => label === "exp"));
    assert.deepEqual(
      found.filter(({ detail, label }) => detail.startsWith("fits") || label === "x"),
      [],
    );
  });
});

suite("features: call hierarchy", () => {
  const files = { "lib.nnspec": "op twice(x: [N]) -> [N] {\n  return 2 * x\n}\n" };
  const main =
    'import { twice } from "lib.nnspec"\nop four(x: [N]) -> [N] {\n  return ‸twice(twice(x))\n}\nnet M(x: [N]) -> [] {\n  y = four(x)\n  return sum(y)\n}\nrun r {\n  m = M([1.0])\n  z = four([2.0])\n  q = relu(\n}\n';

  test("who calls, across files, with each place", () => {
    const { checked, cursor, other, text } = check(main, files);
    const all = [checked, other("lib.nnspec")];
    const node = callNodeAt(checked, cursor, all);
    assert.equal(node?.name, "twice");
    const [edge, ...rest] = incomingCalls(node, all);
    assert.deepEqual(rest, []);
    assert.equal(edge?.node.name, "four");
    assert.deepEqual(slices(text, edge.uses), ["twice", "twice"]);
    const callers = incomingCalls(edge.node, all).map(({ node: { kind, name } }) => `${kind} ${name}`);
    assert.deepEqual(callers, ["net M", "run r"]);
  });

  test("what is called", () => {
    const { checked, other, text } = check(main, files);
    const all = [checked, other("lib.nnspec")];
    const run = callNodeAt(checked, text.indexOf("run r") + 4, all);
    assert.ok(run);
    assert.deepEqual(
      outgoingCalls(run, all).map(({ node: { name } }) => name),
      ["M", "four"],
    );
  });

  test("a name that calls nothing has none", () => {
    const { checked, text } = check(main, files);
    assert.equal(callNodeAt(checked, text.indexOf("y = "), [checked]), undefined);
  });
});
