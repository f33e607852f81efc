/** The knowledge with what the build lays beside the bundle. */
import { join } from 'node:path';
import { installedLab } from '../../lab/installed';
import { lowererThreads } from '../../workspace/lowererThreads';
import { openProduct } from '../../workspace/product';
import { syntaxFilesIn } from '../../workspace/syntaxFiles';
import { type Knowledge, openKnowledge } from './knowledge';

/** @param dist  the folder of the bundle */
export function openInstalledKnowledge(dist: string): Knowledge {
  const lowerers = lowererThreads(join(dist, 'lowererThread.js'));
  return openKnowledge({
    openProduct: files => openProduct({ syntax: syntaxFilesIn(dist), lowerers, files }),
    openLab: () => installedLab(dist),
  });
}
