// jax-js on its WebAssembly backend, each piece of work under jit.
import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { initialParameters, labels, learningRate, serve, stream } from "./serve.mjs";

await init("wasm");
defaultDevice("wasm");

const array = (values, shape) => np.array(values).reshape(shape);

async function net({ sizes, batch, activation }) {
  const x = array(stream(1, batch * sizes[0], 2), [batch, sizes[0]]);
  const classes = sizes.at(-1);
  const oneHot = new Float32Array(batch * classes);
  labels(batch, classes).forEach((label, row) => (oneHot[row * classes + label] = 1));
  const targets = array(oneHot, [batch, classes]);
  const activate = activation === "tanh" ? np.tanh : nn[activation];
  const loss = (parameters, input, expected) => {
    let h = input;
    parameters.forEach(([weight, bias], layer) => {
      h = np.matmul(h, weight).add(bias);
      if (layer + 1 < parameters.length) h = activate(h);
    });
    return np.sum(nn.logSoftmax(h).mul(expected)).mul(-1 / batch);
  };
  const update = jit((parameters, input, expected) => {
    const [cost, gradients] = valueAndGrad(loss)(tree.ref(parameters), input, expected);
    const next = parameters.map(([weight, bias], layer) => [
      weight.sub(gradients[layer][0].mul(learningRate)),
      bias.sub(gradients[layer][1].mul(learningRate)),
    ]);
    return [cost, next];
  });
  let parameters = initialParameters(sizes).map(({ inputs, width, weight, bias }) => [
    array(weight, [inputs, width]),
    array(bias, [width]),
  ]);
  // Arrays are consumed by what they are handed to, unless a reference is.
  const step = () => {
    const [cost, next] = update(parameters, x.ref, targets.ref);
    parameters = next;
    return cost;
  };
  const numbers = [];
  for (let i = 0; i < 3; i++) numbers.push((await step().data())[0]);
  return { numbers, step: () => step().dispose(), settle: () => blockUntilReady(parameters) };
}

async function product({ size }) {
  const a = array(stream(1, size * size), [size, size]);
  const b = array(stream(2, size * size), [size, size]);
  const multiply = jit((left, right) => np.matmul(left, right));
  const data = await multiply(a.ref, b.ref).data();
  const step = async () => (await blockUntilReady(multiply(a.ref, b.ref))).dispose();
  return { numbers: [data[0], data[size * size - 1]], step };
}

async function chain({ count }) {
  const x = array(stream(3, count, 4), [count]);
  const compute = jit((v) =>
    np
      .tanh(v.ref.mul(2).add(1))
      .mul(np.exp(np.square(v.ref).mul(-1)))
      .add(nn.sigmoid(v)),
  );
  const data = await compute(x.ref).data();
  const step = async () => (await blockUntilReady(compute(x.ref))).dispose();
  return { numbers: [data[0], data[1], data[count - 1]], step };
}

const kinds = { net, product, chain };
serve((workload) => kinds[workload.kind]?.(workload));
