/**
 * The HTTP port: GET /health, the routes that others add (console, AWS endpoints), and S3 for everything else. Every
 * request passes the access check first. Started and closed by main and index.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listen } from '../common/listen.ts';
import { S3Error } from '../s3/key-path.ts';
import type { ObjectStore } from '../s3/store.ts';
import { refuseReason } from './access.ts';
import { S3Door, sendError } from './s3.ts';

/** Answers the request and returns true, or returns false to pass it on. */
export type HttpRoute = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

export interface HttpServerOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly store: ObjectStore;
  readonly routes?: readonly HttpRoute[];
  /** What /health adds to {"status":"ok"}. */
  readonly health?: () => Readonly<Record<string, unknown>>;
}
export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const door = new S3Door(options.store);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refused = refuseReason(request.headers, options.host);
    if (refused !== undefined) return sendError(request, response, new S3Error('AccessDenied', 403, refused));
    if (request.url === '/health' && (request.method === 'GET' || request.method === 'HEAD') && !isS3Host(request)) {
      const body = JSON.stringify({ status: 'ok', ...options.health?.() });
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
      response.end(request.method === 'HEAD' ? undefined : body);
      return;
    }
    for (const route of options.routes ?? []) if (await route(request, response)) return;
    await door.handle(request, response);
  };
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    response.setHeader('server', 'slicehouse');
    // A client that goes away is not our error.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    answer(request, response).catch((e: unknown) => {
      if (response.headersSent) response.destroy();
      else sendError(request, response, new S3Error('InternalError', 500, (e as Error).message));
    });
  });
  await listen(server, { host: options.host, port: options.port, option: 'http-port' });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const isS3Host = (request: IncomingMessage): boolean => /^[^:]+\.localhost(:|$)/.test(request.headers.host ?? '');
