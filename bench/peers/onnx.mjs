// ONNX Runtime (native, one thread), for products of matrices alone. The model is one MatMul node, written by hand.
import ort from "onnxruntime-node";
import { serve, stream } from "./serve.mjs";

// Protocol buffers: field number and wire type, then a varint or a length and bytes.
const varint = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >>> 7)]);
const number = (field, n) => [...varint(field << 3), ...varint(n)];
const bytes = (field, content) => [...varint((field << 3) | 2), ...varint(content.length), ...content];
const text = (field, string) => bytes(field, [...Buffer.from(string)]);

/** A value of float32 and two unnamed sizes. */
function valueInfo(name, size) {
  const sizes = [size, size].flatMap((n) => bytes(1, number(1, n)));
  const tensorType = [...number(1, 1), ...bytes(2, sizes)];
  return [...text(1, name), ...bytes(2, bytes(1, tensorType))];
}

function model(size) {
  const node = [...text(1, "a"), ...text(1, "b"), ...text(2, "c"), ...text(4, "MatMul")];
  const graph = [
    ...bytes(1, node),
    ...text(2, "product"),
    ...bytes(11, valueInfo("a", size)),
    ...bytes(11, valueInfo("b", size)),
    ...bytes(12, valueInfo("c", size)),
  ];
  return Uint8Array.from([...number(1, 8), ...bytes(7, graph), ...bytes(8, number(2, 13))]);
}

async function product({ size }) {
  const session = await ort.InferenceSession.create(model(size), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const tensor = (seed) => new ort.Tensor("float32", stream(seed, size * size), [size, size]);
  const feeds = { a: tensor(1), b: tensor(2) };
  const { c } = await session.run(feeds);
  return { numbers: [c.data[0], c.data[size * size - 1]], step: () => session.run(feeds) };
}

serve((workload) => (workload.kind === "product" ? product(workload) : undefined));
