/** Styles that every view uses: the editor's tokens on buttons, fields, tables, badges. No layout of any one view. */
import { css } from "lit";

export const sharedStyles = css`
  :host {
    box-sizing: border-box;
    color: var(--vscode-foreground);
    font-family: var(--vscode-font-family);
    font-size: var(--vscode-font-size, 13px);
    line-height: 1.4;
    scrollbar-color: var(--vscode-scrollbarSlider-background) transparent;
    /* The light theme's own red is too pale to be read on white. */
    --error-text: color-mix(in srgb, var(--vscode-errorForeground) 70%, var(--vscode-foreground));
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  .icon {
    flex: none;
    vertical-align: -3px;
  }
  .faint {
    color: var(--vscode-descriptionForeground);
  }
  .number {
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: 0.92em;
    font-variant-numeric: tabular-nums;
  }
  .code {
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: var(--vscode-editor-font-size, 0.95em);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  :focus {
    outline: none;
  }
  :focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  button,
  select {
    font: inherit;
    color: inherit;
  }
  .tool {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 4px;
    min-width: 24px;
    height: 24px;
    padding: 0 4px;
    border: 1px solid transparent;
    border-radius: 4px;
    background: none;
    color: var(--vscode-icon-foreground, var(--vscode-foreground));
    cursor: pointer;
    white-space: nowrap;
  }
  .tool:hover {
    background: var(--vscode-toolbar-hoverBackground);
  }
  .tool[aria-pressed="true"],
  .tool[aria-checked="true"] {
    background: var(--vscode-inputOption-activeBackground);
    border-color: var(--vscode-inputOption-activeBorder, transparent);
    color: var(--vscode-inputOption-activeForeground, inherit);
  }
  .tool:disabled {
    opacity: 0.45;
    cursor: default;
    background: none;
  }
  .link {
    display: inline-flex;
    align-items: baseline;
    gap: 3px;
    padding: 0 2px;
    border: 0;
    border-radius: 2px;
    background: none;
    color: var(--vscode-textLink-foreground);
    cursor: pointer;
    text-align: start;
  }
  .link > .icon {
    /* Else the icon's foot would be the link's baseline. */
    align-self: center;
  }
  .link:hover {
    color: var(--vscode-textLink-activeForeground);
    text-decoration: underline;
  }
  select {
    height: 24px;
    min-width: 0;
    max-width: 100%;
    padding: 0 4px;
    border: 1px solid var(--vscode-dropdown-border, transparent);
    border-radius: 2px;
    background: var(--vscode-dropdown-background);
    color: var(--vscode-dropdown-foreground);
    text-overflow: ellipsis;
  }
  select:focus-visible {
    outline-color: var(--vscode-focusBorder);
  }
  .badge {
    display: inline-flex;
    align-items: center;
    gap: 3px;
    padding: 0 6px;
    border: 1px solid transparent;
    border-radius: 9px;
    font-size: 0.85em;
    line-height: 16px;
    white-space: nowrap;
  }
  .badge.count {
    background: var(--vscode-badge-background);
    color: var(--vscode-badge-foreground);
    border-color: var(--vscode-contrastBorder, transparent);
  }
  .icon.error {
    color: var(--vscode-errorForeground);
  }
  .icon.warning {
    color: var(--vscode-editorWarning-foreground);
  }
  .badge.error {
    border-color: var(--vscode-errorForeground);
  }
  .badge.warning {
    border-color: var(--vscode-editorWarning-foreground);
  }
  .icon.passed {
    color: var(--vscode-testing-iconPassed);
  }
  .icon.failed {
    color: var(--vscode-testing-iconFailed);
  }
  .icon.pending {
    color: var(--vscode-testing-iconQueued);
  }
  .icon.undecided {
    color: var(--vscode-editorInfo-foreground);
  }
`;
