/**
 * Files of the user that the shell reads and writes: scripts, the authority of a local server, the history of what was typed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
/** Throws Node's error when the file cannot be read. */
export const readScript = (path: string): string => readFileSync(path, 'utf8');

const HISTORY_LINES_MAX = 1_000;
const HISTORY_BYTES_MAX = 1024 * 1024;
/** Statements and commands with one of these are not kept. */
const SECRET =
  /password|credential|secret|token|identified|(?:access|symmetric|private|encryption|api)[ _]?key|\b(?:AKIA|ASIA)[A-Z0-9]{12,}|\bmd5[0-9a-f]{32}|:\/\/[^\s/]*:[^\s/]*@/i;

/** What is kept of the lines of one statement: all, or nothing when it has a password or key. */
export const keptLines = (lines: readonly string[]): readonly string[] =>
  SECRET.test(lines.join('\n')) ? [] : lines.filter((l) => l.trim() !== '');

/** Lines of earlier sessions, oldest first; ~/.slicehouse_history, or SLICEHOUSE_HISTORY. */
export class HistoryFile {
  private readonly path: string;
  readonly lines: string[];
  constructor(env: NodeJS.ProcessEnv) {
    this.path = env['SLICEHOUSE_HISTORY'] ?? join(homedir(), '.slicehouse_history');
    this.lines = (readIfThere(this.path) ?? '').split('\n').filter((l) => l !== '');
  }
  /** The lines of a whole statement or command. */
  add(statement: readonly string[]): void {
    for (const line of keptLines(statement)) if (line !== this.lines.at(-1)) this.lines.push(line);
    this.lines.splice(0, this.lines.length - HISTORY_LINES_MAX);
  }
  /** Only the user may read it. A home that cannot be written to keeps no history. */
  save(): void {
    let bytes = 0;
    let from = this.lines.length;
    while (from > 0 && (bytes += Buffer.byteLength(this.lines[from - 1] as string) + 1) <= HISTORY_BYTES_MAX)
      from -= 1;
    try {
      writeFileSync(this.path, `${this.lines.slice(from).join('\n')}\n`, { mode: 0o600 });
    } catch {
      return;
    }
  }
}
