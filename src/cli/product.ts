/** The product as `check` needs it, with the WebAssembly that the build lays beside this bundle. */
import { openProduct, syntaxFilesIn } from '../workspace/product';
import type { Review } from './check';

export const openReview = (): Review => openProduct({ syntax: syntaxFilesIn(__dirname) });
