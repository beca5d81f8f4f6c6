/** The values tab's layout: a sticky head, and columns that give way one group at a time as the panel narrows. */
import { css } from "lit";

export const valuesViewStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    container: values / inline-size;
  }
  .toolbar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
    padding: 8px 14px;
  }
  .filter {
    flex: 1 1 120px;
    max-width: 260px;
  }
  .count {
    margin-inline-start: auto;
  }
  .scroll {
    flex: 1;
    min-height: 0;
    overflow: auto;
    scroll-padding-top: 52px;
  }
  table {
    width: 100%;
    border-collapse: separate;
    border-spacing: 0;
  }
  th,
  td {
    height: 24px;
    padding: 1px 8px;
    text-align: end;
    white-space: nowrap;
    font-weight: normal;
  }
  thead tr:first-child th {
    position: sticky;
    top: 0;
  }
  thead tr:nth-child(2) th {
    position: sticky;
    top: 24px;
  }
  thead th {
    z-index: 2;
    background: var(--vscode-editor-background);
    color: var(--vscode-descriptionForeground);
  }
  thead tr:nth-child(2) th,
  thead th[rowspan="2"] {
    border-bottom: 1px solid
      var(--vscode-widget-border, var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)));
  }
  thead th[rowspan="2"] {
    vertical-align: bottom;
  }
  .over {
    text-align: start;
    color: var(--vscode-foreground);
  }
  .value-edge,
  .gradient-edge,
  .delta-edge {
    border-inline-start: 1px solid
      var(--vscode-widget-border, var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)));
  }
  .figure {
    min-width: 76px;
  }
  .figure .link {
    padding: 0;
    font-size: inherit;
  }
  .distribution {
    width: 90px;
  }
  .name,
  .op,
  .distribution,
  .spanning {
    text-align: start;
  }
  /* The name takes what the figures leave, and is cut where that is little. */
  .name {
    padding-inline-start: 14px;
    width: 100%;
    min-width: 150px;
    max-width: 0;
  }
  .member .name {
    padding-inline-start: 34px;
  }
  .name-line,
  .group-name {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
  }
  .node-name {
    display: flex;
    min-width: 48px;
    white-space: pre;
  }
  .node-name .path,
  .node-name .last {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .node-name .path {
    flex: 0 1 auto;
  }
  .node-name .last {
    flex: none;
    max-width: 100%;
  }
  .group-name .icon.open {
    transform: rotate(90deg);
  }
  .badge.role {
    border-color: var(--vscode-widget-border, currentColor);
    color: var(--vscode-descriptionForeground);
  }
  .sort {
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    cursor: pointer;
  }
  .sort:hover {
    color: var(--vscode-foreground);
    text-decoration: underline;
  }
  .arrow:not(:empty) {
    margin-inline-start: 3px;
    color: var(--vscode-foreground);
  }
  tbody tr {
    cursor: pointer;
  }
  tbody tr.gap {
    cursor: default;
  }
  tbody tr:not(.gap):hover {
    background: var(--vscode-list-hoverBackground);
    color: var(--vscode-list-hoverForeground, inherit);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  tbody tr[aria-selected="true"] {
    background: var(--vscode-list-inactiveSelectionBackground);
    color: var(--vscode-list-inactiveSelectionForeground, inherit);
    outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  tbody tr[aria-selected="true"] .faint {
    color: inherit;
  }
  tbody tr:focus-visible {
    outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-focusBorder));
    outline-offset: -1px;
  }
  .spark {
    display: block;
  }
  .spark .bars {
    fill: var(--vscode-charts-blue);
  }
  .gradient-edge .spark .bars {
    fill: var(--gradient-ink);
  }
  .spark .base {
    stroke: var(--vscode-descriptionForeground);
    stroke-opacity: 0.4;
  }
  .spark .zero {
    stroke: var(--vscode-foreground);
    stroke-opacity: 0.55;
    stroke-dasharray: 2 2;
  }
  .scalar {
    font-weight: bold;
  }
  .structural i {
    font-size: 0.9em;
  }
  tr[aria-selected="true"] .role {
    color: var(--vscode-foreground);
  }
  .fault,
  .special {
    color: var(--error-text);
  }
  /* As wide as its cell, and no reason for the cell to be wider. */
  .fault {
    display: block;
    width: 0;
    min-width: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .name .badge {
    padding: 0 6px 0 3px;
  }
  .name .badge.role {
    padding: 0 6px;
  }
  .badge .icon {
    width: 12px;
    height: 12px;
  }
  .nothing {
    padding: 24px;
    text-align: center;
  }
  /* The marks shrink to their icons before they hide a name. */
  @container values (width < 900px) {
    .name .badge.error,
    .name .badge.warning {
      padding: 0 1px;
      border-color: transparent;
    }
    .member .badge .label {
      display: none;
    }
    .badge .icon {
      width: 15px;
      height: 15px;
    }
  }
  @container values (width < 520px) {
    .badge.role,
    .count {
      display: none;
    }
  }
  @container values (width < 420px) {
    th,
    td {
      padding-inline: 5px;
    }
    .name {
      padding-inline-start: 8px;
      min-width: 90px;
    }
    .member .name {
      padding-inline-start: 16px;
    }
    .spark {
      width: 56px;
    }
  }
`;
