/** What the engine can run: found once by validating and running small modules. Knows nothing of tensors. */
import { ModuleBuilder } from "./module-builder";
import { exportedFunction, webAssembly } from "./web-assembly";

/** `fma` and `deterministic` exclude each other: deterministic results take mul and add, rounded each. */
export interface Target {
  /** 128-bit vectors. Where there are none, nothing is compiled. */
  readonly simd: true;
  /** Relaxed multiply-add, rounded once. */
  readonly fma: boolean;
  /** The same bits on every machine. */
  readonly deterministic: boolean;
}

let found: Target | "none" | undefined;

/** The best target here; undefined where modules cannot run, so that the interpreter computes everything. */
export function targetHere(options: { readonly deterministic?: boolean } = {}): Target | undefined {
  found ??= detect();
  if (found === "none") return undefined;
  return options.deterministic === true ? { simd: true, fma: false, deterministic: true } : found;
}

function detect(): Target | "none" {
  if (runProbe("add") !== 3) return "none";
  return { simd: true, fma: runProbe("fma") === 2 ** -24, deterministic: false };
}

let shares: boolean | undefined;

/** Whether threads can share a module's memory, as far as the engine is concerned. */
export function sharesMemory(): boolean {
  if (shares !== undefined) return shares;
  const module = new ModuleBuilder();
  const code = module.function({ parameters: [], results: ["i32"] });
  code.atomic("i32.atomic.load", 0, () => {
    code.i32(0);
  });
  return (shares = webAssembly?.validate(module.finish(1, "shared")) === true);
}

/** (1 + 2⁻¹²)² - (1 + 2⁻¹¹) is 2⁻²⁴ where the product is not rounded, and 0 where it is. */
function runProbe(kind: "add" | "fma"): number | undefined {
  if (webAssembly === undefined) return undefined;
  const module = new ModuleBuilder();
  const code = module.function({ parameters: [], results: ["f32"] });
  if (kind === "add") {
    code.f32x4(1);
    code.f32x4(2);
    code.op("f32x4.add");
  } else {
    code.f32x4(1 + 2 ** -12);
    code.f32x4(1 + 2 ** -12);
    code.f32x4(-1 - 2 ** -11);
    code.op("f32x4.relaxed_madd");
  }
  code.lane("f32x4.extract_lane", 0);
  module.export("probe", code);
  const bytes = module.finish(0);
  if (!webAssembly.validate(bytes)) return undefined;
  try {
    const memory = new webAssembly.Memory({ initial: 0 });
    const instance = new webAssembly.Instance(new webAssembly.Module(bytes), { env: { memory } });
    return exportedFunction(instance, "probe")();
  } catch {
    // A page's content policy may forbid what the engine could run.
    return undefined;
  }
}
