/**
 * The Postgres wire server: listens, makes one Connection per socket, and on close ends them all. Called by main.ts and
 * index.ts; knows no SQL.
 */
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { terminatedByAdministrator } from '../common/errors/catalogue.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import { listen } from '../common/listen.ts';
import type { SqlService } from '../common/sql-service.ts';
import { Connection } from './connection.ts';

export interface WireServerOptions {
  readonly service: SqlService;
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Told of every exception that is a bug rather than a user's error. */
  readonly onError: (error: unknown) => void;
}
export interface WireServer {
  readonly port: number;
  /** Stops listening, ends every connection, telling its client why, and waits for their sessions to close. */
  close(reason?: SqlError): Promise<void>;
}

export async function startWireServer(options: WireServerOptions): Promise<WireServer> {
  const connections = new Set<Connection>();
  const server: Server = createServer({ allowHalfOpen: false }, (socket) => {
    const connection = new Connection(socket, options.service, options.onError);
    connections.add(connection);
    void connection.ended.then(() => connections.delete(connection));
  });
  await listen(server, { host: options.host, port: options.port, option: 'port' });
  server.on('error', options.onError);
  return {
    port: (server.address() as AddressInfo).port,
    close: async (reason = terminatedByAdministrator()) => {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
      const { sqlstate, message, detail, hint } = reason;
      const last = new SqlError({ sqlstate, message, detail, hint, severity: 'FATAL' });
      const open = [...connections];
      for (const connection of open) connection.terminate(last);
      await Promise.all(open.map((connection) => connection.ended));
      await stopped;
    },
  };
}
