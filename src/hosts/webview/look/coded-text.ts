/** A message with `code` in backticks, drawn as code. Stateless. */
import { html, type TemplateResult } from "lit";

export function codedText(message: string): readonly (string | TemplateResult)[] {
  const parts = message.split("`");
  // Without a partner a backtick is just a character.
  if (parts.length % 2 === 0) return [message];
  return parts.map((part, i) => (i % 2 === 1 ? html`<code class="code">${part}</code>` : part));
}
