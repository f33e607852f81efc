/** The product as `check` needs it, with what the build lays beside this bundle. */
import { type FileAccess, nodeFilesAtOnce } from '../workspace/fileAccess';
import { openInstalledProduct } from '../workspace/installed';
import type { Review } from './check';

export const openReview = (files: FileAccess = nodeFilesAtOnce): Review => openInstalledProduct(__dirname, files);
