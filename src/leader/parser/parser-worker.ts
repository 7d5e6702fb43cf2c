/**
 * Thread entry of the parser for long texts: parses what it is sent and answers. Started on first need and ended by
 * long-texts.ts.
 */
import { parentPort } from 'node:worker_threads';
import { assert } from '../../common/assert.ts';
import { statementTooComplex } from '../../common/errors/catalogue.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { isTooDeep } from '../../common/errors/too-deep.ts';
import type { LiteralsExpr, Statement } from './ast.ts';
import type { LiteralList } from './literal-list.ts';
import { parseTokens, tokenizeText, warmParser } from './parser.ts';
import type { ParseReply, ParseRequest } from './parser-messages.ts';

/** The literal lists of an AST; their nodes lose them. */
function takeLists(statements: readonly Statement[]): { nodes: LiteralsExpr[]; lists: LiteralList[] } {
  const nodes: LiteralsExpr[] = [];
  const lists: LiteralList[] = [];
  const visit = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return;
    if ((value as LiteralsExpr).kind === 'literals') {
      const node = value as { list?: LiteralList };
      nodes.push(value as LiteralsExpr);
      lists.push(node.list!);
      delete node.list;
    } else Object.values(value).forEach(visit);
  };
  visit(statements);
  return { nodes, lists };
}

function errorReply(thrown: unknown): ParseReply {
  const error = isTooDeep(thrown) ? statementTooComplex('stack depth limit exceeded') : thrown;
  if (!(error instanceof SqlError))
    return { bug: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  const { sqlstate, message, detail, hint, position } = error;
  return { error: { sqlstate, message, detail, hint, position } };
}

assert(parentPort, 'parser-worker runs as a worker thread');
const port = parentPort;
port.on('message', ({ text, caseSensitive, literalsMin }: ParseRequest) => {
  const parse = (): Statement[] => parseTokens(tokenizeText(text, caseSensitive, literalsMin), text);
  warmParser()
    .then(parse)
    .then((statements) => {
      const { nodes, lists } = takeLists(statements);
      const arrays = lists.map((l) => l.arrays);
      const moved = arrays.flatMap((a) => [a.kinds.buffer, a.starts.buffer, a.ends.buffer]) as ArrayBuffer[];
      port.postMessage({ statements, nodes, lists: arrays } satisfies ParseReply, moved);
    })
    .catch((error: unknown) => port.postMessage(errorReply(error)));
});
