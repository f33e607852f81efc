/** Packages that are handed a secret: it signs tokens and cookies, or encrypts. */
import type { LibraryModel } from './vocabulary';

export const jsonwebtoken = {
  package: 'npm:jsonwebtoken',
  source: 'https://github.com/auth0/node-jsonwebtoken#usage',
  secrets: [{ call: ['sign', 'verify'], argument: 1, is: 'key', use: 'signs the tokens' }],
  neutral: ['decode'],
} as const satisfies LibraryModel;

export const nestJwt = {
  package: 'npm:@nestjs/jwt',
  source: 'https://github.com/nestjs/jwt#readme',
  types: { JwtModule: {}, JwtService: {} },
  secrets: [
    {
      call: 'JwtModule.register',
      argument: 0,
      property: ['secret', 'privateKey'],
      is: 'key',
      use: 'signs the tokens',
    },
    {
      call: ['JwtService.sign', 'JwtService.signAsync', 'JwtService.verify', 'JwtService.verifyAsync'],
      argument: 1,
      property: ['secret', 'privateKey'],
      is: 'key',
      use: 'signs the tokens',
    },
  ],
} as const satisfies LibraryModel;

export const passportJwt = {
  package: 'npm:passport-jwt',
  source: 'https://www.passportjs.org/packages/passport-jwt/',
  secrets: [{ construct: 'Strategy', argument: 0, property: 'secretOrKey', is: 'key', use: 'checks the tokens' }],
} as const satisfies LibraryModel;

export const jwtMiddleware = {
  package: 'npm:express-jwt',
  also: ['npm:koa-jwt'],
  source: 'https://github.com/auth0/express-jwt#usage, https://github.com/koajs/jwt#usage',
  secrets: [{ call: ['expressjwt', 'default'], argument: 0, property: 'secret', is: 'key', use: 'checks the tokens' }],
} as const satisfies LibraryModel;

export const expressSession = {
  package: 'npm:express-session',
  source: 'https://expressjs.com/en/resources/middleware/session.html#secret',
  secrets: [{ call: 'default', argument: 0, property: 'secret', is: 'key', use: 'signs the session cookies' }],
} as const satisfies LibraryModel;

export const cookieSession = {
  package: 'npm:cookie-session',
  source: 'https://expressjs.com/en/resources/middleware/cookie-session.html',
  secrets: [
    { call: 'default', argument: 0, property: ['secret', 'keys'], is: 'key', use: 'signs the session cookies' },
  ],
} as const satisfies LibraryModel;

export const cookieParser = {
  package: 'npm:cookie-parser',
  source: 'https://expressjs.com/en/resources/middleware/cookie-parser.html',
  secrets: [{ call: 'default', argument: 0, is: 'key', use: 'signs the cookies' }],
} as const satisfies LibraryModel;

export const cryptoJs = {
  package: 'npm:crypto-js',
  source: 'https://cryptojs.gitbook.io/docs/',
  secrets: [
    {
      call: ['AES.encrypt', 'AES.decrypt', 'TripleDES.encrypt', 'TripleDES.decrypt'],
      argument: 1,
      is: 'key',
      use: 'encrypts the data',
    },
    { call: ['HmacSHA256', 'HmacSHA512', 'HmacSHA1'], argument: 1, is: 'key', use: 'signs the data' },
  ],
} as const satisfies LibraryModel;

export const redisClients = {
  package: 'npm:ioredis',
  source: 'https://redis.github.io/ioredis/index.html#RedisOptions',
  secrets: [
    {
      construct: ['default', 'Redis'],
      argument: 0,
      property: 'password',
      host: 'host',
      is: 'password',
      use: 'opens the cache',
    },
  ],
} as const satisfies LibraryModel;
