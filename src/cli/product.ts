/** The product as `check` needs it, with what the build lays beside this bundle. */
import { openInstalledProduct } from '../workspace/installed';
import type { Review } from './check';

export const openReview = (): Review => openInstalledProduct(__dirname);
