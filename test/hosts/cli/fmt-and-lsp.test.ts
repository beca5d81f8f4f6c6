/** The command line as a process that formats, and as a language server. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildProgram, type Outcome, type Program, type StartOptions } from "./program";

suite("command line: fmt and lsp", function () {
  this.timeout(60_000);
  let program: Program;
  let folder = "";
  const untidy = "run r {\nx=1+2\n}\n";
  const tidy = "run r {\n  x = 1 + 2\n}\n";

  suiteSetup(async () => {
    program = await buildProgram();
    folder = mkdtempSync(path.join(tmpdir(), "nnspec-format-"));
  });

  suiteTeardown(() => {
    program.remove();
    rmSync(folder, { recursive: true });
  });

  setup(() => {
    writeFileSync(path.join(folder, "a.nnspec"), untidy);
    writeFileSync(path.join(folder, "b.nnspec"), tidy);
  });

  const start = (args: readonly string[], options: StartOptions = {}): Promise<Outcome> =>
    program.start(args, { cwd: folder, ...options });
  const text = (name: string): string => readFileSync(path.join(folder, name), "utf8");

  test("fmt formats in place, only what needs it, and a second time nothing", async () => {
    assert.deepEqual(await start(["fmt", "a.nnspec", "b.nnspec"]), {
      code: 0,
      stdout: "formatted a.nnspec\n",
      stderr: "",
    });
    assert.deepEqual([text("a.nnspec"), text("b.nnspec")], [tidy, tidy]);
    assert.equal((await start(["fmt", "a.nnspec"])).stdout, "1 file, nothing to do\n");
  });

  test("fmt --check lists what is not formatted and changes nothing; --stdout prints", async () => {
    const { code, stdout, stderr } = await start(["fmt", "--check", "a.nnspec", "b.nnspec"]);
    assert.deepEqual([code, stdout, stderr], [1, "a.nnspec\n", "1 of 2 files not formatted\n"]);
    assert.equal((await start(["fmt", "--check", "b.nnspec"])).code, 0);
    assert.deepEqual(await start(["fmt", "--stdout", "a.nnspec"]), { code: 0, stdout: tidy, stderr: "" });
    assert.equal(text("a.nnspec"), untidy);
  });

  test("fmt - formats standard input; a byte order mark stays", async () => {
    assert.deepEqual(await start(["fmt", "-"], { input: untidy }), { code: 0, stdout: tidy, stderr: "" });
    writeFileSync(path.join(folder, "mark.nnspec"), `\ufeff${untidy}`);
    await start(["fmt", "mark.nnspec"]);
    assert.equal(text("mark.nnspec"), `\ufeff${tidy}`);
  });

  test("lsp --stdio answers an editor's handshake, and ends when told", async () => {
    const framed = (message: object): string => {
      const body = JSON.stringify({ jsonrpc: "2.0", ...message });
      return `Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`;
    };
    const params = { processId: null, rootUri: null, capabilities: {} };
    const { code, stdout } = await start(["lsp", "--stdio"], {
      watch: ({ stdin, stdout: answers }) => {
        stdin?.write(framed({ id: 1, method: "initialize", params }));
        answers?.once("data", () => {
          stdin?.write(framed({ method: "initialized", params: {} }) + framed({ id: 2, method: "shutdown" }));
          stdin?.write(framed({ method: "exit" }));
        });
      },
    });
    assert.match(stdout, /"capabilities":\{/);
    assert.equal(code, 0);
  });

  test("lsp --stdio passes over a message that is no JSON, and ends where no message can be found any more", async () => {
    const { code, stdout, stderr } = await start(["lsp", "--stdio"], {
      watch: ({ stdin, stdout: answers }) => {
        const body = '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}';
        stdin?.write(`Content-Length: 5\r\n\r\n{not}Content-Length: ${String(body.length)}\r\n\r\n${body}`);
        answers?.once("data", () => stdin?.write("GET / HTTP/1.1\r\n\r\n"));
      },
    });
    assert.match(stdout, /"capabilities":\{/);
    assert.match(stderr, /JSON[^]*nnspec: Message header/);
    assert.equal(code, 1);
  });
});
