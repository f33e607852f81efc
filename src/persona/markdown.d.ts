/** A Markdown file is its text; the bundler and the test runner both read it so. */
declare module '*.md' {
  const text: string;
  export default text;
}
