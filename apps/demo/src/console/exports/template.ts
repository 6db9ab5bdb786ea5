/** Text with `{{name}}` where something is filled in when the request is made, as Postman and Bruno write it. */
export type Template = string;

/** Where {@link jsonTemplate} is to have a variable. */
export class Place {
  constructor(readonly name: string) {}
}

/** No text in JSON may hold it, and nobody has it on a keyboard. */
const BRACE = '\uffff';

/** JSON in which nothing that somebody typed is taken for a place to fill in: two braces in a row are written as an escape. */
export const jsonTemplate = (value: object): Template =>
  JSON.stringify(value, (_name, member: unknown) => {
    if (member instanceof Place) return `{{${member.name}}}`;
    return typeof member === 'string' ? member.replace(/\{(?=\{)/g, BRACE) : member;
  }).replaceAll(BRACE, '\\u007b');

/** The fixed parts and the names between them, in turn. */
export const templateParts = (template: Template): string[] => template.split(/\{\{(\w+)\}\}/);
