/**
 * Text that must arrive as it is. Terraform reads every string as a template, so a dashboard's `${datasource}` or a
 * summary's `%{` would be evaluated there; and cdktf replaces its own markers (`${TfToken[…]}`) wherever it sees them.
 * What follows a text that ends in `$` or `%` must not be a reference: together they would read as an escape.
 */
export const terraformText = (text: string): string =>
  text
    .replace(/\$\{|%\{/g, (opening) => opening.charAt(0) + opening)
    // The bracket becomes a template of its own: Terraform puts it back, cdktf does not see its marker.
    .replaceAll("TfToken[", 'TfToken${"["}');
