// No feature fails on any text: every example with lines cut, doubled, emptied and shortened, asked at many places.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Equations, makeLibrary } from "../../../src/engine";
import { checkModule, ModuleLoader } from "../../../src/language/check";
import {
  callNodeAt,
  completionsAt,
  equationQuestionAt,
  followedAt,
  hoverAt,
  incomingCalls,
  outgoingCalls,
  pathEdits,
  quickFixesIn,
  refactoringsIn,
  signatureAt,
} from "../../../src/language/features";
import { standardLibrary } from "../../../src/language/std";

const examples = path.resolve(__dirname, "../../../examples");
const library = makeLibrary(undefined);

/** Numbers that look random and are the same at every run. */
function pseudoRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function damaged(text: string, random: (below: number) => number): string {
  const lines = text.split("\n");
  const at = random(lines.length);
  const line = lines[at] ?? "";
  const cut = random(line.length + 1);
  const changes = [
    [line.slice(0, cut)],
    [line.slice(0, cut) + line.slice(cut + 1)],
    [line, line],
    [],
    [`${line.slice(0, cut)}?${line.slice(cut)}`],
    [line.slice(cut)],
  ];
  lines.splice(at, 1, ...(changes[random(changes.length)] ?? []));
  return lines.join("\n");
}

suite("features: any text", () => {
  for (const name of readdirSync(examples).filter((file) => file.endsWith(".nnspec"))) {
    test(name, () => {
      const random = pseudoRandom(42);
      const original = readFileSync(path.join(examples, name), "utf8");
      for (let round = 0; round < 8; round++) {
        const text = damaged(original, random);
        const loader = new ModuleLoader((_, wanted) => {
          if (wanted === "std") return { id: "std", text: standardLibrary() };
          return { id: wanted, text: readFileSync(path.join(examples, wanted), "utf8") };
        });
        const checked = checkModule(loader.load(`file:///${name}`, text), { library });
        const equations = new Equations({
          module: checked.module,
          library,
          now: () => performance.now(),
          milliseconds: 50,
        });
        for (let place = 0; place < 12; place++) {
          const offset = random(text.length + 1);
          const end = Math.min(text.length, offset + random(30));
          const context = `${name}, round ${String(round)}, offset ${String(offset)}`;
          assert.doesNotThrow(() => {
            hoverAt(checked, offset, (question) => equations.of(question));
            const question = equationQuestionAt(checked, offset);
            if (question !== undefined) equations.of(question);
            completionsAt(checked, offset, [{ path: "std", names: [{ name: "Linear", kind: "net" }] }]);
            signatureAt(checked, offset);
            followedAt(checked, offset);
            const node = callNodeAt(checked, offset, [checked]);
            const calls = node && [...incomingCalls(node, [checked]), ...outgoingCalls(node, [checked])];
            assert.ok(calls?.every(({ uses }) => uses.length > 0) ?? true);
            for (const { edits } of [
              ...refactoringsIn(checked, { start: offset, end }),
              ...quickFixesIn(checked, { start: offset, end }),
            ]) {
              for (const edit of edits) assert.ok(edit.start <= edit.end && edit.end <= text.length);
            }
            pathEdits(checked.module.file, `file:///${name}`, [
              { from: "file:///lib.nnspec", to: "file:///a/lib.nnspec" },
            ]);
          }, context);
        }
      }
    }).timeout(60_000);
  }
});
