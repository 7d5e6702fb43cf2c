/**
 * A wide table of page views, 105 columns, as web analytics keep it, and its data: made from a seed, skewed as such data
 * are (few pages, visitors and phrases make most hits, most flags are the same). A column is its type and how its value
 * follows from the visitor, the page and chance, so that columns depend on each other as in reality.
 */
import { Prng } from '../../src/common/prng.ts';

const VISITORS_SHARE = 8;
const PAGES = 3000;
const START = Date.UTC(2024, 5, 30, 20);
const DAYS = 31;

interface Visitor {
  readonly id: number;
  readonly rank: number;
  readonly country: number;
  readonly device: number;
  readonly browser: number;
  readonly age: number;
}
interface Hit {
  readonly random: Prng;
  readonly number: number;
  readonly visitor: Visitor;
  readonly page: number;
  readonly time: number;
  /** 0 when the visitor did not search. */
  readonly phrase: number;
  readonly cart: number;
}
type Value = string | number | null;
type Column = readonly [name: string, type: string, value: (hit: Hit) => Value];

/** Rank from 0: rank r is about 1/(r+1) as frequent as the first (Zipf with exponent 1). */
const zipf = (random: Prng, count: number): number => Math.floor((count + 1) ** random.float()) - 1;
/** Uniform 32 bits that depend on a value and a salt: splitmix in 32 bits. */
function hash(value: number, salt: number): number {
  let t = (Math.imul(value + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b)) >>> 0;
  t = Math.imul(t ^ (t >>> 16), 0x21f0aaad);
  t = Math.imul(t ^ (t >>> 15), 0x735a2d97);
  return (t ^ (t >>> 15)) >>> 0;
}
const timeText = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

const WORDS =
  'red blue garden kitchen lamp table chair river mountain bike shoe winter summer phone camera book music ticket hotel flight map bread coffee tea cake paint wood stone glass wool'.split(
    ' ',
  );
const COUNTRIES = 'DE US FR GB PL IT ES NL BR IN JP CA SE CH AT CZ TR MX AR AU'.split(' ');
const CITIES =
  'Berlin Hamburg Munich Boston Austin Paris Lyon London Leeds Warsaw Rome Milan Madrid Utrecht Recife Pune Osaka Toronto Malmo Zurich'.split(
    ' ',
  );
const BROWSERS = ['Chrome', 'Safari', 'Firefox', 'Edge', 'Opera', 'Samsung Internet'];
const SYSTEMS = ['Windows', 'Android', 'iOS', 'macOS', 'Linux', 'ChromeOS'];
const BRANDS = ['', 'Samsung', 'Apple', 'Xiaomi', 'Google', 'Nokia'];
const DOMAINS = [
  'search.example',
  'news.example',
  'social.example',
  'mail.example',
  'blog.example',
  'shop.example',
  'forum.example',
  'video.example',
];
const word = (n: number): string => WORDS[n % WORDS.length] as string;

const phraseText = (p: number): string =>
  [word(p), word(hash(p, 1)), word(hash(p, 2))].slice(0, 1 + (p % 3)).join(' ');
const pathText = (page: number): string =>
  `/${word(page)}/${word(hash(page, 3))}-${page}${page % 7 === 0 ? '.html' : ''}`;
const refererOf = ({ page, number, phrase }: Hit): string | null =>
  phrase > 0
    ? `https://www.search.example/find?q=${phraseText(phrase).replaceAll(' ', '+')}`
    : hash(number, 4) % 3 === 0
      ? null
      : `http${hash(number, 5) % 2 === 0 ? 's' : ''}://${hash(number, 6) % 4 === 0 ? 'www.' : ''}${DOMAINS[zipf(new Prng(number), DOMAINS.length)]}${hash(number, 7) % 5 === 0 ? '' : pathText(hash(page, 8) % 200)}`;

const flag =
  (share: number) =>
  (h: Hit): Value =>
    h.random.float() < share ? 1 : 0;
const skewed =
  (count: number, first = 0) =>
  (h: Hit): Value =>
    first + zipf(h.random, count);
const between =
  (low: number, high: number) =>
  (h: Hit): Value =>
    h.random.int(low, high);
const oneOf =
  (items: readonly string[]) =>
  (h: Hit): Value =>
    items[zipf(h.random, items.length)] as string;
const rarely =
  (share: number, value: (h: Hit) => Value) =>
  (h: Hit): Value =>
    h.random.float() < share ? value(h) : null;
const money =
  (most: number) =>
  (h: Hit): Value =>
    (h.random.float() ** 3 * most).toFixed(2);
/** Milliseconds with a long tail. */
const latency =
  (typical: number) =>
  (h: Hit): Value =>
    Math.round(typical * (0.3 + h.random.float()) ** 4 + h.random.int(0, 5));
const bought =
  (value: (h: Hit) => Value) =>
  (h: Hit): Value =>
    h.cart > 2 ? value(h) : null;

const COLUMNS: readonly Column[] = [
  ['hit_id', 'bigint not null', (h) => h.number + 1],
  ['event_time', 'timestamp not null', (h) => timeText(h.time)],
  ['event_date', 'date not null', (h) => timeText(h.time).slice(0, 10)],
  ['client_time', 'timestamp', (h) => timeText(h.time - h.random.int(-2, 90) * 1000)],
  ['counter_id', 'int not null', (h) => 1 + (h.page % 60)],
  ['site_section', 'varchar(20)', (h) => word(h.page)],
  ['user_id', 'bigint not null', (h) => h.visitor.id],
  ['session_id', 'bigint not null', (h) => hash(h.visitor.rank * 64 + Math.floor((h.time - START) / 86_400_000), 9)],
  ['session_hit', 'smallint', skewed(60, 1)],
  ['client_ip', 'bigint', (h) => hash(h.visitor.rank, 10)],
  ['region_id', 'int not null', (h) => h.visitor.country * 10 + (h.visitor.rank % 10)],
  ['country', 'char(2)', (h) => COUNTRIES[h.visitor.country] as string],
  [
    'city',
    'varchar(30)',
    (h) =>
      h.visitor.rank % 9 === 0
        ? null
        : (CITIES[(h.visitor.country + (h.visitor.rank % 3)) % CITIES.length] as string),
  ],
  ['language', 'varchar(5)', (h) => `${(COUNTRIES[h.visitor.country] as string).toLowerCase()}`],
  ['timezone_offset', 'smallint', (h) => ((h.visitor.country % 5) - 2) * 60],
  [
    'page_url',
    'varchar(300) not null',
    (h) =>
      `https://www.example${1 + (h.page % 9)}.com${pathText(h.page)}${h.number % 5 === 0 ? `?ref=${h.number % 97}` : ''}`,
  ],
  ['page_path', 'varchar(200)', (h) => pathText(h.page)],
  [
    'page_title',
    'varchar(200)',
    (h) => `${word(h.page)} ${word(hash(h.page, 3))} - ${h.page % 11 === 0 ? 'Sale' : 'Example'} ${h.page % 9}`,
  ],
  ['page_depth', 'smallint', (h) => 1 + (h.page % 4)],
  ['url_hash', 'bigint not null', (h) => hash(h.page, 11) * 1000 + (h.page % 1000)],
  ['referer', 'varchar(300)', refererOf],
  [
    'referer_hash',
    'bigint not null',
    (h) => (refererOf(h) === null ? 0 : hash((refererOf(h) as string).length * 31 + (h.page % 200), 12)),
  ],
  ['search_phrase', 'varchar(100)', (h) => (h.phrase === 0 ? null : phraseText(h.phrase))],
  ['search_engine_id', 'smallint not null', (h) => (h.phrase === 0 ? 0 : 1 + zipf(h.random, 6))],
  ['traffic_source_id', 'smallint not null', (h) => (h.phrase > 0 ? 2 : zipf(h.random, 8) - 1)],
  ['utm_source', 'varchar(30)', rarely(0.08, oneOf(DOMAINS))],
  ['utm_medium', 'varchar(20)', rarely(0.08, oneOf(['cpc', 'email', 'banner', 'affiliate']))],
  ['utm_campaign', 'varchar(40)', rarely(0.06, (h) => `${word(h.number)}-${h.random.int(1, 12)}`)],
  ['utm_term', 'varchar(40)', rarely(0.03, (h) => word(h.random.int(0, 29)))],
  ['utm_content', 'varchar(40)', rarely(0.02, (h) => `banner${h.random.int(1, 20)}`)],
  ['ad_engine_id', 'smallint not null', (h) => (h.random.float() < 0.03 ? 1 + zipf(h.random, 18) : 0)],
  ['campaign_id', 'int', rarely(0.03, skewed(200, 1))],
  ['ad_id', 'bigint', rarely(0.03, (h) => 1_000_000_000_000 + h.random.int(0, 500))],
  ['click_cost', 'decimal(9,4)', rarely(0.03, (h) => (h.random.float() * 2).toFixed(4))],
  ['is_mobile', 'smallint not null', (h) => (h.visitor.device > 0 ? 1 : 0)],
  ['device_brand', 'varchar(20)', (h) => BRANDS[h.visitor.device] || null],
  [
    'device_model',
    'varchar(40)',
    (h) =>
      h.visitor.device === 0
        ? null
        : `${BRANDS[h.visitor.device]} ${'ABCDEFGH'[h.visitor.rank % 8]}${h.visitor.rank % 13}`,
  ],
  [
    'os',
    'varchar(20) not null',
    (h) =>
      SYSTEMS[h.visitor.device === 0 ? [0, 3, 4][h.visitor.rank % 3]! : h.visitor.device === 2 ? 2 : 1] as string,
  ],
  ['os_major', 'smallint', (h) => 8 + (h.visitor.rank % 7)],
  ['os_minor', 'smallint', (h) => h.visitor.rank % 5],
  ['browser', 'varchar(30) not null', (h) => BROWSERS[h.visitor.browser] as string],
  ['browser_major', 'smallint', (h) => 90 + (h.visitor.rank % 36)],
  ['browser_minor', 'varchar(8)', (h) => `0.${h.visitor.rank % 77}`],
  ['user_agent_hash', 'bigint', (h) => hash(h.visitor.browser * 100 + (h.visitor.rank % 36), 13)],
  [
    'screen_width',
    'smallint not null',
    (h) =>
      h.visitor.device > 0
        ? [360, 390, 412, 768][h.visitor.rank % 4]!
        : [1366, 1536, 1920, 2560, 1440][h.visitor.rank % 5]!,
  ],
  [
    'screen_height',
    'smallint not null',
    (h) =>
      h.visitor.device > 0
        ? [800, 844, 915, 1024][h.visitor.rank % 4]!
        : [768, 864, 1080, 1440, 900][h.visitor.rank % 5]!,
  ],
  ['window_width', 'smallint not null', (h) => (h.visitor.device > 0 ? 360 : 1200) + h.random.int(0, 160)],
  ['window_height', 'smallint not null', (h) => (h.visitor.device > 0 ? 640 : 700) + h.random.int(0, 120)],
  ['color_depth', 'smallint', (h) => (h.visitor.rank % 17 === 0 ? 30 : 24)],
  ['pixel_ratio', 'real', (h) => [1, 1.5, 2, 3][h.visitor.rank % 4]!],
  ['is_bot', 'smallint not null', (h) => (h.visitor.rank % 41 === 40 ? 1 : 0)],
  ['is_new_visitor', 'smallint not null', flag(0.18)],
  ['is_refresh', 'smallint not null', flag(0.12)],
  ['is_bounce', 'smallint not null', flag(0.35)],
  ['is_download', 'smallint not null', flag(0.004)],
  ['is_outlink', 'smallint not null', flag(0.05)],
  ['is_counted', 'smallint not null', flag(0.97)],
  ['cookies_enabled', 'smallint not null', flag(0.985)],
  ['script_enabled', 'smallint not null', flag(0.999)],
  ['consent', 'boolean', rarely(0.9, (h) => (h.random.float() < 0.7 ? 'true' : 'false'))],
  [
    'http_status',
    'smallint not null',
    (h) => (h.random.float() < 0.985 ? 200 : [301, 404, 500][h.random.int(0, 2)]!),
  ],
  ['http_method', 'char(4)', (h) => (h.random.float() < 0.95 ? 'GET' : 'POST')],
  ['protocol', 'varchar(8)', oneOf(['h2', 'h3', 'http/1.1'])],
  ['server_id', 'smallint not null', between(1, 24)],
  ['data_center', 'char(3)', (h) => ['fra', 'iad', 'sin'][h.visitor.country % 3]!],
  ['cache_hit', 'boolean', (h) => (h.random.float() < 0.6 ? 'true' : 'false')],
  ['dns_ms', 'int', rarely(0.7, latency(12))],
  ['connect_ms', 'int', rarely(0.7, latency(30))],
  ['first_byte_ms', 'int', latency(120)],
  ['response_ms', 'int not null', latency(180)],
  ['dom_ready_ms', 'int', latency(700)],
  ['load_ms', 'int', rarely(0.93, latency(1300))],
  ['first_paint_ms', 'int', rarely(0.9, latency(500))],
  ['largest_paint_ms', 'int', rarely(0.85, latency(900))],
  ['layout_shift', 'double precision', rarely(0.85, (h) => Number((h.random.float() ** 6).toFixed(5)))],
  ['page_bytes', 'bigint not null', (h) => 20_000 + (hash(h.page, 14) % 900_000)],
  ['request_count', 'smallint not null', (h) => 5 + (hash(h.page, 15) % 90)],
  ['time_on_page_s', 'int not null', latency(40)],
  ['scroll_percent', 'smallint not null', between(0, 100)],
  ['clicks', 'smallint not null', skewed(30)],
  ['keys_pressed', 'smallint not null', skewed(80)],
  ['error_count', 'smallint not null', (h) => (h.random.float() < 0.04 ? h.random.int(1, 9) : 0)],
  [
    'error_text',
    'varchar(100)',
    rarely(0.04, (h) => `TypeError: ${word(h.random.int(0, 29))} is not a function at line ${zipf(h.random, 400)}`),
  ],
  ['age_group', 'smallint not null', (h) => h.visitor.age],
  ['gender', 'smallint not null', (h) => h.visitor.rank % 3],
  ['interests', 'int not null', (h) => hash(h.visitor.rank, 16) % 65_536],
  ['income_group', 'smallint not null', (h) => hash(h.visitor.rank, 17) % 5],
  ['is_logged_in', 'smallint not null', (h) => (h.visitor.rank % 4 === 0 ? 1 : 0)],
  [
    'account_type',
    'varchar(10)',
    (h) => (h.visitor.rank % 4 === 0 ? ['free', 'plus', 'team'][h.visitor.rank % 3]! : null),
  ],
  ['experiment_id', 'int', rarely(0.4, between(1, 12))],
  ['variant', 'char(1)', rarely(0.4, (h) => (h.random.float() < 0.5 ? 'A' : 'B'))],
  ['goal_id', 'int', rarely(0.06, skewed(25, 1))],
  ['product_id', 'int', rarely(0.3, skewed(800, 1))],
  ['product_category', 'varchar(20)', rarely(0.3, (h) => word(h.page + 3))],
  ['product_price', 'decimal(9,2)', rarely(0.3, money(400))],
  ['cart_items', 'smallint not null', (h) => h.cart],
  ['cart_value', 'decimal(10,2) not null', (h) => (h.cart * 7.35 + h.random.int(0, h.cart * 400) / 100).toFixed(2)],
  ['order_id', 'varchar(16)', bought((h) => `O-${hash(h.number, 18).toString(16).padStart(8, '0')}`)],
  ['revenue', 'decimal(10,2)', bought((h) => (h.cart * 11.2 + h.random.int(0, 9999) / 100).toFixed(2))],
  ['discount', 'decimal(8,2)', bought(money(20))],
  ['currency', 'char(3)', (h) => ['EUR', 'USD', 'EUR', 'GBP', 'PLN'][h.visitor.country % 5]!],
  ['payment_method', 'varchar(12)', bought(oneOf(['card', 'transfer', 'wallet', 'invoice']))],
  ['history_length', 'smallint not null', skewed(50)],
  [
    'trace_id',
    'varchar(16) not null',
    (h) => hash(h.number, 19).toString(16).padStart(8, '0') + hash(h.number, 20).toString(16).padStart(8, '0'),
  ],
  ['received_at', 'timestamp not null', (h) => timeText(h.time + h.random.int(0, 40) * 1000)],
];

export const HITS_COLUMNS: readonly string[] = COLUMNS.map(([name]) => name);
/** As CREATE TABLE takes them. */
export const HITS_TABLE = `(${COLUMNS.map(([name, type]) => `${name} ${type}`).join(', ')}) distkey(user_id) sortkey(counter_id, event_date)`;

function visitor(rank: number): Visitor {
  const random = new Prng(hash(rank, 21));
  const device = random.float() < 0.45 ? 0 : 1 + zipf(random, BRANDS.length - 1);
  return {
    rank,
    id: hash(rank, 22) * 4096 + (rank % 4096),
    country: zipf(random, COUNTRIES.length),
    device,
    browser: zipf(random, BROWSERS.length),
    age: random.int(0, 5),
  };
}

/** Lines of `count` hits, the first of which has the number `from`; fields parted by `|`, an empty field is NULL. */
export function* hitLines(seed: number, from: number, count: number): Generator<string> {
  const visitors = Math.max(10, Math.floor(count / VISITORS_SHARE));
  const known = new Map<number, Visitor>();
  for (let number = from; number < from + count; number++) {
    const random = new Prng(hash(number, seed));
    const rank = zipf(random, visitors);
    let of = known.get(rank);
    if (of === undefined) known.set(rank, (of = visitor(rank)));
    const searched = random.float() < 0.13;
    const hit: Hit = {
      random,
      number,
      visitor: of,
      page: zipf(random, PAGES),
      time: START + Math.floor(random.float() * DAYS * 86_400) * 1000,
      phrase: searched ? 1 + zipf(random, 4000) : 0,
      cart: random.float() < 0.1 ? 1 + zipf(random, 8) : 0,
    };
    yield COLUMNS.map(([, , value]) => value(hit) ?? '').join('|');
  }
}
