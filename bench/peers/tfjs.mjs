// TensorFlow.js on its WebAssembly backend (SIMD, one thread) or, with `cpu`, on its plain one.
import { createRequire } from "node:module";
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { initialParameters, labels, learningRate, serve, stream } from "./serve.mjs";

const backend = process.argv[2] ?? "wasm";
const wasmFolder = path.dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"));
setWasmPaths(`${wasmFolder}${path.sep}`);
await tf.setBackend(backend);
await tf.ready();

function net({ sizes, batch, activation }) {
  const x = tf.tensor2d(stream(1, batch * sizes[0], 2), [batch, sizes[0]]);
  const targets = tf.oneHot(tf.tensor1d(labels(batch, sizes.at(-1)), "int32"), sizes.at(-1)).toFloat();
  const parameters = initialParameters(sizes).flatMap(({ inputs, width, weight, bias }) => [
    tf.variable(tf.tensor2d(weight, [inputs, width])),
    tf.variable(tf.tensor1d(bias)),
  ]);
  const optimizer = tf.train.sgd(learningRate);
  const loss = () => {
    let h = x;
    for (let i = 0; i < parameters.length; i += 2) {
      h = tf.add(tf.matMul(h, parameters[i]), parameters[i + 1]);
      if (i + 2 < parameters.length) h = tf[activation](h);
    }
    return tf.losses.softmaxCrossEntropy(targets, h);
  };
  const step = () => {
    const cost = optimizer.minimize(loss, true, parameters);
    cost.dispose();
  };
  const numbers = [];
  for (let i = 0; i < 3; i++) {
    const cost = optimizer.minimize(loss, true, parameters);
    numbers.push(cost.dataSync()[0]);
    cost.dispose();
  }
  return { numbers, step, settle: () => parameters[0].dataSync()[0] };
}

function product({ size }) {
  const a = tf.tensor2d(stream(1, size * size), [size, size]);
  const b = tf.tensor2d(stream(2, size * size), [size, size]);
  const data = tf.matMul(a, b).dataSync();
  return { numbers: [data[0], data[size * size - 1]], step: () => tf.matMul(a, b).dispose() };
}

function chain({ count }) {
  const x = tf.tensor1d(stream(3, count, 4));
  const compute = () =>
    tf.tidy(() => tf.add(tf.mul(tf.tanh(x.mul(2).add(1)), tf.exp(tf.neg(tf.square(x)))), tf.sigmoid(x)));
  const data = compute().dataSync();
  return { numbers: [data[0], data[1], data[count - 1]], step: () => compute().dispose() };
}

const kinds = { net, product, chain };
serve((workload) => kinds[workload.kind]?.(workload));
