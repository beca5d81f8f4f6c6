/** The form that begins a pass: its direction, its node, and what it begins with. Stateless. */
import { html, nothing, type TemplateResult } from "lit";
import type { NodeSummary, TargetReport } from "../../../protocol";
import { icon } from "../look/icons";
import { shapeText } from "../look/number-format";
import type { Direction } from "../state/kept-passes";
import { nodeTitle } from "../state/node-rows";
import { type SeedFields, seedTitles } from "./seed-form";

export interface PassForm {
  readonly target: TargetReport;
  readonly node: NodeSummary;
  readonly direction: Direction;
  readonly fields: SeedFields;
  /** Why there is no such pass. */
  readonly problem: string | null;
  readonly turn: (direction: Direction) => void;
  readonly select: (node: number) => void;
  readonly edit: (change: Partial<SeedFields>) => void;
  readonly begin: () => void;
}

export function passForm(form: PassForm): TemplateResult {
  const { target, node, direction, fields, problem } = form;
  const isBackward = direction === "backward";
  const submit = (event: Event): void => {
    event.preventDefault();
    form.begin();
  };
  return html`<form aria-label="Begin a pass" @submit=${submit}>
    <div class="row">
      <label>
        <span>Direction</span>
        <select @change=${(event: Event) => form.turn(valueOf(event) as Direction)}>
          <option value="backward" .selected=${isBackward}>backward from</option>
          <option value="forward" .selected=${!isBackward}>forward from</option>
        </select>
      </label>
      <label>
        <span>Node</span>
        <select class="code" @change=${(event: Event) => form.select(Number(valueOf(event)))}>
          ${target.nodes
            .filter(isDifferentiable)
            .map(
              (each) =>
                html`<option value=${each.id} .selected=${each.id === node.id}>${nodeTitle(each)}</option>`,
            )}
        </select>
      </label>
      <label>
        <span>${isBackward ? "Cotangent" : "Tangent"}</span>
        <select @change=${(event: Event) => form.edit({ kind: valueOf(event) as SeedFields["kind"] })}>
          ${Object.entries(seedTitles)
            .filter(([kind]) => isBackward || kind !== "upstream")
            .map(
              ([kind, title]) =>
                html`<option value=${kind} .selected=${kind === fields.kind}>${title}</option>`,
            )}
        </select>
      </label>
      ${details(form)}
      <button class="begin" type="submit">${icon("run")} ${isBackward ? "Backward" : "Forward"}</button>
    </div>
    ${problem === null ? nothing : html`<p class="problem" role="alert">${icon("error", "error")} ${problem}</p>`}
  </form>`;
}

function details({ target, node, fields, edit }: PassForm): TemplateResult | typeof nothing {
  const { kind, index, random, root, numbers } = fields;
  const rank = node.value?.shape.length ?? 0;
  switch (kind) {
    case "ones":
      return nothing;
    case "one-hot":
      return rank === 0
        ? nothing
        : html`<label
            ><span>Element</span>
            <input
              class="code"
              size="8"
              placeholder=${Array(rank).fill("0").join(", ")}
              .value=${index}
              @input=${(event: Event) => edit({ index: valueOf(event) })}
          /></label>`;
    case "random":
      return html`<label
        ><span>Seed</span>
        <input
          class="code"
          size="4"
          inputmode="numeric"
          .value=${random}
          @input=${(event: Event) => edit({ random: valueOf(event) })}
      /></label>`;
    case "upstream":
      return html`<label
        ><span>Gradient of</span>
        <select class="code" @change=${(event: Event) => edit({ root: valueOf(event) })}>
          ${target.roots
            .filter(({ begun }) => begun !== true)
            .map(
              ({ id, name }) =>
                html`<option value=${name} .selected=${root === null ? id === target.root : name === root}>
                  ${name}
                </option>`,
            )}
        </select></label
      >`;
    case "numbers":
      return html`<label class="wide"
        ><span>Numbers of shape ${shapeText(node.value?.shape ?? [])}</span>
        <textarea
          class="code"
          rows="2"
          placeholder="[[1, 2], [3, 4]]"
          .value=${numbers}
          @input=${(event: Event) => edit({ numbers: valueOf(event) })}
        ></textarea>
      </label>`;
  }
}

export function isDifferentiable({ value }: NodeSummary): boolean {
  return value?.dtype === "float32" || value?.dtype === "float64";
}

export function valueOf(event: Event): string {
  // Only fields listen with it.
  return (event.target as HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement).value;
}
