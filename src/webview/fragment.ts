/** HTML made harmless a second time, by what the page's browser makes of it. */
import DOMPurify from 'dompurify';
import { htmlOf, isFollowed } from './markdown';

const TAGS = 'p br hr h3 h4 h5 h6 strong em s code pre ul ol li blockquote table thead tbody tr th td a span div'.split(
  ' ',
);

export function fragmentOf(text: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(htmlOf(text), {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ['href', 'class', 'start'],
    ALLOW_DATA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const link of fragment.querySelectorAll('a'))
    if (!isFollowed(link.getAttribute('href') ?? '')) link.removeAttribute('href');
  return fragment;
}
