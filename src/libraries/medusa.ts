/** Medusa 2: models of the data model language. Its services are made of them, and name every column in their statements. */
import type { LibraryModel } from './vocabulary';

export const medusa = {
  package: 'npm:@medusajs/framework/utils',
  also: ['npm:@medusajs/utils', 'npm:@medusajs/framework'],
  source: 'https://docs.medusajs.com/learn/fundamentals/data-models',
  dialect: 'postgresql',
  models: [
    // https://docs.medusajs.com/learn/fundamentals/data-models/properties, …/data-models/relationships
    {
      call: 'model.define',
      model: 0,
      options: 0,
      tableNames: ['tableName', 'name'],
      columns: 1,
      references: 'belongsTo',
      valuesOf: 'enum',
      leftOut: ['hasOne', 'hasMany', 'manyToMany', 'computed'],
    },
  ],
} as const satisfies LibraryModel;
