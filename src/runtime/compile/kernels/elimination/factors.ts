/**
 * Gaussian elimination with partial pivoting on doubles, in the reference's order of operations: P·A = L·U in the place of A. Knows no
 * operator.
 */
import { forRange, type FunctionBuilder, type FunctionRef, type Local, type ModuleBuilder } from "../../emit";
import { pushAddress } from "../product/write-product";

export const doubleBytes = 8;
export const rowBytes = 4;

/**
 * A function of the address of [size, size] doubles and of that of `size` whole numbers of 32 bits, which become the rows' order; it
 * gives −1 for an odd number of exchanges, otherwise 1.
 */
export function factorizeFunction(module: ModuleBuilder, size: number): FunctionRef {
  const type = { parameters: ["i32", "i32"], results: ["f64"] } as const;
  return module.shared(`factorize ${size}`, type, (code) => {
    const [values, rows] = code.parameters as [Local, Local];
    const subtract = subtractMultiple(module);
    const sign = code.define("f64", () => {
      code.f64(1);
    });
    forRange(code, 0, size, 1, (row) => {
      pushAddress(code, rows, [[row, rowBytes]]);
      code.access("i32.store", 0, row);
    });
    const [best, at, diagonal, factor] = [
      code.local("f64"),
      code.local("f64"),
      code.local("f64"),
      code.local("f64"),
    ];
    const loadAbsolute = (row: Local, column: Local, into: Local): void => {
      code.set(into, () => {
        pushElement(row, column);
        code.access("f64.load", 0);
        code.op("f64.abs");
      });
    };
    forRange(code, 0, size, 1, (column) => {
      const pivot = code.define("i32", column);
      loadAbsolute(column, column, best);
      const below = plusOne(code, column);
      const end = code.define("i32", () => {
        code.i32(size);
      });
      forRange(code, below, end, 1, (row) => {
        loadAbsolute(row, column, at);
        code.op("f64.gt", at, best);
        code.if(() => {
          code.set(best, at);
          code.set(pivot, row);
        });
      });
      code.op("i32.ne", pivot, column);
      code.if(() => {
        forRange(code, 0, size, 1, (j) => {
          exchange(code, "f64", [pivot, column], (row) => {
            pushElement(row, j);
          });
        });
        exchange(code, "i32", [pivot, column], (row) => {
          pushAddress(code, rows, [[row, rowBytes]]);
        });
        code.set(sign, () => {
          code.op("f64.neg", sign);
        });
      });
      code.set(diagonal, () => {
        pushElement(column, column);
        code.access("f64.load", 0);
      });
      code.op("f64.ne", diagonal, () => {
        code.f64(0);
      });
      code.if(() => {
        const source = code.define("i32", () => {
          pushElement(column, below);
        });
        const count = code.define("i32", () => {
          code.op("i32.sub", end, below);
        });
        forRange(code, below, end, 1, (row) => {
          const place = code.define("i32", () => {
            pushElement(row, column);
          });
          code.set(factor, () => {
            code.access("f64.load", 0, place);
            code.op("f64.div", diagonal);
          });
          code.get(place);
          code.access("f64.store", 0, factor);
          code.set(place, () => {
            pushAddress(code, place, [[1, doubleBytes]]);
          });
          code.call(subtract, place, source, factor, count);
          code.release(place);
        });
        code.release(source, count);
      });
      code.release(pivot, below, end);
    });
    code.get(sign);

    function pushElement(row: Local, column: Local): void {
      pushAddress(code, values, [
        [row, size * doubleBytes],
        [column, doubleBytes],
      ]);
    }
  });
}

function plusOne(code: FunctionBuilder, value: Local): Local {
  return code.define("i32", () => {
    code.op("i32.add", value, () => {
      code.i32(1);
    });
  });
}

/** Exchanges what lies at the two places of an index each. */
function exchange(
  code: FunctionBuilder,
  type: "f64" | "i32",
  [first, second]: readonly [Local, Local],
  pushPlace: (index: Local) => void,
): void {
  const kept = code.define(type, () => {
    pushPlace(first);
    code.access(`${type}.load`, 0);
  });
  pushPlace(first);
  pushPlace(second);
  code.access(`${type}.load`, 0);
  code.access(`${type}.store`, 0);
  pushPlace(second);
  code.access(`${type}.store`, 0, kept);
  code.release(kept);
}

/** into[i] − factor · from[i], two by two: a function of both addresses, the factor and the count. Products are rounded. */
function subtractMultiple(module: ModuleBuilder): FunctionRef {
  const type = { parameters: ["i32", "i32", "f64", "i32"], results: [] } as const;
  return module.shared("subtract multiple of doubles", type, (code) => {
    const [into, from, factor, count] = code.parameters as [Local, Local, Local, Local];
    const both = code.define("v128", () => {
      code.op("f64x2.splat", factor);
    });
    const bytes = code.define("i32", () => {
      code.op("i32.shl", count, () => {
        code.i32(3);
      });
    });
    const vectors = code.define("i32", () => {
      code.op("i32.and", bytes, () => {
        code.i32(-16);
      });
    });
    const place = code.local("i32");
    const element = (width: "v128" | "f64", at: Local): void => {
      const [multiply, subtract] =
        width === "v128" ? (["f64x2.mul", "f64x2.sub"] as const) : (["f64.mul", "f64.sub"] as const);
      code.set(place, () => {
        code.op("i32.add", into, at);
      });
      code.get(place);
      code.access(`${width}.load`, 0, place);
      code.op("i32.add", from, at);
      code.access(`${width}.load`, 0);
      code.op(multiply, width === "v128" ? both : factor);
      code.op(subtract);
      code.access(`${width}.store`, 0);
    };
    const zero = code.define("i32", () => {
      code.i32(0);
    });
    forRange(code, zero, vectors, 16, (at) => {
      element("v128", at);
    });
    forRange(code, vectors, bytes, 8, (at) => {
      element("f64", at);
    });
  });
}

/** Calls `visit` once, to write what is done with each element of the diagonal. */
export function forEachPivot(
  code: FunctionBuilder,
  values: Local,
  size: number,
  visit: (pivot: Local) => void,
): void {
  const pivot = code.local("f64");
  forRange(code, 0, size, 1, (i) => {
    code.set(pivot, () => {
      pushAddress(code, values, [[i, (size + 1) * doubleBytes]]);
      code.access("f64.load", 0);
    });
    visit(pivot);
  });
  code.release(pivot);
}

/**
 * Solves for `width` columns: a function of the factors' address, and of [size, width] doubles, the right side with its rows in the
 * factors' order, which become the solution.
 */
export function substituteFunction(module: ModuleBuilder, size: number, width: number): FunctionRef {
  const type = { parameters: ["i32", "i32"], results: [] } as const;
  return module.shared(`substitute ${size} ${width}`, type, (code) => {
    const [values, into] = code.parameters as [Local, Local];
    const subtract = subtractMultiple(module);
    const factor = code.local("f64");
    const row = (i: Local): Local =>
      code.define("i32", () => {
        pushAddress(code, into, [[i, width * doubleBytes]]);
      });
    const without = (i: Local, first: Local, end: Local): void => {
      const target = row(i);
      forRange(code, first, end, 1, (j) => {
        const source = row(j);
        code.set(factor, () => {
          pushAddress(code, values, [
            [i, size * doubleBytes],
            [j, doubleBytes],
          ]);
          code.access("f64.load", 0);
        });
        code.call(subtract, target, source, factor, () => {
          code.i32(width);
        });
        code.release(source);
      });
      code.release(target);
    };
    const [zero, end] = [0, size].map((bound) =>
      code.define("i32", () => {
        code.i32(bound);
      }),
    ) as [Local, Local];
    forRange(code, 0, size, 1, (i) => {
      without(i, zero, i);
    });
    forRange(code, 0, size, 1, (back) => {
      const i = code.define("i32", () => {
        code.i32(size - 1);
        code.op("i32.sub", back);
      });
      const next = plusOne(code, i);
      without(i, next, end);
      code.set(factor, () => {
        pushAddress(code, values, [[i, (size + 1) * doubleBytes]]);
        code.access("f64.load", 0);
      });
      forRange(code, 0, width, 1, (column) => {
        const place = code.define("i32", () => {
          pushAddress(code, into, [
            [i, width * doubleBytes],
            [column, doubleBytes],
          ]);
        });
        code.get(place);
        code.access("f64.load", 0, place);
        code.op("f64.div", factor);
        code.access("f64.store", 0);
        code.release(place);
      });
      code.release(i, next);
    });
  });
}
