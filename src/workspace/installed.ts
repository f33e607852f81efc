/** The product with what the build lays beside its bundle: the parser's WebAssembly, and the thread that lowers files. */
import { join } from 'node:path';
import type { FileAccess } from './fileAccess';
import { lowererThreads } from './lowererThreads';
import { openProduct, type Product } from './product';
import { syntaxFilesIn } from './syntaxFiles';

/** @param dist  the folder of the bundle */
export const openInstalledProduct = (dist: string, files?: FileAccess): Product =>
  openProduct({ syntax: syntaxFilesIn(dist), lowerers: lowererThreads(join(dist, 'lowererThread.js')), files });
