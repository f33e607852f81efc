/** Spells out the members of a type, for types with many: `membersOf('Knex', ['where', 'from'])`. */
export const membersOf = (type: string, names: readonly string[]): readonly string[] =>
  names.map(name => `${type}.${name}`);
