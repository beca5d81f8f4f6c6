/** The legend's look: a histogram on its ramp, handles of the brush over both. */
import { css } from "lit";

export const legendStyles = css`
  :host {
    display: block;
    max-width: 420px;
    margin-top: 10px;
  }
  .picture {
    position: relative;
    cursor: col-resize;
    touch-action: none;
    user-select: none;
  }
  .picture > svg {
    display: block;
    width: 100%;
    height: 46px;
  }
  .bar {
    fill: var(--vscode-foreground);
    fill-opacity: 0.5;
  }
  .bar:hover {
    fill-opacity: 0.8;
  }
  .marker {
    stroke: var(--vscode-foreground);
    stroke-width: 2;
    vector-effect: non-scaling-stroke;
  }
  .cut,
  .shade {
    fill: var(--vscode-editor-background);
  }
  .shade {
    fill-opacity: 0.75;
  }
  .handle {
    position: absolute;
    top: -2px;
    bottom: -2px;
    width: 11px;
    margin-left: -5.5px;
    cursor: ew-resize;
  }
  .handle::before {
    content: "";
    position: absolute;
    inset: 0 4.5px;
    background: var(--vscode-focusBorder);
  }
  .handle::after {
    content: "";
    position: absolute;
    inset: 14px 2px;
    border-radius: 3px;
    background: var(--vscode-focusBorder);
  }
  .handle:focus-visible {
    outline-offset: 1px;
  }
  .labels {
    display: flex;
    justify-content: space-between;
  }
  .labels > .low,
  .labels > .high {
    flex: 1;
  }
  .labels > .high {
    text-align: end;
  }
  .brush {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 10px;
  }
  .specials {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 12px;
  }
  .swatch {
    vertical-align: -2px;
  }
  .sign-ground {
    fill: var(--vscode-editor-background);
    stroke: var(--vscode-descriptionForeground);
    stroke-opacity: 0.5;
  }
`;
