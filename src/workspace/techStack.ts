/** What a workspace is built with, as its manifests imply: for answers, where the review itself asks for packages alone. */
import { posix } from 'node:path';
import type { Dialect, Language, StackFacts, StackPart } from '../persona/grounding';
import { dialectSpokenBy } from './databaseDrivers';
import type { AbsolutePath, FileAccess } from './fileAccess';
import { manifestIn } from './project';
import { isPythonManifest, PYTHON_MANIFESTS, pythonDependencies } from './pythonManifests';

/** Package names with the ecosystem before them, and what they imply; the first of a kind that fits is named first. */
const IMPLIES: readonly (readonly [pattern: RegExp, name: string, role: StackPart['role']])[] = [
  [/^npm:express$/, 'Express', 'framework'],
  [/^npm:fastify$/, 'Fastify', 'framework'],
  [/^npm:@nestjs\/core$/, 'NestJS', 'framework'],
  [/^npm:koa$/, 'Koa', 'framework'],
  [/^npm:hono$/, 'Hono', 'framework'],
  [/^npm:@hapi\/hapi$/, 'hapi', 'framework'],
  [/^npm:next$/, 'Next.js', 'framework'],
  [/^pypi:django$/, 'Django', 'framework'],
  [/^pypi:fastapi$/, 'FastAPI', 'framework'],
  [/^pypi:flask$/, 'Flask', 'framework'],
  [/^pypi:(?:starlette|tornado|sanic|aiohttp)$/, 'an ASGI or async framework', 'framework'],
  [/^go:github\.com\/gin-gonic\/gin$/, 'Gin', 'framework'],
  [/^go:github\.com\/labstack\/echo/, 'Echo', 'framework'],
  [/^go:github\.com\/go-chi\/chi/, 'chi', 'framework'],
  [/^go:github\.com\/gofiber\/fiber/, 'Fiber', 'framework'],
  [/^maven:org\.springframework\.boot/, 'Spring Boot', 'framework'],
  [/^maven:io\.quarkus/, 'Quarkus', 'framework'],
  [/^composer:laravel\/framework$/, 'Laravel', 'framework'],
  [/^composer:symfony\/(?:framework-bundle|symfony)$/, 'Symfony', 'framework'],
  [/^npm:(?:graphql|@apollo\/server|graphql-yoga|mercurius)$/, 'GraphQL', 'api'],
  [/^pypi:(?:graphene|strawberry-graphql|ariadne)$/, 'GraphQL', 'api'],
  [/^npm:@?grpc/, 'gRPC', 'api'],
  [/^npm:(?:@prisma\/client|prisma)$/, 'Prisma', 'data access'],
  [/^npm:typeorm$/, 'TypeORM', 'data access'],
  [/^npm:sequelize$/, 'Sequelize', 'data access'],
  [/^npm:drizzle-orm$/, 'Drizzle', 'data access'],
  [/^npm:knex$/, 'Knex', 'data access'],
  [/^npm:kysely$/, 'Kysely', 'data access'],
  [/^npm:mongoose$/, 'Mongoose', 'data access'],
  [/^npm:mongodb$/, 'the MongoDB driver', 'data access'],
  [/^npm:pg$/, 'node-postgres', 'data access'],
  [/^npm:postgres$/, 'postgres.js', 'data access'],
  [/^npm:mysql2?$/, 'mysql2', 'data access'],
  [/^npm:better-sqlite3$/, 'better-sqlite3', 'data access'],
  [/^pypi:sqlalchemy$/, 'SQLAlchemy', 'data access'],
  [/^pypi:(?:psycopg|psycopg2|psycopg2-binary)$/, 'psycopg', 'data access'],
  [/^pypi:asyncpg$/, 'asyncpg', 'data access'],
  [/^go:gorm\.io\/gorm$/, 'GORM', 'data access'],
  [/^go:github\.com\/jackc\/pgx/, 'pgx', 'data access'],
  [/^go:github\.com\/jmoiron\/sqlx$/, 'sqlx', 'data access'],
  [/^maven:.*hibernate/, 'Hibernate', 'data access'],
  [/^maven:.*(?:spring-boot-starter-data-jpa)/, 'Spring Data JPA', 'data access'],
  [/^composer:doctrine\/orm$/, 'Doctrine', 'data access'],
  [/^npm:node-pg-migrate$/, 'node-pg-migrate', 'migrations'],
  [/^npm:db-migrate$/, 'db-migrate', 'migrations'],
  [/^npm:@mikro-orm\/migrations$/, 'MikroORM migrations', 'migrations'],
  [/^npm:@payloadcms\/db-(?:postgres|vercel-postgres|sqlite|d1-sqlite)$/, 'Payload migrations', 'migrations'],
  [/^pypi:alembic$/, 'Alembic', 'migrations'],
  [/^maven:.*flyway/, 'Flyway', 'migrations'],
  [/^maven:.*liquibase/, 'Liquibase', 'migrations'],
  [/^go:github\.com\/pressly\/goose/, 'goose', 'migrations'],
  [/^go:github\.com\/golang-migrate\/migrate/, 'golang-migrate', 'migrations'],
  [/^npm:zod$/, 'Zod', 'validation'],
  [/^npm:(?:joi|ajv|yup|class-validator|valibot)$/, 'a validation library', 'validation'],
  [/^pypi:pydantic$/, 'Pydantic', 'validation'],
  [/^npm:bullmq?$/, 'BullMQ', 'queue'],
  [/^npm:(?:amqplib|kafkajs|pg-boss|graphile-worker)$/, 'a queue client', 'queue'],
  [/^pypi:celery$/, 'Celery', 'queue'],
  [/^npm:(?:ioredis|redis)$/, 'Redis', 'cache'],
  [/^pypi:redis$/, 'Redis', 'cache'],
  [/^go:github\.com\/redis\/go-redis/, 'Redis', 'cache'],
  [/^npm:stripe$|^pypi:stripe$/, 'Stripe', 'payments'],
  [/^npm:(?:passport|next-auth|@auth\/core|jsonwebtoken|jose|lucia)$/, 'an authentication library', 'authentication'],
  [/^npm:@opentelemetry\/|^pypi:opentelemetry/, 'OpenTelemetry', 'observability'],
  [/^npm:(?:pino|winston)$/, 'a structured logger', 'observability'],
  [/^npm:vitest$/, 'Vitest', 'tests'],
  [/^npm:jest$/, 'Jest', 'tests'],
  [/^npm:mocha$/, 'Mocha', 'tests'],
  [/^pypi:pytest$/, 'pytest', 'tests'],
  [/^maven:.*junit/, 'JUnit', 'tests'],
  [/^composer:phpunit\/phpunit$/, 'PHPUnit', 'tests'],
];

const LANGUAGE_OF: Readonly<Record<string, Language>> = {
  npm: 'typescript',
  pypi: 'python',
  go: 'go',
  maven: 'java',
  composer: 'php',
};

/** A monorepo's packages lie this deep below its root. */
const DEPTH = 2;
const NOT_OURS = new Set(['node_modules', '.git', 'vendor', 'dist', 'build', 'target', '.venv', 'venv']);

/** @param configured  the dialect that a configuration states */
export function techStackOf(folder: AbsolutePath, files: FileAccess, configured: Dialect | undefined): StackFacts {
  const packages = new Set<string>();
  const manifests: string[] = [];
  const languages = new Map<Language, number>();
  const read = (at: AbsolutePath, depth: number): void => {
    const entries = files.entries(at);
    for (const { name, kind } of entries) {
      const path = posix.join(at, name);
      if (kind === 'folder' && depth < DEPTH && !NOT_OURS.has(name)) read(path, depth + 1);
      if (kind !== 'file') continue;
      const found = dependenciesIn(path, files);
      if (!found) continue;
      manifests.push(posix.relative(folder, path));
      const language = LANGUAGE_OF[found.ecosystem];
      if (language) languages.set(language, (languages.get(language) ?? 0) + (depth === 0 ? 10 : 1));
      for (const dependency of found.packages) packages.add(`${found.ecosystem}:${dependency}`);
    }
  };
  read(folder, 0);
  const uses: StackPart[] = [];
  for (const [pattern, name, role] of IMPLIES) {
    const found = [...packages].find(each => pattern.test(each));
    if (found !== undefined && !uses.some(each => each.name === name)) uses.push({ name, role, package: found });
  }
  const spoken = dialectSpokenBy(packages);
  const [main] = [...languages].sort((left, right) => right[1] - left[1]);
  return {
    language: main?.[0] ?? 'unknown',
    uses,
    dialect: configured ?? spoken ?? 'postgresql',
    dialectKnown: configured !== undefined || spoken !== undefined,
    manifests: manifests
      .toSorted((left, right) => left.length - right.length)
      .slice(0, 8)
      .map(file => ({ file, title: 'what it is built with' })),
  };
}

interface Dependencies {
  readonly ecosystem: string;
  readonly packages: readonly string[];
}

function dependenciesIn(path: AbsolutePath, files: FileAccess): Dependencies | undefined {
  const name = posix.basename(path);
  if (name === 'package.json' || name === 'composer.json') {
    const manifest = manifestIn(path, files);
    if (!('content' in manifest) || !manifest.content) return undefined;
    const { content } = manifest;
    const keys =
      name === 'package.json' ? ['dependencies', 'devDependencies', 'peerDependencies'] : ['require', 'require-dev'];
    const packages = keys.flatMap(key => {
      const listed = content[key];
      return typeof listed === 'object' && listed !== null ? Object.keys(listed) : [];
    });
    return { ecosystem: name === 'package.json' ? 'npm' : 'composer', packages };
  }
  if (PYTHON_MANIFESTS.includes(name) && isPythonManifest(path)) {
    const text = textOf(path, files);
    return text === undefined ? undefined : { ecosystem: 'pypi', packages: [...pythonDependencies(name, text).keys()] };
  }
  if (name === 'go.mod') return listed('go', /^\s*(?:require\s+)?([\w.-]+\.[\w.-]+\/\S+)\s+v\d/gm, textOf(path, files));
  if (name === 'pom.xml')
    return listed('maven', /<groupId>\s*([\w.-]+)\s*<\/groupId>\s*<artifactId>\s*([\w.-]+)/g, textOf(path, files));
  if (/^build\.gradle(?:\.kts)?$/.test(name))
    return listed('maven', /["']([\w.-]+):([\w.-]+)(?::[^"']*)?["']/g, textOf(path, files));
  return undefined;
}

/** A manifest that cannot be read tells nothing; an answer is given without it. */
function textOf(path: AbsolutePath, files: FileAccess): string | undefined {
  try {
    return files.peek(path);
  } catch {
    return undefined;
  }
}

function listed(ecosystem: string, pattern: RegExp, text: string | undefined): Dependencies | undefined {
  if (text === undefined) return undefined;
  return { ecosystem, packages: [...text.matchAll(pattern)].map(match => match.slice(1).filter(Boolean).join(':')) };
}
