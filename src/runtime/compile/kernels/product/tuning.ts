/**
 * Which innermost loop this engine runs fastest: measured once where somebody asks for it, remembered for all later modules. Knows
 * nothing of operators.
 */
import { ModuleBuilder, exportedFunction, pageSize, webAssembly, type Local, type Target } from "../../emit";
import type { Product, Tuning } from "./product";
import { productScratch, writeProduct } from "./write-product";

const mostRounds = 200;

let measured: Tuning["loads"] | undefined;

/** What products are compiled for: V8 up to 12 loads first, and the small tiles that it needs are nowhere slow. */
export function tuningFor({ fma }: Target): Tuning {
  return { loads: measured ?? "first", fma };
}

const sample: Product = {
  type: "f32",
  m: 48,
  k: 256,
  n: 48,
  xRow: 256,
  xStep: 1,
  yStep: 48,
  yColumn: 1,
  zRow: 48,
};

/** Measures a product both ways for about `budget` milliseconds of `clock`, and remembers the faster one. */
export function tuneProducts(target: Target, clock: () => number, budget = 60): Tuning {
  const ways = (["first", "in order"] as const).map((loads) => ({ loads, run: candidate(target, loads) }));
  const best = new Map<Tuning["loads"], number>();
  const start = clock();
  // A clock may stand still.
  for (let round = 0; round < mostRounds && clock() - start < budget; round++) {
    for (const { loads, run } of ways) {
      const before = clock();
      // Browsers have clocks of a tenth of a millisecond.
      for (let turn = 0; turn < 100; turn++) run();
      best.set(loads, Math.min(best.get(loads) ?? Infinity, clock() - before));
    }
  }
  // The other way must be worth it: measurements are noisy.
  measured = best.get("in order")! < 0.95 * best.get("first")! ? "in order" : "first";
  return tuningFor(target);
}

/** The same once for every process; whether later modules have other products than those before. */
export function tuneOnce(target: Target, clock: () => number): boolean {
  if (measured !== undefined) return false;
  const { loads } = tuningFor(target);
  return tuneProducts(target, clock).loads !== loads;
}

function candidate(target: Target, loads: Tuning["loads"]): () => void {
  if (webAssembly === undefined) throw new Error("there is a target, so there are modules");
  const tuning = { loads, fma: target.fma };
  const module = new ModuleBuilder();
  const code = module.function({ parameters: ["i32", "i32", "i32", "i32"], results: [] });
  const [x, y, z, scratch] = code.parameters as [Local, Local, Local, Local];
  writeProduct({ module, code, target, tuning }, sample, { x, y, z, scratch });
  module.export("run", code);
  const room = 4 * sample.k * Math.max(sample.m, sample.n);
  const pages = Math.ceil((4 * room + productScratch(sample, tuning)) / pageSize);
  const memory = new webAssembly.Memory({ initial: pages });
  const instance = new webAssembly.Instance(new webAssembly.Module(module.finish(pages)), {
    env: { memory },
  });
  const run = exportedFunction(instance, "run");
  return () => run(0, room, 2 * room, 3 * room);
}
