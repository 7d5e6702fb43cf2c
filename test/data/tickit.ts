/**
 * The three TICKIT tables that fixtures/tickit does not hold: users, listings and sales, in AWS' column order and with its
 * delimiters (users and listings '|', sales TAB with m/d/yyyy timestamps). Keys point into the events, dates and users that
 * exist: event 1..8798, date 1827..2191. `scale` 1 gives 49,990 users, 192,497 listings and 172,456 sales.
 */
import { Prng } from '../../src/common/prng.ts';

const USERS = 49_990;
const LISTINGS = 192_497;
const SALES = 172_456;
const EVENTS = 8798;
const FIRST_DATE = 1827;
const FIRST_DAY = Date.UTC(2008, 0, 1);
const DAY_MS = 86_400_000;

const FIRST = [
  'Rafael',
  'Vladimir',
  'Lars',
  'Barry',
  'Reagan',
  'Tamekah',
  'Naida',
  'Colton',
  'Victor',
  'Ishmael',
  'Jana',
  'Keely',
  'Mufutau',
];
const LAST = [
  'Taylor',
  'Humphrey',
  'Ratliff',
  'Roy',
  'Hodge',
  'Juarez',
  'Calderon',
  'Russo',
  'Meyer',
  'Bentley',
  'Lawson',
  'Velez',
  'Acosta',
];
const CITIES = [
  'Kent',
  'Murfreesboro',
  'High Point',
  'Omaha',
  'Forest Lake',
  'Moultrie',
  'Waycross',
  'Yuma',
  'Gulfport',
  'Port Orford',
];
const STATES = ['WA', 'TN', 'NC', 'NE', 'MN', 'GA', 'AZ', 'MS', 'OR', 'QC', 'BC'];

const letters = (prng: Prng, count: number, alphabet: string): string =>
  Array.from({ length: count }, () => alphabet[prng.int(0, alphabet.length - 1)]).join('');
const two = (n: number): string => String(n).padStart(2, '0');
const clock = (prng: Prng): string => `${two(prng.int(0, 23))}:${two(prng.int(0, 59))}:${two(prng.int(0, 59))}`;
const sized = (count: number, scale: number): number => Math.max(1, Math.round(count * scale));

/** userid|username|firstname|lastname|city|state|email|phone|10 flags, each TRUE, FALSE or empty. */
export function* userLines(scale = 1, seed = 1): Generator<string> {
  const prng = new Prng(seed);
  for (let id = 1; id <= sized(USERS, scale); id++) {
    const [first, last] = [prng.pick(FIRST), prng.pick(LAST)];
    const flags = Array.from({ length: 10 }, () => prng.pick(['TRUE', 'FALSE', '', '']));
    yield [
      id,
      letters(prng, 3, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') +
        letters(prng, 2, '0123456789') +
        letters(prng, 3, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
      first,
      last,
      prng.pick(CITIES),
      prng.pick(STATES),
      `${first}.${last}${id}@example.com`,
      `(${letters(prng, 3, '23456789')}) ${letters(prng, 3, '0123456789')}-${letters(prng, 4, '0123456789')}`,
      ...flags,
    ].join('|');
  }
}

/** listid|sellerid|eventid|dateid|numtickets|priceperticket|totalprice|listtime */
export function* listingLines(scale = 1, seed = 2): Generator<string> {
  const prng = new Prng(seed);
  const users = sized(USERS, scale);
  for (let id = 1; id <= sized(LISTINGS, scale); id++) {
    const dayIndex = prng.int(0, 364);
    const tickets = prng.int(1, 30);
    const price = prng.int(20, 2500);
    const date = new Date(FIRST_DAY + dayIndex * DAY_MS).toISOString().slice(0, 10);
    yield [
      id,
      prng.int(1, users),
      prng.int(1, EVENTS),
      FIRST_DATE + dayIndex,
      tickets,
      `${price}.00`,
      `${price * tickets}.00`,
      `${date} ${clock(prng)}`,
    ].join('|');
  }
}

/** salesid, listid, sellerid, buyerid, eventid, dateid, qtysold, pricepaid, commission, saletime; TAB-delimited. */
export function* saleLines(scale = 1, seed = 3): Generator<string> {
  const prng = new Prng(seed);
  const users = sized(USERS, scale);
  const listings = sized(LISTINGS, scale);
  for (let id = 1; id <= sized(SALES, scale); id++) {
    const dayIndex = prng.int(0, 364);
    const quantity = prng.int(1, 8);
    const price = prng.int(20, 2500) * quantity;
    const date = new Date(FIRST_DAY + dayIndex * DAY_MS);
    yield [
      id,
      prng.int(1, listings),
      prng.int(1, users),
      prng.int(1, users),
      prng.int(1, EVENTS),
      FIRST_DATE + dayIndex,
      quantity,
      `${price}.00`,
      (price * 0.15).toFixed(2),
      `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()} ${clock(prng)}`,
    ].join('\t');
  }
}
