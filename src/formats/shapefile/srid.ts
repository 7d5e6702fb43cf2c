/**
 * The SRID of a projection description (.prj, WKT): the authority's code where it has one, else the systems that Esri's names mean. 0: it is not known.
 */
const GEOGRAPHIC: Readonly<Record<string, number>> = {
  gcs_wgs_1984: 4326,
  wgs_84: 4326,
  gcs_north_american_1983: 4269,
  gcs_north_american_1927: 4267,
  gcs_etrs_1989: 4258,
  gcs_wgs_1972: 4322,
  gcs_european_1950: 4230,
  gcs_gda_1994: 4283,
  gcs_jgd_2000: 4612,
};
const PROJECTED: Readonly<Record<string, number>> = {
  wgs_1984_web_mercator_auxiliary_sphere: 3857,
  'wgs_84_/_pseudo-mercator': 3857,
  british_national_grid: 27700,
  osgb_1936_british_national_grid: 27700,
  rgf_1993_lambert_93: 2154,
  etrs_1989_laea: 3035,
  nad_1983_contiguous_usa_albers: 5070,
};
/** The number of a UTM zone behind a system's name. */
const UTM: readonly (readonly [name: RegExp, north: number, south: number | undefined, zones: number])[] = [
  [/^wgs_(?:19)?84(?:_\/)?_utm_zone_(\d{1,2})([ns])$/, 32600, 32700, 60],
  [/^nad_1983_utm_zone_(\d{1,2})([ns])$/, 26900, undefined, 23],
  [/^etrs_1989_utm_zone_(\d{1,2})([ns])$/, 25800, undefined, 38],
];
const AUTHORITY =
  /\b(?:AUTHORITY\s*\[\s*"EPSG"\s*,\s*"?(\d{1,6})"?\s*\]|ID\s*\[\s*"EPSG"\s*,\s*(\d{1,6})\s*\])\s*\]\s*$/i;
const SYSTEM = /^\s*(PROJCS|GEOGCS|PROJCRS|GEOGCRS)\s*\[\s*"([^"]*)"/i;

export function sridOf(wkt: string): number {
  // What stands at the end belongs to the system as a whole.
  const code = AUTHORITY.exec(wkt);
  if (code !== null) return Number(code[1] ?? code[2]);
  const [, kind, written] = SYSTEM.exec(wkt) ?? [];
  if (kind === undefined) return 0;
  const name = written!.trim().toLowerCase().replaceAll(' ', '_');
  if (/^GEOG/i.test(kind)) return GEOGRAPHIC[name] ?? 0;
  for (const [pattern, north, south, zones] of UTM) {
    const [, zone, side] = pattern.exec(name) ?? [];
    const base = side === 's' ? south : north;
    if (zone !== undefined && base !== undefined && Number(zone) >= 1 && Number(zone) <= zones)
      return base + Number(zone);
  }
  return PROJECTED[name] ?? 0;
}
