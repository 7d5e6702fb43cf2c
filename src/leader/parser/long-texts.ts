/**
 * Parses what clients send. Short texts are parsed where they are; long ones by a thread of their own, so that the sessions
 * beside go on: it is started when the first long text comes, takes one text after the other, and ends when none has come
 * for a while, which gives back all it used. A text whose session is cancelled while it is parsed takes the thread with it.
 */
import type { Worker } from 'node:worker_threads';
import { AssertionError } from '../../common/assert.ts';
import { statementTooComplex } from '../../common/errors/catalogue.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import type { ForcedPaths } from '../../common/forced-paths.ts';
import { PARSED_HERE_BYTES_MAX, PARSED_HERE_TOKENS_MAX, PARSER_IDLE_MS } from '../../common/limits.ts';
import type { LiteralsExpr, Statement } from './ast.ts';
import { LiteralList } from './literal-list.ts';
import { parseTokens, tokenizeText, warmParser } from './parser.ts';
import type { ParseReply, ParseRequest } from './parser-messages.ts';

interface Waiting {
  readonly request: ParseRequest;
  readonly signal: AbortSignal;
  resolve(statements: readonly Statement[]): void;
  reject(error: unknown): void;
}

export class TextParser {
  private readonly queue: Waiting[] = [];
  private current: Waiting | undefined;
  private thread: Worker | undefined;
  private idle: NodeJS.Timeout | undefined;

  constructor(
    private readonly startThread: () => Worker,
    private readonly forced: Pick<ForcedPaths, 'literalsMin' | 'parserThread'> = {},
  ) {}

  /** `caseSensitive`: quoted names keep their case. Rejects with the signal's reason when that aborts. */
  async parse(text: string, caseSensitive: boolean, signal: AbortSignal): Promise<readonly Statement[]> {
    await warmParser();
    const { parserThread, literalsMin } = this.forced;
    if (parserThread === true || text.length > PARSED_HERE_BYTES_MAX)
      return this.elsewhere(text, caseSensitive, signal);
    const tokens = tokenizeText(text, caseSensitive, literalsMin);
    if (tokens.length > PARSED_HERE_TOKENS_MAX) return this.elsewhere(text, caseSensitive, signal);
    return parseTokens(tokens, text);
  }
  close(): void {
    clearTimeout(this.idle);
    void this.thread?.terminate();
    this.thread = undefined;
  }

  private async elsewhere(text: string, caseSensitive: boolean, signal: AbortSignal): Promise<readonly Statement[]> {
    signal.throwIfAborted();
    const request = { text, caseSensitive, literalsMin: this.forced.literalsMin };
    let leave: () => void = () => undefined;
    try {
      return await new Promise((resolve, reject) => {
        const waiting: Waiting = { request, signal, resolve, reject };
        leave = () => this.leave(waiting);
        signal.addEventListener('abort', leave, { once: true });
        this.queue.push(waiting);
        this.next();
      });
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }
  private leave(waiting: Waiting): void {
    if (this.current === waiting) this.endThread(waiting.signal.reason);
    else {
      this.queue.splice(this.queue.indexOf(waiting), 1);
      waiting.reject(waiting.signal.reason);
    }
  }
  private next(): void {
    clearTimeout(this.idle);
    if (this.current !== undefined) return;
    this.current = this.queue.shift();
    if (this.current !== undefined) this.running().postMessage(this.current.request);
    else if (this.thread !== undefined) this.idle = setTimeout(() => this.close(), PARSER_IDLE_MS).unref();
  }
  private running(): Worker {
    if (this.thread !== undefined) return this.thread;
    const thread = this.startThread();
    thread.unref();
    thread.on('message', (reply: ParseReply) => {
      if (this.thread === thread) this.answer(reply);
    });
    const lost = (error: unknown): void => {
      if (this.thread === thread) this.endThread(error);
    };
    thread.on('error', (error: Error & { readonly code?: string }) =>
      lost(error.code === OUT_OF_MEMORY ? statementTooComplex('the parser gave up') : bugOf(error)),
    );
    thread.on('exit', (code) => lost(new AssertionError(`the parser's thread ended with ${code}`)));
    this.thread = thread;
    return thread;
  }
  private answer(reply: ParseReply): void {
    const { current } = this;
    this.current = undefined;
    if (current !== undefined) settle(current, reply);
    this.next();
  }
  /** The text that the thread worked at ends with `reason`; the next one gets a new thread. */
  private endThread(reason: unknown): void {
    const { current } = this;
    this.close();
    this.current = undefined;
    current?.reject(reason);
    this.next();
  }
}

/** What ends a thread whose heap a text fills. */
const OUT_OF_MEMORY = 'ERR_WORKER_OUT_OF_MEMORY';
const bugOf = (error: Error): AssertionError => new AssertionError(error.stack ?? error.message);

function settle({ request, resolve, reject }: Waiting, reply: ParseReply): void {
  if ('error' in reply) return reject(new SqlError(reply.error));
  if ('bug' in reply) return reject(new AssertionError(reply.bug));
  for (const [i, node] of reply.nodes.entries())
    (node as { list: LiteralsExpr['list'] }).list = new LiteralList(reply.lists[i], request.text);
  resolve(reply.statements);
}
