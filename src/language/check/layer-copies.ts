/** Layers with other parameters: what training gives. Knows nothing of optimizers. */
import { parametersOf } from "./instance-paths";
import { listValue, type InstanceValue, type LayerValue, type TensorValue, type Value } from "./value";

/** A copy of a layer, nested ones included, in which parameters are replaced. */
export function withParameters(
  layer: LayerValue,
  replaced: ReadonlyMap<TensorValue, TensorValue>,
): LayerValue {
  const copies = new Map<LayerValue, LayerValue>();
  const copyLayer = (original: LayerValue): LayerValue => {
    const known = copies.get(original);
    if (known !== undefined) return known;
    const parameters = new Map(
      [...original.state.parameters].map(([key, value]) => [key, replaced.get(value) ?? value]),
    );
    const nested = new Map<string, LayerValue>();
    const copy: LayerValue = {
      ...original,
      net: original.net && {
        ...original.net,
        hyperparameters: new Map(
          [...original.net.hyperparameters].map(([name, value]) => [name, copyValue(value)]),
        ),
      },
      chain: original.chain?.map(copyValue),
      state: { drawn: original.state.drawn, parameters, nested },
    };
    copies.set(original, copy);
    for (const [key, value] of original.state.nested) nested.set(key, copyLayer(value));
    return copy;
  };
  const copyValue = (value: Value): Value => {
    if (value.kind === "layer") return copyLayer(value);
    return value.kind === "list" ? listValue(value.items.map(copyValue)) : value;
  };
  return copyLayer(layer);
}

/** The same value with every layer in it not drawn yet, to be drawn anew where it is applied. */
export function undrawn(value: Value): Value {
  if (value.kind === "list") return listValue(value.items.map(undrawn));
  if (value.kind !== "layer") return value;
  const { net, chain } = value;
  const hyperparameters =
    net && new Map([...net.hyperparameters].map(([name, each]) => [name, undrawn(each)]));
  return {
    ...value,
    net: net && { ...net, hyperparameters: hyperparameters ?? new Map<string, Value>() },
    chain: chain?.map(undrawn),
    state: { drawn: false, parameters: new Map(), nested: new Map() },
  };
}

/** A layer or a list of layers of an instance's body, with the parameters in force there: given and updated ones. */
export function inForce(instance: InstanceValue, value: Value): Value {
  if (value.kind === "list") {
    const items = value.items.map((item) => inForce(instance, item));
    return items.every((item, index) => item === value.items[index]) ? value : listValue(items);
  }
  if (value.kind !== "layer") return value;
  const replaced = new Map<TensorValue, TensorValue>();
  for (const { value: current, layer, key } of parametersOf(instance).values()) {
    const drawn = layer.state.parameters.get(key);
    if (drawn !== undefined && drawn !== current) replaced.set(drawn, current);
  }
  return replaced.size === 0 ? value : withParameters(value, replaced);
}
