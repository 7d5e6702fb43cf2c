/**
 * `slicehouse public-key`: the cluster's public key, which a host that COPY shall read over SSH needs in the authorized_keys of the
 * user. Makes the key pair when there is none yet.
 */
import { join } from 'node:path';
import { clusterKey } from '../remote/ssh/cluster-key.ts';
import { CommandError, readArguments, type Output } from './objects.ts';

const HELP = `Usage: slicehouse public-key [options]

Prints the cluster's public key for the authorized_keys of hosts that COPY ... SSH connects to.

  --data-dir DIR        of the server (default: ./slicehouse-data)
`;

export async function publicKeyCommand(argv: readonly string[], out: Output): Promise<number> {
  const args = readArguments(argv, {}, out.env);
  if (args.has('help')) return (out.print(HELP), 0);
  if (args.positionals.length > 0) throw new CommandError('public-key takes no arguments');
  const { publicLine } = await clusterKey(join(args.text('data-dir') ?? './slicehouse-data', 'ssh'));
  return (out.print(`${publicLine}\n`), 0);
}
