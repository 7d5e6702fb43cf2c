/**
 * Opens a listening socket and, when that fails, says in one sentence why and which option changes it. Used by the wire
 * server and the HTTP server.
 */
import type { Server } from 'node:net';
import { cannotListen } from './errors/catalogue.ts';

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is taken, another server listens there',
  EACCES: 'this user may not open that port',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the host name is not known',
};

export interface Listening {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** The option that chooses the port: `port` or `http-port`. */
  readonly option: string;
}

export function listen(server: Server, { host, port, option }: Listening): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      const reason = REASONS[error.code ?? ''];
      if (reason === undefined) return reject(error);
      const other = error.code === 'EADDRINUSE' || error.code === 'EACCES' ? option : 'host';
      const variable = `SLICEHOUSE_${other.toUpperCase().replaceAll('-', '_')}`;
      reject(cannotListen(`${host}:${port}`, reason, `choose another with --${other} (or ${variable})`));
    };
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve();
    });
  });
}
