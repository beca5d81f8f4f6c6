/** How the derive tab looks. */
import { css } from "lit";

export const deriveStyles = css`
  :host {
    display: grid;
    grid-auto-rows: max-content;
    align-content: start;
    gap: 16px;
    padding: 12px;
    overflow: auto;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 8px 12px;
  }
  .expression {
    flex: 0 1 auto;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .row.begins {
    align-items: center;
    margin-top: 8px;
  }
  label {
    display: grid;
    gap: 2px;
    min-width: 0;
  }
  label > span {
    color: var(--vscode-descriptionForeground);
  }
  label.wide {
    flex-basis: 100%;
  }
  select,
  input,
  textarea {
    max-width: 100%;
    min-height: 26px;
    padding: 2px 6px;
    border: 1px solid
      var(--vscode-dropdown-border, var(--vscode-input-border, var(--vscode-contrastBorder, transparent)));
    border-radius: 2px;
    background: var(--vscode-input-background);
    color: var(--vscode-input-foreground);
    font-size: inherit;
    line-height: 1.4; /* fields are cut off below, and underscores with them */
  }
  select:focus-visible,
  input:focus-visible,
  textarea:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  .begin {
    display: flex;
    align-items: center;
    gap: 6px;
    min-height: 26px;
    padding: 2px 12px;
    border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent));
    border-radius: 2px;
    background: var(--vscode-button-background);
    color: var(--vscode-button-foreground);
    cursor: pointer;
  }
  .begin:hover {
    background: var(--vscode-button-hoverBackground);
  }
  .problem {
    display: flex;
    align-items: center;
    gap: 6px;
    margin: 8px 0 0;
  }
  section {
    min-width: 0;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    padding-bottom: 6px;
    border-bottom: 1px solid
      var(--vscode-widget-border, var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)));
  }
  .chips .tool {
    padding: 0 8px;
  }
  .told {
    margin: 6px 0;
  }
  .row .tool {
    height: 26px;
  }
  .reached {
    overflow-x: auto;
  }
  h2 {
    margin: 0;
    font-size: inherit;
  }
  table {
    margin-top: 8px;
    border-collapse: collapse;
  }
  th,
  td {
    padding: 2px 12px 2px 0;
    font-weight: normal;
    text-align: start;
    white-space: nowrap;
  }
  th.number,
  td.number {
    text-align: end;
  }
  thead th {
    color: var(--vscode-descriptionForeground);
  }
  tr.selected {
    background: var(--vscode-list-inactiveSelectionBackground);
  }
  .spark .bars {
    fill: var(--gradient-ink);
  }
`;
