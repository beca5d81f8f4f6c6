/** Making an instance: its place among the others. */
import type { Frame } from "./frame";
import type { Scope } from "./scope";
import { unknown, type InstanceValue, type LayerValue, type TensorValue } from "./value";

/** An instance without a body yet, known to its parent and to the run. */
export function makeInstance(
  frame: Frame,
  layer: LayerValue,
  scope: Scope,
  inputs: readonly TensorValue[],
): InstanceValue {
  const parent = frame.owner;
  const instance: InstanceValue = {
    kind: "instance",
    layer,
    scope,
    inputs,
    state: { result: unknown, parameters: new Map(), draws: [], children: [], parent, name: undefined },
  };
  parent?.state.children.push(instance);
  frame.record?.instances.push(instance);
  return instance;
}
