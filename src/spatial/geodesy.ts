/**
 * Lengths and areas on the sphere and on the spheroid of a geographic reference system, in meters. Distances on the spheroid are
 * Andoyer's, to the first order in the flattening; areas are the sum over the edges of the spherical excess between the edge and
 * the equator and of its ellipsoidal correction (Danielsen 1989, Karney 2013, series of first order). These are the formulas
 * whose results the documentation shows.
 */
import { invalidArgument } from './spatial-error.ts';

interface Spheroid {
  /** Equatorial radius, meters. */
  readonly radius: number;
  readonly flattening: number;
}
const WGS84: Spheroid = { radius: 6378137, flattening: 1 / 298.257223563 };
const GRS80: Spheroid = { radius: 6378137, flattening: 1 / 298.257222101 };
/** Spheroids of geographic reference systems by their SRID. */
const SPHEROIDS: ReadonlyMap<number, Spheroid> = new Map([
  [4326, WGS84],
  [4979, WGS84],
  [4258, GRS80],
  [4269, GRS80],
  [4283, GRS80],
  [7844, GRS80],
  [4322, { radius: 6378135, flattening: 1 / 298.26 }],
  [4267, { radius: 6378206.4, flattening: 1 / 294.9786982138982 }],
  [4277, { radius: 6377563.396, flattening: 1 / 299.3249646 }],
  [4230, { radius: 6378388, flattening: 1 / 297 }],
  [4301, { radius: 6377397.155, flattening: 1 / 299.1528128 }],
]);
/** Mean radius of the WGS 84 ellipsoid, meters. */
export const EARTH_RADIUS = 6371008.771415059;

export function spheroidOf(srid: number): Spheroid {
  const spheroid = SPHEROIDS.get(srid);
  if (spheroid === undefined) throw invalidArgument(`SRID ${srid} is no geographic spatial reference system`);
  return spheroid;
}
const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const square = (v: number): number => v * v;
const haversine = (angle: number): number => square(Math.sin(angle / 2));

/** Along a great circle; degrees in. */
export function sphereDistance(lon1: number, lat1: number, lon2: number, lat2: number, radius: number): number {
  const [phi1, phi2] = [radians(lat1), radians(lat2)];
  const h = haversine(phi2 - phi1) + Math.cos(phi1) * Math.cos(phi2) * haversine(radians(lon2 - lon1));
  return 2 * radius * Math.asin(Math.min(1, Math.sqrt(h)));
}

interface Inverse {
  readonly distance: number;
  /** Directions of the geodesic at its ends, from the north, radians. */
  readonly azimuth1: number;
  readonly azimuth2: number;
}
/** Keeps a corrected angle on the half it was on before. */
function held(corrected: number, angle: number, change: number): number {
  if (angle >= 0) return change >= 0 ? Math.max(corrected, 0) : Math.min(corrected, Math.PI);
  return change <= 0 ? Math.min(corrected, 0) : Math.max(corrected, -Math.PI);
}

/** Andoyer's solution; radians in. */
function inverse(lon1: number, lat1: number, lon2: number, lat2: number, s: Spheroid): Inverse {
  if (lon1 === lon2 && lat1 === lat2) return { distance: 0, azimuth1: 0, azimuth2: 0 };
  const dlon = lon2 - lon1;
  const [sin1, cos1, sin2, cos2] = [Math.sin(lat1), Math.cos(lat1), Math.sin(lat2), Math.cos(lat2)];
  const hav = Math.min(1, Math.max(0, haversine(lat2 - lat1) + cos1 * cos2 * haversine(dlon)));
  const d = 2 * Math.asin(Math.sqrt(hav));
  const sinD = Math.sin(d);
  const [near, far] = [2 * hav, 2 - 2 * hav];
  const h = near < Number.EPSILON ? 0 : (d + 3 * sinD) / near;
  const g = far < Number.EPSILON ? 0 : (d - 3 * sinD) / far;
  const correction = -(s.flattening / 4) * (h * square(sin1 - sin2) + g * square(sin1 + sin2));
  const distance = s.radius * (d + correction);
  if (Math.abs(sinD) < Number.EPSILON) {
    if (hav <= 0.5) return { distance, azimuth1: 0, azimuth2: 0 };
    const fromPole = Math.abs(sin1 - 1) < Number.EPSILON;
    return { distance, azimuth1: fromPole ? Math.PI : 0, azimuth2: fromPole ? 0 : Math.PI };
  }
  const [m, n] = [cos1 * sin2, sin1 * cos2];
  const half = s.flattening / 2;
  const isPole = (cos: number): boolean => Math.abs(cos) < Number.EPSILON;
  const a = isPole(cos2) ? (sin2 < 0 ? Math.PI : 0) : Math.atan2(Math.sin(dlon) * cos2, m - n * Math.cos(dlon));
  const u = isPole(cos2) ? 0 : half * square(cos1) * Math.sin(2 * a);
  const b = isPole(cos1) ? (sin1 < 0 ? Math.PI : 0) : Math.atan2(Math.sin(dlon) * cos1, n - m * Math.cos(dlon));
  const v = isPole(cos1) ? 0 : half * square(cos2) * Math.sin(2 * b);
  const t = d / sinD;
  const [da, db] = [v * t - u, v - u * t];
  return {
    distance,
    azimuth1: held(a - da, a, da),
    azimuth2: held((b >= 0 ? Math.PI : -Math.PI) - b - db, b, db),
  };
}

/** Degrees in, meters out. */
export function geodesicDistance(lon1: number, lat1: number, lon2: number, lat2: number, s: Spheroid): number {
  return inverse(radians(lon1), radians(lat1), radians(lon2), radians(lat2), s).distance;
}

/** An angle in (-pi, pi]. */
function normalLongitude(angle: number): number {
  const turned = angle - 2 * Math.PI * Math.floor((angle + Math.PI) / (2 * Math.PI));
  return turned === -Math.PI ? Math.PI : turned;
}
const excessOf = (lat1: number, lat2: number, dlon: number): number => {
  const [t1, t2] = [Math.tan(lat1 / 2), Math.tan(lat2 / 2)];
  return 2 * Math.atan(((t1 + t2) / (1 + t1 * t2)) * Math.tan(dlon / 2));
};

/** The part of an edge in the area between it, the equator and the meridians of its ends: spherical and ellipsoidal. */
function edgeTerms(lon1: number, lat1: number, lon2: number, lat2: number, s: Spheroid): readonly [number, number] {
  const { distance, azimuth1, azimuth2 } = inverse(lon1, lat1, lon2, lat2, s);
  const f = s.flattening;
  const beta = (lat: number): number => Math.atan(Math.tan(lat) * (1 - f));
  const [beta1, beta2] = [beta(lat1), beta(lat2)];
  const sinAlpha0 = Math.sin(azimuth1) * Math.cos(beta1);
  const cosAlpha0 = Math.sqrt(Math.max(0, 1 - square(sinAlpha0)));
  const cosSigma = (azimuth: number, b: number): number => {
    const c = Math.cos(azimuth) * Math.cos(b);
    return c / Math.hypot(c, Math.sin(b));
  };
  const dlon = normalLongitude(lon2 - lon1);
  const quarter = Math.PI / 2;
  const isMeridian = dlon === 0 || Math.abs(lat1) === quarter || Math.abs(lat2) === quarter;
  const meanRadius = (s.radius * (3 - f)) / 3;
  let spherical = azimuth2 - azimuth1;
  if (Math.abs(dlon) === Math.PI) spherical = Math.PI;
  else if (!isMeridian && distance < meanRadius / 638) spherical = excessOf(lat1, lat2, dlon);
  const e2 = f * (2 - f);
  const k2 = (e2 / (1 - e2)) * square(cosAlpha0);
  const root = Math.sqrt(1 + k2);
  const eps = (root - 1) / (root + 1);
  const n = f / (2 - f);
  const [c0, c1] = [(10 - 4 * n) / 15 - eps / 5, eps / 45];
  // c0 cos(sigma) + c1 cos(3 sigma)
  const series = (cos: number): number => cos * (c0 + c1 * (4 * square(cos) - 3));
  const integral = series(cosSigma(azimuth2, beta2)) - series(cosSigma(azimuth1, beta1));
  return [spherical, cosAlpha0 * sinAlpha0 * integral];
}

/** Whether an edge crosses the prime meridian's other side, longitudes in [0, 2 pi). */
function crossesMeridian(lon1: number, lon2: number): boolean {
  if (Math.abs(normalLongitude(lon2 - lon1)) === Math.PI) return true;
  const whole = (lon: number): number => lon - Math.floor(lon / (2 * Math.PI)) * 2 * Math.PI;
  const [low, high] = [Math.min(whole(lon1), whole(lon2)), Math.max(whole(lon1), whole(lon2))];
  return high > Math.PI && low < Math.PI && high - low > Math.PI;
}

/** Area of a closed ring of longitudes and latitudes in degrees, square meters, positive where it goes clockwise. */
export function geodesicRingArea(points: Float64Array, step: number, s: Spheroid): number {
  let [excess, correction, crossings] = [0, 0, 0];
  for (let i = 0; i + step < points.length; i += step) {
    const [lon1, lat1] = [radians(points[i]!), radians(points[i + 1]!)];
    const [lon2, lat2] = [radians(points[i + step]!), radians(points[i + step + 1]!)];
    if (lon1 === lon2) continue;
    if (crossesMeridian(lon1, lon2)) crossings++;
    if (lat1 === 0 && lat2 === 0) continue;
    const [spherical, ellipsoidal] = edgeTerms(lon1, lat1, lon2, lat2, s);
    excess += spherical;
    correction += ellipsoidal;
  }
  const e2 = s.flattening * (2 - s.flattening);
  const e = Math.sqrt(e2);
  const authalic2 = (square(s.radius) / 2) * (1 + ((1 - e2) * Math.atanh(e)) / e);
  const spherical = authalic2 * excess;
  const ellipsoidal = e2 * square(s.radius) * correction;
  const sum = Math.abs(ellipsoidal / spherical) > 0.01 ? spherical : spherical + ellipsoidal;
  if (crossings % 2 === 0) return sum;
  const cap = 2 * Math.PI * authalic2 * (1 + Math.floor(crossings / 2)) - Math.abs(sum);
  return sum > 0 ? -cap : cap;
}
