/**
 * The SQL port, open before anybody can answer: clients that come while the program is still loading and the slices open their
 * storage are guests of a waiting room, unread, until `serve` takes them over. Opened by main.ts before it loads the rest, or
 * by start-cluster.ts; served by server.ts.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { UNAUTHENTICATED_CONNECTIONS_MAX } from '../common/limits.ts';
import { listen } from '../common/listen.ts';
import { WaitingRoom } from '../common/waiting-room.ts';
import { addressGroup } from '../common/login-throttle.ts';

export class OpenPort {
  private readonly room = new WaitingRoom(UNAUTHENTICATED_CONNECTIONS_MAX);
  /** Early clients, and how each leaves the room. */
  private readonly early = new Map<Socket, () => void>();
  /** What the listening socket reported before there was somebody to tell: the newest. */
  private failure: Error | undefined;
  private onError = (error: Error): void => void (this.failure = error);
  private taker: ((socket: Socket) => void) | undefined;

  private constructor(readonly server: Server) {
    server.on('connection', (socket) => (this.taker ?? this.wait)(socket));
    server.on('error', (error) => this.onError(error));
  }
  /** `port` 0 picks a free one. */
  static async open(host: string, port: number): Promise<OpenPort> {
    const open = new OpenPort(createServer({ allowHalfOpen: false }));
    await listen(open.server, { host, port, option: 'port' });
    return open;
  }
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  private readonly wait = (socket: Socket): void => {
    const leave = this.room.enter(addressGroup(socket.remoteAddress ?? ''), () => socket.destroy());
    this.early.set(socket, leave);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      leave();
      this.early.delete(socket);
    });
  };

  /** From now on connections are the taker's, those that wait first, and errors of the listening socket are told. */
  serve(taker: (socket: Socket) => void, onError: (error: Error) => void): void {
    this.taker = taker;
    this.onError = onError;
    if (this.failure !== undefined) onError(this.failure);
    const early = [...this.early];
    this.early.clear();
    for (const [socket, leave] of early) {
      leave();
      if (!socket.destroyed) taker(socket);
    }
  }
  /** For a start that failed. */
  close(): Promise<void> {
    for (const socket of this.early.keys()) socket.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
