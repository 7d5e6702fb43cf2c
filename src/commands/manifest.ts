/**
 * `slicehouse manifest s3://bucket/prefix`: a manifest of the objects below a prefix, for COPY ... MANIFEST.
 */
import { manifestText } from './manifest-text.ts';
import { CommandError, objectsBelow, placeOf, readArguments, storeOf, urlOf, type Output } from './objects.ts';

const HELP = `Usage: slicehouse manifest s3://bucket/prefix [options]

Writes a manifest of the objects below the prefix, with their sizes, to standard output.

  --sha256              with the SHA-256 of each object, which COPY verifies
  --output s3://...     write it to that object
  --s3-root DIR         folder of the buckets (default: s3 in --data-dir)
  --data-dir DIR        of the server (default: ./slicehouse-data)
  --s3-endpoint URL     an S3 endpoint instead of the folder
`;

export async function manifestCommand(argv: readonly string[], out: Output): Promise<number> {
  const args = readArguments(argv, { sha256: { type: 'boolean' }, output: { type: 'string' } }, out.env);
  if (args.has('help')) return (out.print(HELP), 0);
  if (args.positionals.length !== 1) throw new CommandError('manifest takes one s3://bucket/prefix');
  const from = placeOf(args.positionals[0], 'the source');
  const store = storeOf(args);
  const objects = await objectsBelow(store, from);
  if (objects.length === 0) throw new CommandError(`there is no object below ${urlOf(from)}`);
  const text = await manifestText(store, from.bucket, objects, args.has('sha256'));
  const output = args.text('output');
  if (output === undefined) return (out.print(text), 0);
  const to = placeOf(output, '--output');
  await store.put(to.bucket, to.key, Buffer.from(text));
  out.say(`${objects.length} objects in ${urlOf(to)}`);
  return 0;
}
