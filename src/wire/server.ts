/**
 * The Postgres wire server: settles encryption, makes one Connection per socket, and on close ends them all. Until
 * a client has logged in it is a guest of the waiting room, with little time and no more memory than a log-in needs. Called
 * by main.ts and index.ts; knows no SQL.
 */
import type { Socket } from 'node:net';
import { terminatedByAdministrator } from '../common/errors/catalogue.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import {
  AUTHENTICATION_TIMEOUT_MS,
  SOCKET_KEEP_ALIVE_MS,
  UNAUTHENTICATED_CONNECTIONS_MAX,
} from '../common/limits.ts';
import type { SqlService } from '../common/sql-service.ts';
import { WaitingRoom } from '../common/waiting-room.ts';
import { addressGroup, LoginThrottle } from '../common/login-throttle.ts';
import { Connection, type Door } from './connection.ts';
import { negotiate, type WireTls } from './negotiation.ts';
import { OpenPort } from './open-port.ts';

export interface WireServerOptions {
  readonly service: SqlService;
  /** Where it listens already, or will: port 0 picks a free one. */
  readonly listening: OpenPort | { readonly host: string; readonly port: number };
  /** Undefined: no encryption is offered. */
  readonly tls?: WireTls | undefined;
  /** Shared with the server's other doors. */
  readonly throttle?: LoginThrottle;
  /** Told of every exception that is a bug rather than a user's error. */
  readonly onError: (error: unknown) => void;
}
export interface WireServer {
  readonly port: number;
  /** Stops listening, ends every connection, telling its client why, and waits for their sessions to close. */
  close(reason?: SqlError): Promise<void>;
}

const NO_TLS: WireTls = { mode: 'off', context: () => Promise.reject(new TypeError('TLS is off')) };

export async function startWireServer(options: WireServerOptions): Promise<WireServer> {
  const tls = options.tls ?? NO_TLS;
  const connections = new Set<Connection>();
  const negotiating = new Set<Socket>();
  const room = new WaitingRoom(UNAUTHENTICATED_CONNECTIONS_MAX);
  const door: Door = {
    service: options.service,
    throttle: options.throttle ?? new LoginThrottle(),
    plainRefused: tls.mode === 'required',
    onError: options.onError,
  };

  const serve = async (raw: Socket): Promise<void> => {
    const host = raw.remoteAddress ?? '';
    const port = raw.remotePort ?? 0;
    raw.setNoDelay(true);
    raw.setKeepAlive(true, SOCKET_KEEP_ALIVE_MS);
    raw.on('error', () => raw.destroy());
    const leave = room.enter(addressGroup(host), () => raw.destroy());
    const timer = setTimeout(() => raw.destroy(), AUTHENTICATION_TIMEOUT_MS);
    timer.unref();
    const admitted = (): void => {
      leave();
      clearTimeout(timer);
    };
    raw.once('close', admitted);
    negotiating.add(raw);
    const negotiated = await negotiate(raw, tls, options.onError).finally(() => negotiating.delete(raw));
    if (negotiated === undefined) return;
    const connection = new Connection({ ...negotiated, host, port }, door, admitted);
    connections.add(connection);
    void connection.ended.then(() => connections.delete(connection));
  };
  const { listening } = options;
  const open = listening instanceof OpenPort ? listening : await OpenPort.open(listening.host, listening.port);
  const { server } = open;
  open.serve((socket) => {
    serve(socket).catch((error: unknown) => {
      options.onError(error);
      socket.destroy();
    });
  }, options.onError);
  return {
    port: open.port,
    close: async (reason = terminatedByAdministrator()) => {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
      const { sqlstate, message, detail, hint } = reason;
      const last = new SqlError({ sqlstate, message, detail, hint, severity: 'FATAL' });
      for (const socket of negotiating) socket.destroy();
      const left = [...connections];
      for (const connection of left) connection.terminate(last);
      await Promise.all(left.map((connection) => connection.ended));
      await stopped;
    },
  };
}
