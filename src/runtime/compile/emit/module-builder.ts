/**
 * Puts functions together as one module that imports its memory ("env" "memory"). Functions that several kernels share are
 * made once, by name. Knows nothing of tensors.
 */
import { ByteWriter } from "./byte-writer";
import { FunctionBuilder, type FunctionRef } from "./function-builder";
import { valueTypeCode, type FunctionType } from "./value-type";

interface ImportedFunction extends FunctionRef {
  readonly name: string;
}

interface Segment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

export class ModuleBuilder {
  readonly #imports: ImportedFunction[] = [];
  readonly #functions: FunctionBuilder[] = [];
  readonly #shared = new Map<string, FunctionRef>();
  readonly #exports: { readonly name: string; readonly exported: FunctionRef }[] = [];
  readonly #segments: Segment[] = [];

  /** A function of the host, "env" `name`. All imports come before the first function. */
  import(name: string, type: FunctionType): FunctionRef {
    if (this.#functions.length > 0) throw new Error("imports come before functions");
    const imported = { name, type, index: this.#imports.length };
    this.#imports.push(imported);
    return imported;
  }

  /** A new function, whose body is written into the builder that is given back. */
  function(type: FunctionType): FunctionBuilder {
    const builder = new FunctionBuilder(this.#imports.length + this.#functions.length, type);
    this.#functions.push(builder);
    return builder;
  }

  /** The function of that name, written at the first call: equal names must mean equal bodies. */
  shared(name: string, type: FunctionType, write: (code: FunctionBuilder) => void): FunctionRef {
    const known = this.#shared.get(name);
    if (known !== undefined) return known;
    const code = this.function(type);
    this.#shared.set(name, code);
    write(code);
    return code;
  }

  export(name: string, exported: FunctionRef): void {
    this.#exports.push({ name, exported });
  }

  /** Bytes that stand in memory from the module's instantiation on. */
  data(address: number, bytes: Uint8Array): void {
    this.#segments.push({ address, bytes });
  }

  /** The module's bytes. `pages` is what its memory has at least (64 KiB each); a memory that threads share has no more. */
  finish(pages: number, memory: "own" | "shared" = "own"): Uint8Array<ArrayBuffer> {
    const types = new TypeTable();
    for (const { type } of [...this.#imports, ...this.#functions]) types.indexOf(type);
    const module = new ByteWriter();
    module.append([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
    section(module, 1, types.all.length, (body) => {
      for (const { parameters, results } of types.all) {
        body.byte(0x60);
        body.sized(Uint8Array.from(parameters, (type) => valueTypeCode[type]));
        body.sized(Uint8Array.from(results, (type) => valueTypeCode[type]));
      }
    });
    section(module, 2, this.#imports.length + 1, (body) => {
      for (const { name, type } of this.#imports) {
        body.name("env");
        body.name(name);
        body.byte(0x00);
        body.unsigned(types.indexOf(type));
      }
      body.name("env");
      body.name("memory");
      body.append([0x02, memory === "shared" ? 0x03 : 0x00]);
      body.unsigned(pages);
      if (memory === "shared") body.unsigned(pages);
    });
    section(module, 3, this.#functions.length, (body) => {
      for (const { type } of this.#functions) body.unsigned(types.indexOf(type));
    });
    section(module, 7, this.#exports.length, (body) => {
      for (const { name, exported } of this.#exports) {
        body.name(name);
        body.byte(0x00);
        body.unsigned(exported.index);
      }
    });
    section(module, 10, this.#functions.length, (body) => {
      for (const code of this.#functions) body.sized(code.finish());
    });
    section(module, 11, this.#segments.length, (body) => {
      for (const { address, bytes } of this.#segments) {
        body.append([0x00, 0x41]);
        body.signed(address);
        body.byte(0x0b);
        body.sized(bytes);
      }
    });
    return Uint8Array.from(module.bytes());
  }
}

/** Each function type once. */
class TypeTable {
  readonly all: FunctionType[] = [];
  readonly #indices = new Map<string, number>();

  indexOf(type: FunctionType): number {
    const key = `${type.parameters.join(" ")} > ${type.results.join(" ")}`;
    let index = this.#indices.get(key);
    if (index === undefined) {
      index = this.all.push(type) - 1;
      this.#indices.set(key, index);
    }
    return index;
  }
}

function section(module: ByteWriter, id: number, count: number, write: (body: ByteWriter) => void): void {
  if (count === 0) return;
  const body = new ByteWriter();
  body.unsigned(count);
  write(body);
  module.byte(id);
  module.sized(body.bytes());
}
