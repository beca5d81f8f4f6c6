/**
 * The three maps of the one trilinear form Σ y·(x ⋆ w) as code: the result, the input's adjoint, the weight's adjoint, each a product
 * for every image and group with the columns under the taps. Knows nothing of operators.
 */
import { forRange, forShare, type FunctionBuilder, type Local } from "../../emit";
import { finishWith } from "../product/finish";
import { isDivisible, lanesOf, sizeOf, type Product, type Tuning } from "../product/product";
import { productScratch, pushAddress, writeProduct, type ProductContext } from "../product/write-product";
import { groupSizes, isPointwise, type Convolution } from "./geometry";
import { folding, unfolding } from "./unfold";

export type ConvolutionMap = "result" | "input" | "weight";

/** The addresses of x, weight, y and, where there is one, of the bias. */
export interface ConvolutionPlaces {
  readonly x: Local;
  readonly weight: Local;
  readonly y: Local;
  readonly bias: Local | undefined;
  readonly scratch: Local | undefined;
}

/** The matrix product of one group. */
function productOf(convolution: Convolution, map: ConvolutionMap): Product {
  const { filters, taps, places } = groupSizes(convolution);
  const { type } = convolution;
  switch (map) {
    case "result":
      return {
        type,
        m: filters,
        k: taps,
        n: places,
        xRow: taps,
        xStep: 1,
        yStep: places,
        yColumn: 1,
        zRow: places,
      };
    case "input":
      return {
        type,
        m: taps,
        k: filters,
        n: places,
        xRow: 1,
        xStep: taps,
        yStep: places,
        yColumn: 1,
        zRow: places,
      };
    case "weight":
      return {
        type,
        m: filters,
        k: places,
        n: taps,
        xRow: places,
        xStep: 1,
        yStep: 1,
        yColumn: places,
        zRow: taps,
      };
  }
}

function columnBytes(convolution: Convolution): number {
  if (isPointwise(convolution)) return 0;
  const { taps, places } = groupSizes(convolution);
  return 16 * Math.ceil((taps * places * sizeOf(convolution.type) + 64) / 16);
}

export function convolutionScratch(convolution: Convolution, map: ConvolutionMap, tuning: Tuning): number {
  return columnBytes(convolution) + productScratch(productOf(convolution, map), tuning);
}

export function writeConvolution(
  context: ProductContext,
  convolution: Convolution,
  map: ConvolutionMap,
  places: ConvolutionPlaces,
): void {
  const { code } = context;
  const { batch, groups, channels, filters: allFilters, input, type } = convolution;
  const size = sizeOf(type);
  const { filters, taps, places: outputs, inputSize } = groupSizes(convolution);
  const empty = outputs === 0 || batch === 0;
  if (map === "weight" && empty) fillZeros(code, places.weight, allFilters * taps * size);
  const address = (base: Local, terms: Parameters<typeof pushAddress>[2]): Local =>
    code.define("i32", () => {
      pushAddress(code, base, terms);
    });
  const oneImage = (image: Local, sets: boolean): void => {
    if (map === "input") fillImage(code, convolution, places, image);
    if (empty) return;
    forRange(code, 0, groups, 1, (group) => {
      const own = {
        x: address(places.x, [
          [image, channels * input[0] * input[1] * size],
          [group, inputSize * size],
        ]),
        weight: address(places.weight, [[group, filters * taps * size]]),
        y: address(places.y, [
          [image, allFilters * outputs * size],
          [group, filters * outputs * size],
        ]),
        bias: places.bias && address(places.bias, [[group, filters * size]]),
        scratch: places.scratch,
      };
      writeGroup(context, convolution, map, own, sets);
      code.release(own.x, own.weight, own.y, ...(own.bias === undefined ? [] : [own.bias]));
    });
  };
  const { share } = context;
  if (map === "weight") {
    // A sum over the images: its shares are those of the product.
    forRange(code, 0, Math.min(1, batch), 1, (image) => {
      oneImage(image, true);
    });
    forRange(code, 1, batch, 1, (image) => {
      oneImage(image, false);
    });
  } else {
    forShare(code, share, [0, batch], 1, (image) => {
      oneImage(image, true);
    });
  }
}

/** Whether there are shares: of the images, or of the weight's adjoint. */
export function isConvolutionDivisible(
  convolution: Convolution,
  map: ConvolutionMap,
  tuning: Tuning,
): boolean {
  if (map === "weight") return isDivisible(productOf(convolution, map), tuning);
  return convolution.batch > 1;
}

/** One image and group. Scratch memory holds the columns, then what the product needs. */
function writeGroup(
  context: ProductContext,
  convolution: Convolution,
  map: ConvolutionMap,
  { x, weight, y, bias, scratch }: ConvolutionPlaces,
  sets: boolean,
): void {
  const { code, module } = context;
  const product = productOf(convolution, map);
  // Shares are of images where the map keeps them apart.
  const whole = { ...context, share: undefined };
  const isDirect = isPointwise(convolution);
  const columns = isDirect ? x : scratch!;
  const rest =
    scratch === undefined || isDirect
      ? scratch
      : code.define("i32", () => {
          pushAddress(code, scratch, [[1, columnBytes(convolution)]]);
        });
  if (!isDirect && map !== "input") code.call(unfolding(module, convolution), x, columns);
  switch (map) {
    case "result": {
      const shift = bias === undefined ? undefined : ({ address: bias, along: "rows" } as const);
      const finish = finishWith(code, product, shift, undefined);
      writeProduct(whole, product, { x: weight, y: columns, z: y, scratch: rest }, finish);
      break;
    }
    case "input":
      // Where the columns are the input itself, it holds the bias already.
      writeProduct(whole, isDirect ? { ...product, adds: true } : product, {
        x: weight,
        y,
        z: columns,
        scratch: rest,
      });
      if (!isDirect) code.call(folding(module, convolution), x, columns);
      break;
    case "weight":
      writeProduct(context, sets ? product : { ...product, adds: true }, {
        x: y,
        y: columns,
        z: weight,
        scratch: rest,
      });
  }
  if (rest !== undefined && rest !== scratch) code.release(rest);
}

/** The input's adjoint begins with zeros, or with one number for each channel. */
function fillImage(
  code: FunctionBuilder,
  convolution: Convolution,
  { x, bias }: ConvolutionPlaces,
  image: Local,
): void {
  const { type, channels, input } = convolution;
  const size = sizeOf(type);
  const plane = input[0] * input[1];
  const first = code.define("i32", () => {
    pushAddress(code, x, [[image, channels * plane * size]]);
  });
  if (bias === undefined) fillZeros(code, first, channels * plane * size);
  else {
    forRange(code, 0, channels, 1, (channel) => {
      const value = code.define("v128", () => {
        pushAddress(code, bias, [[channel, size]]);
        code.access(type === "f32" ? "v128.load32_splat" : "v128.load64_splat", 0);
      });
      const at = code.define("i32", () => {
        pushAddress(code, first, [[channel, plane * size]]);
      });
      const whole = plane - (plane % lanesOf(type));
      forRange(code, 0, whole * size, 16, (offset) => {
        code.op("i32.add", at, offset);
        code.access("v128.store", 0, value);
      });
      for (let k = whole; k < plane; k++)
        code.accessLane(type === "f32" ? "v128.store32_lane" : "v128.store64_lane", k * size, 0, at, value);
      code.release(value, at);
    });
  }
  code.release(first);
}

function fillZeros(code: FunctionBuilder, address: Local, bytes: number): void {
  code.fill(
    address,
    () => {
      code.i32(0);
    },
    () => {
      code.i32(bytes);
    },
  );
}
