// Checking again after a change finds what checking from nothing finds: diagnostics, names, hints and holes, whatever was
// typed, cut or pasted. And it checks no more than it must.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { makeLibrary } from "../../../src/engine";
import {
  CheckMemory,
  checkModule,
  ModuleLoader,
  type CheckedModule,
  type Outside,
} from "../../../src/language/check";
import { namesOf, semanticTokensOf, shapeHintsIn } from "../../../src/language/features";
import { standardLibrary } from "../../../src/language/std";

const folder = path.resolve(__dirname, "../../../examples");
const library = makeLibrary(undefined);

const files = readdirSync(folder).filter((file) => file.endsWith(".nnspec"));

const texts = new Map([
  ["std", standardLibrary()],
  ...files.map((file) => [file, readFileSync(path.join(folder, file), "utf8")] as const),
]);

const resolve = (_: string, wanted: string): { readonly id: string; readonly text: string } | undefined => {
  const text = texts.get(wanted);
  return text === undefined ? undefined : { id: wanted, text };
};

/** Numbers that look random and are the same at every run. */
function pseudoRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pastes = [
  ...'\n } { ( ) [ ] ? " # ; = ,'.split(" "),
  " ",
  "x",
  "run more {\n  x = 1\n}\n",
  "op more(a: [n]) -> [n] {\n  return a\n}\n",
  "const k = 3\n",
  "  # ok NN203: meant\n",
  ".T",
  "relu",
];

function edited(text: string, random: (below: number) => number): string {
  const at = random(text.length + 1);
  switch (random(6)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + text.slice(at + random(60));
    case 2: {
      const from = random(text.length);
      return text.slice(0, at) + text.slice(from, from + random(120)) + text.slice(at);
    }
    default:
      return text.slice(0, at) + (pastes[random(pastes.length)] ?? "") + text.slice(at);
  }
}

/** Everything that an editor is told, as plain data. */
function told(checked: CheckedModule): unknown {
  const { module, diagnostics, facts } = checked;
  const names = namesOf(checked).map(({ name, span, role, symbol, defines }) => ({
    name,
    span,
    role,
    symbol: symbol && `${symbol.file} ${String(symbol.start)}`,
    defines,
  }));
  const hints = shapeHintsIn(checked, { start: 0, end: module.file.text.length });
  return { diagnostics, names, hints, tokens: semanticTokensOf(checked), holes: facts.hasHoles };
}

suite("checking again", () => {
  for (const name of files) {
    test(`${name}, edited at random, is what it is from nothing`, () => {
      const random = pseudoRandom(42);
      const original = texts.get(name) ?? assert.fail(name);
      const memory = new CheckMemory();
      const loader = new ModuleLoader(resolve);
      const id = `file:///${name}`;
      let text = original;
      for (let step = 0; step < 12; step++) {
        // Each burst of edits is undone at its end, as people do.
        text = step % 6 === 5 ? original : edited(text, random);
        const again = checkModule(loader.load(id, text), { library, memory });
        const fresh = checkModule(new ModuleLoader(resolve).load(id, text), { library });
        assert.deepEqual(told(again), told(fresh), `${name}, step ${String(step)}:\n${text}`);
      }
    });
  }

  const first = "op first(x: [n]) -> [n] {\n  return 2 * x\n}\n";
  const second = "op second(x: [n]) -> [n] {\n  return first(x)\n}\n";
  const apart = "run apart {\n  y = randn([3])\n}\n";

  /** How many declarations each text of a row has checked. */
  function checkedIn(texts: readonly string[]): readonly number[] {
    let count = 0;
    const outside: Outside = {
      watch: (work) => {
        count++;
        return { result: work(), holds: () => true };
      },
    };
    const memory = new CheckMemory(outside);
    const loader = new ModuleLoader(resolve);
    return texts.map((text) => {
      count = 0;
      checkModule(loader.load("a", text), { library, memory });
      return count;
    });
  }

  test("a declaration is checked again when its text changes, and so is what uses it", () => {
    const changed = first.replace("2", "3");
    assert.deepEqual(
      checkedIn([
        first + second + apart,
        changed + second + apart,
        `# Above.\n\n${changed}${second}${apart}`,
        `# Above.\n\n${changed}${second}${apart.replace("3", "4")}`,
      ]),
      [3, 2, 0, 1],
    );
  });

  test("a new name is looked at where it is mentioned", () => {
    assert.deepEqual(checkedIn([second + apart, second + apart + first, second + apart]), [2, 2, 1]);
  });

  test("what was asked outside of the texts has to be the same still", () => {
    let holds = true;
    const memory = new CheckMemory({ watch: (work) => ({ result: work(), holds: () => holds }) });
    const loader = new ModuleLoader(resolve);
    const facts = (): readonly unknown[] => {
      const checked = checkModule(loader.load("a", first), { library, memory });
      return checked.facts.declarations.map((each) =>
        checked.facts.derive(each, { what: "nothing" }, () => 1),
      );
    };
    let made = 0;
    const key = { what: "a count" };
    const count = (): void => {
      const checked = checkModule(loader.load("a", first), { library, memory });
      for (const each of checked.facts.declarations) checked.facts.derive(each, key, () => ++made);
    };
    assert.deepEqual(facts(), [1]);
    count();
    count();
    assert.equal(made, 1);
    holds = false;
    count();
    assert.equal(made, 2);
  });
});
