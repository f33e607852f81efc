/** The knowledge with what the build lays beside the bundle. */
import { installedLab } from '../../lab/installed';
import { openInstalledProduct } from '../../workspace/installed';
import { type Knowledge, openKnowledge } from './knowledge';

/** @param dist  the folder of the bundle */
export const openInstalledKnowledge = (dist: string): Knowledge =>
  openKnowledge({
    openProduct: files => openInstalledProduct(dist, files),
    openLab: () => installedLab(dist),
  });
