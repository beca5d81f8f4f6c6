// A session of random typing: every example is edited in bursts while every feature is asked for at random places. Nothing fails,
// nothing blocks, and what is answered is what a server answers that sees the text for the first time.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { startSession, uriOf, type Session } from "./session";

const folder = path.resolve(__dirname, "../../../examples");
const files = readdirSync(folder).filter((file) => file.endsWith(".nnspec"));

/** Numbers that look random and are the same at every run. */
function pseudoRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

interface Change {
  readonly at: number;
  readonly removed: number;
  readonly inserted: string;
}

/** A keystroke, a deletion, or a paste of a part of the text. */
function randomChange(text: string, random: (below: number) => number): Change {
  const at = random(text.length + 1);
  const typed = [
    ...["\n", " ", "{", "}", "(", ")", "[", "]", "?", '"', "#", ";", "=", ",", ".", "@", "+", "x", "1", "/"],
    ...["backward(", "m.", "  vjp x(u) = ", "run q {\n", 'npy("', "\n}\n"],
  ];
  switch (random(5)) {
    case 0:
      return { at, removed: 1 + random(3), inserted: "" };
    case 1:
      return { at, removed: random(80), inserted: "" };
    case 2: {
      const from = random(text.length);
      return { at, removed: 0, inserted: text.slice(from, from + random(150)) };
    }
    default:
      return { at, removed: 0, inserted: typed[random(typed.length)] ?? "" };
  }
}

function positionIn(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

type Ask = readonly [method: string, params: (at: ReturnType<typeof positionIn>) => object];

const options = { tabSize: 2, insertSpaces: true };
const everything: readonly Ask[] = [
  ...["hover", "definition", "documentHighlight", "signatureHelp", "completion", "prepareCallHierarchy"].map(
    (name): Ask => [name, (position) => ({ position })],
  ),
  ["references", (position) => ({ position, context: { includeDeclaration: true } })],
  ["rename", (position) => ({ position, newName: "renamed" })],
  ["selectionRange", (position) => ({ positions: [position] })],
  ["codeAction", (position) => ({ range: { start: position, end: position }, context: { diagnostics: [] } })],
  ["onTypeFormatting", (position) => ({ position, ch: "\n", options })],
  ["inlayHint", ({ line }) => ({ range: { start: { line: 0, character: 0 }, end: { line, character: 0 } } })],
  ...["codeLens", "documentSymbol", "foldingRange", "documentLink", "semanticTokens/full"].map(
    (name): Ask => [name, () => ({})],
  ),
  ["formatting", () => ({ options })],
];

/** Of computing, in milliseconds: what one waits for depends on the machine. */
const longest = 250;

/** What is answered to everything at one place; a refusal counts by its words. */
async function answers(session: Session, name: string, at: ReturnType<typeof positionIn>): Promise<unknown> {
  const told: Record<string, unknown> = {};
  for (const [method, params] of everything) {
    const all = { textDocument: { uri: uriOf(name) }, ...params(at) };
    const before = process.cpuUsage();
    told[method] = await session.request(`textDocument/${method}`, all).catch((error: unknown) => {
      const refusal = error instanceof Error ? error.message : String(error);
      // Only a rename may be refused; anything else has failed.
      assert.equal(method, "rename", refusal);
      return refusal;
    });
    const milliseconds = process.cpuUsage(before).user / 1000;
    assert.ok(milliseconds < longest, `${method} took ${milliseconds.toFixed(0)} ms`);
  }
  return told;
}

async function freshSession(): Promise<Session> {
  const session = await startSession();
  session.disk.set(uriOf("lib.nnspec"), readFileSync(path.join(folder, "lib.nnspec"), "utf8"));
  return session;
}

suite("language server: typing at random", () => {
  for (const [index, name] of files.entries()) {
    test(`${name}: answers are those of a new server, and none keeps one waiting`, async () => {
      const random = pseudoRandom(42 + index);
      const session = await freshSession();
      let text = readFileSync(path.join(folder, name), "utf8");
      await session.open(name, text);
      for (let step = 0; step < 3; step++) {
        for (let key = 0; key < 4; key++) {
          const { at, removed, inserted } = randomChange(text, random);
          const range = {
            start: positionIn(text, at),
            end: positionIn(text, Math.min(text.length, at + removed)),
          };
          text = text.slice(0, at) + inserted + text.slice(at + removed);
          await session.edit(name, range, inserted);
          // In the middle of a burst, as an editor asks.
          if (key === 1) await answers(session, name, positionIn(text, random(text.length + 1)));
        }
        const place = positionIn(text, random(text.length + 1));
        const where = `${name}, step ${String(step)}, ${JSON.stringify(place)}:\n${text}`;
        const other = await freshSession();
        await other.open(name, text);
        assert.deepEqual(await session.diagnostics(name), await other.diagnostics(name), where);
        // What can be imported is looked for when it is first asked for.
        await other.request("textDocument/completion", {
          textDocument: { uri: uriOf(name) },
          position: place,
        });
        await other.request("workspace/symbol", { query: "" });
        assert.deepEqual(await answers(session, name, place), await answers(other, name, place), where);
        other.client.dispose();
      }
      session.client.dispose();
    });
  }
});
