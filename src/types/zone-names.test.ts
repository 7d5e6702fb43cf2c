/** Names of zones: every one is a zone that SQL takes, and so is every abbreviation. */
import { expect, test } from 'vitest';
import { namedZone, zoneAbbreviations } from './timezone.ts';
import { zoneAt, zoneNames } from './zone-names.ts';

test('every name is taken and none comes twice', () => {
  const names = zoneNames();
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => namedZone(name, 0) === undefined)).toEqual([]);
  expect(zoneAbbreviations().filter(([name]) => namedZone(name, 0) === undefined)).toEqual([]);
});

test('summer time is told from winter time on both halves of the globe', () => {
  const [january, july] = [Date.UTC(2024, 0, 15), Date.UTC(2024, 6, 15)];
  expect(zoneAt('America/Los_Angeles', january)).toEqual({
    abbreviation: 'PST',
    offset: -28800,
    isDaylightSaving: false,
  });
  expect(zoneAt('America/Los_Angeles', july)).toEqual({
    abbreviation: 'PDT',
    offset: -25200,
    isDaylightSaving: true,
  });
  expect(zoneAt('Australia/Sydney', january)).toEqual({
    abbreviation: 'AEDT',
    offset: 39600,
    isDaylightSaving: true,
  });
  expect(zoneAt('Asia/Kathmandu', july)).toEqual({ abbreviation: '+0545', offset: 20700, isDaylightSaving: false });
});
