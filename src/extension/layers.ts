/**
 * One place for the findings of a file, in two layers: what the editor asked for lies over what a review of the workspace published.
 *
 * An open file has both, and must show each finding once. When its tab is closed the lower layer shows again.
 */
import { type Diagnostic, type DiagnosticCollection, Uri } from 'vscode';
import type { DiagnosticCollectionProvider } from 'vscode-languageclient/node';

type Layer = 'pull' | 'push';

/** @param shown  where both layers end up */
export function layered(shown: DiagnosticCollection): DiagnosticCollectionProvider {
  const layers: Readonly<Record<Layer, Map<string, readonly Diagnostic[]>>> = { pull: new Map(), push: new Map() };

  const show = (uri: Uri): void => {
    const key = uri.toString();
    shown.set(uri, layers.pull.get(key) ?? layers.push.get(key));
  };
  const layerOf = (name: string, layer: Map<string, readonly Diagnostic[]>): DiagnosticCollection => {
    const put = (uri: Uri, diagnostics: readonly Diagnostic[] | undefined): void => {
      if (diagnostics) layer.set(uri.toString(), diagnostics);
      else layer.delete(uri.toString());
      show(uri);
    };
    const entries = (): [Uri, readonly Diagnostic[]][] => [...layer].map(([key, items]) => [Uri.parse(key), items]);
    const clear = (): void => {
      const uris = [...layer.keys()];
      layer.clear();
      for (const uri of uris) show(Uri.parse(uri));
    };
    return {
      name,
      set(first: Uri | readonly [Uri, readonly Diagnostic[] | undefined][], diagnostics?: readonly Diagnostic[]) {
        if (first instanceof Uri) put(first, diagnostics);
        else for (const [uri, items] of first) put(uri, items);
      },
      delete: uri => put(uri, undefined),
      clear,
      forEach(callback) {
        for (const [uri, items] of entries()) callback(uri, items, this);
      },
      get: uri => layer.get(uri.toString()),
      has: uri => layer.has(uri.toString()),
      dispose: clear,
      [Symbol.iterator]: () => entries()[Symbol.iterator](),
    };
  };
  return {
    create: (name, source) => layerOf(name ?? 'Backend Reviewer', layers[source === 'pull' ? 'pull' : 'push']),
    dispose: collection => collection.dispose(),
  };
}
