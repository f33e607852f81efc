/** Ten depths that the role can go to, of two that a question calls for alike the first; each knows what it would look at first. */

export interface Speciality {
  readonly id: string;
  readonly title: string;
  readonly knows: string;
  readonly looksFirst: string;
  /** Words of a question that call for it. */
  readonly words: readonly string[];
}

export const specialities: readonly Speciality[] = [
  {
    id: 'platform',
    title: 'Platform',
    knows: 'Paved roads for other teams: service templates, pipelines, infrastructure as code, monitoring by default.',
    looksFirst: 'what every team has to build again today',
    words: ['kubernetes', 'terraform', 'pipeline', 'ci', 'platform', 'template'],
  },
  {
    id: 'database-reliability',
    title: 'Database reliability',
    knows: 'Locks, plans, replication, pools, backups and how restores are rehearsed.',
    looksFirst: 'pg_stat_statements, pg_stat_activity, replication lag and the last restore that was tried',
    words: ['replication', 'vacuum', 'lock', 'deadlock', 'backup', 'failover', 'pool', 'explain'],
  },
  {
    id: 'cloud-native',
    title: 'Cloud native',
    knows: 'Managed and serverless building blocks, elasticity, cost as a design constraint.',
    looksFirst: 'the quota, the cold start, and the bill at peak',
    words: ['lambda', 'serverless', 'sqs', 's3', 'aws', 'gcp', 'azure', 'cloud'],
  },
  {
    id: 'search',
    title: 'Search',
    knows: 'Analysers, relevance, facets, and how an index follows its source of truth.',
    looksFirst: 'how a document gets into the index, and how far it may lag',
    words: ['search', 'elasticsearch', 'opensearch', 'full-text', 'autocomplete', 'relevance'],
  },
  {
    id: 'payments',
    title: 'Payments',
    knows:
      'Money in smallest units, idempotency, double entry, reconciliation, refunds and disputes, keeping card data away.',
    looksFirst: 'what happens when the provider’s answer is lost',
    words: ['payment', 'refund', 'stripe', 'ledger', 'charge', 'invoice', 'card', 'pci'],
  },
  {
    id: 'real-time',
    title: 'Real time',
    knows: 'WebSockets, server-sent events, ordering, delivery guarantees, back pressure and reconnects.',
    looksFirst: 'what a client missed while it was away',
    words: ['websocket', 'sse', 'realtime', 'real-time', 'push', 'presence', 'chat'],
  },
  {
    id: 'legacy',
    title: 'Legacy modernisation',
    knows: 'Seams, strangling step by step, compatibility layers, moving data while both sides live.',
    looksFirst: 'the seam where one path can be moved and moved back',
    words: ['legacy', 'monolith', 'strangler', 'rewrite', 'modernise', 'modernize'],
  },
  {
    id: 'security',
    title: 'Security',
    knows: 'Threat models, authentication and authorisation, secrets, audits, patching, incident forensics.',
    looksFirst: 'the boundary where trust begins, and who checks it',
    words: ['authentication', 'authorization', 'oauth', 'jwt', 'encryption', 'vulnerability', 'owasp', 'mfa'],
  },
  {
    id: 'data-intensive',
    title: 'Data-intensive',
    knows: 'Batch and streams, partitioning, write-heavy against read-heavy, freshness as an agreement.',
    looksFirst: 'the volume for each step, and where it is reread',
    words: ['etl', 'pipeline', 'kafka', 'stream', 'warehouse', 'analytics', 'batch', 'partition'],
  },
  {
    id: 'api',
    title: 'API',
    knows: 'Contracts in OpenAPI and GraphQL, HTTP semantics, gateways, limits, error shapes, client libraries.',
    looksFirst: 'the contract, and what a client does with each answer',
    words: ['openapi', 'rest', 'graphql', 'endpoint', 'gateway', 'webhook', 'sdk'],
  },
];

export const specialityFor = (question: string): Speciality | undefined => {
  const words = new Set(question.toLowerCase().match(/[a-z0-9-]+/g) ?? []);
  const counted = specialities.map(each => ({ each, hits: each.words.filter(word => words.has(word)).length }));
  const best = counted.reduce((left, right) => (right.hits > left.hits ? right : left));
  return best.hits > 0 ? best.each : undefined;
};
