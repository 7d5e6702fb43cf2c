/**
 * An error of the server as psql prints it: message, the line of the statement with a caret, DETAIL, HINT, CONTEXT.
 */
import { widthOf } from './width.ts';

export interface ServerMessage {
  readonly message?: string | undefined;
  readonly severity?: string | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly where?: string | undefined;
  /** Characters (code points) of the statement, from 1. */
  readonly position?: string | undefined;
}
/** Characters shown of a long line, and those kept right of the caret. */
const SHOWN_MAX = 60;
const RIGHT_MIN = 10;

function pointed(statement: string, position: number): string {
  const characters = [...statement];
  const at = Math.min(position - 1, characters.length);
  const before = characters.slice(0, at).join('').split('\n');
  const start = at - [...(before.at(-1) as string)].length;
  const next = characters.indexOf('\n', at);
  const line = characters.slice(start, next < 0 ? undefined : next).map((c) => (c === '\t' || c === '\r' ? ' ' : c));
  const column = at - start;
  const from = Math.max(0, Math.min(column + RIGHT_MIN, line.length) - SHOWN_MAX);
  const to = from + SHOWN_MAX;
  const head = `LINE ${before.length}: ${from > 0 ? '...' : ''}`;
  const shown = line.slice(from, to).join('') + (to < line.length ? '...' : '');
  return `${head}${shown}\n${' '.repeat(head.length + widthOf(line.slice(from, column).join('')))}^`;
}

/** `statement` is the text that was sent. */
export function errorText(error: ServerMessage, statement: string): string {
  const position = Number(error.position);
  const lines = [`${error.severity ?? 'ERROR'}:  ${error.message ?? ''}`];
  if (position > 0 && statement !== '') lines.push(pointed(statement, position));
  if (error.detail) lines.push(`DETAIL:  ${error.detail}`);
  if (error.hint) lines.push(`HINT:  ${error.hint}`);
  if (error.where) lines.push(`CONTEXT:  ${error.where}`);
  return lines.join('\n');
}
