/**
 * What the server says to whoever started it: lines of text, or (--log json) an object a line, for collectors:
 *
 *   {"time":"2026-01-31T12:00:00.000Z","level":"info","event":"ready","message":"...","url":"...", ...}
 *
 * What was asked for (ready, tls) goes to stdout, everything else to stderr. Passwords and keys are in no message.
 */
import { systemClock } from './clock.ts';

export type LogFormat = 'text' | 'json';
export type LogLevel = 'info' | 'warning' | 'error';
export interface LogEntry {
  readonly level: LogLevel;
  /** Stable, for machines: ready, tls, stopping, warning, node, bug, lost, failed. */
  readonly event: string;
  /** A line of text as people read it. */
  readonly message: string;
  readonly fields?: Readonly<Record<string, string | number | undefined>>;
}
export type Log = (entry: LogEntry) => void;

const TO_STDOUT = new Set(['ready', 'tls']);

export function logTo(format: LogFormat): Log {
  return ({ level, event, message, fields }) => {
    const time = new Date(systemClock.nowMs()).toISOString();
    const line = format === 'text' ? message : JSON.stringify({ time, level, event, message, ...fields });
    (TO_STDOUT.has(event) ? process.stdout : process.stderr).write(`${line}\n`);
  };
}
