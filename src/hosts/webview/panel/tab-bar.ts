/** The row of tabs: one is chosen, the arrow keys go round. Stateless. */
import { css, html, type TemplateResult } from "lit";
import type { Tab } from "../state/saved-state";

export interface TabTitle {
  readonly tab: Tab;
  readonly title: string;
  /** What stands beside the title. */
  readonly extra: TemplateResult | null;
}

export function tabBar(titles: readonly TabTitle[], chosen: Tab, choose: (tab: Tab) => void): TemplateResult {
  const onKey = (event: KeyboardEvent): void => {
    const at = titles.findIndex(({ tab }) => tab === chosen);
    const places: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: titles.length - 1,
    };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    const next = titles[(place + titles.length) % titles.length]!;
    choose(next.tab);
    // The list of tabs is what listens; its buttons are its children.
    const button = (event.currentTarget as HTMLElement).querySelector<HTMLElement>(`#tab-${next.tab}`);
    button?.focus();
  };
  return html`<div class="tabs" role="tablist" aria-label="Views" @keydown=${onKey}>
    ${titles.map(
      ({ tab, title, extra }) =>
        html`<button
          id="tab-${tab}"
          role="tab"
          aria-selected=${tab === chosen}
          aria-controls="view"
          tabindex=${tab === chosen ? 0 : -1}
          @click=${() => choose(tab)}
        >
          ${title} ${extra}
        </button>`,
    )}
  </div>`;
}

export const tabBarStyles = css`
  .tabs {
    display: flex;
    gap: 2px;
    padding: 0 8px;
    overflow-x: auto;
    scrollbar-width: none;
    border-bottom: 1px solid
      var(--vscode-panel-border, var(--vscode-widget-border, var(--vscode-contrastBorder, transparent)));
  }
  .tabs button {
    display: flex;
    align-items: center;
    gap: 5px;
    flex: none;
    height: 32px;
    padding: 0 8px;
    border: 0;
    border-bottom: 2px solid transparent;
    background: none;
    color: var(--vscode-panelTitle-inactiveForeground, var(--vscode-descriptionForeground));
    cursor: pointer;
  }
  .tabs button:hover {
    color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground));
  }
  .tabs button[aria-selected="true"] {
    border-bottom-color: var(--vscode-panelTitle-activeBorder, var(--vscode-focusBorder));
    color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground));
  }
  @container panel (width < 400px) {
    .tabs {
      flex-wrap: wrap;
      padding-inline: 2px;
      gap: 0;
    }
    .tabs button {
      height: 28px;
      padding: 0 6px;
    }
    .tabs .badge {
      display: none;
    }
  }
`;
