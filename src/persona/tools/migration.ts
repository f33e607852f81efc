/** `generate_down_migration` and `verify_migration`: the way back of a migration, written and proven. */
import { path, taking } from './parameters';
import { defineTool, failure, isFailure } from './tool';

/** Of a file that the way back is put into. */
const LONGEST_FILE = 20_000;

const migration = path('The migration’s file, relative to the workspace.');

export const generateDownMigration = defineTool({
  name: 'generate_down_migration',
  title: 'Generate a down migration',
  description:
    'Writes the way back of a migration from the schema before and after it: SQL, and the file as its tool wants it (Knex, TypeORM, node-pg-migrate, Alembic, plain SQL pairs and others). Use it whenever you write a migration without a down, or one whose down is wrong. Nothing is written to disk: put the text where "file" says. It refuses, with the reason, where there is no honest way back.',
  takes: taking({ path: migration }, {}),
  async run({ path: file }, host) {
    const down = await host.down(file);
    if (isFailure(down)) return down;
    const { sql, place } = down;
    return {
      sql,
      ...('because' in place
        ? { place: `It is not put into a file: ${place.because}.` }
        : place.text.length > LONGEST_FILE
          ? { file: place.path, place: 'The file is long: put the SQL into its down yourself.' }
          : { file: place.path, text: place.text }),
      next: 'When it stands in the file, prove it with verify_migration.',
    };
  },
});

export const verifyMigration = defineTool({
  name: 'verify_migration',
  title: 'Verify a migration',
  description:
    'Proves whether a migration can be undone: runs the history before it, its up, its down and its up again on a PostgreSQL that lives in memory, and compares the schemas. No database of the project is touched; it takes some seconds. Use it after you wrote a migration or its down, before you call it reversible.',
  takes: taking({ path: migration }, {}),
  async run({ path: file }, host, signal) {
    const verified = await host.verify(file, signal);
    if (isFailure(verified)) return verified;
    const { steps } = verified;
    if (steps.length === 0)
      return failure(
        'not-verifiable',
        `${file} is no migration that can be read as SQL.`,
        'Name a file of a migration tool’s folder, or a plain up/down pair.',
      );
    return {
      summary: steps.map(({ name, headline }) => `${name}: ${headline}`).join('; '),
      steps: steps.map(({ name, verdict, details }) => ({ name, verdict, details: details.slice(0, 30) })),
      ...(steps.some(({ verdict }) => verdict === 'not-reversible')
        ? { next: 'generate_down_migration writes a down that is an inverse, where there is one.' }
        : {}),
    };
  },
});
