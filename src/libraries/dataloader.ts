/** DataLoader 2: many loads of one key become one call of the batch function. */
import type { LibraryModel } from './vocabulary';

export const dataloader = {
  package: 'npm:dataloader',
  source: 'https://github.com/graphql/dataloader#batch-function',
  types: { DataLoader: {} },
  gives: [
    { construct: 'default', gives: 'DataLoader' },
    { call: ['DataLoader.clear', 'DataLoader.clearAll', 'DataLoader.prime'], gives: 'receiver' },
  ],
  batches: [{ construct: 'default', callback: 0 }],
  callbacks: [{ call: 'new default', argument: 0 }],
  neutral: ['DataLoader.load', 'DataLoader.loadMany'],
} as const satisfies LibraryModel;
