/** Modules of the emitter are valid, and what they compute is what their instructions say. */
import assert from "node:assert/strict";
import {
  exportedFunction,
  forRange,
  ModuleBuilder,
  pageSize,
  targetHere,
  webAssembly,
  type FunctionBuilder,
  type FunctionType,
  type WasmFunction,
} from "../../../../src/runtime/compile/emit";

function built(
  type: FunctionType,
  write: (code: FunctionBuilder, module: ModuleBuilder) => void,
): { readonly run: WasmFunction; readonly memory: ArrayBufferLike } {
  const module = new ModuleBuilder();
  const code = module.function(type);
  write(code, module);
  module.export("run", code);
  const bytes = module.finish(1);
  assert.ok(webAssembly !== undefined && webAssembly.validate(bytes), "the module is valid");
  const memory = new webAssembly.Memory({ initial: 1 });
  const instance = new webAssembly.Instance(new webAssembly.Module(bytes), { env: { memory } });
  return { run: exportedFunction(instance, "run"), memory: memory.buffer };
}

suite("emitter", () => {
  test("numbers of every size arrive as they were written", () => {
    for (const value of [0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, 2 ** 31 - 1, -(2 ** 31)]) {
      const { run } = built({ parameters: [], results: ["i32"] }, (code) => {
        code.i32(value);
      });
      assert.equal(run(), value);
    }
    for (const value of [0, -0, Math.PI, -1e300, Infinity, NaN, 5e-324]) {
      const { run } = built({ parameters: [], results: ["f64"] }, (code) => {
        code.f64(value);
      });
      assert.ok(Object.is(run(), value));
    }
  });

  test("a loop over vectors with a scalar tail adds two arrays", () => {
    const count = 11;
    const { run, memory } = built({ parameters: ["i32", "i32", "i32"], results: [] }, (code) => {
      const [x, y, into] = code.parameters;
      forRange(code, 0, 4 * 8, 16, (at) => {
        code.op("i32.add", into!, at);
        code.access("v128.load", 0, () => {
          code.op("i32.add", x!, at);
        });
        code.access("v128.load", 0, () => {
          code.op("i32.add", y!, at);
        });
        code.op("f32x4.add");
        code.access("v128.store", 0);
      });
      forRange(code, 4 * 8, 4 * count, 4, (at) => {
        code.op("i32.add", into!, at);
        code.access("f32.load", 0, () => {
          code.op("i32.add", x!, at);
        });
        code.access("f32.load", 0, () => {
          code.op("i32.add", y!, at);
        });
        code.op("f32.add");
        code.access("f32.store", 0);
      });
    });
    const x = new Float32Array(memory, 0, count).map((_, i) => i + 0.5);
    const y = Float32Array.from({ length: count }, (_, i) => 100 * i);
    new Float32Array(memory, 0, count).set(x);
    new Float32Array(memory, 64, count).set(y);
    run(0, 64, 128);
    assert.deepEqual(
      [...new Float32Array(memory, 128, count + 1)],
      [...x.map((value, i) => value + y[i]!), 0],
    );
  });

  test("loops with bounds known only when run turn as often as they should", () => {
    const { run } = built({ parameters: ["i32", "i32"], results: ["i32"] }, (code) => {
      const [start, end] = code.parameters;
      const turns = code.local("i32");
      forRange(code, start!, end!, 3, () => {
        code.op("i32.add", turns, () => {
          code.i32(1);
        });
        code.set(turns);
      });
      code.get(turns);
    });
    for (const [start, end, turns] of [
      [0, 0, 0],
      [5, 2, 0],
      [0, 1, 1],
      [0, 3, 1],
      [0, 4, 2],
      [2, 100, 33],
    ] as const) {
      assert.equal(run(start, end), turns, `${start} to ${end}`);
    }
  });

  test("branches choose, and blocks are left from inside of loops", () => {
    const { run } = built({ parameters: ["f64"], results: ["f64"] }, (code) => {
      const [x] = code.parameters;
      code.op("f64.lt", x!, () => {
        code.f64(0);
      });
      code.if(
        () => {
          code.op("f64.neg", x!);
        },
        () => {
          const sum = code.local("f64");
          code.block((leave) => {
            code.loop((again) => {
              code.brIf(leave, () => {
                code.op("f64.ge", sum, x!);
              });
              code.op("f64.add", sum, () => {
                code.f64(10);
              });
              code.set(sum);
              code.br(again);
            });
          });
          code.get(sum);
        },
        "f64",
      );
    });
    assert.equal(run(-3), 3);
    assert.equal(run(25), 30);
    assert.equal(run(0), 0);
  });

  test("shared functions are written once, calls reach functions of the host, and data stands in memory", () => {
    const module = new ModuleBuilder();
    const seen: number[] = [];
    const note = module.import("note", { parameters: ["f32"], results: [] });
    let written = 0;
    const twice = (): ReturnType<ModuleBuilder["shared"]> =>
      module.shared("twice", { parameters: ["f32"], results: ["f32"] }, (code) => {
        written++;
        code.op("f32.add", code.parameters[0]!, code.parameters[0]!);
      });
    const code = module.function({ parameters: [], results: [] });
    for (let i = 0; i < 2; i++) {
      code.i32(4 * i);
      code.access("f32.load", 8);
      code.call(twice());
      code.call(note);
    }
    module.data(8, new Uint8Array(Float32Array.of(1.5, -2).buffer));
    module.export("run", code);
    const memory = new webAssembly!.Memory({ initial: 1 });
    const instance = new webAssembly!.Instance(new webAssembly!.Module(module.finish(1)), {
      env: { memory, note: (value: number) => seen.push(value) },
    });
    exportedFunction(instance, "run")();
    assert.equal(written, 1);
    assert.deepEqual(seen, [3, -4]);
  });

  test("released locals are used again", () => {
    const { run } = built({ parameters: [], results: ["i32"] }, (code) => {
      const first = code.define("i32", () => {
        code.i32(7);
      });
      code.release(first);
      const second = code.local("i32");
      assert.equal(second.index, first.index);
      code.get(second);
    });
    assert.equal(run(), 7);
  });

  test("a function that ends inside of a block is refused, and memory can be filled and copied", () => {
    const { run, memory } = built({ parameters: [], results: [] }, (code) => {
      const constant = (value: number) => () => {
        code.i32(value);
      };
      code.fill(constant(3), constant(9), constant(5));
      code.copy(constant(20), constant(2), constant(4));
    });
    run();
    assert.deepEqual([...new Uint8Array(memory, 0, 10)], [0, 0, 0, 9, 9, 9, 9, 9, 0, 0]);
    assert.deepEqual([...new Uint8Array(memory, 20, 5)], [0, 9, 9, 9, 0]);
    const module = new ModuleBuilder();
    const code = module.function({ parameters: [], results: [] });
    code.block(() => {
      assert.throws(() => code.finish(), /inside of a block/);
    });
  });

  test("the target is found, and says mul and add where the same bits are wanted everywhere", () => {
    assert.equal(pageSize, 65_536);
    assert.equal(targetHere()?.simd, true);
    assert.deepEqual(targetHere({ deterministic: true }), { simd: true, fma: false, deterministic: true });
  });
});
