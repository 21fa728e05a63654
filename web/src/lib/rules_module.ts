// The rules of the scheme in the page: the same C++ as in the server, as WebAssembly. This file
// knows bytes and memory; what is asked and answered is in rules.ts.

export type Givens = Record<string, string | number | readonly string[]>;
export type Answers = Record<string, string>;

interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  jaring_alloc(size: number): number;
  jaring_free(at: number): void;
  jaring_scheme(at: number, size: number): number;
  jaring_ask(scheme: number, at: number, size: number): number;
}

// The module prints only when it stops on a bug of ours; there is nowhere to print to.
const NOT_THERE = 8; // EBADF
const WASI = { fd_close: () => NOT_THERE, fd_seek: () => NOT_THERE, fd_write: () => NOT_THERE };

/** Lines "key value". A line end within a value would become another given, so it is a space. */
export function questionText(kind: string, givens: Givens): string {
  const lines = [kind];
  for (const [key, value] of Object.entries(givens)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      lines.push(`${key} ${String(one).replace(/[\r\n]+/g, ' ')}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

export class RulesModule {
  private constructor(
    private readonly exports: Exports,
    private readonly scheme: number,
  ) {}

  static async open(module: WebAssembly.Module, schemeText: string): Promise<RulesModule> {
    const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: WASI });
    const exports = instance.exports as unknown as Exports;
    exports._initialize();
    const [at, size] = put(exports, schemeText);
    const scheme = exports.jaring_scheme(at, size);
    exports.jaring_free(at);
    if (scheme === 0) {
      throw new Error('the scheme could not be read');
    }
    return new RulesModule(exports, scheme);
  }

  /** The answer, or {error: rule id}. */
  ask(kind: string, givens: Givens): Answers {
    const [at, size] = put(this.exports, questionText(kind, givens));
    const answer = this.exports.jaring_ask(this.scheme, at, size);
    const memory = new Uint8Array(this.exports.memory.buffer);
    const text = new TextDecoder().decode(memory.subarray(answer, memory.indexOf(0, answer)));
    this.exports.jaring_free(at);
    this.exports.jaring_free(answer);
    return JSON.parse(text) as Answers;
  }
}

function put(exports: Exports, text: string): [number, number] {
  const bytes = new TextEncoder().encode(text);
  const at = exports.jaring_alloc(bytes.length);
  new Uint8Array(exports.memory.buffer, at, bytes.length).set(bytes);
  return [at, bytes.length];
}
