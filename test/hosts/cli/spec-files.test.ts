/** Reading spec and data files from a real folder: patterns, refusals in one line, lazy parts. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { dataBeside } from "../../../src/hosts/cli/data-files";
import { makeResolver, readSpecFiles } from "../../../src/hosts/cli/spec-files";

suite("command line: files", () => {
  let folder = "";
  const at = (...names: string[]): string => path.join(folder, ...names);

  suiteSetup(() => {
    folder = mkdtempSync(path.join(tmpdir(), "nnspec-files-"));
    mkdirSync(at("sub", "deep"), { recursive: true });
    mkdirSync(at("named.nnspec"));
    for (const name of [
      "a.nnspec",
      "b.nnspec",
      "c.txt",
      "sub/d.nnspec",
      "sub/deep/e.nnspec",
      ".hidden.nnspec",
      "[x].nnspec",
    ]) {
      writeFileSync(at(name), `# ${name}\n`);
    }
    writeFileSync(at("latin1.nnspec"), Buffer.from([0x23, 0xe9, 0x0a]));
    writeFileSync(at("binary.nnspec"), Buffer.from([0, 1, 2]));
    symlinkSync("loop", at("loop"));
    symlinkSync("..", at("sub", "up"));
  });

  suiteTeardown(() => rmSync(folder, { recursive: true }));

  const names = (...operands: string[]): string[] =>
    readSpecFiles(operands.map((each) => at(each))).files.map(({ id }) => path.relative(folder, id));

  function problemOf(operand: string): string {
    const { files, problems } = readSpecFiles([at(operand)]);
    assert.deepEqual(files, []);
    assert.equal(problems.length, 1);
    assert.doesNotMatch(problems[0]!, /\n/);
    return problems[0]!.replaceAll(folder, "");
  }

  test("patterns that the shell left are matched, hidden files and circles left out; a file named twice is read once", () => {
    assert.deepEqual(names("[ab].nnspec", "a.nnspec", "./a.nnspec"), ["a.nnspec"]);
    assert.deepEqual(names("?.nnspec"), ["a.nnspec", "b.nnspec"]);
    assert.deepEqual(
      names("**/*.nnspec").filter((name) => name.length < 20 && !/latin|binary|x/.test(name)),
      ["a.nnspec", "b.nnspec", "sub/d.nnspec", "sub/deep/e.nnspec"],
    );
    assert.deepEqual(names("sub/*.nnspec"), ["sub/d.nnspec"]);
    assert.deepEqual(names("[x].nnspec"), ["[x].nnspec"], "what exists is no pattern");
  });

  test("what cannot be read is one line each", () => {
    assert.equal(problemOf("none.nnspec"), "/none.nnspec does not exist");
    assert.equal(problemOf("sub"), "/sub is a folder; name the files in it: /sub/*.nnspec");
    assert.equal(problemOf("*.none"), "No file matches /*.none");
    assert.equal(problemOf("latin1.nnspec"), "/latin1.nnspec is not UTF-8 text");
    assert.equal(problemOf("binary.nnspec"), "/binary.nnspec is not a text file");
    assert.equal(problemOf("a.nnspec/b"), "/a.nnspec/b does not exist");
    assert.equal(problemOf("loop"), "/loop cannot be read: its links go round in a circle");
  });

  test("an import is relative to its file, and the same file by any path has one id; std is built in", () => {
    const resolve = makeResolver();
    assert.equal(resolve(at("a.nnspec"), "sub/d.nnspec")?.text, "# sub/d.nnspec\n");
    assert.equal(resolve(at("sub", "d.nnspec"), "../a.nnspec")?.id, at("a.nnspec"));
    assert.equal(resolve(at("a.nnspec"), "./sub/../b.nnspec")?.id, at("b.nnspec"));
    assert.match(resolve(at("a.nnspec"), "std")?.text ?? "", /net Linear/);
    for (const nothing of ["", "none.nnspec", "sub", "latin1.nnspec"])
      assert.equal(resolve(at("a.nnspec"), nothing), undefined);
  });

  test("a data file beside a spec is read in parts; a missing one, a folder and a device are refused", () => {
    const spec = at("sub", "d.nnspec");
    const file = dataBeside.open(spec, "../c.txt");
    assert.ok("size" in file);
    assert.equal(file.size, 8);
    assert.equal(Buffer.from(file.read(2, 3)).toString(), "c.t");
    assert.equal(file.read(6, 100).length, 2, "no more than there is");
    assert.deepEqual(dataBeside.open(spec, "none.npy"), {
      problem: "missing",
      detail: at("sub", "none.npy"),
    });
    assert.deepEqual(dataBeside.open(spec, "deep"), { problem: "unreadable", detail: "it is a folder" });
    if (process.platform !== "win32") {
      assert.deepEqual(dataBeside.open(spec, "/dev/null"), {
        problem: "unreadable",
        detail: "it is not a file",
      });
    }
  });
});
