/**
 * DuckDB beside the tests of COPY and UNLOAD: a process that answers line by line (test/oracles/duckdb-serve.mjs).
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

const ORACLES = join(import.meta.dirname, '../oracles');
/** Whether it is installed (npm ci in test/oracles). */
export const isDuckdbThere = existsSync(join(ORACLES, 'node_modules/@duckdb/node-api'));

export class Duckdb {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly lines: AsyncIterator<string>;
  constructor() {
    const script = join(ORACLES, 'duckdb-serve.mjs');
    this.child = spawn(process.execPath, [script, '', ':memory:', '2'], { stdio: ['pipe', 'pipe', 'inherit'] });
    // It may end before it was told everything.
    this.child.stdin.on('error', () => undefined);
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }
  /** Cells as text. */
  async rows(sql: string): Promise<(string | null)[][]> {
    this.child.stdin.write(`${JSON.stringify({ query: sql })}\n`);
    const answer = JSON.parse((await this.lines.next()).value as string) as {
      rows: (string | null)[][];
      error?: string;
    };
    if (answer.error !== undefined) throw new TypeError(answer.error);
    return answer.rows;
  }
  close(): void {
    this.child.stdin.end();
  }
}
