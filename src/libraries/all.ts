/** Every table that ships. A new library is one file, and one name here. */
import { asyncCollections, bluebird, lodash, pMap } from './collections';
import { dataloader } from './dataloader';
import { express } from './express';
import { fastify } from './fastify';
import { axios, fetchPackages, got, ky, nestAxios, nodeHttp, request, stripe, superagent, undici } from './http';
import { nanoid, nodeCrypto, uuid } from './identifiers';
import { javascript } from './javascript';
import { knex } from './knex';
import { koa, koaRouter } from './koa';
import { awsSes, nestMailer, nodemailer, resend, sendgrid, twilio } from './mail';
import { mongodb } from './mongodb';
import { mongoose, mongoosePaginate, typegoose } from './mongoose';
import { mysql2 } from './mysql2';
import { nestjs, nestjsGraphql } from './nestjs';
import { nodeFs, nodeUtil } from './node';
import { pg } from './pg';
import { pgFormat } from './pgFormat';
import { prisma } from './prisma';
import { amqplib, awsSdk, bullmq, googlePubSub, kafkajs, nestMicroservices } from './queues';
import { sequelize } from './sequelize';
import { sqlstring } from './sqlstring';
import { drizzle, postgresJs, slonik, sqlTemplateTag } from './sqlTags';
import { transactionalDecorators } from './transactional';
import { typeorm } from './typeorm';
import type { LibraryModel } from './vocabulary';

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
  mongodb,
  mongoose,
  typegoose,
  mongoosePaginate,
  postgresJs,
  slonik,
  sqlTemplateTag,
  drizzle,
  express,
  fastify,
  koa,
  koaRouter,
  nestjs,
  nestjsGraphql,
  dataloader,
  lodash,
  pMap,
  bluebird,
  nodeUtil,
  nodeCrypto,
  uuid,
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
];
