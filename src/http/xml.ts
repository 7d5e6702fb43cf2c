/**
 * The little XML that S3 speaks: a writer that escapes, and a reader for request bodies. The reader is a streaming parser
 * (sax, strict) fed in small pieces between which the event loop runs; it takes no document type (so no entity can be
 * declared), nests no deeper than S3's documents do, and gives back a flat list of leaves. What is not well formed is
 * MalformedXML at the first wrong byte.
 */
import { setImmediate as turn } from 'node:timers/promises';
import sax from 'sax';
import { S3_XML_BYTES_MAX, S3_XML_DEPTH_MAX, S3_XML_LEAVES_MAX } from '../common/limits.ts';
import { S3Error } from '../s3/key-path.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
  '\n': '&#10;',
};

/** Control characters are written as S3 writes them, though XML 1.0 has none: clients ask for encoding-type=url. */
export const escapeXml = (text: string): string =>
  text.replace(/[&<>"\x00-\x08\x0a-\x1f\ufffe\uffff]/g, (c) => ESCAPES[c] ?? `&#x${c.charCodeAt(0).toString(16)};`);
/** One element with text. */
export const element = (name: string, text: string | number | boolean): string =>
  `<${name}>${escapeXml(String(text))}</${name}>`;
/** A whole document with S3's namespace. `inner` is XML already. */
export const document = (name: string, inner: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</${name}>`;

export const malformedXml = (): S3Error =>
  new S3Error(
    'MalformedXML',
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

/** An element without children. */
export interface Leaf {
  /** Names from the root on, joined by '/', without prefixes: Delete/Object/Key. */
  readonly path: string;
  /** Which element around it: leaves of one Object have the same number. */
  readonly parent: number;
  readonly text: string;
}

/** Bytes parsed between two turns of the event loop: about a millisecond. */
const PIECE_BYTES = 8 * 1024;
/** S3's documents have none but the namespaces. */
const ATTRIBUTES_MAX = 16;

/** The leaves of a body whose root is `root`; an empty body has none. */
export async function readLeaves(body: AsyncIterable<Uint8Array>, root: string): Promise<readonly Leaf[]> {
  const reader = new LeafReader(root);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > S3_XML_BYTES_MAX) throw malformedXml();
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        reader.write(decoder.decode(chunk.subarray(at, at + PIECE_BYTES), { stream: true }));
        await turn();
      }
    }
    reader.write(decoder.decode());
    return size === 0 ? [] : reader.end();
  } catch (error) {
    if (error instanceof TypeError) throw malformedXml();
    throw error;
  }
}

/** Out of the parser's callbacks: a parser that failed is not asked again. */
function fail(): never {
  throw malformedXml();
}

class LeafReader {
  private readonly parser = sax.parser(true, { strictEntities: true } as sax.SAXOptions);
  private readonly names: string[] = [];
  /** Numbers of the open elements. */
  private readonly numbers: number[] = [];
  private readonly leaves: Leaf[] = [];
  private opened = 0;
  private text = '';
  private isLeaf = false;
  private attributes = 0;

  constructor(private readonly root: string) {
    this.parser.onerror = fail;
    this.parser.ondoctype = fail;
    this.parser.onattribute = () => (this.attributes += 1) > ATTRIBUTES_MAX && fail();
    this.parser.onopentag = (tag) => this.open(tag.name.replace(/^.*:/, ''));
    this.parser.onclosetag = () => this.close();
    this.parser.ontext = (text) => this.add(text);
    this.parser.oncdata = (text) => this.add(text);
  }
  write(text: string): void {
    if (text !== '') this.parser.write(text);
  }
  end(): readonly Leaf[] {
    this.parser.close();
    if (this.names.length > 0 || this.opened === 0) fail();
    return this.leaves;
  }
  private open(name: string): void {
    if (this.names.length >= S3_XML_DEPTH_MAX || (this.names.length === 0 && name !== this.root)) fail();
    this.attributes = 0;
    this.names.push(name);
    this.numbers.push((this.opened += 1));
    this.text = '';
    this.isLeaf = true;
  }
  private close(): void {
    if (this.isLeaf) {
      if (this.leaves.length >= S3_XML_LEAVES_MAX) fail();
      this.leaves.push({ path: this.names.join('/'), parent: this.numbers.at(-2) ?? 0, text: this.text });
    }
    this.isLeaf = false;
    this.names.pop();
    this.numbers.pop();
  }
  private add(text: string): void {
    if (this.isLeaf) this.text += text;
    else if (text.trim() !== '') fail();
  }
}
