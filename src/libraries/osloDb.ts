/** oslo.db, through which OpenStack's services reach SQLAlchemy: sessions that decorators and contexts hold. */
import type { LibraryModel } from './vocabulary';

export const osloDb = {
  package: 'pypi:oslo_db',
  also: [
    'pypi:oslo.db',
    'pypi:oslo_db.api',
    'pypi:oslo_db.sqlalchemy',
    'pypi:oslo_db.sqlalchemy.enginefacade',
    'pypi:oslo_db.sqlalchemy.utils',
    'pypi:oslo_db.sqlalchemy.session',
  ],
  source:
    'https://docs.openstack.org/oslo.db/latest/user/usage.html, https://docs.openstack.org/oslo.db/latest/reference/api/oslo_db.sqlalchemy.html',
  types: {
    TransactionContext: {},
    ConnectionContext: { extends: 'TransactionContext' },
    // what a function that a reader or a writer decorates is handed first
    RequestContext: {},
    ModelQuery: { extends: 'pypi:sqlalchemy#Query', executes: 'iterated', holds: true },
    EngineFacade: {},
  },
  gives: [
    { call: 'transaction_context', gives: 'TransactionContext' },
    { property: ['reader', 'writer'], gives: 'TransactionContext' },
    {
      property: [
        'TransactionContext.reader',
        'TransactionContext.writer',
        'TransactionContext.independent',
        'TransactionContext.savepoint',
        'TransactionContext.allow_async',
        'TransactionContext.async_',
      ],
      gives: 'receiver',
    },
    { property: 'TransactionContext.connection', gives: 'ConnectionContext' },
    { call: 'ConnectionContext.using', gives: 'pypi:sqlalchemy#Connection' },
    { call: 'TransactionContext.using', gives: 'pypi:sqlalchemy#Session' },
    { call: ['TransactionContext.get_engine', 'EngineFacade.get_engine'], gives: 'pypi:sqlalchemy#Engine' },
    { property: 'RequestContext.session', gives: 'pypi:sqlalchemy#Session' },
    { property: 'RequestContext.connection', gives: 'pypi:sqlalchemy#Connection' },
    { call: 'RequestContext.elevated', gives: 'RequestContext' },
    { call: ['EngineFacade', 'EngineFacade.from_config'], gives: 'EngineFacade' },
    { call: ['EngineFacade.get_session', 'get_session'], gives: 'pypi:sqlalchemy#Session' },
    { call: 'model_query', gives: 'ModelQuery', holds: 0 },
    { call: 'paginate_query', gives: 'argument 0' },
  ],
  queries: [],
  transactions: [
    { call: ['TransactionContext.using', 'ConnectionContext.using'], does: 'enclose' },
    { decorator: 'writer', does: 'enclose' },
  ],
  // the session of a context is there where a reader or a writer around the function, or around its caller, has put it
  handlers: [
    { parameters: [['context', 'ctxt', 'ctx']], receives: ['RequestContext'] },
    { parameters: ['', ['context', 'ctxt', 'ctx']], receives: ['', 'RequestContext'] },
  ],
  neutral: ['wrap_db_retry', 'transaction_context_provider'],
} as const satisfies LibraryModel;

/** Neutron's own door to it. */
export const neutronLib = {
  package: 'pypi:neutron_lib',
  also: ['pypi:neutron-lib', 'pypi:neutron_lib.db', 'pypi:neutron_lib.db.api', 'pypi:neutron_lib.db.model_query'],
  source: 'https://docs.openstack.org/neutron-lib/latest/reference/modules/neutron_lib.db.html',
  types: { CollectionQuery: { extends: 'pypi:sqlalchemy#Query', executes: 'iterated', holds: true } },
  gives: [
    { property: ['CONTEXT_READER', 'CONTEXT_WRITER'], gives: 'pypi:oslo_db#TransactionContext' },
    { call: ['get_reader_session', 'get_writer_session'], gives: 'pypi:sqlalchemy#Session' },
    { call: ['query_with_hooks', 'get_collection_query'], gives: 'CollectionQuery', holds: 1 },
    { call: 'get_by_id', gives: 'record of argument 1' },
  ],
  queries: [
    { call: 'get_by_id', relation: 1, operation: 'read', returns: 'one' },
    { call: ['get_collection', 'get_values'], relation: 1, operation: 'read', returns: 'many' },
    { call: 'get_collection_count', relation: 1, operation: 'read', returns: 'count' },
  ],
  neutral: ['retry_db_errors', 'retry_if_session_inactive', 'is_retriable'],
} as const satisfies LibraryModel;

/** What wraps a session, where a profiler is on. */
export const osprofiler = {
  package: 'pypi:osprofiler',
  also: ['pypi:osprofiler.sqlalchemy'],
  source: 'https://docs.openstack.org/osprofiler/latest/user/integration.html',
  gives: [{ call: 'wrap_session', gives: 'argument 1' }],
} as const satisfies LibraryModel;
