/** New migrations of Laravel. Source: laravel.com/docs/migrations, and `$withinTransaction` of its Migration class. */
import { folderOf } from '../contribution';
import type { WriteNew } from './newMigration';

export const newInLaravel: WriteNew = ({ newest, text }, { name }, { comments, up, down, alone }) => {
  // a class with a name of its own is found by it
  if (!/\breturn\s+new\s+class\b/.test(text)) return undefined;
  const folder = folderOf(newest.file);
  const body = (statements: readonly string[]): string =>
    statements.map(statement => `        DB::unprepared(${inPhp(statement.replace(/;$/, ''))});\n`).join('');
  return [
    {
      file: folder === '' ? `${name}.php` : `${folder}/${name}.php`,
      text: [
        '<?php\n\nuse Illuminate\\Database\\Migrations\\Migration;\nuse Illuminate\\Support\\Facades\\DB;\n\n',
        comments.map(comment => `// ${comment}\n`).join(''),
        'return new class extends Migration\n{\n',
        alone ? '    public $withinTransaction = false;\n\n' : '',
        `    public function up(): void\n    {\n${body(up)}    }\n\n`,
        `    public function down(): void\n    {\n${body(down)}    }\n};\n`,
      ].join(''),
    },
  ];
};

const inPhp = (sql: string): string =>
  /['\n]/.test(sql) ? `<<<'SQL'\n${sql}\nSQL` : `'${sql.replaceAll('\\', '\\\\')}'`;
