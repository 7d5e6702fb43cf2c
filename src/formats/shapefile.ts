/**
 * SHAPEFILE: Esri's .shp with its .dbf (and .shx, which has to be there), .prj for the SRID and .cpg for the encoding of texts. The first column takes the
 * shape, the others the attributes in their order. Each .shp is read whole by one slice.
 */
import {
  shapefileColumns,
  shapefileGeometry,
  shapefileMissing,
  shapefileUnreadable,
} from '../common/errors/shapefile-errors.ts';
import type { LoadFormat, LoadSource, ShapefileHost } from './load-format.ts';
import { DBF_HEAD_BYTES_MAX, readDbfHead } from './shapefile/dbf.ts';
import { ShapefileReader, type Companions, type ShapefilePlan } from './shapefile/reader.ts';
import { ShapeDamage } from './shapefile/shapes.ts';
import { sridOf } from './shapefile/srid.ts';
import { textPlan, type TextLoadOptions } from './text/text-load.ts';

const TEXT_BYTES_MAX = 64 * 1024;
/** A key's parts: the name, the ending in its case, what compression adds. */
const NAME = /^(.*)\.(shp)(\.[A-Za-z0-9]+)?$/i;
export const isShapefile = (key: string, isPacked: boolean): boolean => {
  const [, , , packed] = NAME.exec(key) ?? [];
  return NAME.test(key) && (packed === undefined || isPacked);
};

class Siblings {
  private readonly parts: RegExpExecArray;
  constructor(
    private readonly host: ShapefileHost,
    private readonly source: LoadSource,
  ) {
    this.parts = NAME.exec(source.key)!;
  }
  find(ending: string): Promise<LoadSource | undefined> {
    const [, name, written, packed = ''] = this.parts;
    const asWritten = written === 'SHP' ? ending.toUpperCase() : ending;
    return this.host.find(this.source.bucket, `${name!}.${asWritten}${packed}`);
  }
  async need(ending: string): Promise<LoadSource> {
    const found = await this.find(ending);
    if (found === undefined) throw shapefileMissing(`s3://${this.source.bucket}/${this.source.key}`, `.${ending}`);
    return found;
  }
  async text(ending: string): Promise<string | undefined> {
    const found = await this.find(ending);
    return (
      found &&
      Buffer.from(await this.host.begin(found, TEXT_BYTES_MAX))
        .toString()
        .replace(/^\ufeff/, '')
    );
  }
}

async function companionsOf(host: ShapefileHost, source: LoadSource, columns: number): Promise<Companions> {
  const siblings = new Siblings(host, source);
  await siblings.need('shx');
  const dbf = await siblings.need('dbf');
  let fields: number;
  try {
    fields = readDbfHead(await host.begin(dbf, DBF_HEAD_BYTES_MAX)).fields.length;
  } catch (error) {
    if (error instanceof ShapeDamage) throw shapefileUnreadable(`s3://${dbf.bucket}/${dbf.key}`, error.about);
    throw error;
  }
  if (fields + 1 !== columns) throw shapefileColumns(String(fields + 1), String(columns));
  const projection = host.readsSrid ? await siblings.text('prj') : undefined;
  return {
    dbf: { key: dbf.key, state: dbf.state },
    encoding: (await siblings.text('cpg'))?.trim(),
    srid: projection === undefined ? 0 : sridOf(projection),
  };
}

export const shapefile: LoadFormat<TextLoadOptions, ShapefilePlan> = {
  split: () => Promise.resolve([]),
  // Records are counted, and pieces are whole files.
  linesBefore: () => Promise.resolve(0),
  schema: async (columns, options, _first, { shapefiles }) => {
    if (columns[0]?.type.name !== 'geometry') throw shapefileGeometry(columns[0]?.name ?? '');
    const companions: Record<string, Companions> = {};
    for (const source of shapefiles!.sources)
      companions[`${source.bucket}/${source.key}`] = await companionsOf(shapefiles!, source, columns.length);
    return { delivers: 'text', plan: { ...textPlan(columns, options), companions } };
  },
  open: (load, plan) => new ShapefileReader(load, plan),
};
