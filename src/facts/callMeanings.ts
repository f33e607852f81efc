/** What each row of a library table says of its calls. */

import { namesOf } from '../libraries/names';
import type { EscapeRow, LibraryModel, Names, TextRow } from '../libraries/vocabulary';
import type { CallbackMeaning, CallMeaning, TextBuilding } from '../program/semantics';
import type { EntityName, HoleSafety } from '../program/value';
import { addTo, entitiesOf } from './entityNames';
import { givesOf } from './givesCells';

/** Every name that the table's rows speak of. */
export const allNames = (library: LibraryModel): readonly string[] => [
  ...(library.gives ?? []).flatMap(row => [...namesOf(row.call), ...namesOf(row.construct), ...namesOf(row.property)]),
  ...[
    ...(library.queries ?? []),
    ...(library.fragments ?? []),
    ...(library.escapes ?? []),
    ...(library.callbacks ?? []),
    ...(library.checks ?? []),
    ...(library.texts ?? []),
    ...(library.inputs ?? []),
    ...(library.routes ?? []),
    ...(library.batches ?? []),
    ...(library.external ?? []),
    ...(library.transactions ?? []),
    ...(library.clauses ?? []),
    ...(library.acquires ?? []),
    ...(library.connections ?? []),
    ...(library.secrets ?? []),
    ...(library.relations ?? []),
  ].flatMap(row => namesOf(row.call)),
  ...namesOf(library.loads),
  ...namesOf(library.pipes),
  ...namesOf(library.fills),
  ...(library.raises ?? []),
  ...(library.neutral ?? []),
];

/** What each row says of its calls; the interpreter takes all that fit the number of arguments together. */
export function meaningsOf(library: LibraryModel): ReadonlyMap<EntityName, readonly CallMeaning[]> {
  const meanings = new Map<EntityName, CallMeaning[]>();
  const say = (names: Names | undefined, says: CallMeaning, arity?: readonly [number, number]) => {
    for (const name of namesOf(names))
      for (const entity of entitiesOf(library, name))
        addTo(meanings, entity, { ...(arity ? { arity: { min: arity[0], max: arity[1] } } : {}), ...says });
  };
  for (const row of library.relations ?? []) say(row.call, {});
  say(library.loads, { loads: true });
  say(library.pipes, { pipes: true });
  for (const row of library.gives ?? []) {
    const gives = givesOf(library, row.gives, row.holds);
    say(row.call, { gives }, row.arity);
    say(
      namesOf(row.construct).map(name => `new ${name}`),
      { gives },
      row.arity,
    );
  }
  for (const row of library.callbacks ?? []) {
    const callback: CallbackMeaning = {
      argument: row.argument,
      from: row.from,
      parameters: row.receives?.map(name => (name === '' ? undefined : givesOf(library, name))),
      repeats: row.repeats,
      result: row.result,
    };
    say(row.call, { callbacks: [callback] });
  }
  for (const row of library.routes ?? [])
    say(
      row.call,
      {
        callbacks: [
          {
            argument: 'rest',
            from: row.handlers,
            parameters: row.receives.map(name => (name === '' ? undefined : givesOf(library, name))),
          },
        ],
      },
      row.arity,
    );
  for (const row of [...(library.batches ?? []), ...(library.resolvers ?? [])]) {
    say(row.call, {});
    say(
      namesOf(row.construct).map(name => `new ${name}`),
      {},
    );
  }
  for (const row of library.texts ?? []) say(row.call, { builds: buildingOf(row) });
  for (const row of library.escapes ?? [])
    say(row.call, {
      proves: SAFETY[row.makes],
      ...(row.where === undefined ? {} : { provesWhere: namesOf(row.where) }),
    });
  for (const { call, checks, makes, pattern, anchored, groups } of library.checks ?? [])
    say(call, {
      checks: {
        of: checks,
        proves:
          pattern === undefined
            ? SAFETY[makes ?? 'literal']
            : { pattern, ...(anchored ? { anchored } : {}), ...(groups ? { groups } : {}) },
      },
    });
  say(library.raises, { raises: true });
  for (const row of library.inputs ?? []) say(row.call, { gives: { kind: 'input', label: row.label } });
  for (const { call, sql, tag } of library.queries ?? [])
    say(call, sql === 'template' || tag ? { bindsHoles: true } : {});
  for (const row of [
    ...(library.fragments ?? []),
    ...(library.external ?? []),
    ...(library.transactions ?? []),
    ...(library.clauses ?? []),
    ...(library.acquires ?? []),
    ...(library.connections ?? []),
    ...(library.secrets ?? []),
  ])
    say(row.call, {});
  say(library.neutral, {});

  return meanings;
}

const SAFETY: Readonly<Record<EscapeRow['makes'], HoleSafety>> = {
  identifier: 'escaped-identifier',
  literal: 'escaped-literal',
  number: 'number',
  boolean: 'boolean',
  bound: 'bound',
};

function buildingOf(row: TextRow): TextBuilding {
  switch (row.builds) {
    case 'replace':
    case 'replace-all':
      return { kind: 'replace', in: row.argument ?? 'receiver', all: row.builds === 'replace-all' };
    case 'keep':
      return { kind: 'keep', of: 'receiver' };
    case 'keep-argument':
      return { kind: 'keep', of: row.argument ?? 0 };
    case 'printf':
      return {
        kind: 'printf',
        format: row.argument ?? 0,
        ...(row.escapes
          ? {
              escapes: Object.fromEntries(
                Object.entries(row.escapes).map(([letter, makes]) => [letter, SAFETY[makes]]),
              ),
            }
          : {}),
      };
    default:
      return { kind: row.builds };
  }
}
