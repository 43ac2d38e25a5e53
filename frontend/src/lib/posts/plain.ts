/** The words of rendered text, without its marks. Nothing in the HTML is run or fetched. */
export function plainWords(html: string): string {
  return new DOMParser().parseFromString(html, 'text/html').body.textContent.trim();
}
