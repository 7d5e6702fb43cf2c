/**
 * The HTTP query door, for the console, notebooks and whoever has no driver:
 *
 *   POST   /_/query           {"sql", "parameters"?, "format"?: "json" | "arrow"}   the result (query-answer.ts)
 *   POST   /_/query/session   {"database"?, "applicationName"?, "idleSeconds"?}     {"session", "pid", "idleSeconds"}
 *   POST   /_/query/cancel    {}                                                    cancels what the session runs
 *   DELETE /_/query/session                                                         ends it
 *
 * Log-in is that of the wire door, by `Authorization: Basic`; the secret of a session, in `X-Slicehouse-Session`, stands for it
 * afterwards. Without a session a statement has one of its own. Web pages of others get nothing: beside the checks of
 * access.ts a body must say that it is JSON, which no form can, and a page must be ours. Errors are {"error": {"sqlstate",
 * "message", "detail", "hint", "position", ...}}. A client that goes away cancels its statement. Not of Redshift.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod/mini';
import * as errors from '../common/errors/api-errors.ts';
import { internalFailure } from '../common/errors/catalogue.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import { HTTP_LINGER_MS, HTTP_QUERY_BODY_BYTES_MAX, HTTP_SESSION_IDLE_MAX_MS } from '../common/limits.ts';
import type { SqlParameter } from '../client/values.ts';
import { answerOf, errorBody, type QueryAnswer } from './query-answer.ts';
import { HttpSessions, type HttpSession, type QueryDoorOptions } from './query-sessions.ts';
import type { HttpRoute } from './server.ts';

const SESSION_HEADER = 'x-slicehouse-session';

const STATEMENT = z.strictObject({
  sql: z.string(),
  parameters: z.optional(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))),
  format: z.optional(z.enum(['json', 'arrow'])),
});
const SESSION = z.strictObject({
  database: z.optional(z.string()),
  applicationName: z.optional(z.string()),
  idleSeconds: z.optional(z.number().check(z.positive(), z.maximum(HTTP_SESSION_IDLE_MAX_MS / 1000))),
});

/** SQLSTATE classes and codes that are more than a bad request. */
const STATUS: Readonly<Record<string, number>> = {
  '28': 401,
  '08003': 404,
  '53300': 429,
  '53400': 429,
  '54000': 413,
  '53': 503,
  '57P01': 503,
  '57P02': 503,
  '57P03': 503,
  XX: 500,
};
const statusOf = ({ sqlstate }: SqlError): number => STATUS[sqlstate] ?? STATUS[sqlstate.slice(0, 2)] ?? 400;

export class QueryDoor {
  private readonly sessions: HttpSessions;
  constructor(private readonly options: QueryDoorOptions & { readonly onBug: (error: unknown) => void }) {
    this.sessions = new HttpSessions(options);
  }

  readonly route: HttpRoute = async (request, response) => {
    const path = request.url?.replace(/\?.*$/s, '') ?? '';
    if (path !== '/_/query' && !path.startsWith('/_/query/')) return false;
    try {
      refuseForeignPage(request);
      if (!this.options.isServing()) throw errors.starting();
      await this.answer(`${request.method} ${path}`, request, response);
    } catch (error) {
      this.refuse(request, response, error);
    }
    return true;
  };
  close(): Promise<void> {
    return this.sessions.close();
  }

  private async answer(asked: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (asked) {
      case 'POST /_/query':
        return this.statement(request, response);
      case 'POST /_/query/session': {
        const wanted = parsed(SESSION, await bodyOf(request));
        const { secret, session, idleMs } = await this.sessions.connect(request, wanted);
        return sendJson(response, 201, { session: secret, pid: session.pid, idleSeconds: idleMs / 1000 });
      }
      case 'POST /_/query/cancel':
        await bodyOf(request);
        this.named(request).session.cancel();
        return sendJson(response, 202, {});
      case 'DELETE /_/query/session':
        await this.sessions.end(this.named(request));
        return sendJson(response, 200, {});
      default:
        throw errors.badQueryRequest(`there is no ${asked}: see POST /_/query`);
    }
  }
  private named(request: IncomingMessage): HttpSession {
    return this.sessions.find(String(request.headers[SESSION_HEADER] ?? ''));
  }

  private async statement(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { sql, parameters = [], format = 'json' } = parsed(STATEMENT, await bodyOf(request));
    const isNamed = request.headers[SESSION_HEADER] !== undefined;
    const session = isNamed ? this.named(request) : await this.sessions.connect(request, {});
    const gone = new AbortController();
    const leave = (): void => gone.abort(errors.unknownHttpSession());
    response.once('close', leave);
    // A statement may take its time without a byte in either direction.
    request.socket.setTimeout(0);
    try {
      const answer = await answerOf(response, format);
      await this.run(session, sql, parameters, answer, gone.signal).catch((error: unknown) => {
        if (!response.headersSent) throw error;
        answer.fail(this.known(error));
      });
    } finally {
      response.off('close', leave);
      if (!isNamed) await this.sessions.end(session);
    }
  }
  private async run(
    session: HttpSession,
    sql: string,
    parameters: readonly SqlParameter[],
    answer: QueryAnswer,
    signal: AbortSignal,
  ): Promise<void> {
    await session.use(async (s) => answer.end(await s.stream(sql, parameters, answer, signal)));
  }

  private known(error: unknown): SqlError {
    if (error instanceof SqlError) return error;
    this.options.onBug(error);
    return internalFailure(error instanceof Error ? error.message : String(error));
  }
  private refuse(request: IncomingMessage, response: ServerResponse, cause: unknown): void {
    const error = this.known(cause);
    if (response.headersSent || response.destroyed) return void response.destroy();
    const status = statusOf(error);
    const body = errorBody(error);
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...(status === 401 && { 'www-authenticate': 'Basic realm="slicehouse", charset="UTF-8"' }),
      ...(!request.complete && { connection: 'close' }),
    });
    response.end(body);
    if (request.complete) return;
    request.resume();
    setTimeout(() => request.destroy(), HTTP_LINGER_MS).unref();
  }
}

/** Ours, or no page's at all: of one on another port of this machine browsers say no more than that it is of the same site. */
function refuseForeignPage({ headers, method }: IncomingMessage): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw errors.badQueryRequest('requests of other web pages are not served');
  const isJson = /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');
  if (method === 'POST' && !isJson) throw errors.badQueryRequest('the Content-Type must be application/json');
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > HTTP_QUERY_BODY_BYTES_MAX) throw errors.bodyTooLarge(String(HTTP_QUERY_BODY_BYTES_MAX));
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
function parsed<T extends z.ZodMiniType>(schema: T, body: string): z.infer<T> {
  let value: unknown;
  try {
    value = JSON.parse(body === '' ? '{}' : body);
  } catch (error) {
    throw errors.badQueryRequest(`the body is not JSON: ${(error as Error).message}`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw errors.badQueryRequest(`${issue!.path.join('.') || 'the body'}: ${issue!.message}`);
}
function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = `${JSON.stringify(value)}\n`;
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
