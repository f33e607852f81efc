/** Clients that send mail and text messages. */
import type { LibraryModel } from './vocabulary';

export const nodemailer = {
  package: 'npm:nodemailer',
  source: 'https://nodemailer.com/usage/',
  types: { Transporter: {} },
  gives: [{ call: ['createTransport', 'default.createTransport'], gives: 'Transporter' }],
  secrets: [
    {
      call: ['createTransport', 'default.createTransport'],
      argument: 0,
      property: 'auth.pass',
      host: 'host',
      is: 'password',
      use: 'opens the mail server',
    },
  ],
  callbacks: [{ call: 'Transporter.sendMail', argument: 1, error: 'first' }],
  external: [{ call: 'Transporter.sendMail', kind: 'mail' }],
  neutral: ['Transporter.verify', 'Transporter.close'],
} as const satisfies LibraryModel;

export const sendgrid = {
  package: 'npm:@sendgrid/mail',
  source: 'https://github.com/sendgrid/sendgrid-nodejs/tree/main/packages/mail',
  external: [{ call: ['send', 'sendMultiple', 'default.send', 'default.sendMultiple'], kind: 'mail' }],
  neutral: ['setApiKey', 'default.setApiKey'],
} as const satisfies LibraryModel;

export const resend = {
  package: 'npm:resend',
  source: 'https://resend.com/docs/send-with-nodejs',
  types: { Resend: {}, Emails: {} },
  gives: [
    { construct: 'Resend', gives: 'Resend' },
    { property: ['Resend.emails', 'Resend.batch'], gives: 'Emails' },
  ],
  external: [{ call: ['Emails.send', 'Emails.create'], kind: 'mail' }],
} as const satisfies LibraryModel;

export const awsSes = {
  package: 'npm:@aws-sdk/client-ses',
  also: ['npm:@aws-sdk/client-sesv2'],
  source: 'https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/client/ses/',
  types: { SESClient: {} },
  gives: [{ construct: ['SESClient', 'SES', 'SESv2Client'], gives: 'SESClient' }],
  external: [{ call: ['SESClient.send', 'SESClient.sendEmail', 'SESClient.sendRawEmail'], kind: 'mail' }],
} as const satisfies LibraryModel;

export const twilio = {
  package: 'npm:twilio',
  source: 'https://www.twilio.com/docs/messaging/quickstart',
  types: { Twilio: {}, Messages: {} },
  gives: [
    { call: ['default', 'Twilio'], gives: 'Twilio' },
    { construct: ['default', 'Twilio'], gives: 'Twilio' },
    { property: ['Twilio.messages', 'Twilio.calls'], gives: 'Messages' },
  ],
  external: [{ call: 'Messages.create', kind: 'mail' }],
} as const satisfies LibraryModel;

export const nestMailer = {
  package: 'npm:@nestjs-modules/mailer',
  source: 'https://nest-modules.github.io/mailer/docs/mailer',
  types: { MailerService: {} },
  external: [{ call: 'MailerService.sendMail', kind: 'mail' }],
} as const satisfies LibraryModel;
