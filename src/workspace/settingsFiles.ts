/** Files of settings that a service reads: told by their names, since most JSON and YAML is data. */

import { posix } from 'node:path';
import type { FileId } from '../engine/place';

const NAMES =
  /^(?:\.env(?:\.[\w-]+)*|[\w-]+\.env|\.npmrc|\.pypirc|\.netrc|\.dockercfg|docker-compose[\w.-]*\.ya?ml|compose[\w.-]*\.ya?ml|(?:appsettings|application|bootstrap)[\w.-]*\.(?:json|ya?ml|properties)|(?:[\w.-]*[-._])?(?:config|settings|secrets?|credentials?|ormconfig|database|datasource|service-?account|values)(?:[-._][\w.-]*)?\.(?:json|ya?ml|properties|ini|conf|cfg|toml))$/i;
/** Folders of nothing but settings. */
const FOLDERS =
  /(?:^|\/)(?:config|conf|settings|secrets|environments|deploy|k8s|kubernetes|helm)\/(?:[^/]+\/)?[^/]+\.(?:json|ya?ml|properties|ini|conf|toml)$/i;
/** What tells others how a file of settings looks. */
const TEMPLATES =
  /[.\-_](?:example|sample|template|dist|default|defaults|schema|tpl)(?:\.|$)|^(?:ts|js|jest|babel|typedoc|api-extractor|nest-cli)config/i;
/** Tools' own, which hold no secrets and much else. */
const TOOLS =
  /^(?:package(?:-lock)?|tsconfig[\w.-]*|jsconfig|composer|angular|nx|lerna|turbo|renovate|biome|deno|vercel|manifest|components)\.json$|^(?:pnpm-lock|pnpm-workspace|mkdocs|codecov|\.pre-commit-config|dependabot)\.ya?ml$|^Cargo\.toml$/i;

export function isSettingsFile(file: FileId): boolean {
  const name = posix.basename(file);
  if (TOOLS.test(name) || TEMPLATES.test(name)) return false;
  return NAMES.test(name) || FOLDERS.test(file);
}

/** Comments that take whole lines, as settings have them: for suppressions. */
export function settingsComments(
  text: string,
): readonly { readonly start: number; readonly end: number; readonly text: string; readonly ownLine: boolean }[] {
  return [...text.matchAll(/^[ \t]*([#;][^\r\n]*)/gm)].map(match => {
    const [whole, comment = ''] = match;
    const start = (match.index ?? 0) + whole.length - comment.length;
    return { start, end: start + comment.length, text: comment, ownLine: true };
  });
}
