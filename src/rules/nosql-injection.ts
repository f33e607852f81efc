/**
 * What a client sends becomes a condition of a document database as it came.
 *
 * A body of JSON can hold an object where the code expects a text: `{ "password": { "$ne": null } }` is a condition that
 * every row meets. A login lets anyone in, a look-up by a token finds someone else's. A schema's types do not stop it.
 * ## Flags
 * ```ts
 * import express from 'express';
 * import { model } from 'mongoose';
 *
 * const User = model('User', schema);
 * express().post('/login', async (req, res) => {
 *   const user = await User.findOne({ email: req.body.email, active: true });
 *   res.json(user);
 * });
 * ```
 * ```ts
 * import express from 'express';
 * import { model } from 'mongoose';
 *
 * const Order = model('Order', schema);
 * express().post('/search', async (req, res) => res.json(await Order.find(req.body)));
 * ```
 * ## Stays silent
 * ```ts
 * import express from 'express';
 * import { model } from 'mongoose';
 *
 * const User = model('User', schema);
 * express().post('/login', async (req, res) => {
 *   const user = await User.findOne({ email: String(req.body.email), phone: { $eq: req.body.phone } });
 *   res.json(user);
 * });
 * ```
 * ```ts
 * import express from 'express';
 * import { model } from 'mongoose';
 *
 * const User = model('User', schema);
 * express().get('/user/:id', async (req, res) => res.json(await User.findOne({ _id: req.params.id })));
 * ```
 * ## When to leave it
 * What comes in is checked in a place that the review does not see, such as a gateway. Say which.
 */
import { suggestion } from '../engine/finding';
import type { OperatorOpening, QueryExecution } from '../facts/facts';
import { defineRule } from '../facts/rule';

export const nosqlInjection = defineRule({
  id: 'nosql-injection',
  level: 'warning',
  concern: 'security',

  *check({ queryExecutions, writer }) {
    for (const query of queryExecutions) {
      // conditions that a statement hands over are one matter, however many of their fields are open
      const [opening, ...others] = query.rows?.openings ?? [];
      if (!opening) continue;
      yield {
        at: opening.at.unit === query.at.unit ? opening.at : query.at,
        loweredBy: query.evidence === 'manifest' ? 1 : 0,
        query,
        opening,
        others,
        writer,
      };
    }
  },

  explain: ({ query, opening, others }) => ({
    what: whatOf(query, opening),
    why: whyOf(opening),
    remedy: remedyOf(opening),
    related: [
      ...(opening.inputPath ?? []),
      ...others.map(({ at, source }) => ({ at, says: `${quoted(source)} goes in as it came too` })),
      { at: query.at, says: `${quoted(query.label)} takes it` },
    ],
  }),

  fix: ({ opening: { at, source, how, key, shorthand }, writer }) => {
    if (how !== 'member' || key === undefined || shorthand === undefined) return [];
    const equal = writer.record([{ name: '$eq', value: source }]);
    return [suggestion('Compare with the value alone', [{ at, newText: shorthand ? `${key}: ${equal}` : equal }])];
  },
});

function whatOf({ label }: QueryExecution, { source, how, role, inputLabel, key }: OperatorOpening): string {
  const comes = inputLabel ? ` (${inputLabel})` : '';
  switch (how) {
    case 'code':
      return `${quoted(source)}${comes} becomes code that the database runs for ${quoted(label)}.`;
    case 'member':
      return `${quoted(source)}${comes} is what ${quoted(label)} compares \`${key}\` with, and an object in it is read as operators.`;
    case 'spread':
      return `${quoted(source)}${comes} adds conditions of the client's choice to ${quoted(label)}.`;
    case 'whole':
      return role === 'update'
        ? `${quoted(source)}${comes} is the whole update of ${quoted(label)}: the client chooses the fields and the operators.`
        : `${quoted(source)}${comes} is what ${quoted(label)} looks for: the client chooses the conditions.`;
  }
}

function whyOf({ how, role }: OperatorOpening): string {
  if (how === 'code') return 'A client can read other documents with it, or keep the server busy.';
  if (role === 'update') return 'A client can set what it should not: a role, a price, an owner.';
  return 'With `{ "$ne": null }` the condition holds for every document: a login lets anyone in, a look-up finds what belongs to others.';
}

function remedyOf({ how, role, source }: OperatorOpening): string {
  if (how === 'code') return 'Say it with operators on fields, and hand the value over as a value.';
  if (role === 'update') return 'Name the fields that may be set, and take each from the request.';
  return how === 'member'
    ? `Make it a text, \`String(${source})\`, compare with \`{ $eq: ${source} }\`, or check the request against a schema first.`
    : 'Name the fields that may be searched by, and take each from the request as a text.';
}

const quoted = (source: string): string => `\`${source.replace(/\s+/g, ' ').slice(0, 80)}\``;
