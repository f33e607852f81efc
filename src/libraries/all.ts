/** Every table that ships. A new library is one file, and one name here. */
import { alembic } from './alembic';
import { asyncpg } from './asyncpg';
import { awsLambda } from './awsLambda';
import { bookshelf } from './bookshelf';
import { bun } from './bun';
import {
  asyncCollections,
  bluebird,
  bottleneck,
  lodash,
  pAll,
  pLimit,
  pMap,
  pQueue,
  pReduce,
  promisePool,
  radash,
} from './collections';
import { awilix, inversify, nestCore, tsyringe, typedi } from './containers';
import { dataloader } from './dataloader';
import { dateFns, dayjs, luxon, moment } from './dates';
import { django, djangoRest } from './django';
import { drizzle } from './drizzle';
import { express } from './express';
import { fastify } from './fastify';
import { frappe } from './frappe';
import { graphqlCompose, graphqlJs, nexus, pothos } from './graphql';
import { hapi } from './hapi';
import { hono } from './hono';
import { axios, fetchPackages, got, ky, nestAxios, nodeHttp, request, stripe, superagent, undici } from './http';
import { libsqlClient, planetscale } from './httpDatabases';
import { bcrypt, nanoid, nodeCrypto, uuid } from './identifiers';
import { javascript } from './javascript';
import { knex } from './knex';
import { koa, koaRouter } from './koa';
import { kysely } from './kysely';
import { awsSes, nestMailer, nodemailer, resend, sendgrid, twilio } from './mail';
import { mariadb } from './mariadb';
import { medusa } from './medusa';
import { mikroOrm, mikroOrmNestjs } from './mikroOrm';
import { mongodb } from './mongodb';
import { mongoose, mongoosePaginate, typegoose } from './mongoose';
import { mssql, tedious } from './mssql';
import { mysql2 } from './mysql2';
import { nestjs, nestjsGraphql, nestjsMicroservices } from './nestjs';
import { nextjs, remix } from './nextjs';
import { nodeFs, nodeUtil, sprintf } from './node';
import { objection } from './objection';
import { oracledb } from './oracledb';
import { neutronLib, osloDb, osprofiler } from './osloDb';
import { peewee } from './peewee';
import { pg } from './pg';
import { pgFormat } from './pgFormat';
import { pgPromise } from './pgPromise';
import { pgCursor, pgNative, pgQueryStream } from './pgStreams';
import { postgresJs } from './postgresJs';
import { prisma } from './prisma';
import { aiopg, psycopg, psycopg2 } from './psycopg';
import { cxOracle, pg8000, pymssql, pyodbc } from './pythonDatabaseApi';
import { pythonLanguage } from './pythonLanguage';
import { aiomysql, mysqlConnectorPython, mysqlclient, pymysql } from './pythonMysql';
import { databases, duckdb, records } from './pythonQueries';
import { bottle, falcon, sanic, tornado } from './pythonServers';
import { aiosqlite, pythonSqlite3 } from './pythonSqlite';
import {
  pythonDatetime,
  pythonDecimal,
  pythonEncoders,
  pythonMath,
  pythonProcess,
  pythonRegularExpressions,
  pythonTextwrap,
  pythonTime,
  pythonTyping,
  pythonUuid,
} from './pythonStandard';
import { aiohttp, fastapi, flask, pyramid, pythonRequests, starlette } from './pythonWeb';
import { amqplib, awsSdk, bullmq, googlePubSub, kafkajs, nestMicroservices } from './queues';
import { celebrate, classValidator, expressValidator } from './requestValidators';
import { rxjs } from './rxjs';
import { joi, typebox, yup, zod } from './schemas';
import {
  cookieParser,
  cookieSession,
  cryptoJs,
  expressSession,
  jsonwebtoken,
  jwtMiddleware,
  nestJwt,
  passportJwt,
  redisClients,
} from './secrets';
import { sequelize } from './sequelize';
import { neonServerless, vercelPostgres } from './serverlessPostgres';
import { slonik, slonikRaw } from './slonik';
import { socketIo, ws } from './sockets';
import { flaskSqlalchemy, sqlalchemy, sqlmodel } from './sqlalchemy';
import { betterSqlite3, nodeSqlite, sqlite, sqlite3 } from './sqlite';
import { sqlstring } from './sqlstring';
import { atDatabases, sqlTemplateTag } from './sqlTags';
import { supabase } from './supabase';
import { transactionalDecorators } from './transactional';
import { trpc } from './trpc';
import { typeorm } from './typeorm';
import { validator } from './validator';
import type { LibraryModel } from './vocabulary';
import { webApi } from './webApi';

export const libraries: readonly LibraryModel[] = [
  javascript,
  pg,
  pgFormat,
  mysql2,
  sqlstring,
  knex,
  prisma,
  typeorm,
  sequelize,
  jsonwebtoken,
  nestJwt,
  passportJwt,
  jwtMiddleware,
  expressSession,
  cookieSession,
  cookieParser,
  cryptoJs,
  redisClients,
  mongodb,
  mongoose,
  typegoose,
  mongoosePaginate,
  pgPromise,
  pgCursor,
  pgQueryStream,
  pgNative,
  postgresJs,
  neonServerless,
  vercelPostgres,
  supabase,
  slonik,
  slonikRaw,
  sqlTemplateTag,
  atDatabases,
  mariadb,
  planetscale,
  betterSqlite3,
  nodeSqlite,
  sqlite3,
  sqlite,
  libsqlClient,
  mssql,
  tedious,
  oracledb,
  kysely,
  drizzle,
  medusa,
  mikroOrm,
  mikroOrmNestjs,
  objection,
  bookshelf,
  bun,
  express,
  fastify,
  koa,
  hapi,
  hono,
  trpc,
  awsLambda,
  nextjs,
  remix,
  webApi,
  koaRouter,
  nestjs,
  nestCore,
  awilix,
  rxjs,
  typedi,
  tsyringe,
  inversify,
  nestjsGraphql,
  graphqlJs,
  nexus,
  pothos,
  graphqlCompose,
  nestjsMicroservices,
  dataloader,
  lodash,
  pMap,
  pReduce,
  pLimit,
  pQueue,
  pAll,
  bottleneck,
  promisePool,
  radash,
  bluebird,
  nodeUtil,
  sprintf,
  nodeCrypto,
  bcrypt,
  uuid,
  moment,
  dayjs,
  dateFns,
  luxon,
  validator,
  zod,
  joi,
  yup,
  typebox,
  expressValidator,
  celebrate,
  classValidator,
  socketIo,
  ws,
  nanoid,
  asyncCollections,
  transactionalDecorators,
  axios,
  nestAxios,
  got,
  ky,
  fetchPackages,
  undici,
  request,
  superagent,
  nodeHttp,
  stripe,
  amqplib,
  kafkajs,
  bullmq,
  awsSdk,
  googlePubSub,
  nestMicroservices,
  nodemailer,
  sendgrid,
  resend,
  awsSes,
  twilio,
  nestMailer,
  nodeFs,
  pythonLanguage,
  pythonDatetime,
  pythonDecimal,
  pythonEncoders,
  pythonMath,
  pythonRegularExpressions,
  pythonProcess,
  pythonTextwrap,
  pythonTime,
  pythonTyping,
  pythonUuid,
  psycopg2,
  psycopg,
  aiopg,
  asyncpg,
  pg8000,
  pyodbc,
  pymssql,
  cxOracle,
  duckdb,
  databases,
  records,
  pythonSqlite3,
  aiosqlite,
  pymysql,
  mysqlclient,
  mysqlConnectorPython,
  aiomysql,
  sqlalchemy,
  alembic,
  flaskSqlalchemy,
  sqlmodel,
  osloDb,
  neutronLib,
  osprofiler,
  django,
  djangoRest,
  flask,
  fastapi,
  starlette,
  aiohttp,
  pyramid,
  tornado,
  sanic,
  bottle,
  falcon,
  peewee,
  frappe,
  pythonRequests,
];
