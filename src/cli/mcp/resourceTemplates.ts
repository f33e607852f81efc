/** The addresses of what can be read: pages of the rules, playbooks, and the catalog of a workspace. */

export const SCHEME = 'backend-reviewer://';

export const resourceTemplates = [
  {
    uriTemplate: `${SCHEME}rules/{id}`,
    name: 'rule',
    title: 'Page of a rule',
    description: 'What a rule flags, what it leaves alone, and when to leave it.',
    mimeType: 'text/markdown',
  },
  {
    uriTemplate: `${SCHEME}playbooks/{id}`,
    name: 'playbook',
    title: 'Playbook',
    description: 'How to do one thing of backend work well: when it matters, what to ask, what it costs, a sketch.',
    mimeType: 'text/markdown',
  },
  {
    uriTemplate: `${SCHEME}catalog{?workspace}`,
    name: 'catalog',
    title: 'Database catalog',
    description: 'The tables of a workspace as its migrations leave them, in DBML.',
    mimeType: 'text/plain',
  },
];
