/** A training in figures: epochs, steps, losses, speed, what is left. Stateless. */
import { html, nothing, type TemplateResult } from "lit";
import type { TrainingReport } from "../../../protocol";
import { countText, durationText, trimmedNumber } from "../look/number-format";
import type { FollowedTraining } from "./training-curves";

export function trainingFigures({ report, curves }: FollowedTraining): TemplateResult {
  const { done, total, milliseconds, state } = report;
  const first = curves.losses[0];
  const last = curves.losses[done - 1] ?? curves.losses.at(-1);
  const left = timeLeft(report);
  return html`<dl class="figures">
    ${figure("epoch", epochText(report))} ${figure("step", `${countText(done)} of ${countText(total)}`)}
    ${last === undefined ? nothing : figure("loss", trimmedNumber(last))}
    ${first === undefined ? nothing : figure("at the start", trimmedNumber(first))}
    ${figure("steps/s", perSecond(done, milliseconds))}
    ${figure("examples/s", perSecond(examplesDone(report), milliseconds))}
    ${figure("time", durationText(milliseconds))}
    ${state === "running" && left !== null ? figure("left", `≈ ${durationText(left)}`) : nothing}
  </dl>`;
}

function figure(name: string, value: string): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd class="number">${value}</dd>
  </div>`;
}

/** Epochs begun, with how far the last one is. */
export function epochText({ done, stepsPerEpoch, epochs }: TrainingReport): string {
  const passed = stepsPerEpoch === 0 ? 0 : done / stepsPerEpoch;
  return `${Number.isInteger(passed) ? String(passed) : passed.toFixed(1)} of ${String(epochs)}`;
}

/** The last batch of an epoch may be short. */
export function examplesDone({ done, stepsPerEpoch, batch, examples }: TrainingReport): number {
  if (stepsPerEpoch === 0) return 0;
  return Math.floor(done / stepsPerEpoch) * examples + (done % stepsPerEpoch) * batch;
}

function perSecond(count: number, milliseconds: number): string {
  return milliseconds > 0 ? countText(Math.round((1000 * count) / milliseconds)) : "–";
}

/** Null before the first step. */
export function timeLeft({ done, total, milliseconds }: TrainingReport): number | null {
  return done === 0 ? null : (milliseconds / done) * (total - done);
}
