/** Bookshelf 1: models over Knex that are read and written one by one, or as a collection. */
import { membersOf } from './members';
import type { LibraryModel } from './vocabulary';

export const bookshelf = {
  package: 'npm:bookshelf',
  source: 'https://bookshelfjs.org/api.html',
  promises: 'eager',
  types: { Bookshelf: {}, Model: {}, Collection: {} },
  gives: [
    { call: 'default', gives: 'Bookshelf' },
    { property: 'Bookshelf.knex', gives: 'npm:knex#Knex' },
    { property: 'Bookshelf.Model', gives: 'Model' },
    { property: 'Bookshelf.Collection', gives: 'Collection' },
    { call: ['Bookshelf.model', 'Model.extend'], gives: 'Model' },
    {
      call: ['Bookshelf.collection', 'Model.collection', 'Model.forge.collection', 'Collection.extend'],
      gives: 'Collection',
    },
    {
      call: membersOf('Model', [
        'forge',
        'where',
        'query',
        'orderBy',
        'set',
        'clone',
        'belongsTo',
        'hasOne',
        'related',
      ]),
      gives: 'receiver',
    },
    { call: ['Model.fetch', 'Model.save', 'Model.refresh'], gives: 'receiver' },
    { call: ['Model.fetchAll', 'Model.fetchPage', 'Model.hasMany', 'Model.belongsToMany'], gives: 'Collection' },
    { call: membersOf('Collection', ['where', 'query', 'orderBy', 'fetch', 'load']), gives: 'receiver' },
  ],
  together: [
    // https://bookshelfjs.org/api.html#Model-instance-load
    {
      call: 'Model.load',
      loadedBy: 'withRelated: {0}',
      options: 0,
      on: ['Model.fetchAll', 'Model.fetchPage', 'Collection.fetch', 'Collection.fetchPage'],
      otherwise: '{model}.fetchAll({ withRelated: {0} })',
    },
    {
      call: ['Model.fetch', 'Model.fetchAll', 'Collection.fetch'],
      behind: 'Model.related',
      reads: '{receiver}',
      loadedBy: 'withRelated: [{receiver 0}]',
      options: 0,
      on: ['Model.fetchAll', 'Model.fetchPage', 'Collection.fetch', 'Collection.fetchPage'],
      otherwise: '{model}.fetchAll({ withRelated: [{receiver 0}] })',
    },
    {
      call: ['Model.save', 'Model.destroy', 'Model.refresh'],
      written: "{model}.collection({all}).invokeThen('{method}')",
    },
  ],
  listForms: [{ of: 'call', call: ['Model.where', 'Collection.where'], written: "where({column}, 'in', {each})" }],
  queries: [
    { call: ['Model.fetch', 'Model.refresh'], self: true, operation: 'read', returns: 'one', batchedBy: 'fetchAll' },
    {
      call: ['Model.fetchAll', 'Model.fetchPage', 'Collection.fetch', 'Collection.fetchPage'],
      self: true,
      operation: 'read',
      returns: 'many',
      distinctive: true,
    },
    { call: ['Collection.fetchOne'], self: true, operation: 'read', returns: 'one' },
    { call: ['Model.count', 'Collection.count'], self: true, operation: 'read', returns: 'count' },
    { call: ['Model.load', 'Collection.load'], self: true, operation: 'read', returns: 'many' },
    { call: ['Model.save', 'Model.destroy'], self: true, operation: 'write', returns: 'one' },
    {
      call: ['Collection.create', 'Collection.attach', 'Collection.detach', 'Collection.updatePivot'],
      self: true,
      operation: 'write',
      returns: 'one',
    },
    { call: 'Collection.invokeThen', self: true, operation: 'write', returns: 'many' },
  ],
  callbacks: [
    { call: 'Bookshelf.transaction', argument: 0, receives: ['npm:knex#Knex.Transaction'], result: 'value' },
    { call: ['Model.query', 'Collection.query'], argument: 0, receives: ['npm:knex#Knex.QueryBuilder'] },
  ],
  transactions: [
    { call: 'Bookshelf.transaction', does: 'enclose' },
    { option: 'transacting', does: 'join' },
  ],
  neutral: [
    ...membersOf('Model', [
      'get',
      'has',
      'toJSON',
      'serialize',
      'attributes',
      'previous',
      'isNew',
      'hasChanged',
      'on',
      'trigger',
    ]),
    ...membersOf('Collection', ['toJSON', 'get', 'at', 'add', 'remove', 'pluck', 'first', 'last']),
    'Bookshelf.plugin',
  ],
} as const satisfies LibraryModel;
