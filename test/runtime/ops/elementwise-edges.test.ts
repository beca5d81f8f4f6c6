// Elementwise operators at infinities, NaN, signed zeros, kinks and over a grid.
import { operator } from "../../../src/runtime/ops";
import { checkEdges, edgeCases } from "./edge-check";

suite("elementwise operators at edges, against PyTorch", () => {
  edgeCases().forEach((each, index) => {
    test(`${each.op} ${JSON.stringify(each.attrs)} #${index}`, () => checkEdges(operator(each.op), each));
  });
});
