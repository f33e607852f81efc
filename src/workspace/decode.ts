/** Bytes as text, or the reason why there is none: every file that the review reads comes through here. */
import { type AbsolutePath, type FileAccess, reasonOf } from './fileAccess';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export type Decoded =
  | {
      /** Without a byte order mark: editors count offsets without it, and so does the review. */
      readonly text: string;
      readonly encoding: Encoding;
      readonly byteOrderMark: boolean;
    }
  | { readonly reason: string };

/** Larger files are data or bundles; one review of them would cost more than that of a whole service. */
export const SIZE_LIMIT = 2 * 1024 * 1024;

const TOO_LARGE = 'larger than 2 MB';

/**
 * Text from bytes. UTF-8 and UTF-16 with or without a byte order mark; what is neither, and looks like text, is read as
 * Windows-1252, in which every byte means something.
 */
export function decode(bytes: Uint8Array): Decoded {
  if (bytes.length > SIZE_LIMIT) return { reason: TOO_LARGE };
  if (bytes.length === 0) return { reason: 'empty' };
  const marked = markOf(bytes);
  if (marked) {
    const text = decodedAs(marked.encoding, bytes.subarray(marked.bytes));
    return text === undefined
      ? { reason: `not the ${marked.encoding.toUpperCase()} that its byte order mark says` }
      : { text, encoding: marked.encoding, byteOrderMark: true };
  }
  const wide = wideEncodingOf(bytes);
  if (wide) {
    const text = decodedAs(wide, bytes);
    if (text !== undefined && !holdsControls(text)) return { text, encoding: wide, byteOrderMark: false };
  }
  if (bytes.includes(0)) return { reason: 'binary' };
  const text = decodedAs('utf-8', bytes);
  if (text !== undefined)
    return holdsControls(text) ? { reason: 'binary' } : { text, encoding: 'utf-8', byteOrderMark: false };
  const latin = new TextDecoder('windows-1252').decode(bytes);
  return holdsControls(latin) ? { reason: 'binary' } : { text: latin, encoding: 'windows-1252', byteOrderMark: false };
}

/** Endings of files that tools write in very long lines, which nobody reads or mends. */
const SCRIPT = /\.[cm]?[jt]sx?$/i;

/** Reads a file as the review reads it. Never throws: what cannot be read has a reason. */
export async function readSource(files: FileAccess, path: AbsolutePath): Promise<Decoded> {
  try {
    const found = await files.stat(path);
    if (!found) return { reason: 'it is gone' };
    if (found.kind !== 'file') return { reason: found.kind === 'folder' ? 'it is a folder' : 'not a regular file' };
    if (found.bytes > SIZE_LIMIT) return { reason: TOO_LARGE };
    return decodedFile(path, await files.read(path));
  } catch (error) {
    return { reason: `cannot be read: ${reasonOf(error)}` };
  }
}

/** As `readSource`, for those who cannot wait. */
export function readSourceNow(files: Pick<FileAccess, 'bytes'>, path: AbsolutePath): Decoded {
  try {
    const bytes = files.bytes(path);
    return bytes ? decodedFile(path, bytes) : { reason: 'it is gone' };
  } catch (error) {
    return { reason: `cannot be read: ${reasonOf(error)}` };
  }
}

function decodedFile(path: AbsolutePath, bytes: Uint8Array): Decoded {
  const decoded = decode(bytes);
  return 'text' in decoded && SCRIPT.test(path) && isMinified(decoded.text) ? { reason: 'minified' } : decoded;
}

/**
 * Whether a script was written by a tool for machines. People's lines have some 35 characters on average, and those of
 * a bundler that minifies thousands; one that keeps the lines (as for a library) still gives nearly all names two letters at
 * the most.
 */
export function isMinified(text: string): boolean {
  if (text.length < 5_000) return false;
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return text.length / lines > 300 || isMangled(text);
}

const DECLARED = /\b(?:const|let|var|function|class)\s+([A-Za-z_$][\w$]*)/g;
/** So many names tell how a script names things: what people write has a share of 0.8 at the most, in tests of types. */
const NAMES_READ = 300;
const LEAST_NAMES = 100;
/** People who name things by letters use a few of them again and again. */
const LEAST_LETTERS = 20;

function isMangled(text: string): boolean {
  const short = new Set<string>();
  let declared = 0;
  let shortened = 0;
  for (const [, name = ''] of text.matchAll(DECLARED)) {
    declared++;
    if (name.length <= 2) {
      shortened++;
      short.add(name);
    }
    if (declared === NAMES_READ) break;
  }
  return declared >= LEAST_NAMES && shortened >= declared * 0.9 && short.size >= LEAST_LETTERS;
}

function markOf(bytes: Uint8Array): { encoding: Encoding; bytes: number } | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', bytes: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', bytes: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', bytes: 2 };
  return undefined;
}

/** Program text in UTF-16 has a zero in every other byte. */
function wideEncodingOf(bytes: Uint8Array): Encoding | undefined {
  if (bytes.length % 2 !== 0) return undefined;
  const sample = Math.min(bytes.length, 2048);
  const zeros = [0, 0];
  for (let at = 0; at < sample; at++) if (bytes[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros.map(count => count / (sample / 2));
  if (odd > 0.5 && even < 0.05) return 'utf-16le';
  if (even > 0.5 && odd < 0.05) return 'utf-16be';
  return undefined;
}

function decodedAs(encoding: Encoding, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined; // the bytes are not in that encoding
    throw error;
  }
}

/** More than one in fifty of the first characters is a control that no text has; a stray one or two is no binary. */
function holdsControls(text: string): boolean {
  const sample = text.slice(0, 8192);
  let controls = 0;
  for (let at = 0; at < sample.length; at++) {
    const unit = sample.charCodeAt(at);
    if (unit < 9 || (unit > 13 && unit < 32 && unit !== 27) || unit === 0xfffe) controls++;
  }
  return controls > Math.max(3, sample.length / 50);
}
