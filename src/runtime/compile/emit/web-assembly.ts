/**
 * The part of the host's `WebAssembly` that this room uses, typed here because the language's own library does not have it;
 * undefined where the host has none. Knows nothing else.
 */

/** A compiled module: opaque. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: string;
}

export interface WasmMemory {
  /** Replaced by another one when the memory grows. */
  readonly buffer: ArrayBufferLike;
  grow(pages: number): number;
}

export type WasmFunction = (...values: readonly number[]) => number | undefined;

export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

interface WebAssemblyHost {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => WasmInstance;
  readonly Memory: new (size: {
    readonly initial: number;
    readonly maximum?: number;
    readonly shared?: boolean;
  }) => WasmMemory;
}

// Every host that has it has it under this name; the cast is to the part described above.
export const webAssembly = (globalThis as unknown as { readonly WebAssembly?: WebAssemblyHost }).WebAssembly;

/** The size of a page of memory in bytes. */
export const pageSize = 65_536;

/** An exported function. Throws where there is none of that name (our own bug). */
export function exportedFunction(instance: WasmInstance, name: string): WasmFunction {
  const found = instance.exports[name];
  if (typeof found !== "function") throw new Error(`the module exports no ${name}`);
  return found as WasmFunction; // Exports of function kind are callables of numbers.
}
