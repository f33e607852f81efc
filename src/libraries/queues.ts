/** Clients that send messages and jobs to a broker. */
import type { LibraryModel } from './vocabulary';

export const amqplib = {
  package: 'npm:amqplib',
  also: ['npm:amqplib/callback_api', 'npm:amqp-connection-manager'],
  source: 'https://amqp-node.github.io/amqplib/channel_api.html',
  types: {
    ChannelModel: {},
    Channel: {},
    ConfirmChannel: { extends: 'Channel' },
    ChannelWrapper: { extends: 'Channel' },
  },
  gives: [
    { call: ['connect', 'default.connect'], gives: 'ChannelModel' },
    { call: ['ChannelModel.createChannel', 'ChannelModel.createConfirmChannel'], gives: 'Channel' },
  ],
  external: [{ call: ['Channel.publish', 'Channel.sendToQueue', 'Channel.waitForConfirms'], kind: 'queue' }],
  neutral: ['Channel.assertQueue', 'Channel.assertExchange', 'Channel.ack', 'Channel.nack', 'Channel.consume'],
} as const satisfies LibraryModel;

export const kafkajs = {
  package: 'npm:kafkajs',
  source: 'https://kafka.js.org/docs/producing',
  types: { Kafka: {}, Producer: {}, Consumer: {} },
  gives: [
    { construct: 'Kafka', gives: 'Kafka' },
    { call: 'Kafka.producer', gives: 'Producer' },
    { call: 'Kafka.consumer', gives: 'Consumer' },
  ],
  external: [{ call: ['Producer.send', 'Producer.sendBatch'], kind: 'queue' }],
  neutral: ['Producer.connect', 'Producer.disconnect', 'Consumer.connect', 'Consumer.subscribe', 'Consumer.run'],
} as const satisfies LibraryModel;

export const bullmq = {
  package: 'npm:bullmq',
  also: ['npm:bull', 'npm:bee-queue', 'npm:@nestjs/bullmq', 'npm:@nestjs/bull'],
  source: 'https://docs.bullmq.io/guide/queues',
  types: { Queue: {}, FlowProducer: {} },
  gives: [
    { construct: ['Queue', 'default'], gives: 'Queue' },
    { construct: 'FlowProducer', gives: 'FlowProducer' },
  ],
  external: [{ call: ['Queue.add', 'Queue.addBulk', 'FlowProducer.add', 'FlowProducer.addBulk'], kind: 'queue' }],
  neutral: ['Queue.on', 'Queue.process', 'Queue.close'],
} as const satisfies LibraryModel;

/** Version 3 of the SDK: each service's client sends command objects. */
export const awsSdk = {
  package: 'npm:@aws-sdk/client-sqs',
  also: [
    'npm:@aws-sdk/client-sns',
    'npm:@aws-sdk/client-eventbridge',
    'npm:@aws-sdk/client-kinesis',
    'npm:@aws-sdk/client-lambda',
  ],
  source: 'https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/welcome.html',
  types: { Client: {} },
  gives: [
    {
      construct: ['SQSClient', 'SQS', 'SNSClient', 'SNS', 'EventBridgeClient', 'KinesisClient', 'LambdaClient'],
      gives: 'Client',
    },
  ],
  external: [
    { call: ['Client.send', 'Client.sendMessage', 'Client.sendMessageBatch', 'Client.publish'], kind: 'queue' },
  ],
} as const satisfies LibraryModel;

export const googlePubSub = {
  package: 'npm:@google-cloud/pubsub',
  source: 'https://cloud.google.com/nodejs/docs/reference/pubsub/latest',
  types: { PubSub: {}, Topic: {} },
  gives: [
    { construct: 'PubSub', gives: 'PubSub' },
    { call: 'PubSub.topic', gives: 'Topic' },
  ],
  external: [{ call: ['Topic.publish', 'Topic.publishMessage', 'Topic.publishJSON'], kind: 'queue' }],
} as const satisfies LibraryModel;

export const nestMicroservices = {
  package: 'npm:@nestjs/microservices',
  source: 'https://docs.nestjs.com/microservices/basics#client',
  types: { ClientProxy: {}, ClientKafka: { extends: 'ClientProxy' } },
  external: [{ call: ['ClientProxy.emit', 'ClientProxy.send'], kind: 'queue' }],
} as const satisfies LibraryModel;
