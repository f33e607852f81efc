/** The view's page: its frame, and what it may load. */

export interface PageParts {
  readonly script: string;
  readonly style: string;
  /** Where the webview's own files come from. */
  readonly source: string;
  readonly nonce: string;
}

/** Nothing but our script and our style: no picture, no font, no request, no frame. */
export const policyOf = ({ source, nonce }: Pick<PageParts, 'source' | 'nonce'>): string =>
  `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${source}`;

export const pageOf = (parts: PageParts): string => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(parts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Backend Engineer</title>
<link rel="stylesheet" href="${parts.style}">
</head>
<body>
<main>
<h1 class="hidden-text">Backend Engineer</h1>
<div id="log" role="log" aria-live="off" aria-label="Conversation" tabindex="0">
<div id="welcome">
<h2>Ask the backend engineer</h2>
<p class="introduction">Answers start from the findings, the schema and the stack of this workspace. Nothing leaves this machine until you choose a model.</p>
<div id="suggested"></div>
</div>
</div>
<div id="status" class="hidden-text" role="status"></div>
<div id="composer">
<div id="commands" role="listbox" aria-label="Commands" hidden></div>
<textarea id="question" rows="2" aria-label="Your question" aria-autocomplete="list" aria-controls="commands" placeholder="Ask, or type / for commands"></textarea>
<div id="row">
<select id="answerer" aria-label="Who answers"></select>
<button id="send" type="button">Ask</button>
</div>
</div>
</main>
<script nonce="${parts.nonce}" src="${parts.script}"></script>
</body>
</html>
`;
