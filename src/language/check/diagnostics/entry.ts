/** How an entry of the catalogue is made: a code, a severity, a text with parameters. Knows no entry. */
import type { Problem, Severity } from "./diagnostic";

export function entry<P extends readonly unknown[]>(
  code: string,
  severity: Severity,
  text: (...parameters: P) => string,
) {
  return (...parameters: P): Problem => ({ code, severity, message: text(...parameters) });
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function sentence(text: string): string {
  const clean = capital(text);
  return clean.endsWith(".") ? clean : `${clean}.`;
}
