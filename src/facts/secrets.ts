/** All secrets that one file holds: told by a library that is handed them, else by their form or name. */
import type { FileId, Place } from '../engine/place';
import { placeIn } from '../program/analysis';
import type { Module } from '../program/model';
import { type Credential, credentialsIn } from './credentials';
import type { Secret } from './facts';
import type { SecretUse } from './secretUses';
import type { Setting } from './setting';

/** Texts are read once, however often facts are put together from them. */
const WRITTEN = new WeakMap<Module, readonly Secret[]>();

function writtenIn(module: Module): readonly Secret[] {
  const known = WRITTEN.get(module);
  if (known) return known;
  const secrets = secretsInText(module.file, module.top.text);
  WRITTEN.set(module, secrets);
  return secrets;
}

/** Of code. */
export function secretsOf(setting: Setting, module: Module, uses: readonly SecretUse[]): readonly Secret[] {
  const { file } = module;
  const written = writtenIn(module);
  if (uses.length === 0) return written;
  const base = ({ unit }: Place): number => (unit === file ? 0 : (setting.analysis.source(unit)?.start ?? 0));
  const taken = uses.map(({ at }) => ({ start: base(at) + at.start, end: base(at) + at.end }));
  const free = written.filter(
    ({ at, form }) => form !== 'named' || !taken.some(each => each.start <= at.start && at.end <= each.end),
  );
  // a key by its form says more than the call that it is handed to
  const told = uses.filter(
    (_, index) => !free.some(({ at }) => (taken[index]?.start ?? 0) <= at.start && at.end <= (taken[index]?.end ?? 0)),
  );
  return [...free, ...told.map(used)];
}

/** Of any text; `settings` are files whose values stand without quotes. */
export const secretsInText = (file: FileId, text: string, settings = false): readonly Secret[] =>
  credentialsIn(text, { settings }).map(credential => written(file, credential));

function written(file: FileId, credential: Credential): Secret {
  const { at, literal, secret, kind, label, shown, opens, variable, fallback, local, strong } = credential;
  return {
    at: placeIn(file, at),
    ...(literal ? { literal: placeIn(file, literal) } : {}),
    conceal: placeIn(file, secret),
    form: kind,
    label,
    shown,
    opens,
    variable,
    fallback,
    local,
    strong,
  };
}

const used = ({ at, literal, is, use, label, name, fallback }: SecretUse): Secret => ({
  at,
  ...(literal ? { literal } : {}),
  conceal: at,
  form: is === 'key' ? 'used-key' : 'used-password',
  label: name === undefined ? `\`${label}\`` : `\`${name}\` of \`${label}\``,
  shown: '',
  opens: use,
  variable: is === 'key' ? 'SECRET_KEY' : 'DB_PASSWORD',
  fallback,
  local: false,
  strong: true,
});
