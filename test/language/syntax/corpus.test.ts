/** The corruption corpus over the examples: it counts, prints its figures, and holds them. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { costReader, damages, insertedCharacters, passes, type Cost, type Damage } from "./corruptions";

const folder = join(__dirname, "../../../examples");
/** The corpus is over the specs of the five notebooks and their library. */
const names = ["any-depth", "autograd-tutorial", "lib", "linear-maps", "toy-library", "weight-decay"];

interface Figures {
  total: number;
  passed: number;
  /** Those whose problem is on the damaged line itself where its statement takes several. */
  exact: number;
  readonly failures: string[];
}

suite("corruption corpus", function () {
  this.timeout(180_000);

  test("one problem at most, on the damaged line, and no other name lost", () => {
    const figures = new Map<Damage["kind"], Figures>();
    let turn = 0;
    // One character at each place, all of them in turn: every kind of place meets every character.
    const inserted = (): readonly string[] => [insertedCharacters[turn++ % insertedCharacters.length] ?? "("];
    for (const name of names) {
      const text = readFileSync(join(folder, `${name}.nnspec`), "utf8");
      const costOf = costReader(text);
      for (const damage of damages(text, inserted)) count(figures, damage, costOf(damage));
    }
    for (const kind of ["truncate", "delete", "insert", "header"] as const) {
      const { total, passed, exact, failures } = figures.get(kind) ?? assert.fail();
      console.log(
        `      ${kind}: ${passed} of ${total} (${percent(passed, total)}); on the very line ${percent(exact, total)}`,
      );
      assert.ok(total > 3000);
      const wanted = kind === "header" ? 0.95 : 1;
      assert.ok(passed >= wanted * total, failures.slice(0, 5).join("\n"));
    }
  });

  test("the examples are all in the corpus, or newer than it", () => {
    const present = readdirSync(folder);
    for (const name of names) assert.ok(present.includes(`${name}.nnspec`), name);
  });

  test("the count is able to fail: a damage that loses a name, one with two problems, one far away", () => {
    const text = "run a {\n  x = 1\n  y = 2\n}\n";
    const costOf = costReader(text);
    const cost = (damaged: string): Cost =>
      costOf({ kind: "insert", line: 1, text: damaged, description: "planted" });
    assert.deepEqual(cost("run a {\n  x = 1\n  q = 2\n}\n").lost, ["3:y"]);
    assert.equal(cost("run a {\n  x = )\n  y = )\n}\n").errors, 2);
    assert.equal(cost("run a {\n  x = 1\n  y = 2 )\n}\n").elsewhere, 1);
    for (const damaged of ["run a {\n  x = 1\n  q = 2\n}\n", "run a {\n  x = )\n  y = )\n}\n"]) {
      assert.equal(passes(cost(damaged)), false);
    }
    assert.equal(passes(cost("run a {\n  x = )\n  y = 2\n}\n")), true);
  });
});

function count(figures: Map<Damage["kind"], Figures>, damage: Damage, cost: Cost): void {
  const entry = figures.get(damage.kind) ?? { total: 0, passed: 0, exact: 0, failures: [] };
  figures.set(damage.kind, entry);
  entry.total++;
  if (!passes(cost)) entry.failures.push(`${damage.description} ${JSON.stringify(cost)}`);
  else {
    entry.passed++;
    if (cost.besides === 0) entry.exact++;
  }
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(2)} %`;
}
