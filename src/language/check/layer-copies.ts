/** Layers with other parameters: what training gives. Knows nothing of optimizers. */
import { parametersOf } from "./instance-paths";
import { listValue, type InstanceValue, type LayerValue, type TensorValue, type Value } from "./value";

type Parameters = ReadonlyMap<string, TensorValue>;

/** A copy of a layer, nested ones included, with the parameters that `choose` gives for each. */
export function withParameters(layer: LayerValue, choose: (layer: LayerValue) => Parameters): LayerValue {
  const copies = new Map<LayerValue, LayerValue>();
  const copyLayer = (original: LayerValue): LayerValue => {
    const known = copies.get(original);
    if (known !== undefined) return known;
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
      state: { drawn: original.state.drawn, parameters: new Map(choose(original)), nested },
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

/** A layer, a list or a family of layers of an instance's body, with the parameters in force there: given and updated ones. */
export function inForce(instance: InstanceValue, value: Value): Value {
  switch (value.kind) {
    case "list": {
      const items = value.items.map((item) => inForce(instance, item));
      return items.every((item, index) => item === value.items[index]) ? value : listValue(items);
    }
    case "family": {
      const members = [...value.members].map(
        ([id, { key, value: member }]) => [id, { key, value: inForce(instance, member) }] as const,
      );
      const same = members.every(([id, { value: member }]) => member === value.members.get(id)?.value);
      return same ? value : { ...value, members: new Map(members) };
    }
    case "layer":
      return layerInForce(instance, value);
    default:
      return value;
  }
}

function layerInForce(instance: InstanceValue, layer: LayerValue): LayerValue {
  const replaced = new Map<LayerValue, Map<string, TensorValue>>();
  for (const { value, layer: owner, key } of parametersOf(instance).values()) {
    if (owner.state.parameters.get(key) === value) continue;
    const own = replaced.get(owner) ?? new Map<string, TensorValue>();
    replaced.set(owner, own.set(key, value));
  }
  if (replaced.size === 0) return layer;
  return withParameters(
    layer,
    (each) => new Map([...each.state.parameters, ...(replaced.get(each) ?? new Map<string, TensorValue>())]),
  );
}
