/** The SQL port before and after somebody answers there: early clients wait and keep their turn. */
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { UNAUTHENTICATED_CONNECTIONS_MAX } from '../../src/common/limits.ts';
import { OpenPort } from '../../src/wire/open-port.ts';

let open: OpenPort;
const clients: Socket[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await open.close();
});

function dial(text: string): Promise<Socket> {
  const client = connect(open.port, '127.0.0.1');
  clients.push(client);
  client.on('error', () => undefined);
  return new Promise((resolve) => client.on('connect', () => client.write(text, () => resolve(client))));
}
/** Echoes; gives what was heard, in the order of the sockets. */
function answer(heard: string[]): void {
  open.serve((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      heard.push(String(bytes));
      socket.write(bytes);
    });
  }, unexpected);
}
const unexpected = (error: Error): never => {
  throw error;
};
const reply = (client: Socket): Promise<string> =>
  new Promise((resolve) => client.once('data', (bytes) => resolve(String(bytes))));
const ended = (client: Socket): Promise<void> => new Promise((resolve) => client.on('close', () => resolve()));

test('who comes early is answered later, who comes then at once', async () => {
  open = await OpenPort.open('127.0.0.1', 0);
  const early = await dial('early');
  const answered = reply(early);
  const heard: string[] = [];
  answer(heard);
  expect(await answered).toBe('early');
  const late = await dial('late');
  expect(await reply(late)).toBe('late');
  expect(heard).toEqual(['early', 'late']);
});

test('the room for early clients is limited: one more, and the oldest of the address has to go', async () => {
  open = await OpenPort.open('127.0.0.1', 0);
  const first = await dial('first');
  const end = ended(first);
  for (let n = 1; n <= UNAUTHENTICATED_CONNECTIONS_MAX; n++) await dial(`${n}`);
  await end;
  expect(clients.filter((c) => c.destroyed)).toEqual([first]);
});

test('an error of the listening socket is told to whoever serves, also when it came before', async () => {
  open = await OpenPort.open('127.0.0.1', 0);
  const told: string[] = [];
  open.server.emit('error', new TypeError('accept EMFILE'));
  open.serve(
    () => undefined,
    (error) => told.push(error.message),
  );
  open.server.emit('error', new TypeError('accept ENFILE'));
  expect(told).toEqual(['accept EMFILE', 'accept ENFILE']);
});

test('a start that fails ends those who wait', async () => {
  open = await OpenPort.open('127.0.0.1', 0);
  const early = await dial('early');
  const end = ended(early);
  await open.close();
  await end;
});
