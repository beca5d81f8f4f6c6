// The set-up behind `npm start` and `npm test`: what is missing is named, what is started is ended, and what
// fails is counted.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.resolve(__dirname, "../..");

interface Outcome {
  readonly status: number | null;
  readonly lines: readonly string[];
}

suite("set-up scripts", () => {
  let folder: string;

  setup(() => {
    folder = mkdtempSync(path.join(tmpdir(), "nnspec-set-up-"));
  });

  teardown(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs Node on some module text, with only `folder/bin` on the PATH. */
  function runModule(source: string, environment: Readonly<Record<string, string>> = {}): Outcome {
    const file = path.join(folder, "script.mjs");
    writeFileSync(file, source);
    return run(process.execPath, [file], environment);
  }

  function run(
    program: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Outcome {
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: folder,
      encoding: "utf8",
      timeout: 15_000,
      env: { PATH: path.join(folder, "bin"), HOME: folder, ...environment },
    });
    return { status, lines: `${stdout}${stderr}`.trim().split("\n") };
  }

  /** A program on the PATH of what `runModule` runs. */
  function plantProgram(name: string, script: string): void {
    mkdirSync(path.join(folder, "bin"), { recursive: true });
    const file = path.join(folder, "bin", name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }

  const scriptUrl = (name: string): string => JSON.stringify(path.join(root, "scripts", name));

  test("a missing Chromium that may not be installed gives one line with the package and the command", () => {
    const { lines } = runModule(
      `import { ensureChromium } from ${scriptUrl("setup/chromium.mjs")};
       await ensureChromium().catch((error) => console.log(error.message));`,
    );
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", /"chromium" is missing.*apt-get install chromium/);
  });

  test("CHROMIUM naming nothing is said, not ignored", () => {
    const { lines } = runModule(
      `import { ensureChromium } from ${scriptUrl("setup/chromium.mjs")};
       await ensureChromium().catch((error) => console.log(error.message));`,
      { CHROMIUM: "/nowhere/chrome" },
    );
    assert.deepEqual(lines, ["CHROMIUM is set to /nowhere/chrome, which does not exist."]);
  });

  test("a Chromium on the PATH is taken as it is", () => {
    plantProgram("chromium", "exit 0");
    const { lines } = runModule(
      `import { ensureChromium } from ${scriptUrl("setup/chromium.mjs")};
       console.log(await ensureChromium());`,
    );
    assert.deepEqual(lines, [path.join(folder, "bin/chromium")]);
  });

  test("a program that runs out of time is ended with everything it started", () => {
    const survivor = path.join(folder, "survivor");
    // The grandchild would write its file after one second, had it not been ended after a tenth.
    const { lines } = runModule(
      `import { runCommand } from ${scriptUrl("setup/run-command.mjs")};
       const script = '(sleep 1; echo alive > "${survivor}") & wait';
       const { code } = await runCommand("/bin/sh", ["-c", script], { timeoutSeconds: 0.1 });
       await new Promise((resolve) => setTimeout(resolve, 1500));
       console.log(code);`,
      { PATH: process.env["PATH"] ?? "" },
    );
    assert.deepEqual(lines, ["124"]);
    assert.equal(existsSync(survivor), false);
  });

  test("an interrupted script ends what it started", () => {
    const survivor = path.join(folder, "survivor");
    const { status } = runModule(
      `import { startProgram, stopAllOnExit } from ${scriptUrl("setup/run-command.mjs")};
       stopAllOnExit();
       startProgram("/bin/sh", ["-c", '(sleep 1; echo alive > "${survivor}") & wait']);
       setTimeout(() => process.kill(process.pid, "SIGINT"), 100);
       setTimeout(() => {}, 10_000);`,
      { PATH: process.env["PATH"] ?? "" },
    );
    assert.equal(status, 130);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1200);
    assert.equal(existsSync(survivor), false);
  });

  suite("npm test", () => {
    /** A copy of the scripts with npm, Chromium and code-server replaced, so that only the counting runs. */
    function runTests(npm: string): Outcome {
      cpSync(path.join(root, "scripts"), path.join(folder, "scripts"), { recursive: true });
      const stub = "export async function ensureCodeServer() {}\n";
      writeFileSync(path.join(folder, "scripts/setup/code-server.mjs"), stub);
      plantProgram("chromium", "exit 0");
      plantProgram("npm", npm);
      return run(process.execPath, ["scripts/test.mjs", "--no-setup"]);
    }

    const green = `case "$3" in test:*) echo "7 passed, 0 failed";; esac`;

    test("adds up the gates and the suites", () => {
      const { status, lines } = runTests(green);
      assert.equal(lines.at(-1), "49 passed, 0 failed");
      assert.equal(status, 0);
    });

    test("counts a failed gate once and goes on", () => {
      const { status, lines } = runTests(`[ "$3" = lint ] && exit 1; ${green}`);
      assert.equal(lines.at(-1), "48 passed, 1 failed");
      assert.equal(status, 1);
    });

    test("counts failing tests by their number", () => {
      const { status, lines } = runTests(
        `[ "$3" = test:unit ] && { echo "5 passed, 2 failed"; exit 2; }; ${green}`,
      );
      assert.equal(lines.at(-1), "47 passed, 2 failed");
      assert.equal(status, 1);
    });

    test("counts a suite that crashes without a word as a failure", () => {
      const { status, lines } = runTests(`[ "$3" = test:e2e ] && exit 1; ${green}`);
      assert.equal(lines.at(-1), "42 passed, 1 failed");
      assert.equal(status, 1);
    });

    test("counts a suite in which nothing ran as a failure", () => {
      const { lines } = runTests(
        `[ "$3" = test:editor ] && { echo "0 passed, 0 failed"; exit 0; }; ${green}`,
      );
      assert.equal(lines.at(-1), "42 passed, 1 failed");
    });

    test("counts a suite that fails after its report as a failure", () => {
      const { lines } = runTests(`[ "$3" = test:e2e ] && { echo "7 passed, 0 failed"; exit 1; }; ${green}`);
      assert.equal(lines.at(-1), "49 passed, 1 failed");
    });
  });

  test("test.mjs and start.mjs import nothing that npm has to install first", () => {
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, name = ""] of readFileSync(file, "utf8").matchAll(/^import .* from "([^"]+)";$/gm)) {
        if (name.startsWith(".")) visit(path.resolve(path.dirname(file), name));
        else assert.match(name, /^node:/, `${file} imports ${name}`);
      }
    };
    visit(path.join(root, "scripts/test.mjs"));
    visit(path.join(root, "scripts/start.mjs"));
    assert.ok(seen.size >= 6);
  });
});
