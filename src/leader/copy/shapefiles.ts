/**
 * COPY of shapefiles: which of the objects found are shapefiles, and how the format sees what lies beside them.
 */
import { noShapefiles } from '../../common/errors/shapefile-errors.ts';
import type { LoadSource, ShapefileHost } from '../../formats/load-format.ts';
import { isShapefile } from '../../formats/shapefile.ts';
import { readStart } from '../../s3/object-io.ts';
import type { ObjectStore } from '../../s3/store.ts';
import type { CopyOptions } from './options.ts';
import { access, asRedshift, type SourceObject } from './sources.ts';

/** The .shp files of what a prefix or a manifest gives. */
export function shapefilesOf(
  found: readonly SourceObject[],
  { compression }: Pick<CopyOptions, 'compression'>,
  from: string,
): readonly SourceObject[] {
  const shapes = found.filter(({ key }) => isShapefile(key, compression !== 'none'));
  if (shapes.length === 0) throw noShapefiles(from);
  return shapes;
}
const sourceOf = ({ bucket, key, ...state }: SourceObject): LoadSource => ({ bucket, key, state });

export const shapefileHost = (
  store: ObjectStore,
  sources: readonly SourceObject[],
  options: CopyOptions,
  readsSrid: boolean,
): ShapefileHost => ({
  sources: sources.map(sourceOf),
  readsSrid,
  find: async (bucket, key) => {
    const info = await asRedshift(`S3 key being read : s3://${bucket}/${key}`, async () => {
      await store.authorize(access(options, bucket, key, 's3:GetObject'));
      return store.head(bucket, key);
    });
    if (info === undefined) return undefined;
    const { size, modifiedMs, etag } = info;
    return { bucket, key, state: { size, modifiedMs, etag } };
  },
  begin: ({ bucket, key, state }, bytes) => {
    const { compression, masterKey } = options;
    const range = { bucket, key, start: 0, end: state.size, state, compression, masterKey };
    return asRedshift(`S3 key being read : s3://${bucket}/${key}`, () => readStart(store.io, range, bytes));
  },
});
