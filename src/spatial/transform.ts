/**
 * Coordinates of one spatial reference system in another: those of the EPSG data set, by SRID (epsg.generated.ts), computed by
 * proj4. m is kept; z is kept where no datum shift changes it.
 */
import { brotliDecompressSync } from 'node:zlib';
import proj4 from 'proj4';
import type { SpatialCall } from './call.ts';
import { EPSG } from './epsg.generated.ts';
import { mapRuns, stride, type Spatial } from './geometry.ts';
import { checkSrid } from './reading.ts';
import { invalidArgument } from './spatial-error.ts';

let definitions: ReadonlyMap<number, string> | undefined;
function definition(srid: number): string {
  definitions ??= new Map(
    brotliDecompressSync(Buffer.from(EPSG, 'base64'))
      .toString()
      .split('\n')
      .map((line) => {
        const at = line.indexOf(' ');
        return [Number(line.slice(0, at)), line.slice(at + 1)];
      }),
  );
  const found = definitions.get(srid);
  if (found === undefined)
    throw invalidArgument(`ST_Transform: SRID ${srid} is not a known spatial reference system`);
  return found;
}

interface Converter {
  forward(place: number[]): number[];
}
const CONVERTERS_MAX = 64;
const converters = new Map<string, Converter>();
function converter(from: number, to: number): Converter {
  const key = `${from} ${to}`;
  let known = converters.get(key);
  if (known === undefined) {
    known = proj4(`${definition(from)} +no_defs`, `${definition(to)} +no_defs`);
    if (converters.size >= CONVERTERS_MAX) converters.clear();
    converters.set(key, known);
  }
  return known;
}

function transform(value: Spatial, to: number): Spatial {
  checkSrid('ST_Transform', to);
  const { geometry: g, srid } = value;
  const convert = converter(srid, to);
  const step = stride(g);
  const changed = (run: Float64Array): Float64Array => {
    const out = run.slice();
    for (let i = 0; i < run.length; i += step) {
      const place = convert.forward([run[i]!, run[i + 1]!, ...(g.hasZ ? [run[i + 2]!] : [])]) as number[];
      if (!Number.isFinite(place[0]) || !Number.isFinite(place[1]))
        throw invalidArgument(`ST_Transform: a point has no place in SRID ${to}`);
      out.set(place.slice(0, g.hasZ ? 3 : 2), i);
    }
    return out;
  };
  return { ...value, geometry: srid === to ? g : mapRuns(g, g, changed), srid: to };
}

export const TRANSFORM = { st_transform: transform } satisfies Record<string, SpatialCall>;
