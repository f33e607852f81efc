/** Matches files against the globs of a configuration, each counted from the folder of the file that holds it. */
import { posix } from 'node:path';
import picomatch from 'picomatch';
import type { Glob } from '../engine/configuration';
import type { AbsolutePath } from './fileAccess';

/** Whether a path matches one of the globs, itself or by a folder that it lies in: `dist` is everything below `dist`. */
export function matcherOf(globs: readonly Glob[]): (path: AbsolutePath) => boolean {
  const matchers = globs.map(matcherOfOne);
  return path => matchers.some(matches => matches(path));
}

function matcherOfOne({ base, pattern }: Glob): (path: AbsolutePath) => boolean {
  let folder = base;
  let rest = pattern.replaceAll('\\', '/').replace(/\/+$/, '');
  for (;;) {
    if (rest.startsWith('./')) rest = rest.slice(2);
    else if (rest.startsWith('../')) {
      rest = rest.slice(3);
      folder = posix.dirname(folder);
    } else break;
  }
  const prefix = withSlash(folder);
  if (rest === '' || rest === '.' || rest === '..') {
    const whole = rest === '..' ? withSlash(posix.dirname(folder)) : prefix;
    return path => path.startsWith(whole);
  }
  // a leading slash says what holds anyway: counted from the file's folder
  const matches = picomatch(rest.replace(/^\//, ''), { dot: true });
  return path => {
    if (!path.startsWith(prefix)) return false;
    const relative = path.slice(prefix.length);
    for (let end = relative.length; end > 0; end = relative.lastIndexOf('/', end - 1))
      if (matches(relative.slice(0, end))) return true;
    return false;
  };
}

const withSlash = (folder: AbsolutePath): string => (folder.endsWith('/') ? folder : `${folder}/`);
