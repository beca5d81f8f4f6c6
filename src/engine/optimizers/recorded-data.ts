/**
 * Data that is not there yet: what an optimizer does to it is recorded as nodes of a graph, so that a compiled training step makes the
 * same update. Numbers that change from turn to turn are sources of their own, collected in the order in which they occur. Knows no
 * optimizer.
 */
import { Graph, type Node, type SourceNode } from "../../runtime/graph";
import { isRejected, operator } from "../../runtime/ops";
import { full, scalar, type DType, type Shape } from "../../runtime/tensor";

/** Undefined while only numbers are collected. */
type Recorded = Node | undefined;

export interface DataType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** What happens in one turn, in order. */
export class Tape {
  /** The numbers of this turn. */
  readonly numbers: number[] = [];
  /** The sources that stand for them. */
  readonly sources: SourceNode[] = [];
  /** Data that lasts from turn to turn, in the order of making. */
  readonly states: { readonly data: RecordedData; readonly source: Recorded }[] = [];
  readonly #graph: Graph | undefined;

  constructor(records: "nodes" | "numbers") {
    this.#graph = records === "nodes" ? new Graph() : undefined;
  }

  number(value: number, dtype: DType): Recorded {
    this.numbers.push(value);
    if (this.#graph === undefined) return undefined;
    const source = this.#graph.source(scalar(value, dtype));
    this.sources.push(source);
    return source;
  }

  apply(name: string, x: Recorded, y?: Recorded): Recorded {
    if (this.#graph === undefined || x === undefined) return undefined;
    const made = this.#graph.apply(operator(name), y === undefined ? { x } : { x, y }, {});
    if (isRejected(made)) throw new Error(`an optimizer's ${name} was refused`);
    return made;
  }

  /** Zeros, which are a source of the step. */
  zeros(type: DataType): RecordedData {
    const source = this.#graph?.source(full(type.dtype, type.shape, 0));
    const data = new RecordedData(this, type, source);
    this.states.push({ data, source });
    return data;
  }
}

export class RecordedData {
  readonly tape: Tape;
  readonly type: DataType;
  /** Its value as it is now. */
  node: Recorded;

  constructor(tape: Tape, type: DataType, node: Recorded) {
    this.tape = tape;
    this.type = type;
    this.node = node;
  }

  slice(): RecordedData {
    return new RecordedData(this.tape, this.type, this.node);
  }

  number(value: number): Recorded {
    return this.tape.number(value, this.type.dtype);
  }
}
