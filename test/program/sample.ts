/** Small programs in the printed form of the model, with tables for a few libraries that do not exist. */
import type { FileId } from '../../src/engine/place';
import type { Analysis, ObservedCall, Repetition } from '../../src/program/analysis';
import { createAnalysis } from '../../src/program/createAnalysis';
import type { Module } from '../../src/program/model';
import type { CallMeaning, Gives, Semantics } from '../../src/program/semantics';
import { printPieces } from '../../src/program/strings';
import type { Source, Value } from '../../src/program/value';
import { readModel } from './readModel';

const repeats = (item: number, stopsAtFirstHit = false) => ({ over: 'receiver' as const, item, stopsAtFirstHit });

const METHODS: Readonly<Record<string, CallMeaning>> = {
  map: {
    callbacks: [
      { argument: 0, parameters: [undefined, { kind: 'scalar', type: 'number' }], repeats: repeats(0), result: 'list' },
    ],
  },
  flatMap: { callbacks: [{ argument: 0, repeats: repeats(0), result: 'list' }] },
  forEach: { callbacks: [{ argument: 0, repeats: repeats(0) }] },
  filter: { gives: { kind: 'items', of: 'receiver' }, callbacks: [{ argument: 0, repeats: repeats(0) }] },
  find: { callbacks: [{ argument: 0, repeats: repeats(0, true) }] },
  some: { gives: { kind: 'scalar', type: 'boolean' }, callbacks: [{ argument: 0, repeats: repeats(0, true) }] },
  every: { gives: { kind: 'scalar', type: 'boolean' }, callbacks: [{ argument: 0, repeats: repeats(0, true) }] },
  includes: { gives: { kind: 'scalar', type: 'boolean' } },
  reduce: { callbacks: [{ argument: 0, repeats: repeats(1), result: 'value' }] },
  join: { builds: { kind: 'join' } },
  concat: { builds: { kind: 'concat' } },
  trim: { builds: { kind: 'keep', of: 'receiver' } },
  toUpperCase: { builds: { kind: 'keep', of: 'receiver' } },
  slice: { builds: { kind: 'keep', of: 'receiver' } },
  repeat: { builds: { kind: 'repeat' } },
  replace: { builds: { kind: 'replace', in: 'receiver', all: false } },
  then: { callbacks: [{ argument: 0, parameters: [{ kind: 'receiver' }], result: 'value' }] },
};

const CALLS: Readonly<Record<string, CallMeaning | readonly CallMeaning[]>> = {
  'js:#Number': { proves: 'number' },
  'js:#parseInt': { proves: 'number' },
  'js:#String': { builds: { kind: 'keep', of: 0 } },
  'js:#Promise.all': { gives: { kind: 'argument', index: 0 } },
  'js:#Array.from': { callbacks: [{ argument: 1, repeats: { over: 0, item: 0 }, result: 'list' }] },
  'new js:#Set': { gives: { kind: 'items', of: 0 } },
  'new js:#Map': { gives: { kind: 'instance', of: 'js:#Map' } },
  'new npm:db#Pool': { gives: { kind: 'instance', of: 'npm:db#Pool' } },
  'npm:db#Pool.connect': { gives: { kind: 'instance', of: 'npm:db#Client' } },
  'npm:db#Runner.query': [
    { arity: { min: 1, max: 1 }, gives: { kind: 'instance', of: 'npm:db#Result' } },
    { arity: { min: 2, max: 3 }, gives: { kind: 'instance', of: 'npm:db#Result' }, callbacks: [{ argument: 2 }] },
  ],
  'npm:db#Pool.transaction': {
    callbacks: [{ argument: 0, parameters: [{ kind: 'instance', of: 'npm:db#Client' }], result: 'value' }],
  },
  'npm:db#quote': { proves: 'escaped-identifier' },
  'npm:db#format': { builds: { kind: 'printf', format: 0, escapes: { L: 'escaped-literal' } } },
  'npm:db#sql': { proves: 'bound' },
  'npm:build#default': { gives: { kind: 'instance', of: 'npm:build#Builder' } },
  'npm:build#Builder': { gives: { kind: 'instance', of: 'npm:build#Query' } },
  'npm:build#Query.where': { gives: { kind: 'receiver' } },
  'npm:web#default': { gives: { kind: 'instance', of: 'npm:web#App' } },
  'npm:web#App.get': {
    callbacks: [
      {
        argument: 'rest',
        from: 1,
        parameters: [
          { kind: 'instance', of: 'npm:web#Request' },
          { kind: 'instance', of: 'npm:web#Response' },
        ],
      },
    ],
  },
};

const PROPERTIES: Record<string, Gives> = {
  'npm:web#Request.query': { kind: 'input', label: 'the query string' },
  'npm:web#Request.body': { kind: 'input', label: 'the body' },
  'npm:orm#Client.*': { kind: 'instance', of: 'npm:orm#Table' },
};

const rowsOf = (meaning: CallMeaning | readonly CallMeaning[]): readonly CallMeaning[] =>
  'length' in meaning ? meaning : [meaning];

export const semantics: Semantics = {
  modules: new Map(['db', 'build', 'web', 'orm'].map(name => [name, `npm:${name}`])),
  globals: new Map(
    ['Number', 'parseInt', 'String', 'Array', 'Promise', 'Object', 'Set', 'Map', 'Boolean'].map(name => [
      name,
      `js:#${name}`,
    ]),
  ),
  calls: new Map(Object.entries(CALLS).map(([name, meaning]) => [name, rowsOf(meaning)])),
  properties: new Map(Object.entries(PROPERTIES)),
  resolved: new Map(),
  languages: new Map(),
  supertypes: new Map([
    ['npm:db#Pool', 'npm:db#Runner'],
    ['npm:db#Client', 'npm:db#Runner'],
  ]),
  methods: new Map(Object.entries(METHODS).map(([name, meaning]) => [name, [meaning]])),
  types: new Map(),
  handlers: [],
  decorators: new Map(),
  holders: new Set(),
  registries: [],
  relations: new Map(),
};

export interface Sample {
  readonly analysis: Analysis;
  units(file: FileId): readonly string[];
  /** What was computed since the last time. */
  computed(): readonly string[];
  /** Replaces a file, or a stretch of its text. */
  edit(file: FileId, change: (text: string) => string): void;
  /** The text of a place as the files are now. */
  textAt(place: { readonly unit: string; readonly start: number; readonly end: number }): string;
}

/** `//- name.ts` begins a file; without any the program is `main.ts`. Imports `./name` mean `name.ts`. */
export function sample(program: string): Sample {
  const texts = new Map<FileId, string>();
  let file = 'main.ts';
  for (const line of program.split('\n')) {
    const section = /^\s*\/\/- (\S+)\s*$/.exec(line)?.[1];
    if (section === undefined) texts.set(file, `${texts.get(file) ?? ''}${line}\n`);
    else file = section;
  }
  const modules = new Map<FileId, Module>();
  for (const [name, text] of texts) modules.set(name, readModel(text, name));
  const computed: string[] = [];
  const analysis = createAnalysis({
    module: name => modules.get(name),
    resolve: (_, specifier) => {
      const name = `${specifier.replace(/^\.\//, '')}.ts`;
      return specifier.startsWith('./') && modules.has(name) ? name : undefined;
    },
    semantics,
    onCompute: what => computed.push(what),
  });
  return {
    analysis,
    units: name => modules.get(name)?.units.map(unit => unit.id) ?? [],
    computed: () => computed.splice(0),
    edit(name, change) {
      const text = change(texts.get(name) ?? '');
      texts.set(name, text);
      modules.set(name, readModel(text, name));
      analysis.changed(name);
    },
    textAt: place => analysis.source(place.unit)?.text.slice(place.start, place.end) ?? '?',
  };
}

/** A value in a few words: texts in quotes as `printPieces` prints them. */
export function printValue(value: Value, depth = 0): string {
  const { shape } = value;
  if (depth > 5) return '…';
  const inner = (each: Value): string => printValue(each, depth + 1);
  switch (shape.kind) {
    case 'text':
      return `"${printPieces(shape.pieces)}"`;
    case 'scalar':
      return shape.value === undefined ? shape.type : String(shape.value);
    case 'module':
      return `module ${shape.name}`;
    case 'entity':
      return shape.name;
    case 'instance':
      return `<${shape.of}>`;
    case 'member':
      return `member ${shape.of}`;
    case 'class':
      return `class ${shape.name}`;
    case 'object':
      return `<${shape.class}>`;
    case 'function':
      return `function ${shape.unit}`;
    case 'lambda':
      return 'lambda';
    case 'regex':
      return `/${shape.pattern}/${shape.flags}`;
    case 'record':
      return `{${[...shape.entries].map(([key, entry]) => `${key}: ${inner(entry)}`).join(', ')}${shape.open ? ', …' : ''}}`;
    case 'list':
      return shape.items ? `[${shape.items.map(inner).join(', ')}]` : `[${inner(shape.each)}…]`;
    case 'oneOf':
      return shape.alternatives.length === 0 ? 'nothing' : shape.alternatives.map(inner).join(' | ');
    case 'unknown':
      return '?';
  }
}

export const printSources = (from: readonly Source[]): string => [...new Set(from.map(printSource))].sort().join(', ');

function printSource(source: Source): string {
  switch (source.kind) {
    case 'parameter':
      return source.name;
    case 'item':
      return 'item';
    case 'input':
      return source.label;
    case 'call':
      return 'call';
  }
}

/** What is called, by name. */
export function printTarget({ target }: ObservedCall): string {
  switch (target.kind) {
    case 'library':
      return target.name;
    case 'unit':
      return `unit ${target.unit}`;
    case 'lambda':
      return 'lambda';
    case 'method':
      return `.${target.name}`;
    case 'unknown':
      return target.name ?? '?';
  }
}

/** `each order of orders`, with its flags. */
export const printRepetition = (loop: Repetition): string =>
  [
    loop.form,
    loop.item,
    loop.source ? `of ${loop.source.text}` : undefined,
    loop.stopsAtFirstHit ? 'first hit' : undefined,
    loop.constantCount === undefined ? undefined : `${loop.constantCount} constants`,
    loop.feedsNextTurn ? 'feeds next' : undefined,
    loop.batches ? 'batches' : undefined,
  ]
    .filter(Boolean)
    .join(' ');

/** The calls of `run` in the functions of `main.ts`, each with its arguments. */
export function argumentsOfRun(program: string): readonly string[] {
  const { analysis, units } = sample(program);
  return units('main.ts')
    .flatMap(unit => analysis.unit(unit).calls)
    .filter(call => call.source === 'run' || call.source.endsWith('.run'))
    .map(call => call.arguments.map(argument => printValue(argument.value)).join(', '));
}
