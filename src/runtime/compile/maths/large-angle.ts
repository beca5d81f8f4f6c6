/**
 * The rest of a huge number after division by π/2: one function of a module, for the few lanes whose products with a
 * three-part π/2 would not be exact (M. H. Payne, R. N. Hanek, Radian reduction for trigonometric functions, 1983). The
 * mantissa is multiplied, in whole numbers, by those 192 bits of 2/π that matter. Knows nothing of vectors.
 */
import type { FunctionBuilder, FunctionRef, Local, ModuleBuilder, Operand } from "../emit";

/** 64 zeros, then the first bits of 2/π. */
const twoOverPi: readonly bigint[] = [
  0n,
  0xa2f9836e4e441529n,
  0xfc2757d1f534ddc0n,
  0xdb6295993c439041n,
  0xfe5163abdebbc561n,
  0xb7246e3a424dd2e0n,
  0x06492eea09d1921cn,
  0xfe1deb1cb129a73en,
  0xe88235f52ebb4484n,
  0xe99c7026b45f7e41n,
  0x3991d639835339f4n,
  0x9c845f8bbdf9283bn,
  0x1ff897ffde05980fn,
  0xef2f118b5a0a6d1fn,
  0x6d367ecf27cb09b7n,
  0x4f463f669e5fea2dn,
  0x7527bac7ebe5f17bn,
  0x3d0739f78a5292ean,
  0x6bfb5fb11f8d5d08n,
  0x56033046fc7b6babn,
  0xf0cfbc209af4361dn,
];

/** π/2 in two doubles. */
export const halfPi = [1.5707963267948966, 6.123233995736766e-17] as const;

/**
 * For |x| ≥ 2⁻¹⁰: x = (4j + q)·π/2 + y₀ + y₁ with −2 < q < 4 and |y₀| ≤ π/4; gives `shift` + q, y₀ and y₁, or NaN for an infinite x.
 */
export function largeAngle(module: ModuleBuilder, shift: number): FunctionRef {
  const type = { parameters: ["f64"], results: ["f64", "f64", "f64"] } as const;
  return module.shared(`large angle ${shift}`, type, (code) => {
    writeReduction(code, module, shift);
  });
}

function writeReduction(code: FunctionBuilder, module: ModuleBuilder, shift: number): void {
  const [x] = code.parameters as [Local];
  const word = module.shared("bits of 2/pi", { parameters: ["i32"], results: ["i64"] }, writeTable);
  const bits = code.define("i64", () => {
    code.op("i64.reinterpret_f64", x);
  });
  const exponent = code.define("i32", () => {
    code.op("i64.shr_u", bits, i64(code, 52n));
    code.op("i32.wrap_i64");
    code.op("i32.and", i32(code, 0x7ff));
  });
  // |x| = mantissa · 2^(exponent − 1075); the first bit of 2/π that is not multiplied to a multiple of 4 is this one of the table.
  const at = code.define("i32", () => {
    code.op("i32.sub", exponent, i32(code, 1075 - 62));
  });
  code.op("i32.eq", exponent, i32(code, 0x7ff));
  code.if(() => {
    code.op("f64.sub", x, x);
    code.op("f64.sub", x, x);
    code.op("f64.sub", x, x);
    code.return();
  });
  const mantissa = code.define("i64", () => {
    code.op("i64.and", bits, i64(code, (1n << 52n) - 1n));
    code.op("i64.or", i64(code, 1n << 52n));
  });
  const window = windowLimbs(code, word, at);
  const product = multiply(code, mantissa, window);
  const [sum, rest] = fraction(code, product);
  const quadrant = code.define("f64", () => {
    code.op("i64.add", product[5]!, i64(code, 1n << 29n));
    code.op("i64.shr_u", i64(code, 30n));
    code.op("i64.and", i64(code, 3n));
    code.op("f64.convert_i64_s");
  });
  const [y0, y1] = timesHalfPi(code, sum, rest);
  code.op("f64.lt", x, f64(code, 0));
  code.if(() => {
    for (const local of [quadrant, y0, y1]) {
      code.op("f64.neg", local);
      code.set(local);
    }
  });
  code.op("f64.add", quadrant, f64(code, shift));
  code.push(y0, y1);
}

function writeTable(code: FunctionBuilder): void {
  const [index] = code.parameters as [Local];
  for (const [position, value] of twoOverPi.entries()) {
    code.op("i32.eq", index, i32(code, position));
    code.if(() => {
      code.return(i64(code, value));
    });
  }
  code.i64(0n);
}

/** 192 bits from bit `at` of the table on, as six numbers of 32 bits, lowest first. */
function windowLimbs(code: FunctionBuilder, word: FunctionRef, at: Local): Local[] {
  const limbs: Local[] = [];
  const offset = code.define("i64", () => {
    code.op("i32.and", at, i32(code, 63));
    code.op("i64.extend_i32_u");
  });
  for (const position of [2, 1, 0]) {
    const bits = code.define("i64", () => {
      code.op(
        "i64.shl",
        () => {
          pushWord(code, word, at, position);
        },
        offset,
      );
      // By one and then by 63 − offset: a shift by 64 would be one by 0.
      code.op(
        "i64.shr_u",
        () => {
          pushWord(code, word, at, position + 1);
        },
        i64(code, 1n),
      );
      code.op("i64.shr_u", () => {
        code.op("i64.sub", i64(code, 63n), offset);
      });
      code.op("i64.or");
    });
    limbs.push(
      code.define("i64", () => {
        code.op("i64.and", bits, i64(code, 0xffffffffn));
      }),
      code.define("i64", () => {
        code.op("i64.shr_u", bits, i64(code, 32n));
      }),
    );
  }
  return limbs;
}

function pushWord(code: FunctionBuilder, word: FunctionRef, at: Local, position: number): void {
  code.op("i32.shr_u", at, i32(code, 6));
  code.op("i32.add", i32(code, position));
  code.call(word);
}

/** The lowest 192 bits of mantissa · window. */
function multiply(code: FunctionBuilder, mantissa: Local, window: readonly Local[]): Local[] {
  const mask = i64(code, 0xffffffffn);
  const low = code.define("i64", () => {
    code.op("i64.and", mantissa, mask);
  });
  const high = code.define("i64", () => {
    code.op("i64.shr_u", mantissa, i64(code, 32n));
  });
  const carry = code.define("i64", i64(code, 0n));
  const product: Local[] = [];
  for (const [position, limb] of window.entries()) {
    const first = code.define("i64", () => {
      code.op("i64.mul", limb, low);
    });
    const before = window[position - 1];
    const second = code.define("i64", () => {
      if (before === undefined) code.i64(0n);
      else code.op("i64.mul", before, high);
    });
    const sum = code.define("i64", () => {
      code.op("i64.and", first, mask);
      code.op("i64.and", second, mask);
      code.op("i64.add");
      code.op("i64.add", carry);
    });
    code.set(carry, () => {
      for (const part of [first, second, sum]) code.op("i64.shr_u", part, i64(code, 32n));
      code.op("i64.add");
      code.op("i64.add");
    });
    product.push(
      code.define("i64", () => {
        code.op("i64.and", sum, mask);
      }),
    );
    code.release(first, second, sum);
  }
  return product;
}

/** The product modulo 1, between −½ and ½, as two doubles: its unit is 2^-190. */
function fraction(code: FunctionBuilder, product: readonly Local[]): readonly [Local, Local] {
  const sum = code.define("f64", () => {
    code.op("i32.wrap_i64", product[5]!);
    code.op("i32.shl", i32(code, 2));
    code.op("i32.shr_s", i32(code, 2));
    code.op("f64.convert_i32_s");
    code.op("f64.mul", f64(code, 2 ** -30));
  });
  const rest = code.define("f64", f64(code, 0));
  for (const position of [4, 3, 2, 1]) {
    const term = code.define("f64", () => {
      code.op("f64.convert_i64_s", product[position]!);
      code.op("f64.mul", f64(code, 2 ** (32 * position - 190)));
    });
    const [total, error] = twoSum(code, sum, term);
    code.set(sum, total);
    code.set(rest, () => {
      code.op("f64.add", rest, error);
    });
    code.release(term, total, error);
  }
  return [sum, rest];
}

/** a + b = total + error exactly (D. E. Knuth). */
function twoSum(code: FunctionBuilder, a: Local, b: Local): readonly [Local, Local] {
  const total = code.define("f64", () => {
    code.op("f64.add", a, b);
  });
  const part = code.define("f64", () => {
    code.op("f64.sub", total, a);
  });
  const error = code.define("f64", () => {
    code.op("f64.sub", a, () => {
      code.op("f64.sub", total, part);
    });
    code.op("f64.sub", b, part);
    code.op("f64.add");
  });
  code.release(part);
  return [total, error];
}

/** (a + b)·π/2 as two doubles: the product of the first parts by halves of 26 and 27 bits (T. J. Dekker). */
function timesHalfPi(code: FunctionBuilder, a: Local, b: Local): readonly [Local, Local] {
  const [high, low] = halfPi;
  const highHead = 1.5707963109016418; // The first 26 bits of π/2.
  const head = code.define("f64", () => {
    code.op("i64.reinterpret_f64", a);
    code.op("i64.and", i64(code, -(1n << 27n)));
    code.op("f64.reinterpret_i64");
  });
  const tail = code.define("f64", () => {
    code.op("f64.sub", a, head);
  });
  const product = code.define("f64", () => {
    code.op("f64.mul", a, f64(code, high));
  });
  const error = code.define("f64", () => {
    code.op("f64.mul", head, f64(code, highHead));
    code.op("f64.sub", product);
    for (const [x, y] of [
      [head, high - highHead],
      [tail, highHead],
      [tail, high - highHead],
      [a, low],
      [b, high],
    ] as const) {
      code.op("f64.mul", x, f64(code, y));
      code.op("f64.add");
    }
  });
  const y0 = code.define("f64", () => {
    code.op("f64.add", product, error);
  });
  const y1 = code.define("f64", () => {
    code.op("f64.sub", product, y0);
    code.op("f64.add", error);
  });
  return [y0, y1];
}

function i32(code: FunctionBuilder, value: number): Operand {
  return () => {
    code.i32(value);
  };
}

function i64(code: FunctionBuilder, value: bigint): Operand {
  return () => {
    code.i64(value);
  };
}

function f64(code: FunctionBuilder, value: number): Operand {
  return () => {
    code.f64(value);
  };
}
