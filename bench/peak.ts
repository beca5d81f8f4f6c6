/** The most multiply-adds that one core does in 128-bit lanes, inside WebAssembly: what products are measured against. */
import { spawnSync } from "node:child_process";

/**
 * A module whose `run(n)` does n rounds of twelve independent multiply-adds on four float32 lanes, fused or not. Written out
 * byte by byte, so that it owes nothing to the emitter that it is there to judge.
 */
const script = `
const fused = process.argv[1] === "fused";
const leb = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...leb(n >>> 7)]);
const chains = 12;
const simd = (op) => [0xfd, ...leb(op)];
const get = (i) => [0x20, ...leb(i)], set = (i) => [0x21, ...leb(i)];
const splat = (x) => [0x43, ...new Uint8Array(new Float32Array([x]).buffer), ...simd(0x13)];
let code = [];
for (let i = 0; i < chains; i++) code.push(...splat(1 + i / 16), ...set(3 + i));
code.push(...splat(0.999), ...set(1), ...splat(0.001), ...set(2));
code.push(0x03, 0x40);
for (let i = 0; i < chains; i++)
  code.push(...get(3 + i), ...get(1), ...(fused ? [...get(2), ...simd(0x105)] : [...simd(0xe6), ...get(2), ...simd(0xe4)]), ...set(3 + i));
code.push(...get(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b);
code.push(...get(3));
for (let i = 1; i < chains; i++) code.push(...get(3 + i), ...simd(0xe4));
code.push(...simd(0x1f), 0, 0x0b);
const body = [1, ...leb(2 + chains), 0x7b, ...code];
const section = (id, content) => [id, ...leb(content.length), ...content];
const bytes = Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7d]), ...section(3, [1, 0]), ...section(7, [1, 3, 0x72, 0x75, 0x6e, 0, 0]),
  ...section(10, [1, ...leb(body.length), ...body])]);
const { run } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
const rounds = 2_000_000;
run(rounds);
let best = Infinity;
for (let i = 0; i < 10; i++) {
  const start = performance.now();
  run(rounds);
  best = Math.min(best, performance.now() - start);
}
console.log((rounds * chains * 8) / best / 1e6);
`;

export function peakOf(): { readonly separate: number | null; readonly fused: number | null } {
  return { separate: measure("separate"), fused: measure("fused") };
}

function measure(kind: "separate" | "fused"): number | null {
  const flags = kind === "fused" ? ["--experimental-wasm-relaxed-simd"] : [];
  const { status, stdout } = spawnSync(process.execPath, [...flags, "--eval", script, kind], {
    encoding: "utf8",
    timeout: 30_000,
  });
  return status === 0 ? Number(stdout) : null;
}
