/** How large the worker's bundle is, as it ships: what is needed before the first run, and the parts that are loaded when they are asked for. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";

export interface WorkerSize {
  /** In bytes. */
  readonly core: number;
  /** That, as a server sends it. */
  readonly compressed: number;
  readonly parts: readonly { readonly name: string; readonly bytes: number }[];
}

export function measureWorkerSize(): WorkerSize {
  const dist = mkdtempSync(path.join(tmpdir(), "nnspec-bench-"));
  try {
    const args = ["esbuild.js", "--production", `--outdir=${dist}`];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: path.resolve(__dirname, "..") });
    if (status !== 0) throw new Error(String(stderr));
    const sizeOf = (file: string): number => statSync(path.join(dist, file)).size;
    const parts = readdirSync(dist).flatMap((file) => {
      const name = /^worker-(.+)\.js$/.exec(file)?.[1];
      return name === undefined ? [] : [{ name, bytes: sizeOf(file) }];
    });
    const compressed = gzipSync(readFileSync(path.join(dist, "worker.js"))).length;
    return { core: sizeOf("worker.js"), compressed, parts };
  } finally {
    rmSync(dist, { recursive: true, force: true });
  }
}
