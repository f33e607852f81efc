/**
 * The forms in which providers issue keys, as data. A row counts only where its random part looks drawn by a machine:
 * that, and what documentation writes instead, is told in `facts/credentials.ts`.
 *
 * Sources: https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids,
 * https://docs.stripe.com/keys, https://api.slack.com/concepts/token-types,
 * https://docs.gitlab.com/security/tokens/#token-prefixes, https://core.telegram.org/bots/api#authorizing-your-bot,
 * https://shopify.dev/docs/apps/build/authentication-authorization, https://docs.npmjs.com/about-access-tokens
 */
export interface KeyFormat {
  /** As a person would say it: `a GitHub token`. */
  readonly name: string;
  /** What stands at its beginning; shown in messages instead of the whole. */
  readonly prefix: string;
  /** The whole key. Global and sticky flags are the reader's business. */
  readonly pattern: string;
  /** What it opens. */
  readonly opens: string;
}

export const keyFormats: readonly KeyFormat[] = [
  { name: 'an AWS access key', prefix: 'AKIA', pattern: 'A(?:KIA|SIA)[A-Z2-7]{16}(?![A-Z0-9])', opens: 'the account' },
  { name: 'a GitHub token', prefix: 'gh', pattern: 'gh[pousr]_[A-Za-z0-9]{36,}', opens: 'the repositories' },
  {
    name: 'a GitHub token',
    prefix: 'github_pat_',
    pattern: 'github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{50,}',
    opens: 'the repositories',
  },
  { name: 'a GitLab token', prefix: 'glpat-', pattern: 'glpat-[A-Za-z0-9_-]{20,}', opens: 'the repositories' },
  {
    name: 'a Slack token',
    prefix: 'xox',
    pattern: 'xox[abeoprs]-(?:\\d{6,}-){1,3}[A-Za-z0-9]{16,}',
    opens: 'the workspace',
  },
  {
    name: 'a Slack webhook',
    prefix: 'https://hooks.slack.com/',
    pattern: 'https://hooks\\.slack\\.com/(?:services|workflows)/T[A-Z0-9]{7,}/B?[A-Z0-9]{7,}/[A-Za-z0-9]{16,}',
    opens: 'the channel',
  },
  {
    name: 'a Stripe live key',
    prefix: 'sk_live_',
    pattern: '[rs]k_live_[A-Za-z0-9]{20,}',
    opens: 'the payments',
  },
  { name: 'a Stripe webhook secret', prefix: 'whsec_', pattern: 'whsec_[A-Za-z0-9]{32,}', opens: 'the payments' },
  { name: 'a Google API key', prefix: 'AIza', pattern: 'AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])', opens: 'the quota' },
  {
    name: 'a Google client secret',
    prefix: 'GOCSPX-',
    pattern: 'GOCSPX-[A-Za-z0-9_-]{28}',
    opens: 'the sign-in of the users',
  },
  {
    name: 'a SendGrid key',
    prefix: 'SG.',
    pattern: 'SG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}',
    opens: 'the mail',
  },
  { name: 'a Mailgun key', prefix: 'key-', pattern: 'key-[0-9a-f]{32}(?![0-9a-f])', opens: 'the mail' },
  { name: 'a Mailchimp key', prefix: '', pattern: '[0-9a-f]{32}-us\\d{1,2}(?!\\w)', opens: 'the mail' },
  { name: 'a Twilio key', prefix: 'SK', pattern: 'SK[0-9a-f]{32}(?![0-9a-f])', opens: 'the telephone lines' },
  { name: 'an npm token', prefix: 'npm_', pattern: 'npm_[A-Za-z0-9]{36}', opens: 'the packages' },
  { name: 'a PyPI token', prefix: 'pypi-', pattern: 'pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}', opens: 'the packages' },
  {
    name: 'an OpenAI key',
    prefix: 'sk-',
    pattern: 'sk-(?:[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}|(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,})',
    opens: 'the account',
  },
  {
    name: 'an Anthropic key',
    prefix: 'sk-ant-',
    pattern: 'sk-ant-(?:api|admin)\\d\\d-[A-Za-z0-9_-]{80,}',
    opens: 'the account',
  },
  { name: 'a Hugging Face token', prefix: 'hf_', pattern: 'hf_[A-Za-z]{34}(?!\\w)', opens: 'the account' },
  {
    name: 'a DigitalOcean token',
    prefix: 'do',
    pattern: 'do[opr]_v1_[0-9a-f]{64}',
    opens: 'the servers',
  },
  { name: 'a Shopify token', prefix: 'shp', pattern: 'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}', opens: 'the shop' },
  {
    name: 'a Square token',
    prefix: 'sq0',
    pattern: 'sq0(?:atp-[A-Za-z0-9_-]{22}|csp-[A-Za-z0-9_-]{43})',
    opens: 'the payments',
  },
  { name: 'a Telegram bot token', prefix: '', pattern: '\\d{8,10}:AA[A-Za-z0-9_-]{33}(?![\\w-])', opens: 'the bot' },
  { name: 'a Databricks token', prefix: 'dapi', pattern: 'dapi[0-9a-f]{32}(?![0-9a-f])', opens: 'the workspace' },
  { name: 'a HashiCorp Vault token', prefix: 'hvs.', pattern: 'hvs\\.[A-Za-z0-9_-]{24,}', opens: 'the vault' },
  {
    name: 'an Azure storage key',
    prefix: 'AccountKey=',
    pattern: 'AccountKey=[A-Za-z0-9+/]{86}==',
    opens: 'the storage account',
  },
  {
    name: 'a private key',
    prefix: '-----BEGIN',
    pattern:
      '-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED |PGP )?PRIVATE KEY(?: BLOCK)?-----(?:\\\\[nr]|[\\s\'"`+,>])*[A-Za-z0-9+/=]{40,}',
    opens: 'whatever trusts it',
  },
];
