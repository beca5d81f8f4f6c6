/**
 * The kernels of `fmod` and `remainder`: exact in whole numbers, where a quotient would not fit into floats. Knows nothing of
 * graphs.
 */
import { broadcastStrides, elementCount, stridesOf } from "../../tensor";
import type { FunctionBuilder, FunctionRef, Local, ModuleBuilder, Operand } from "../emit";
import type { Kernel, KernelContext, KernelOperand } from "../kernel-contract";
import { loadDouble, storeDouble } from "../lanes/lane-loop";
import { bytesOf } from "../loops/lane-memory";
import { forEachBatch } from "./matmul";
import { operandOf } from "./operands";
import { pushAddress } from "./product/write-product";

export const remainders: readonly Kernel[] = [
  { op: "fmod", mayFail: true, emit: emitEach("dividend") },
  { op: "remainder", mayFail: true, emit: emitEach("divisor") },
];

/** The result has the sign of the dividend, or that of the divisor. */
type Sign = "dividend" | "divisor";

function emitEach(sign: Sign): Kernel["emit"] {
  return (context) => {
    const { code, module, result } = context;
    const [x, y] = [operandOf(context, "x"), operandOf(context, "y")];
    const { shape, dtype } = result;
    if (elementCount(shape) === 0) return;
    const counters: Local[] = [];
    forEachBatch(code, shape, counters, () => {
      const divisor = elementAt(context, y, counters);
      // Whole numbers have no remainder by 0.
      if (dtype === "int") {
        code.op("f64.eq", divisor, () => {
          code.f64(0);
        });
        code.if(() => {
          context.fail();
        });
      }
      const dividend = elementAt(context, x, counters);
      const value = code.define("f64", () => {
        code.call(remainderFunction(module), dividend, divisor);
      });
      if (sign === "divisor") bringToSignOf(code, value, divisor);
      const into = code.define("i32", () => {
        pushElement(code, result, counters, stridesOf(shape));
      });
      storeDouble(code, dtype, into, value);
      code.release(dividend, divisor, value, into);
    });
  };
}

function pushElement(
  code: FunctionBuilder,
  { address, dtype }: KernelOperand,
  counters: readonly Local[],
  strides: readonly number[],
): void {
  const terms = counters.map((counter, axis) => [counter, strides[axis]! * bytesOf(dtype)] as const);
  pushAddress(
    code,
    address,
    terms.filter(([, bytes]) => bytes !== 0),
  );
}

function elementAt(
  { code, result }: KernelContext,
  operand: KernelOperand,
  counters: readonly Local[],
): Local {
  const at = code.define("i32", () => {
    pushElement(code, operand, counters, broadcastStrides(operand.shape, result.shape));
  });
  loadDouble(code, operand.dtype, at);
  const value = code.define("f64");
  code.release(at);
  return value;
}

/** value + y where it is not 0 and has the other sign. */
function bringToSignOf(code: FunctionBuilder, value: Local, y: Local): void {
  const zero: Operand = () => {
    code.f64(0);
  };
  code.op("f64.ne", value, zero);
  code.op("f64.lt", value, zero);
  code.op("f64.lt", y, zero);
  code.op("i32.ne");
  code.op("i32.and");
  code.if(() => {
    code.set(value, () => {
      code.op("f64.add", value, y);
    });
  });
}

const mantissaBits = 52;

/** x − y · trunc(x / y) without rounding: long division of the mantissas, as in musl's fmod. */
function remainderFunction(module: ModuleBuilder): FunctionRef {
  const type = { parameters: ["f64", "f64"], results: ["f64"] } as const;
  return module.shared("exact remainder", type, (code) => {
    const [x, y] = code.parameters as [Local, Local];
    const long = (value: bigint): Operand => {
      return () => {
        code.i64(value);
      };
    };
    const int = (value: number): Operand => {
      return () => {
        code.i32(value);
      };
    };
    const bits = (value: Local): Local =>
      code.define("i64", () => {
        code.op("f64.abs", value);
        code.op("i64.reinterpret_f64");
      });
    const [a, b] = [bits(x), bits(y)];
    const infinity = 0x7ffn << BigInt(mantissaBits);
    // x infinite or NaN, y NaN or 0: there is none.
    code.op("i64.ge_u", a, long(infinity));
    code.op("i64.gt_u", b, long(infinity));
    code.op("i32.or");
    code.op("i64.eqz", b);
    code.op("i32.or");
    code.if(() => {
      code.return(() => {
        code.f64(NaN);
      });
    });
    code.op("i64.lt_u", a, b);
    code.if(() => {
      code.return(x);
    });
    const [high, low] = [exponentOf(a), exponentOf(b)];
    const none = (): void => {
      code.op("i64.eqz", a);
      code.if(() => {
        code.return(() => {
          code.f64(0);
          code.op("f64.copysign", x);
        });
      });
    };
    const subtract = (): void => {
      code.op("i64.ge_u", a, b);
      code.if(() => {
        code.set(a, () => {
          code.op("i64.sub", a, b);
        });
        none();
      });
    };
    code.block((leave) => {
      code.loop((again) => {
        code.brIf(leave, () => {
          code.op("i32.le_s", high, low);
        });
        subtract();
        code.set(a, () => {
          code.op("i64.shl", a, long(1n));
        });
        code.set(high, () => {
          code.op("i32.sub", high, int(1));
        });
        code.br(again);
      });
    });
    subtract();
    normalize(a, high);
    code.op("i32.gt_s", high, int(0));
    code.if(
      () => {
        code.op("i64.sub", a, long(1n << BigInt(mantissaBits)));
        code.op("i64.extend_i32_u", high);
        code.op("i64.shl", long(BigInt(mantissaBits)));
        code.op("i64.or");
      },
      () => {
        code.get(a);
        code.op("i32.sub", int(1), high);
        code.op("i64.extend_i32_u");
        code.op("i64.shr_u");
      },
      "i64",
    );
    code.op("f64.reinterpret_i64");
    code.op("f64.copysign", x);

    /** Gives the exponent of a magnitude's bits, which become its mantissa with its first bit. */
    function exponentOf(magnitude: Local): Local {
      const exponent = code.define("i32", () => {
        code.op("i64.shr_u", magnitude, long(BigInt(mantissaBits)));
        code.op("i32.wrap_i64");
      });
      code.op("i32.eqz", exponent);
      code.if(
        () => {
          code.set(exponent, int(1));
          normalize(magnitude, exponent);
        },
        () => {
          code.set(magnitude, () => {
            code.op("i64.and", magnitude, long((1n << BigInt(mantissaBits)) - 1n));
            code.op("i64.or", long(1n << BigInt(mantissaBits)));
          });
        },
      );
      return exponent;
    }

    /** Brings the mantissa's first bit to its place; the mantissa is not 0. */
    function normalize(mantissa: Local, exponent: Local): void {
      const shift = code.define("i64", () => {
        code.op("i64.clz", mantissa);
        code.op("i64.sub", long(63n - BigInt(mantissaBits)));
      });
      code.set(mantissa, () => {
        code.op("i64.shl", mantissa, shift);
      });
      code.set(exponent, () => {
        code.get(exponent);
        code.op("i32.wrap_i64", shift);
        code.op("i32.sub");
      });
      code.release(shift);
    }
  });
}
