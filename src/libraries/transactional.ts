/** Packages that put whole methods into a transaction by a decorator. */
import type { LibraryModel } from './vocabulary';

export const transactionalDecorators = {
  package: 'npm:typeorm-transactional',
  also: ['npm:typeorm-transactional-cls-hooked', 'npm:@nestjs-cls/transactional'],
  source: 'https://github.com/Aliheym/typeorm-transactional#using-transactional-decorator',
  transactions: [
    { call: ['runInTransaction', 'wrapInTransaction'], does: 'enclose' },
    { decorator: ['Transactional', 'UseTransaction'], does: 'enclose' },
  ],
} as const satisfies LibraryModel;
