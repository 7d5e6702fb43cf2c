/**
 * The HTTP port: GET /health, the routes that others add (console, AWS endpoints), and S3 for everything else. Every
 * request passes the access check first. Half-open requests end, silent connections make room for others. Started and closed by main and index.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import {
  HTTP_BODY_BYTES_MIN,
  HTTP_CONNECTIONS_MAX,
  HTTP_HEADERS_TIMEOUT_MS,
  HTTP_IDLE_TIMEOUT_MS,
  HTTP_KEEP_ALIVE_MS,
} from '../common/limits.ts';
import { listen } from '../common/listen.ts';
import { WaitingRoom } from '../common/waiting-room.ts';
import { S3Error, asS3Error } from '../s3/key-path.ts';
import type { LocalObjectStore } from '../s3/store.ts';
import { refuseReason } from './access.ts';
import { S3Door } from './s3.ts';
import { sendError } from './s3-call.ts';

/** A whole request has no limit of time, large objects take theirs; its headers and its pace have (paced). */
const SERVER_OPTIONS = {
  requestTimeout: 0,
  headersTimeout: HTTP_HEADERS_TIMEOUT_MS,
  keepAliveTimeout: HTTP_KEEP_ALIVE_MS,
  connectionsCheckingInterval: 1_000,
};

/** Answers the request and returns true, or returns false to pass it on. */
export type HttpRoute = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

export interface HttpServerOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly store: LocalObjectStore;
  /** Names of the Host header beside loopback's; `.name`: any name below it. */
  readonly hosts?: readonly string[];
  readonly routes?: readonly HttpRoute[];
  /** What /health adds to {"status":"ok"}; any other `status` is 503. */
  readonly health?: () => Readonly<Record<string, unknown>>;
  /** Told of exceptions that are bugs; the client sees InternalError. */
  readonly onError?: (error: unknown) => void;
}
export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const onBug = options.onError ?? ((): void => undefined);
  const { store, hosts } = options;
  const door = new S3Door({ store, onBug, hosts });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refused = refuseReason(request.headers, options.host, hosts);
    if (refused !== undefined) return sendError(request, response, new S3Error('AccessDenied', 403, refused));
    if (request.url === '/health' && (request.method === 'GET' || request.method === 'HEAD') && !isS3Host(request)) {
      const health = { status: 'ok', ...options.health?.() };
      const body = JSON.stringify(health);
      response.writeHead(health.status === 'ok' ? 200 : 503, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      });
      response.end(request.method === 'HEAD' ? undefined : body);
      return;
    }
    if (!isS3Host(request)) for (const route of options.routes ?? []) if (await route(request, response)) return;
    await door.handle(request, response);
  };
  const room = new WaitingRoom(HTTP_CONNECTIONS_MAX);
  const leaveRoom = new WeakMap<Socket, () => void>();
  const wait = (socket: Socket): void => {
    if (socket.destroyed) return;
    leaveRoom.get(socket)?.();
    leaveRoom.set(
      socket,
      room.enter(socket.remoteAddress ?? '', () => socket.destroy()),
    );
  };
  const server = createServer(SERVER_OPTIONS, (request, response) => {
    const { socket } = request;
    leaveRoom.get(socket)?.();
    paced(request);
    response.once('close', () => wait(socket));
    response.setHeader('server', 'slicehouse');
    // A client that goes away is not our error.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    answer(request, response).catch((e: unknown) => {
      if (response.headersSent) response.destroy();
      else sendError(request, response, asS3Error(e, onBug));
    });
  });
  server.on('connection', (socket: Socket) => {
    wait(socket);
    socket.once('close', () => leaveRoom.get(socket)?.());
  });
  server.maxConnections = 2 * HTTP_CONNECTIONS_MAX;
  // Silence in both directions ends a connection, within a request too.
  server.setTimeout(HTTP_IDLE_TIMEOUT_MS);
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

/** Bodies may take hours, but not at a byte a second. */
function paced(request: IncomingMessage): void {
  let before = request.socket.bytesRead;
  const timer = setInterval(() => {
    const now = request.socket.bytesRead;
    if (request.complete) clearInterval(timer);
    else if (now - before < HTTP_BODY_BYTES_MIN && !request.isPaused()) request.socket.destroy();
    before = now;
  }, HTTP_IDLE_TIMEOUT_MS);
  timer.unref();
  request.once('close', () => clearInterval(timer));
}

const isS3Host = (request: IncomingMessage): boolean => /^[^:]+\.localhost(:|$)/.test(request.headers.host ?? '');
