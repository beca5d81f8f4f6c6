/** What the checks and the gradcheck tab share: headings, item lists, tables of evidence. */
import { css } from "lit";

export const reportStyles = css`
  :host {
    display: block;
    padding: 10px 14px 20px;
    overflow: auto;
    container: report / inline-size;
  }
  h2 {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 8px;
    margin: 0 0 8px;
    font-size: 1.15em;
    font-weight: 600;
  }
  h3 {
    margin: 18px 0 6px;
    font-size: 1em;
    font-weight: 600;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .item {
    display: grid;
    grid-template-columns: 16px minmax(0, 1fr) auto;
    gap: 0 8px;
    align-items: start;
    padding: 5px 0;
    border-top: 1px solid var(--vscode-widget-border, var(--vscode-panel-border, transparent));
  }
  .item > .icon {
    margin-top: 1px;
  }
  .item p {
    margin: 2px 0;
    overflow-wrap: anywhere;
  }
  .label {
    font-weight: 600;
  }
  .card {
    padding: 8px 12px;
    border: 1px solid
      var(--vscode-widget-border, var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)));
    border-inline-start: 3px solid var(--vscode-testing-iconFailed);
    border-radius: 3px;
    background: var(--vscode-textBlockQuote-background);
    margin-bottom: 8px;
  }
  .scroll {
    overflow-x: auto;
  }
  table {
    border-collapse: collapse;
  }
  th,
  td {
    padding: 3px 12px 3px 0;
    text-align: end;
    white-space: nowrap;
    font-weight: normal;
  }
  thead th {
    color: var(--vscode-descriptionForeground);
    border-bottom: 1px solid
      var(--vscode-widget-border, var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)));
    vertical-align: bottom;
  }
  .start {
    text-align: start;
  }
  .apart {
    color: var(--error-text);
    font-weight: bold;
  }
  .apart::after {
    content: " ≠";
  }
`;
