import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { children, nodeAt, parse, walk, type Visit } from "../../../src/language/syntax";

const folder = join(__dirname, "../../../examples");
const examples = readdirSync(folder).filter((name) => name.endsWith(".nnspec"));

/** The kinds of the nodes around the mark, innermost first. */
function kindsAt(marked: string): readonly string[] {
  const offset = marked.indexOf("‸");
  return nodeAt(parse(marked.replace("‸", "")), offset).map(({ kind }) => kind);
}

function textAt(marked: string): string {
  const text = marked.replace("‸", "");
  const [innermost] = nodeAt(parse(text), marked.indexOf("‸"));
  return innermost === undefined ? "" : text.slice(innermost.node.start, innermost.node.end);
}

suite("walk", () => {
  for (const name of examples) {
    test(`every node of ${name} is inside of its parent and behind its elder siblings`, () => {
      const file = parse(readFileSync(join(folder, name), "utf8"));
      let count = 0;
      walk(file, (visited: Visit) => {
        count++;
        let end = visited.node.start;
        for (const { kind, node } of children(visited)) {
          assert.ok(
            node.start >= end && node.end <= visited.node.end,
            `${kind} in ${visited.kind} at ${node.start}`,
          );
          end = node.end;
        }
      });
      assert.ok(count > 100);
    });

    test(`every name token of ${name} is an identifier, a name, or a word of the language`, () => {
      const file = parse(readFileSync(join(folder, name), "utf8"));
      const named = new Set<number>();
      walk(file, ({ kind, node }) => {
        if (kind === "identifier" || kind === "name") named.add(node.start);
      });
      const words =
        "import from as const op net run param iterate while do return jvp vjp sample for in to downto seed torch numpy dtype float32 check within gradcheck wrt show plot int and or not";
      for (const token of file.tokens) {
        if (token.kind !== "name" || named.has(token.start)) continue;
        assert.ok(words.split(" ").includes(token.text), `\`${token.text}\` at ${token.start} is in no node`);
      }
    });
  }

  test("answering false leaves out what is inside", () => {
    const seen: string[] = [];
    walk(parse("run r {\n  x = f(1)\n}\nconst k = 2"), ({ kind }) => {
      seen.push(kind);
      return kind !== "run";
    });
    assert.deepEqual(seen, ["file", "run", "const", "identifier", "number"]);
  });
});

suite("node at an offset", () => {
  test("the path leads from the innermost node to the file", () => {
    const path = kindsAt("run r {\n  x = f(m.W‸[0])\n}");
    assert.deepEqual(path, [
      "identifier",
      "member",
      "indexing",
      "argument",
      "call",
      "assignment",
      "block",
      "run",
      "file",
    ]);
  });
  test("right behind a name is on the name", () => {
    assert.equal(textAt("run r {\n  abc‸[1] = 2\n}"), "abc");
    assert.equal(textAt("run r {\n  x = f‸(2)\n}"), "f");
    assert.equal(textAt("run r {\n  x = a‸+b\n}"), "a");
  });
  test("right before a name is on the name", () => assert.equal(textAt("run r {\n  x = -‸abc\n}"), "abc"));
  test("a member that is not typed yet is found", () => {
    assert.deepEqual(kindsAt("run r {\n  x = m.‸\n}").slice(0, 3), ["identifier", "member", "assignment"]);
  });
  test("between statements is in their block", () =>
    assert.equal(kindsAt("run r {\n  x = 1\n‸\n  y = 2\n}")[0], "block"));
  test("outside of everything is in the file", () =>
    assert.deepEqual(kindsAt("run r {\n}\n\n‸\n"), ["file"]));
});
