/** Links from the root of the site become links from the page, to files instead of folders: only those work from a disk. */
export function relativeLinks(html: string, toRoot: string): string {
  return html
    .replace(/(<[a-z][^<>]*\s(?:href|src)=")\/(?!\/)/g, `$1${toRoot}/`)
    .replace(/(<a[^<>]*\shref="\.[^"#]*\/)(?=["#])/g, '$1index.html');
}
